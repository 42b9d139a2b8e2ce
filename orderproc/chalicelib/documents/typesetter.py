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
from typing import Literal, NamedTuple, TypeAlias, cast

from fpdf import FPDF
from fpdf.fonts import Glyph as FpdfGlyph
from fpdf.fonts import TTFFont

from .characters import needs_shaping
from .fonts import CJK, EUROPEAN, EUROPEAN_BOLD, cut, font_of, shipped
from .shaping import Cluster, Glyph, shape, words
from .wrap import wrap

# fpdf2 has fontTools cut the fonts, which logs every step at level INFO.
logging.getLogger("fontTools").setLevel(logging.WARNING)

Align = Literal["L", "R"]
Colour = tuple[int, int, int]
Run: TypeAlias = str | tuple[Cluster, ...]
"""One line: a text, or the clusters of one that needs shaping."""


class Style(NamedTuple):
    """How a text looks; `size` in points."""

    size: float
    colour: Colour
    bold: bool = False


Letter = tuple[str, int, str]
"""Font and number of a glyph, and the text that it stands for."""

LEADING = 1.35
"""Height of a line over its font size."""
ABOVE = LEADING / 2 + 0.3
"""Of that, what is above the baseline: where fpdf2 puts it in a cell."""
BELOW = LEADING - ABOVE
CLEARANCE = 0.1
"""Between the descent of one line and the ascent of the next."""
POINT = 25.4 / 72
_ASCII = frozenset(map(chr, range(0x20, 0x7F)))
_ELLIPSIS = "…"
_FIRST_CODE = 0xF0000
"""Shaped glyphs have numbers and no characters; in the embedded fonts they get codes for private use."""


def height(style: Style) -> float:
    """Of a line of Latin letters."""
    return style.size * POINT * LEADING


class Typesetter:
    """Prints the texts that it was made for, their parts, and any ASCII."""

    def __init__(self, pdf: FPDF, texts: Iterable[str]) -> None:
        every = set(texts)
        self._pdf = pdf
        self._shaped: dict[str, tuple[Cluster, ...]] = _shaped(filter(needs_shaping, every))
        self._plain = _attach_plain(pdf, set(_ELLIPSIS).union(*(every - self._shaped.keys())))
        self._glyphs = _GlyphFonts(pdf, self._shaped.values())

    def lines(self, text: str, style: Style, width: float) -> list[Run]:
        """The text in lines that are no wider than `width`."""
        run = self._run(text)
        units = run if isinstance(run, str) else [cluster.text for cluster in run]
        spans = wrap(units, width, lambda start, end: self.width(run[start:end], style))
        return [run[start:end] for start, end in spans]

    def fitted(self, text: str, style: Style, width: float) -> Run:
        """The text in one line, cut with an ellipsis where it would be wider than `width`."""
        run = self._run(text)
        kept, shown = len(run), run
        while kept and self.width(shown, style) > width:
            kept -= 1
            shown = run[:kept].rstrip() + _ELLIPSIS if isinstance(run, str) else run[:kept] + self._shaped[_ELLIPSIS]
        return shown

    def width(self, text: Run, style: Style) -> float:
        """How wide a line is."""
        run = self._run(text)
        units = self._plain_width(run, style.bold) if isinstance(run, str) else sum(cluster.width for cluster in run)
        return float(units / 1000 * style.size * POINT)

    def beyond(self, text: Run, style: Style) -> tuple[float, float]:
        """How far a line reaches above and below a line of Latin letters: Tibetan stacks, Myanmar hangs."""
        run = self._run(text)
        if isinstance(run, str) or not run:
            return 0.0, 0.0
        top = max(cluster.top for cluster in run) / 1000 - ABOVE
        bottom = max(-cluster.bottom for cluster in run) / 1000 + CLEARANCE - BELOW
        return max(top, 0.0) * style.size * POINT, max(bottom, 0.0) * style.size * POINT

    def put(
        self, x: float, y: float, width: float, text: Run, style: Style, align: Align = "L", link: str = ""
    ) -> None:
        """One line at the left or right edge of a box whose upper left corner is (x, y), as high as Latin letters."""
        run = self._run(text)
        self._pdf.set_text_color(*style.colour)
        if isinstance(run, str):
            self._pdf.set_font("text", "B" if style.bold else "", style.size)
            self._pdf.set_xy(x, y)
            self._pdf.cell(width, height(style), run, align=align, link=link)
            return
        wide = self.width(run, style)
        left = x + width - wide if align == "R" else x
        self._glyphs.put(left, y + ABOVE * style.size * POINT, run, style.size)
        if link:
            self._pdf.link(left, y, wide, height(style), link)

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
        self._fonts: dict[str, TTFFont] = {}
        for name in dict.fromkeys(font for font, _, _ in letters):
            self._fonts[name] = self._attach(name, f"shaped{len(self._fonts)}")

    def _attach(self, name: str, family: str) -> TTFFont:
        """The font with a code of its own for each letter: fpdf2 prints by codes, and asks the font for their glyphs,
        and for the text that each stands for, so that it can be copied."""
        codes = {code: (number, text) for (font, number, text), code in self._codes.items() if font == name}
        some = chr(shipped(name).face.unicodes.min)  # fpdf2 refuses a font without a single character
        attached, places = _attached(self._pdf, family, name, some, (number for number, _ in codes.values()))
        for code, (number, text) in codes.items():
            drawn = attached.ttfont.getGlyphName(places[number])
            attached.cmap[code], attached.glyph_ids[code] = drawn, places[number]
            attached.cw[code] = round(attached.scale * attached.ttfont["hmtx"][drawn][0] + 0.001)
            cast(FpdfGlyph, attached.subset.get_glyph(unicode=code)).unicode = tuple(map(ord, text))
        return attached

    def put(self, x: float, baseline: float, line: Sequence[Cluster], size: float) -> None:
        """Draw the line's glyphs from `x` on."""
        unit = size * POINT / 1000
        for text, clusters in words(line):
            if text:
                # What a reader copies instead of the glyphs (ISO 32000-1, 14.9.4); fpdf2 has no call for it.
                self._pdf._out(f"/Span <</ActualText <FEFF{text.encode('utf-16-be').hex()}>>> BDC")
            for font, dx, dy, codes in self._strings(clusters):
                self._pdf.set_font(self._fonts[font].fontkey, "", size)
                self._pdf.text(x + dx * unit, baseline - dy * unit, codes)
            if text:
                self._pdf._out("EMC")
            x += sum(cluster.width for cluster in clusters) * unit

    def _strings(self, clusters: Sequence[Cluster]) -> Iterator[tuple[str, float, float, str]]:
        """Font, place and codes of the glyphs, grouped where their widths alone place them."""
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
            end += self._fonts[font].cw[code]
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
        "text": _attached(pdf, "text", EUROPEAN, european)[0],
        "textB": _attached(pdf, "textB", EUROPEAN_BOLD, european)[0],
    }
    if beyond:
        fonts["cjk"] = _attached(pdf, "cjk", CJK, beyond)[0]
        pdf.set_fallback_fonts(["cjk"], exact_match=False)
    return fonts


def _attached(
    pdf: FPDF, key: str, name: str, chars: Iterable[str], glyphs: Iterable[int] = ()
) -> tuple[TTFFont, Mapping[int, int]]:
    """The font cut to these, as fpdf2 holds it, and the glyphs' numbers in it. A `key` that ends in B is bold."""
    content, places = cut(name, chars, glyphs)
    # FPDF.add_font takes the name of a file only; the class it uses takes all that fontTools can open.
    font = TTFFont(pdf, cast(Path, BytesIO(content)), key, "B" if key.endswith("B") else "")
    # The boxes are right already, and finding them again would cost a third of the receipt's time.
    font.ttfont.recalcBBoxes = False
    pdf.fonts[key] = font
    return font, places
