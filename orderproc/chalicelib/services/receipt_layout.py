"""How a receipt looks: A4 portrait, one column of rows that goes on over as many pages as it takes.

The only module that imports fpdf2; import it where a PDF is made, never at the top of another module.
Lengths are millimetres, font sizes points.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Literal, cast

from fpdf import FPDF, ViewerPreferences
from fpdf.fonts import TTFFont

from ..domain.clock import from_iso
from .receipt_fonts import CJK, EUROPEAN, EUROPEAN_BOLD, face, needs_cjk
from .receipt_texts import Receipt, ReceiptLine
from .receipt_wrap import Measure, wrap

# fpdf2 has fontTools cut the fonts, which tells every step of it at level INFO.
logging.getLogger("fontTools").setLevel(logging.WARNING)

Colour = tuple[int, int, int]
Align = Literal["L", "R"]

INK: Colour = (31, 41, 55)
GREY: Colour = (102, 112, 133)
ACCENT: Colour = (22, 78, 99)
RULE: Colour = (214, 219, 226)
SHADE: Colour = (241, 244, 247)

MARGIN = 20.0
WIDTH = 210.0 - 2 * MARGIN
BOTTOM = 297.0 - 24.0
LEFT_BLOCK = 68.0
FACTS_LABEL = 26.0
GUTTER = 4.0
GAP = 6.0
"""Between the columns of the table."""
PADDING = 2.0
PAD_ROW = 1.2
HEADER_HEIGHT = 7.2
TOTAL_HEIGHT = 8.0
"""Of the total below the last row, with the space above it."""
LEADING = 1.35
"""Height of a line over its font size."""
POINT = 25.4 / 72

_ASCII = frozenset(map(chr, range(0x20, 0x7F)))


def draw(receipt: Receipt) -> bytes:
    """The PDF of the receipt."""
    sheet = Sheet(receipt)
    sheet.letterhead()
    sheet.parties()
    sheet.table()
    sheet.footers()
    return bytes(sheet.pdf.output())


class Sheet:
    """One receipt being drawn, top to bottom; `y` is where the next thing goes."""

    def __init__(self, receipt: Receipt) -> None:
        self.receipt = receipt
        self.pdf = _document(receipt)
        self.fonts = _attach_fonts(self.pdf, _chars(receipt))
        self.pdf.add_page()
        self.y = MARGIN
        self.columns = self._columns()

    def letterhead(self) -> None:
        """The shop on the left, the title on the right, a line below both."""
        self._text(MARGIN, MARGIN - 1, WIDTH, "Receipt", 22, ACCENT, bold=True, align="R")
        width = WIDTH - self._width("Receipt", 22, bold=True) - 2 * GUTTER
        self._paragraph(MARGIN, width, self.receipt.shop_name, 14, INK, bold=True)
        self.y += 0.6
        for line in self.receipt.shop_address:
            self._paragraph(MARGIN, width, line, 8.5, GREY)
        self._paragraph(MARGIN, width, self.receipt.shop_url, 8.5, ACCENT, link=_web(self.receipt.shop_url))
        self.y = max(self.y, MARGIN + 10) + 4
        self._rule(ACCENT, 0.5)
        self.y += 6

    def parties(self) -> None:
        """Who it is for on the left, what it is about on the right."""
        top = self.y
        self._paragraph(MARGIN, LEFT_BLOCK, "Customer", 9, GREY)
        for line in self.receipt.customer:
            self._paragraph(MARGIN, LEFT_BLOCK, line, 9, INK)
        bottom, self.y = self.y, top
        label = MARGIN + LEFT_BLOCK + GUTTER
        value = label + FACTS_LABEL + GUTTER
        for name, text in self.receipt.facts:
            start = self.y
            self._paragraph(label, FACTS_LABEL, name, 9, GREY)
            below, self.y = self.y, start
            self._paragraph(value, MARGIN + WIDTH - value, text, 9, INK)
            self.y = max(self.y, below)
        self.y = max(self.y, bottom) + 8

    def table(self) -> None:
        """The rows, their header again on every page, and the total, which never stands alone on a page."""
        self._table_header()
        last = len(self.receipt.lines) - 1
        for number, line in enumerate(self.receipt.lines):
            self._row(line, keep=TOTAL_HEIGHT if number == last else 0)
        self._total()

    def footers(self) -> None:
        """On each page what it belongs to and which of how many it is."""
        pages = self.pdf.pages_count
        for page in range(1, pages + 1):
            self.pdf.page = page
            # Each page is a stream of its own, and fpdf2 remembers only the last one's font and colours.
            self.pdf.current_font_is_set_on_page = False
            self.y = 297.0 - 17
            self._rule(RULE, 0.2)
            count = f"Page {page} of {pages}"
            width = WIDTH - self._width(count, 7.5) - 2 * GUTTER
            about = self._fitted(f"{self.receipt.shop_name} · Order {self.receipt.order_id}", 7.5, width)
            self._text(MARGIN, self.y + 1.5, width, about, 7.5, GREY)
            self._text(MARGIN, self.y + 1.5, WIDTH, count, 7.5, GREY, align="R")

    def _columns(self) -> tuple[float, float, float]:
        """Widths of quantity, unit price and line total: as wide as their widest text."""
        lines = self.receipt.lines

        def widest(header: str, texts: Iterable[str]) -> float:
            return max(self._width(header, 8.5, bold=True), *(self._width(n, 9) for n in texts)) + GAP

        return (
            widest("Qty", (line.quantity for line in lines)),
            widest("Unit price", (line.price for line in lines)),
            widest("Amount", (line.total for line in lines)),
        )

    def _table_header(self) -> None:
        self.pdf.set_fill_color(*SHADE)
        self.pdf.rect(MARGIN, self.y, WIDTH, HEADER_HEIGHT, style="F")
        self._cells(("Qty", "Unit price", "Amount"), 8.5, self.y + 1.6, bold=True)
        self._text(MARGIN + PADDING, self.y + 1.6, WIDTH, "Item", 8.5, INK, bold=True)
        self.y += HEADER_HEIGHT + PAD_ROW

    def _row(self, line: ReceiptLine, keep: float) -> None:
        """One line of the order, together with `keep` mm that must not be parted from it."""
        width = WIDTH - PADDING - sum(self.columns)
        names = self._wrapped(line.name, 9, width)
        details = self._wrapped(line.product_id, 7.5, width)
        self._room(len(names) * _height(9) + len(details) * _height(7.5) + 2 * PAD_ROW + keep)
        self._cells((line.quantity, line.price, line.total), 9, self.y)
        for text, size, colour in [*((n, 9.0, INK) for n in names), *((d, 7.5, GREY) for d in details)]:
            self._room(_height(size))
            self._text(MARGIN + PADDING, self.y, width, text, size, colour)
            self.y += _height(size)
        self.y += PAD_ROW
        self._rule(RULE, 0.2)
        self.y += PAD_ROW

    def _total(self) -> None:
        self.y += 1.6
        amount, label = self.receipt.total, self.receipt.total_label
        right = WIDTH - PADDING
        self._text(MARGIN, self.y, right, amount, 13, ACCENT, bold=True, align="R")
        left = right - self._width(amount, 13, bold=True) - 2 * GUTTER
        self._text(MARGIN, self.y + 0.6, left, label, 10, INK, bold=True, align="R")
        self.y += _height(13)

    def _room(self, height: float) -> None:
        """Go on on a new page, under a new header, if there is no room for `height` on this one."""
        if self.y + height <= BOTTOM or self.y <= MARGIN + HEADER_HEIGHT + 2:
            return
        self.pdf.add_page()
        self.y = MARGIN
        self._table_header()

    def _cells(self, texts: tuple[str, str, str], size: float, y: float, bold: bool = False) -> None:
        """The three right-aligned columns, in one line."""
        right = WIDTH - PADDING
        for text, width in zip(reversed(texts), reversed(self.columns), strict=True):
            self._text(MARGIN, y, right, text, size, INK, bold=bold, align="R")
            right -= width

    def _paragraph(
        self,
        x: float,
        width: float,
        text: str,
        size: float,
        colour: Colour,
        bold: bool = False,
        link: str = "",
    ) -> None:
        """As many lines as it takes, going down from `y`."""
        for line in self._wrapped(text, size, width, bold) if text else []:
            self._text(x, self.y, width, line, size, colour, bold, link=link)
            self.y += _height(size)

    def _text(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        size: float,
        colour: Colour,
        bold: bool = False,
        align: Align = "L",
        link: str = "",
    ) -> None:
        """One line at the left or right edge of a box whose upper left corner is (x, y)."""
        self.pdf.set_font("text", "B" if bold else "", size)
        self.pdf.set_text_color(*colour)
        self.pdf.set_xy(x, y)
        self.pdf.cell(width, _height(size), text, align=align, link=link)

    def _rule(self, colour: Colour, thickness: float) -> None:
        self.pdf.set_draw_color(*colour)
        self.pdf.set_line_width(thickness)
        self.pdf.line(MARGIN, self.y, MARGIN + WIDTH, self.y)

    def _wrapped(self, text: str, size: float, width: float, bold: bool = False) -> list[str]:
        measure: Measure = lambda part: self._width(part, size, bold)  # noqa: E731
        return wrap(text, width, measure)

    def _fitted(self, text: str, size: float, width: float) -> str:
        """The text, cut with an ellipsis where it would be wider than `width`."""
        while self._width(text, size) > width:
            text = text.rstrip("…")[:-1].rstrip() + "…"
        return text

    def _width(self, text: str, size: float, bold: bool = False) -> float:
        font = self.fonts["textB" if bold else "text"]
        fallback = self.fonts.get("cjk", font)
        units = sum((font if code in font.cmap else fallback).cw[code] for code in map(ord, text))
        return float(units / 1000 * size * POINT)


def _document(receipt: Receipt) -> FPDF:
    """An empty document with its metadata."""
    pdf = FPDF(format="A4", unit="mm")
    pdf.c_margin = 0
    pdf.set_margin(MARGIN)
    pdf.set_auto_page_break(False)
    pdf.set_title(f"Receipt {receipt.order_id}")
    pdf.set_subject(f"Order {receipt.order_id}")
    pdf.set_author(receipt.shop_name)
    pdf.set_creator("orderproc")
    pdf.set_lang("en")
    pdf.set_creation_date(from_iso(receipt.issued_at))
    pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
    return pdf


def _attach_fonts(pdf: FPDF, chars: set[str]) -> dict[str, TTFFont]:
    """The fonts that these characters need, by fpdf2's name: `text`, `textB` and, for CJK only, `cjk`."""
    beyond = {char for char in chars if needs_cjk(char)}
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


def _chars(receipt: Receipt) -> set[str]:
    """Every character of the receipt, and those that the layout itself adds beyond ASCII."""
    rows = (
        text for line in receipt.lines for text in (line.name, line.product_id, line.quantity, line.price, line.total)
    )
    head = (receipt.order_id, receipt.shop_name, receipt.shop_url, receipt.total_label, receipt.total)
    facts = (text for fact in receipt.facts for text in fact)
    return set("·…").union(*rows, *head, *receipt.shop_address, *receipt.customer, *facts)


def _height(size: float) -> float:
    return size * POINT * LEADING


def _web(url: str) -> str:
    return url if url.startswith(("https://", "http://")) else ""
