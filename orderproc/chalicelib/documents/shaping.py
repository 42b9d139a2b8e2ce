"""Text as HarfBuzz shapes it, in the order of the Unicode bidirectional algorithm: Arabic, Indic, emoji, marks.

It imports fpdf2 and HarfBuzz: import it where a PDF is made, never at the top of another module.
Widths and offsets are in thousandths of the font's size, as PDF counts.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from unicodedata import bidirectional

import uharfbuzz as hb
from fpdf.bidi import BidiParagraph, auto_detect_base_direction

from .fonts import EMOJI, EUROPEAN, font_of, glyph_of, shipped

_RIGHT_TO_LEFT = frozenset(("R", "AL", "AN", "RLI"))
_TURNING = frozenset("\u061c\u200e\u200f\u2066\u2067\u2068\u2069")
_WIDEST = 6000
"""Of a cluster of several characters: wider ones are parted."""
_EMOJI_STYLE = "\N{VARIATION SELECTOR-16}"


@dataclass(frozen=True, slots=True)
class Glyph:
    """One drawing of a font. `advance` is how far the pen moves, `dx` and `dy` the glyph's offset from the pen."""

    font: str
    number: int
    advance: float
    dx: float
    dy: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """Characters that can't be parted: a letter with its marks, a syllable, a ligature, a sequence of emoji."""

    text: str
    level: int
    """Odd for what is written from right to left (UAX #9)."""
    glyphs: tuple[Glyph, ...]
    """From left to right."""
    top: float
    bottom: float
    """How far it reaches above the baseline, and (below 0) under it."""

    @property
    def width(self) -> float:
        return sum(glyph.advance for glyph in self.glyphs)


def shape(text: str) -> tuple[Cluster, ...]:
    """The clusters of a printable text, in the order in which they are read."""
    if not text:
        return ()
    levels = _levels(text)
    units = [(name, levels[start], part) for start, part in _graphemes(text) for name, part in _in_fonts(part)]
    clusters: list[Cluster] = []
    for (name, level), run in groupby(units, key=lambda unit: unit[:2]):
        clusters += _shaped("".join(part for *_, part in run), name, level)
    return tuple(clusters)


def in_visual_order(line: Sequence[Cluster]) -> list[Cluster]:
    """The clusters of one line from left to right: rule L2 of UAX #9."""
    ordered = list(line)
    for level in range(max((cluster.level for cluster in line), default=0), 0, -1):
        turned: list[Cluster] = []
        for is_turned, run in groupby(ordered, key=lambda cluster: cluster.level >= level):
            clusters = list(run)
            turned += clusters[::-1] if is_turned else clusters
        ordered = turned
    return ordered


def words(line: Sequence[Cluster]) -> Iterator[tuple[str, list[Cluster]]]:
    """The line's parts from left to right, each with the text to copy if its glyphs alone do not give it.

    Readers turn what is written from right to left by themselves, by its single letters. Emoji and rare ideographs
    are better copied one by one, too."""
    for is_word, run in groupby(in_visual_order(line), key=_is_of_a_word):
        clusters = list(run)
        plain = not is_word or all(len(cluster.glyphs) == 1 for cluster in clusters)
        yield "" if plain else "".join(cluster.text for cluster in clusters), clusters


def _is_of_a_word(cluster: Cluster) -> bool:
    if cluster.level % 2 or cluster.text.isspace() or max(cluster.text) > "\uffff":
        return False
    return all(glyph.font != EMOJI for glyph in cluster.glyphs)


def _levels(text: str) -> list[int]:
    """The embedding level of each character, by the Unicode bidirectional algorithm."""
    if not any(bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        return [0] * len(text)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(limit + len(text))  # fpdf2 calls itself for each of a row of neutral characters
    try:
        paragraph = BidiParagraph(text, auto_detect_base_direction(text), preserve_bn_chars=True)
        return [char.embedding_level for char in paragraph.get_characters_with_embedding_level()]
    finally:
        sys.setrecursionlimit(limit)


def _graphemes(text: str) -> Iterator[tuple[int, str]]:
    """Where each grapheme of the text begins, and the grapheme: HarfBuzz finds them in any font."""
    starts = {info.cluster for info, _ in _run(text, hb.Font(hb.Face(b"")), "ltr")}
    # What turns the direction has another level than the letter that it would be one grapheme with.
    starts |= {beside for place, char in enumerate(text) if char in _TURNING for beside in (place, place + 1)}
    return ((start, text[start:end]) for start, end in pairwise(sorted(starts | {len(text)})))


def _in_fonts(grapheme: str) -> list[tuple[str, str]]:
    """The grapheme in the first font that has all of it; else each of its characters in one that has that."""
    seen = [char for char in grapheme if font_of(char)]
    candidates = [EMOJI] if _EMOJI_STYLE in grapheme else []
    for name in [*candidates, *map(font_of, seen)]:
        if all(glyph_of(name, char) for char in seen):
            return [(name, grapheme)]
    return [(font_of(char) or EUROPEAN, char) for char in grapheme]


def _shaped(text: str, name: str, level: int) -> list[Cluster]:
    """The clusters of a run that has one font and one direction, in reading order."""
    hb_font = shipped(name)
    scale = 1000 / hb_font.face.upem
    glyphs: dict[int, list[Glyph]] = {}
    tops: dict[int, list[float]] = {}
    for info, place in _run(text, hb_font, "rtl" if level % 2 else "ltr"):
        advance, dx, dy = place.x_advance * scale, place.x_offset * scale, place.y_offset * scale
        glyphs.setdefault(info.cluster, []).append(Glyph(name, info.codepoint, advance, dx, dy))
        box = hb_font.get_glyph_extents(info.codepoint)
        top = dy + box.y_bearing * scale
        tops.setdefault(info.cluster, []).extend((top, top + box.height * scale))
    clusters: list[Cluster] = []
    for start, end in pairwise([*sorted(glyphs), len(text)]):
        one = Cluster(text[start:end], level, tuple(glyphs[start]), max(tops[start]), min(tops[start]))
        # A thousand emoji that joiners hold together are one to HarfBuzz, but not to a line.
        apart = one.width > _WIDEST and end - start > 1
        clusters += [part for char in one.text for part in _shaped(char, name, level)] if apart else [one]
    return clusters


def _run(text: str, of: hb.Font, direction: str) -> list[tuple[hb.GlyphInfo, hb.GlyphPosition]]:
    buffer = hb.Buffer()
    buffer.add_codepoints(list(map(ord, text)))
    buffer.guess_segment_properties()
    buffer.direction = direction
    hb.shape(of, buffer)
    return list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
