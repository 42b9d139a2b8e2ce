"""How a receipt looks: A4 portrait, one column of rows that goes on over as many pages as it takes.

It imports fpdf2, as `receipt_typesetter` does: import it where a PDF is made, never at the top of another module.
Lengths are millimetres, font sizes points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fpdf import FPDF, ViewerPreferences

from ..kit.clock import from_iso
from ..kit.plain_text import isolated
from .receipt_texts import Receipt, ReceiptLine
from .typesetter import Colour, Run, Typesetter, height

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


def draw(receipt: Receipt) -> bytes:
    """The PDF of the receipt."""
    sheet = Sheet(receipt)
    sheet.letterhead()
    sheet.parties()
    sheet.table()
    sheet.footers()
    sheet.type.finish()
    return bytes(sheet.pdf.output())


class Sheet:
    """One receipt being drawn, top to bottom; `y` is where the next thing goes."""

    def __init__(self, receipt: Receipt) -> None:
        self.receipt = receipt
        self.pdf = _document(receipt)
        self.about = f"{isolated(receipt.shop_name)} · Order {receipt.order_id}"
        self.type = Typesetter(self.pdf, [self.about, *_texts(receipt)])
        self.pdf.add_page()
        self.y = MARGIN
        self.columns = self._columns()

    def letterhead(self) -> None:
        """The shop on the left, the title on the right, a line below both."""
        self.type.put(MARGIN, MARGIN - 1, WIDTH, "Receipt", 22, ACCENT, bold=True, align="R")
        width = WIDTH - self.type.width("Receipt", 22, bold=True) - 2 * GUTTER
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
            width = WIDTH - self.type.width(count, 7.5) - 2 * GUTTER
            about = self.type.fitted(self.about, 7.5, width)
            self.type.put(MARGIN, self.y + 1.5, width, about, 7.5, GREY)
            self.type.put(MARGIN, self.y + 1.5, WIDTH, count, 7.5, GREY, align="R")

    def _columns(self) -> tuple[float, float, float]:
        """Widths of quantity, unit price and line total: as wide as their widest text."""
        lines = self.receipt.lines

        def widest(header: str, texts: Iterable[str]) -> float:
            return max(self.type.width(header, 8.5, bold=True), *(self.type.width(n, 9) for n in texts)) + GAP

        return (
            widest("Qty", (line.quantity for line in lines)),
            widest("Unit price", (line.price for line in lines)),
            widest("Amount", (line.total for line in lines)),
        )

    def _table_header(self) -> None:
        self.pdf.set_fill_color(*SHADE)
        self.pdf.rect(MARGIN, self.y, WIDTH, HEADER_HEIGHT, style="F")
        self._cells(("Qty", "Unit price", "Amount"), 8.5, self.y + 1.6, bold=True)
        self.type.put(MARGIN + PADDING, self.y + 1.6, WIDTH, "Item", 8.5, INK, bold=True)
        self.y += HEADER_HEIGHT + PAD_ROW

    def _row(self, line: ReceiptLine, keep: float) -> None:
        """One line of the order, together with `keep` mm that must not be parted from it."""
        width = WIDTH - PADDING - sum(self.columns)
        names = [(text, 9.0, INK) for text in self.type.lines(line.name, 9, width)]
        details = [(text, 7.5, GREY) for text in self.type.lines(line.product_id, 7.5, width)]
        texts = [*names, *details]
        self._room(sum(self._tall(text, size) for text, size, _ in texts) + 2 * PAD_ROW + keep)
        self._cells((line.quantity, line.price, line.total), 9, self.y + self.type.beyond(*names[0][:2])[0])
        for text, size, colour in texts:
            self._room(self._tall(text, size))
            self._line(MARGIN + PADDING, width, text, size, colour)
        self.y += PAD_ROW
        self._rule(RULE, 0.2)
        self.y += PAD_ROW

    def _total(self) -> None:
        self.y += 1.6
        amount, label = self.receipt.total, self.receipt.total_label
        right = WIDTH - PADDING
        self.type.put(MARGIN, self.y, right, amount, 13, ACCENT, bold=True, align="R")
        left = right - self.type.width(amount, 13, bold=True) - 2 * GUTTER
        self.type.put(MARGIN, self.y + 0.6, left, label, 10, INK, bold=True, align="R")
        self.y += height(13)

    def _room(self, needed: float) -> None:
        """Begin a new page, with a header, if there is no room for `needed` mm on this one."""
        if self.y + needed <= BOTTOM or self.y <= MARGIN + HEADER_HEIGHT + 2:
            return
        self.pdf.add_page()
        self.y = MARGIN
        self._table_header()

    def _cells(self, texts: tuple[str, str, str], size: float, y: float, bold: bool = False) -> None:
        """The three right-aligned columns, in one line."""
        right = WIDTH - PADDING
        for text, width in zip(reversed(texts), reversed(self.columns), strict=True):
            self.type.put(MARGIN, y, right, text, size, INK, bold=bold, align="R")
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
        for line in self.type.lines(text, size, width, bold) if text else []:
            self._line(x, width, line, size, colour, bold, link)

    def _line(
        self,
        x: float,
        width: float,
        text: Run,
        size: float,
        colour: Colour,
        bold: bool = False,
        link: str = "",
    ) -> None:
        """One line at `y`, which goes down by as much as that takes."""
        above, below = self.type.beyond(text, size)
        self.type.put(x, self.y + above, width, text, size, colour, bold, link=link)
        self.y += above + height(size) + below

    def _tall(self, text: Run, size: float) -> float:
        return height(size) + sum(self.type.beyond(text, size))

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
    pdf.set_title(f"Receipt {receipt.order_id}")
    pdf.set_subject(f"Order {receipt.order_id}")
    pdf.set_author(receipt.shop_name)
    pdf.set_creator("orderproc")
    pdf.set_lang("en")
    pdf.set_creation_date(from_iso(receipt.issued_at))
    pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
    return pdf


def _texts(receipt: Receipt) -> Iterator[str]:
    """Every text of the receipt."""
    yield from (receipt.order_id, receipt.shop_name, receipt.shop_url, receipt.total_label, receipt.total)
    yield from (*receipt.shop_address, *receipt.customer, *(text for fact in receipt.facts for text in fact))
    for line in receipt.lines:
        yield from (line.name, line.product_id, line.quantity, line.price, line.total)


def _web(url: str) -> str:
    return url if url.startswith(("https://", "http://")) else ""
