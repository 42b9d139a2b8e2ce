"""How a receipt looks: A4 portrait, one column of rows that goes on over as many pages as it takes.

It imports fpdf2, as `receipt_typesetter` does: import it where a PDF is made, never at the top of another module.
Lengths are millimetres, font sizes points.
"""

from __future__ import annotations

from collections.abc import Iterator

from fpdf import FPDF, ViewerPreferences

from ..kit.clock import from_iso
from ..kit.plain_text import isolated
from .receipt_texts import Receipt, ReceiptLine
from .typesetter import Colour, Run, Style, Typesetter, height

INK: Colour = (31, 41, 55)
GREY: Colour = (102, 112, 133)
ACCENT: Colour = (22, 78, 99)
RULE: Colour = (214, 219, 226)
SHADE: Colour = (241, 244, 247)

TITLE, SHOP, IMPRINT, WEBSITE = Style(22, ACCENT, True), Style(14, INK, True), Style(8.5, GREY), Style(8.5, ACCENT)
LABEL, VALUE, HEADER, DETAIL = Style(9, GREY), Style(9, INK), Style(8.5, INK, True), Style(7.5, GREY)
TOTAL, TOTAL_LABEL = Style(13, ACCENT, True), Style(10, INK, True)

MARGIN = 20.0
WIDTH = 210.0 - 2 * MARGIN
BOTTOM = 297.0 - 24.0
LEFT_BLOCK = 60.0
FACTS_LABEL = 34.0
GUTTER = 4.0
GAP = 6.0
"""Between the columns of the table."""
PADDING = 2.0
PAD_ROW = 1.2
HEADER_HEIGHT = 7.2
TOTAL_HEIGHT = 8.0
"""Of the total below the last row, with the space above it."""


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
        self.about = f"{isolated(receipt.shop_name)} · {receipt.order}"
        self.type = Typesetter(self.pdf, [self.about, *_texts(receipt)])
        self.pdf.add_page()
        self.y = MARGIN
        self.columns = self._columns()

    def letterhead(self) -> None:
        """The shop on the left, the title on the right, a line below both."""
        title = self.receipt.words.title
        self.type.put(MARGIN, MARGIN - 1, WIDTH, title, TITLE, align="R")
        width = WIDTH - self.type.width(title, TITLE) - 2 * GUTTER
        self._paragraph(MARGIN, width, self.receipt.shop_name, SHOP)
        self.y += 0.6
        for line in self.receipt.shop_address:
            self._paragraph(MARGIN, width, line, IMPRINT)
        url = self.receipt.shop_url
        self._paragraph(MARGIN, width, url, WEBSITE, link=url if url.startswith(("https://", "http://")) else "")
        self.y = max(self.y, MARGIN + 10) + 4
        self._rule(ACCENT, 0.5)
        self.y += 6

    def parties(self) -> None:
        """Who it is for on the left, what it is about on the right."""
        top = self.y
        self._paragraph(MARGIN, LEFT_BLOCK, self.receipt.words.customer, LABEL)
        for line in self.receipt.customer:
            self._paragraph(MARGIN, LEFT_BLOCK, line, VALUE)
        bottom, self.y = self.y, top
        label = MARGIN + LEFT_BLOCK + GUTTER
        value = label + FACTS_LABEL + GUTTER
        for name, text in self.receipt.facts:
            start = self.y
            self._paragraph(label, FACTS_LABEL, name, LABEL)
            below, self.y = self.y, start
            self._paragraph(value, MARGIN + WIDTH - value, text, VALUE)
            self.y = max(self.y, below)
        self.y = max(self.y, bottom) + 8

    def table(self) -> None:
        """The rows, their header again on every page, and the total, which is never alone on a page."""
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
            count = self.receipt.words.page.format(page=page, pages=pages)
            width = WIDTH - self.type.width(count, DETAIL) - 2 * GUTTER
            about = self.type.fitted(self.about, DETAIL, width)
            self.type.put(MARGIN, self.y + 1.5, width, about, DETAIL)
            self.type.put(MARGIN, self.y + 1.5, WIDTH, count, DETAIL, align="R")

    def _columns(self) -> list[float]:
        """Widths of quantity, unit price and line total: as wide as their widest text."""
        columns = zip(*((line.quantity, line.price, line.total) for line in self.receipt.lines), strict=True)
        return [
            max(self.type.width(header, HEADER), *(self.type.width(text, VALUE) for text in texts)) + GAP
            for header, texts in zip(self.receipt.words.columns, columns, strict=True)
        ]

    def _table_header(self) -> None:
        self.pdf.set_fill_color(*SHADE)
        self.pdf.rect(MARGIN, self.y, WIDTH, HEADER_HEIGHT, style="F")
        self._cells(self.receipt.words.columns, HEADER, self.y + 1.6)
        self.type.put(MARGIN + PADDING, self.y + 1.6, WIDTH, self.receipt.words.item, HEADER)
        self.y += HEADER_HEIGHT + PAD_ROW

    def _row(self, line: ReceiptLine, keep: float) -> None:
        """One line of the order, together with `keep` mm that must not be parted from it."""
        width = WIDTH - PADDING - sum(self.columns)
        styled = ((line.name, VALUE), (line.product_id, DETAIL))
        texts = [(run, style) for text, style in styled for run in self.type.lines(text, style, width)]
        self._room(sum(self._tall(*text) for text in texts) + 2 * PAD_ROW + keep)
        self._cells((line.quantity, line.price, line.total), VALUE, self.y + self.type.beyond(*texts[0])[0])
        for run, style in texts:
            self._room(self._tall(run, style))
            self._line(MARGIN + PADDING, width, run, style)
        self.y += PAD_ROW
        self._rule(RULE, 0.2)
        self.y += PAD_ROW

    def _total(self) -> None:
        self.y += 1.6
        right = WIDTH - PADDING
        self.type.put(MARGIN, self.y, right, self.receipt.total, TOTAL, align="R")
        left = right - self.type.width(self.receipt.total, TOTAL) - 2 * GUTTER
        self.type.put(MARGIN, self.y + 0.6, left, self.receipt.total_label, TOTAL_LABEL, align="R")
        self.y += height(TOTAL)

    def _room(self, needed: float) -> None:
        """Begin a new page, with a header, if there is no room for `needed` mm on this one."""
        if self.y + needed <= BOTTOM or self.y <= MARGIN + HEADER_HEIGHT + 2:
            return
        self.pdf.add_page()
        self.y = MARGIN
        self._table_header()

    def _cells(self, texts: tuple[str, str, str], style: Style, y: float) -> None:
        """The three right-aligned columns, in one line."""
        right = WIDTH - PADDING
        for text, width in zip(reversed(texts), reversed(self.columns), strict=True):
            self.type.put(MARGIN, y, right, text, style, align="R")
            right -= width

    def _paragraph(self, x: float, width: float, text: str, style: Style, link: str = "") -> None:
        """As many lines as it takes, going down from `y`."""
        for line in self.type.lines(text, style, width) if text else []:
            self._line(x, width, line, style, link)

    def _line(self, x: float, width: float, text: Run, style: Style, link: str = "") -> None:
        """One line at `y`, which goes down by as much as that takes."""
        self.type.put(x, self.y + self.type.beyond(text, style)[0], width, text, style, link=link)
        self.y += self._tall(text, style)

    def _tall(self, text: Run, style: Style) -> float:
        return height(style) + sum(self.type.beyond(text, style))

    def _rule(self, colour: Colour, thickness: float) -> None:
        self.pdf.set_draw_color(*colour)
        self.pdf.set_line_width(thickness)
        self.pdf.line(MARGIN, self.y, MARGIN + WIDTH, self.y)


def _document(receipt: Receipt) -> FPDF:
    """An empty document with its metadata."""
    pdf = FPDF(format="A4", unit="mm")
    pdf.c_margin = 0
    pdf.set_margin(MARGIN)
    pdf.set_auto_page_break(False)
    pdf.alias_nb_pages("")  # else `{nb}` in a name prints as the number of pages
    pdf.set_title(receipt.document)
    pdf.set_subject(receipt.order)
    pdf.set_author(receipt.shop_name)
    pdf.set_creator("orderproc")
    pdf.set_lang(receipt.language)
    pdf.set_creation_date(from_iso(receipt.issued_at))
    pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
    return pdf


def _texts(receipt: Receipt) -> Iterator[str]:
    """Every text of the receipt."""
    words = receipt.words
    yield from (words.title, words.customer, words.item, *words.columns, words.page)
    yield from (receipt.order, receipt.shop_name, receipt.shop_url, receipt.total_label, receipt.total)
    yield from (*receipt.shop_address, *receipt.customer, *(text for fact in receipt.facts for text in fact))
    for line in receipt.lines:
        yield from (line.name, line.product_id, line.quantity, line.price, line.total)
