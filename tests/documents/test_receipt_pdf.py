"""The receipt, read back as a customer's viewer reads it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from chalicelib.documents import characters as receipt_characters
from chalicelib.documents import fonts as receipt_fonts
from chalicelib.documents import pdf as receipt_pdf
from chalicelib.documents.characters import BOX, printable
from chalicelib.documents.fonts import CJK, EUROPEAN, EUROPEAN_BOLD, cut, glyph_of
from chalicelib.kit.shop import Shop
from chalicelib.orders.model import Address, Line, Order, Payment, PaymentStatus
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ContentStream

from tests.support.builders.printed_orders import ENDED_AT, LAPTOP, SHOP, paid_order
from tests.support.fakes.log import FakeLog

EUROPEAN_NAMES = ["Ελληνικός καφές", "Чайник «Уют»", "Żółta łódź Ćmielów", "Crème brûlée €5", "Việt Nam"]
CJK_NAMES = ["東京タワー", "游戏笔记本电脑", "한국어 노트북"]


def render_receipt(order: Order, shop: Shop, issued_at: str, log: Any = None) -> bytes:
    return receipt_pdf.render_receipt(order, shop, issued_at, log or FakeLog())


def reader(order: Order, shop: Shop = SHOP) -> PdfReader:
    return PdfReader(BytesIO(render_receipt(order, shop, ENDED_AT)))


def text_of(order: Order, shop: Shop = SHOP) -> str:
    return "\n".join(page.extract_text() for page in reader(order, shop).pages)


def named(*names: str) -> Order:
    return paid_order(Line(f"P-{n}", name, 1, Decimal("10.00")) for n, name in enumerate(names))


def fonts_of(document: PdfReader) -> set[str]:
    resources = [page["/Resources"]["/Font"] for page in document.pages]  # type: ignore[index]
    return {str(font["/BaseFont"]) for page in resources for font in page.values()}


def text_boxes(document: PdfReader, page: int) -> Iterator[tuple[float, float, float]]:
    """Left end, right end and baseline of each text on the page, in points, from its content stream."""
    sheet = document.pages[page]
    fonts: Any = sheet["/Resources"]["/Font"]  # type: ignore[index]
    widths: dict[int, float] = {}
    size = x = y = 0.0
    for operands, operator in ContentStream(sheet.get_contents(), document).operations:
        if operator == b"Tf":
            widths = _widths(fonts[operands[0]])
            size = float(operands[1])
        elif operator == b"Td":
            x, y = float(operands[0]), float(operands[1])
        elif operator == b"Tj":
            raw = operands[0].original_bytes
            codes = [int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)]
            end = x + sum(widths[code] for code in codes) * size / 1000
            yield x, end, y
            x = end


def _widths(font: Any) -> dict[int, float]:
    """The /W array of a composite font: `[first [w …]]` and `[first last w]` groups."""
    entries = list(font["/DescendantFonts"][0]["/W"])
    widths: dict[int, float] = {}
    while entries:
        first, second = int(entries.pop(0)), entries.pop(0)
        if isinstance(second, list):
            widths.update({first + n: float(width) for n, width in enumerate(second)})
        else:
            widths.update(dict.fromkeys(range(first, int(second) + 1), float(entries.pop(0))))
    return widths


def test_it_says_everything_a_receipt_must() -> None:
    text = text_of(paid_order([LAPTOP, Line("MUG-3", "Mug", 12, Decimal("4.20"))]))

    for part in (
        *("Receipt", "Corner & Co.", "Keizersgracht 123", "1015 CW Amsterdam", "https://shop.example.com"),
        *("abc12345-9f4d-4c1a-8b1e-2a4f6d7e8c90", "21 November 2026 at 14:30 UTC", "Paid", "sim_0123456789"),
        *("customer@example.com", "123 Main St", "12345 Anytown, CA", "United States"),
        *("Gaming Laptop", "LAPTOP001", "€1,299.99", "Mug", "MUG-3", "12", "€4.20", "€50.40"),
        *("Total (EUR)", "€1,350.39", "Page 1 of 1"),
    ):
        assert part in text


@pytest.mark.parametrize("name", EUROPEAN_NAMES + CJK_NAMES)
def test_names_of_many_scripts_print_and_can_be_copied(name: str) -> None:
    assert name in text_of(named(name))


def test_a_decomposed_name_prints_composed() -> None:
    assert "Ćmielów" in text_of(named("C\u0301mielo\u0301w"))


def test_what_no_font_has_prints_as_a_box() -> None:
    text = text_of(named("Private \ue000 use", "bad \ud800 half", "tab\tand\x00nul", "not \U000110ce yet"))

    assert f"Private {BOX} use" in text
    assert f"bad {BOX} half" in text
    assert f"tab and{BOX}nul" in text
    assert f"not {BOX} yet" in text


def test_a_receipt_with_boxes_is_logged_in_one_line_without_its_names() -> None:
    log = FakeLog()

    render_receipt(named("Private \ue000 \ue000", "half \ud800", "مرحبا"), SHOP, ENDED_AT, log)

    assert log.lines == [
        {"event": "characters_not_printed", "orderId": paid_order().order_id, "characters": "U+D800 U+E000"}
    ]


def test_what_prints_is_not_logged() -> None:
    log = FakeLog()

    render_receipt(named(*EUROPEAN_NAMES, *CJK_NAMES, "שלום", "a\u200db", BOX), SHOP, ENDED_AT, log)

    assert log.lines == []


def test_braces_are_braces() -> None:
    assert "{nb} pages" in text_of(named("{nb} pages"))


def test_marks_that_show_nothing_leave_nothing_behind() -> None:
    assert printable("a\u200db\ufe0f\u202ec") == "abc"
    assert printable("\N{MATHEMATICAL BOLD CAPITAL A}") == "A"


@given(st.text(), st.text())
@settings(max_examples=60, deadline=None)
def test_no_text_makes_it_raise(name: str, street: str) -> None:
    order = replace(named(name), shipping_address=Address(street, name, "", "", street))

    assert render_receipt(order, Shop(name, street, name), ENDED_AT).startswith(b"%PDF-")


def test_an_order_of_nobody_we_know_has_a_receipt() -> None:
    text = text_of(replace(paid_order(), customer_id="", customer_email="", shipping_address=None))

    assert [part for part in ("Gaming Laptop", "€1,299.99", "customer") if part in text] == [
        "Gaming Laptop",
        "€1,299.99",
    ]


def test_a_hundred_lines_go_on_under_a_repeated_header() -> None:
    lines = [Line(f"SKU-{n:03d}", f"Article {n:03d}", 1, Decimal("1.00")) for n in range(100)]
    document = reader(paid_order(lines))
    pages = [page.extract_text() for page in document.pages]
    text = "\n".join(pages)

    assert len(pages) > 1
    assert all("Unit price" in page for page in pages)
    assert all(f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1))
    assert text.count("Total (EUR)") == 1
    assert "€100.00" in pages[-1]
    assert all(text.count(line.product_id) == 1 for line in lines)


@pytest.mark.parametrize("address_lines", [0, 1, 5])
def test_the_total_stands_below_the_last_row_and_above_the_foot(address_lines: int) -> None:
    shop = replace(SHOP, address="Line\n" * address_lines)
    for count in range(14, 22):  # around what one page holds
        document = reader(named(*[f"Article {n}" for n in range(count)]), shop)
        last = document.pages[-1].extract_text()

        assert f"Article {count - 1}" in last
        assert "Total (EUR)" in last
        assert not _in_the_foot(list(text_boxes(document, len(document.pages) - 1)))


LONG_NAMES = ["word " * 80, "Donaudampfschifffahrtsgesellschaft" * 12, "超長い名前" * 80, "x" * 5000]


@pytest.mark.parametrize("name", LONG_NAMES)
def test_long_names_wrap_within_their_column(name: str) -> None:
    line = Line("P" * 64, name, 99999, Decimal("9999999.99"))
    document = reader(paid_order([line, LAPTOP], "EUR"))

    for page in range(len(document.pages)):
        boxes = list(text_boxes(document, page))
        assert boxes
        assert all(left > 55 and right < 540.1 for left, right, _ in boxes)
        assert not _in_the_foot(boxes)
        assert not list(_overlaps(boxes))
    text = "".join(page.extract_text() for page in document.pages)
    assert text.count(name.strip()[0]) >= name.count(name.strip()[0])


def _in_the_foot(boxes: list[tuple[float, float, float]]) -> bool:
    """Whether a text lies at the foot of the page where only the foot's own line (at 36 to 45 points) may be."""
    return any(y < 36 or 45 < y < 68 for _, _, y in boxes)


def _overlaps(boxes: list[tuple[float, float, float]]) -> Iterator[tuple[Any, Any]]:
    """Pairs of texts on one baseline of which one begins before the other ends."""
    for left in boxes:
        for right in boxes:
            if left is not right and left[2] == right[2] and left[0] <= right[0] < left[1] - 0.1:
                yield left, right


def test_amounts_have_the_digits_of_their_currency() -> None:
    yen = text_of(paid_order([Line("A", "Tea", 3, Decimal(1500))], "JPY"))
    dinar = text_of(paid_order([Line("A", "Tea", 3, Decimal("0.125"))], "KWD"))

    assert "¥1,500" in yen
    assert "¥4,500" in yen
    assert "Total (JPY)" in yen
    assert "KWD 0.125" in dinar
    assert "KWD 0.375" in dinar


def test_a_refunded_order_does_not_look_paid() -> None:
    paid = paid_order()
    payment = Payment(PaymentStatus.REFUNDED, "sim_1", paid.total_amount, paid.total_amount)

    assert "Refunded" in text_of(replace(paid, payment=payment))
    assert "Not paid" in text_of(replace(paid, payment=None))


def test_an_order_with_little_in_it_prints() -> None:
    text = text_of(replace(named(""), shipping_address=None), Shop("Shop", "", ""))

    assert text.count("P-0") == 2  # a line without a name goes by its id


def test_the_same_order_gives_the_same_bytes() -> None:
    order = named(*EUROPEAN_NAMES, *CJK_NAMES)

    assert render_receipt(order, SHOP, ENDED_AT) == render_receipt(order, SHOP, ENDED_AT)


def test_nothing_of_one_receipt_gets_into_the_next() -> None:
    first = render_receipt(named("Abc"), SHOP, ENDED_AT)
    for name in (*EUROPEAN_NAMES, *CJK_NAMES, "\N{PARTY POPPER}"):
        render_receipt(named(name), SHOP, ENDED_AT)

    assert render_receipt(named("Abc"), SHOP, ENDED_AT) == first


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The font files that are read from now on, as by a new process."""
    names: list[str] = []
    whole = receipt_fonts.font_file
    monkeypatch.setattr(receipt_fonts, "font_file", lambda name: names.append(name) or whole(name))
    receipt_fonts.shipped.cache_clear()
    receipt_fonts._coverage.cache_clear()
    receipt_characters._printable.cache_clear()
    receipt_characters._needs_shaping.cache_clear()
    return names


def test_european_receipts_are_small_and_know_nothing_of_other_fonts(read: list[str]) -> None:
    content = render_receipt(named(*EUROPEAN_NAMES), SHOP, ENDED_AT)

    assert len(content) < 40_000
    assert fonts_of(PdfReader(BytesIO(content))) == {"/MPDFAA+DejaVuSansBook", "/MPDFAA+DejaVuSansBold"}
    assert read == [EUROPEAN, EUROPEAN_BOLD]


def test_other_fonts_are_read_once_and_only_those_that_a_text_needs(read: list[str]) -> None:
    for _ in range(2):
        render_receipt(named(*EUROPEAN_NAMES, *CJK_NAMES, "ไทย"), SHOP, ENDED_AT)

    assert sorted(read) == [EUROPEAN, EUROPEAN_BOLD, CJK, "NotoSansThai"]


def test_only_cjk_texts_embed_the_cjk_font() -> None:
    assert any("Droid" in font for font in fonts_of(reader(named("東京"))))


def test_the_pdf_says_what_it_is() -> None:
    document = reader(paid_order())
    metadata = document.metadata

    assert metadata is not None
    assert metadata.title == "Receipt abc12345-9f4d-4c1a-8b1e-2a4f6d7e8c90"
    assert metadata.author == "Corner & Co."
    assert metadata.creation_date is not None
    assert metadata.creation_date.isoformat() == "2026-11-21T14:30:29+00:00"
    assert document.root_object["/Lang"] == "en"


@pytest.mark.parametrize("name", [EUROPEAN, EUROPEAN_BOLD, CJK])
def test_a_font_says_of_every_character_what_fonttools_says(name: str) -> None:
    font = TTFont(BytesIO(cut(name, "")[0]))
    original = TTFont(receipt_fonts._FOLDER / f"{name}-receipt.ttf")

    assert font["maxp"].numGlyphs == 1
    known = {code for code in range(0x11000) if glyph_of(name, chr(code))}
    assert known == set(original.getBestCmap())


@pytest.mark.parametrize(("name", "chars"), [(EUROPEAN, "aŻώЖệ€"), (EUROPEAN_BOLD, "Éñ"), (CJK, "東한カ")])
def test_a_cut_font_draws_what_the_whole_one_draws(name: str, chars: str) -> None:
    part = TTFont(BytesIO(cut(name, chars)[0]))
    whole = TTFont(receipt_fonts._FOLDER / f"{name}-receipt.ttf")

    assert set(part.getBestCmap()) == set(map(ord, chars))
    for char in chars:
        assert _drawn(part, char) == _drawn(whole, char)


def _drawn(font: TTFont, char: str) -> tuple[Any, int]:
    name = font.getBestCmap()[ord(char)]
    coordinates, ends, _ = font["glyf"][name].getCoordinates(font["glyf"])
    return (list(coordinates), list(ends)), font["hmtx"][name][0]


def test_both_weights_know_the_same_characters() -> None:
    regular, bold = (TTFont(receipt_fonts._FOLDER / f"{name}-receipt.ttf") for name in (EUROPEAN, EUROPEAN_BOLD))

    assert set(regular.getBestCmap()) == set(bold.getBestCmap())


def test_fpdf2_is_not_imported_before_a_receipt_is_made() -> None:
    code = (
        "import sys; import chalicelib.documents.pdf, chalicelib.notifications.messages; "
        "print({'fpdf', 'fontTools', 'PIL', 'email', 'html', 'babel', 'jinja2'} & set(sys.modules))"
    )
    found = subprocess.check_output([sys.executable, "-c", code], env={"PYTHONPATH": "orderproc"}, text=True)

    assert found.strip() == "set()"
