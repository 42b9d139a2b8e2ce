"""An order as a line: for spreadsheets, which take some texts for formulas, and for programs."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.exports.model import Format
from chalicelib.exports.rows import COLUMNS, head, lines
from chalicelib.kit.jsonio import dumps
from chalicelib.orders.model import Address, Failure, Line, Payment, PaymentStatus, Shipment, ShipmentStatus
from chalicelib.orders.views import staff_view
from hypothesis import given
from hypothesis import strategies as st

from infra.paths import ROOT
from tests.support.builders.examples import NOW, order
from tests.support.builders.generated_orders import orders
from tests.support.exported_files import table

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def row(**changes: Any) -> dict[str, str]:
    """As a spreadsheet reads it."""
    [found] = table(head(Format.CSV) + lines(Format.CSV, [order(**changes)]))
    return found


def test_a_row_says_what_an_accountant_asks() -> None:
    found = row(
        order_id="order-1",
        order_number="100482",
        reference="PO-7",
        lines=(Line("LAPTOP001", "Gaming Laptop", 2, Decimal("1299.99")), Line("MOUSE001", "", 1, Decimal("20.00"))),
        total_amount=Decimal("2619.98"),
        payment=Payment(PaymentStatus.CAPTURED, "ch_1", Decimal("2619.98"), Decimal("20.00")),
        failure=Failure("OUT_OF_STOCK", "Not enough."),
        shipments=(Shipment("DHL", "JD014", (("LAPTOP001", 2),), ShipmentStatus.SHIPPED, NOW),),
        shipping_address=Address("1 Main St", "Anytown", "CA", "12345", "US", "Ann", "Acme", "Floor 2"),
        metadata=(("channel", "mail"),),
        note="Ring twice",
        phone_number=None,
    )

    assert found == {
        "orderNumber": "100482",
        "orderId": "order-1",
        "reference": "PO-7",
        "createdAt": NOW,
        "updatedAt": NOW,
        "status": "PENDING",
        "error": "OUT_OF_STOCK",
        "owner": "p-one",
        "customerId": "customer123",
        "customerEmail": "customer@example.com",
        "phoneNumber": "",
        "currency": "EUR",
        "totalAmount": "2619.98",
        "paymentStatus": "CAPTURED",
        "paymentReference": "ch_1",
        "paidAmount": "2619.98",
        "refundedAmount": "20.00",
        "units": "3",
        "items": "2 x LAPTOP001 Gaming Laptop; 1 x MOUSE001",
        "shippingName": "Ann",
        "shippingCompany": "Acme",
        "shippingStreet": "1 Main St",
        "shippingStreet2": "Floor 2",
        "shippingZipCode": "12345",
        "shippingCity": "Anytown",
        "shippingState": "CA",
        "shippingCountry": "US",
        "trackingNumbers": "DHL JD014",
        "note": "Ring twice",
        "metadata": '{"channel": "mail"}',
        "fulfilment": "auto",
        "workflow": "queue",
    }


@pytest.mark.parametrize(
    "text", ["=1+1", "+31 6", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1d1", '=cmd|"/C calc"!A0']
)
@pytest.mark.parametrize(
    ("column", "field"),
    [("customerId", "customer_id"), ("note", "note"), ("reference", "reference"), ("owner", "owner")],
)
def test_no_text_of_a_sender_is_a_formula(text: str, column: str, field: str) -> None:
    assert row(**{field: text})[column] == f"'{text}"


def test_an_address_and_a_name_of_a_product_are_no_formulas_either() -> None:
    found = row(
        shipping_address=Address("=1", "+1", "-1", "@1", "US", "=2", "=3", "=4"),
        lines=(Line("A", "=1+1; =2", 1, Decimal(1)),),
    )

    assert found["items"] == "1 x A =1+1; =2"  # it begins with a number
    assert {found[name][0] for name in found if name.startswith("shipping") and name != "shippingCountry"} == {"'"}


@given(orders())
def test_of_any_order_no_cell_begins_as_formulas_do(of: Any) -> None:
    [found] = table(head(Format.CSV) + lines(Format.CSV, [of]))

    assert [cell for cell in found.values() if cell.lstrip(" ").startswith(_STARTS)] == []
    assert found["orderId"] == of.order_id


@given(st.lists(orders(), max_size=4))
def test_a_file_for_programs_has_each_order_as_staff_see_it(of: list[Any]) -> None:
    written = lines(Format.JSONL, of).decode()

    assert [line for line in written.split("\n") if line] == [dumps(staff_view(one)) for one in of]
    assert head(Format.JSONL) == b""


def test_texts_with_quotes_lines_and_separators_come_back_as_they_were() -> None:
    note = 'He said "no; yes, no"\nand left\r\n— Zoë'

    assert row(note=note)["note"] == note
    assert json.loads(lines(Format.JSONL, [order(note=note)]))["note"] == note


def test_spreadsheets_see_that_it_is_utf_8() -> None:
    assert head(Format.CSV).startswith(b"\xef\xbb\xbforderNumber,orderId,")
    assert head(Format.CSV).endswith(b"\r\n")


def test_a_cell_is_no_longer_than_spreadsheets_take() -> None:
    many = tuple(Line(f"P{n}", "x" * 400, 1, Decimal(1)) for n in range(100))

    cell = row(lines=many)["items"]

    assert len(cell) < 32_767
    assert cell.endswith("…")


def test_orders_of_before_have_the_same_columns() -> None:
    assert tuple(row(shipping_address=None, order_number="", customer_id="")) == COLUMNS
    [bare] = table(head(Format.CSV) + lines(Format.CSV, [replace(order(), shipping_address=None)]))
    assert bare["shippingCity"] == ""


def test_every_column_is_documented() -> None:
    page = (ROOT / "docs/guide/exports.md").read_text(encoding="utf-8")

    documented = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert [name for name in documented if name in COLUMNS] == list(COLUMNS)
