"""Puts single lines of text on a page, plain ones by fpdf2, all others glyph by glyph as they were shaped.

fpdf2's own `set_text_shaping` is not used: it chooses fonts by the character, which parts a letter from its mark and
an emoji from its sequence, puts numbers in Arabic lines in the wrong place, and cuts each whole font anew for each
document. From fpdf2 come the levels of the bidirectional algorithm, from HarfBuzz the glyphs.
Lengths are millimetres, font sizes points.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Literal, TypeAlias, cast

from fpdf import FPDF
from fpdf.fonts import TTFFont

from .characters import needs_shaping
from .fonts import CJK, EUROPEAN, EUROPEAN_BOLD, face, font_of
from .shaping import Cluster, Glyph, shape, words
from .wrap import wrap

# fpdf2 has fontTools cut the fonts, which tells every step of it at level INFO.
logging.getLogger("fontTools").setLevel(logging.WARNING)

Align = Literal["L", "R"]
Colour = tuple[int, int, int]
Run: TypeAlias = str | tuple[Cluster, ...]
"""One line: a text, or the clusters of one that needs shaping."""

Letter = tuple[str, int, str]
"""Font and number of a glyph, and the text that it stands for."""

LEADING = 1.35
"""Height of a line over its font size."""
ABOVE = LEADING / 2 + 0.3
"""Of that, what is above the baseline: where fpdf2 puts it in a cell."""
BELOW = LEADING - ABOVE
CLEARANCE = 0.1
"""Between what hangs below one line and stands above the next."""
POINT = 25.4 / 72
_ASCII = frozenset(map(chr, range(0x20, 0x7F)))
_ELLIPSIS = "…"
_FIRST_CODE = 0xF0000
"""Shaped glyphs have numbers and no characters; in the embedded fonts they get codes for private use."""


def height(size: float) -> float:
    """Of a line of Latin letters."""
    return size * POINT * LEADING


class Typesetter:
    """Prints the texts that it was made for, their parts, and any ASCII."""

    def __init__(self, pdf: FPDF, texts: Iterable[str]) -> None:
        every = set(texts)
        self._pdf = pdf
        self._shaped: dict[str, tuple[Cluster, ...]] = _shaped(filter(needs_shaping, every))
        self._plain = _attach_plain(pdf, set(_ELLIPSIS).union(*(every - self._shaped.keys())))
        self._glyphs = _GlyphFonts(pdf, self._shaped.values())

    def lines(self, text: str, size: float, width: float, bold: bool = False) -> list[Run]:
        """The text in lines that are no wider than `width`."""
        run = self._run(text)
        units = run if isinstance(run, str) else [cluster.text for cluster in run]
        spans = wrap(units, width, lambda start, end: self.width(run[start:end], size, bold))
        return [run[start:end] for start, end in spans]

    def fitted(self, text: str, size: float, width: float) -> Run:
        """The text in one line, cut with an ellipsis where it would be wider than `width`."""
        run = self._run(text)
        kept, shown = len(run), run
        while kept and self.width(shown, size) > width:
            kept -= 1
            shown = run[:kept].rstrip() + _ELLIPSIS if isinstance(run, str) else run[:kept] + self._shaped[_ELLIPSIS]
        return shown

    def width(self, text: Run, size: float, bold: bool = False) -> float:
        """How wide a line is."""
        run = self._run(text)
        units = self._plain_width(run, bold) if isinstance(run, str) else sum(cluster.width for cluster in run)
        return float(units / 1000 * size * POINT)

    def beyond(self, text: Run, size: float) -> tuple[float, float]:
        """How far a line reaches above and below a line of Latin letters: Tibetan stacks, Myanmar hangs."""
        run = self._run(text)
        if isinstance(run, str) or not run:
            return 0.0, 0.0
        top = max(cluster.top for cluster in run) / 1000 - ABOVE
        bottom = max(-cluster.bottom for cluster in run) / 1000 + CLEARANCE - BELOW
        return max(top, 0.0) * size * POINT, max(bottom, 0.0) * size * POINT

    def put(
        self,
        x: float,
        y: float,
        width: float,
        text: Run,
        size: float,
        colour: Colour,
        bold: bool = False,
        align: Align = "L",
        link: str = "",
    ) -> None:
        """One line at the left or right edge of a box whose upper left corner is (x, y), as high as Latin letters."""
        run = self._run(text)
        self._pdf.set_text_color(*colour)
        if isinstance(run, str):
            self._pdf.set_font("text", "B" if bold else "", size)
            self._pdf.set_xy(x, y)
            self._pdf.cell(width, height(size), run, align=align, link=link)
            return
        wide = self.width(run, size)
        left = x + width - wide if align == "R" else x
        self._glyphs.put(left, y + ABOVE * size * POINT, run, size)
        if link:
            self._pdf.link(left, y, wide, height(size), link)

    def finish(self) -> None:
        """To be called once everything is on its page."""
        self._glyphs.name()

    def _run(self, text: Run) -> Run:
        return self._shaped.get(text, text) if isinstance(text, str) else text

    def _plain_width(self, text: str, bold: bool) -> float:
        font = self._plain["textB" if bold else "text"]
        fallback = self._plain.get("cjk", font)
        return sum((font if code in font.cmap else fallback).cw[code] for code in map(ord, text))


class _GlyphFonts:
    """The fonts of all shaped texts, each cut to the glyphs that these have."""

    def __init__(self, pdf: FPDF, texts: Iterable[Sequence[Cluster]]) -> None:
        self._pdf = pdf
        letters = dict.fromkeys(letter for text in texts for cluster in text for _, letter in _letters(cluster))
        self._codes: dict[Letter, int] = {letter: _FIRST_CODE + place for place, letter in enumerate(letters)}
        self._fonts: dict[str, tuple[str, TTFFont]] = {}
        for font in dict.fromkeys(font for font, _, _ in letters):
            numbers = {code: number for (name, number, _), code in self._codes.items() if name == font}
            family = f"shaped{len(self._fonts)}"
            self._fonts[font] = family, _attached(pdf, family, "", face(font).cut_glyphs(numbers))

    def put(self, x: float, baseline: float, line: Sequence[Cluster], size: float) -> None:
        """Draw the line's glyphs from `x` on."""
        unit = size * POINT / 1000
        for text, clusters in words(line):
            if text:
                # What a reader copies instead of the glyphs (ISO 32000-1, 14.9.4); fpdf2 has no call for it.
                self._pdf._out(f"/Span <</ActualText <FEFF{text.encode('utf-16-be').hex()}>>> BDC")
            for font, dx, dy, codes in self._strings(clusters):
                self._pdf.set_font(self._fonts[font][0], "", size)
                self._pdf.text(x + dx * unit, baseline - dy * unit, codes)
            if text:
                self._pdf._out("EMC")
            x += sum(cluster.width for cluster in clusters) * unit

    def name(self) -> None:
        """Tell the fonts which text each of their codes stands for, so that it can be copied."""
        meaning = {code: tuple(map(ord, text)) for (_, _, text), code in self._codes.items()}
        for _, font in self._fonts.values():
            for glyph in [glyph for glyph, _ in font.subset.items() if glyph is not None]:
                (code,) = cast(tuple[int], glyph.unicode)
                glyph.unicode = meaning.get(code, (code,))

    def _strings(self, clusters: Sequence[Cluster]) -> Iterator[tuple[str, float, float, str]]:
        """Font, place and codes of the glyphs, those together that lie where their widths put them."""
        pen = end = 0.0
        string = ("", 0.0, 0.0, "")
        for glyph, letter in ((glyph, letter) for one in clusters for glyph, letter in _letters(one)):
            font, left, dy, codes = string
            if font != glyph.font or dy != glyph.dy or abs(pen + glyph.dx - end) >= 1:
                if codes:
                    yield string
                font, left, dy, codes = glyph.font, pen + glyph.dx, glyph.dy, ""
                end = left
            code = self._codes[letter]
            string = font, left, dy, codes + chr(code)
            end += self._fonts[font][1].cw[code]
            pen += glyph.advance
        if string[-1]:
            yield string


def _letters(cluster: Cluster) -> Iterator[tuple[Glyph, Letter]]:
    """The glyphs, and what each stands for: the widest one for all of the cluster's text."""
    widest: Glyph = max(cluster.glyphs, key=lambda glyph: glyph.advance)
    for glyph in cluster.glyphs:
        yield glyph, (glyph.font, glyph.number, cluster.text if glyph is widest else "")


def _shaped(texts: Iterable[str]) -> dict[str, tuple[Cluster, ...]]:
    """The texts' clusters, and those of an ellipsis; nothing if there are no texts."""
    wanted = sorted(texts)
    return {text: shape(text) for text in [*wanted, _ELLIPSIS]} if wanted else {}


def _attach_plain(pdf: FPDF, chars: set[str]) -> Mapping[str, TTFFont]:
    """The fonts that these characters need, by fpdf2's name: `text`, `textB` and, for CJK only, `cjk`."""
    beyond = {char for char in chars if font_of(char) != EUROPEAN}
    european = (chars | _ASCII) - beyond
    fonts = {
        "text": _attached(pdf, "text", "", face(EUROPEAN).cut(european)),
        "textB": _attached(pdf, "text", "B", face(EUROPEAN_BOLD).cut(european)),
    }
    if beyond:
        fonts["cjk"] = _attached(pdf, "cjk", "", face(CJK).cut(beyond))
        pdf.set_fallback_fonts(["cjk"], exact_match=False)
    return fonts


def _attached(pdf: FPDF, family: str, style: str, content: bytes) -> TTFFont:
    # FPDF.add_font takes the name of a file only; the class it uses takes whatever fontTools can open.
    font = TTFFont(pdf, cast(Path, BytesIO(content)), family + style, style)
    # The boxes are right already, and finding them again would cost a third of the receipt's time.
    font.ttfont.recalcBBoxes = False
    pdf.fonts[family + style] = font
    return font
