"""Files of orders: what becomes of each row."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.imports.model import Import
from chalicelib.kit.errors import MalformedMessage
from chalicelib.kit.jsonio import dumps

from tests.support.builders.examples import MOUSE, SETTINGS, body
from tests.support.imported_files import (
    HEADER,
    UPLOADED,
    Importer,
    counted,
    faults,
    json_lines,
    line,
    orders_file,
    outcomes,
)


def test_each_row_becomes_an_order_of_the_shop_that_outside_orders_belong_to(importer: Importer) -> None:
    report = importer.run(orders_file(line(1), line(2, quantity="3")))

    assert outcomes(report) == ["accepted", "accepted"]
    first, second = (importer.orders[row["orderId"]] for row in report["rows"])
    assert (first.owner, first.workflow, first.fulfilment) == (SETTINGS.outside_owner, "queue", "auto")
    assert (first.customer_id, first.shipping_address.street) == ("customer-1", "1 Main St")
    assert second.total_amount == Decimal("60.00")
    assert importer.adapters.queue.messages == [first.order_id, second.order_id]
    assert {first.correlation_id, second.correlation_id} == {report["importId"]}


def test_the_report_says_what_came_of_the_whole_and_of_each_row(importer: Importer) -> None:
    report = importer.run(orders_file(line(1), "", line(2, quantity="0", customerEmail="nobody")))

    assert report["file"] == "orders/week47.csv"
    assert (report["status"], report["uploadedAt"]) == ("DONE", UPLOADED)
    assert report["counts"] == counted(rows=2, accepted=1, rejected=1)
    assert [(row["row"], row["line"]) for row in report["rows"]] == [(1, 2), (2, 4)]
    assert {e["field"]: (e["message"], e["value"]) for e in report["rows"][1]["errors"]} == {
        "items[0].quantity": ("must be at least 1", "0"),
        "customerEmail": ("must be an e-mail address (before the @ in ASCII)", "nobody"),
    }


def test_the_report_is_under_both_names_and_there_is_one_for_spreadsheets(importer: Importer) -> None:
    importer.run(orders_file(line(1), line(2, price="1")), "orders/2026/week 47.csv")

    reports = importer.adapters.import_files.reports
    assert set(reports) == {f"reports/2026/week 47.{end}" for end in ("json", "csv.json", "csv")}
    assert reports["reports/2026/week 47.json"] == reports["reports/2026/week 47.csv.json"]
    _, good, bad = csv.reader(io.StringIO(reports["reports/2026/week 47.csv"].decode()))
    assert good[:3] == ["1", "2", "accepted"]
    assert bad[:3] + bad[5:6] == ["2", "3", "rejected", "items[0].price"]


def test_a_thousand_rows_with_fifty_bad_ones_are_950_orders_and_the_fifty_are_named(importer: Importer) -> None:
    bad = [{"quantity": "x"}, {"productId": "NOTHING"}, {"price": "19.99"}, {"customerEmail": ""}, {"country": ""}]
    lines = [line(n, **(bad[n % 5] if n % 20 == 0 else {})) for n in range(1, 1001)]
    lines = [line(n, **bad[n // 20 % 5]) if n % 20 == 0 else text for n, text in enumerate(lines, 1)]

    report = importer.run(orders_file(*lines))

    assert len(importer.orders) == 950
    assert report["counts"] == counted(rows=1000, accepted=950, rejected=50)
    fields = ["items[0].productId", "items[0].price", "customerEmail", "shippingAddress.country", "items[0].quantity"]
    assert list(faults(report)) == [(n * 20, fields[(n - 1) % 5]) for n in range(1, 51)]


@pytest.mark.parametrize("name", ["week47.csv", "other.csv"])
def test_the_same_file_again_under_any_name_makes_no_new_order(importer: Importer, name: str) -> None:
    first = importer.run(orders_file(line(1), line(2)))

    again = importer.run(orders_file(line(1), line(2)), f"orders/{name}", "2026-11-21T15:00:00.000Z")

    assert len(importer.orders) == 2
    assert again["importId"] != first["importId"]
    assert again["rows"] == first["rows"]


def test_a_repaired_file_makes_only_the_orders_that_were_missing(importer: Importer) -> None:
    importer.run(orders_file(line(1), line(2, quantity="none"), line(3)))

    report = importer.run(orders_file(line(1), line(2), line(3)), at="2026-11-21T15:00:00.000Z")

    assert outcomes(report) == ["accepted"] * 3
    assert len(importer.orders) == 3


def test_a_row_that_stands_twice_is_one_order_however_far_apart(importer: Importer) -> None:
    report = importer.run(orders_file(*[line(n) for n in range(1, 151)], line(1)))

    assert report["rows"][150] == {
        "row": 151,
        "line": 152,
        "outcome": "duplicate",
        "orderId": report["rows"][0]["orderId"],
    }
    assert report["counts"] == counted(rows=151, accepted=150, duplicate=1)
    assert len(importer.orders) == 150


def test_a_reference_tells_equal_rows_apart_and_finds_those_that_were_changed(importer: Importer) -> None:
    header = HEADER + ",reference"
    rows = [line(1) + ",A", line(1) + ",B", line(2) + ",A", line(1) + ",A"]

    report = importer.run(orders_file(*rows, header=header))

    assert outcomes(report) == ["accepted", "accepted", "rejected", "duplicate"]
    assert list(faults(report)) == [(3, "reference")]


def test_a_row_accepted_before_stays_accepted_when_the_price_has_changed(importer: Importer) -> None:
    before = importer.run(orders_file(line(1)))
    importer.adapters.catalogue.put(replace(MOUSE, price=Decimal("21.00")), None)

    again = importer.run(orders_file(line(1), line(2)), at="2026-11-21T15:00:00.000Z")

    assert again["rows"][0] == before["rows"][0]
    assert list(faults(again)) == [(2, "items[0].price")]


def test_columns_may_have_any_order_case_and_the_bodys_own_paths(importer: Importer) -> None:
    header = (
        "SHIPPINGADDRESS.STREET, City ,shippingAddress.zipCode,country,items[0].productId,Items[0].Quantity,PRICE,"
        "items[1].productid,items[1].quantity,items[1].price,customerid,customerEmail,totalamount,currency,"
    )
    row = "Main St,Anytown,12345,USA,MOUSE001,2,20,LAPTOP001,1,1299.99,c,c@example.com,1339.99,EUR,"

    report = importer.run(orders_file(row, header=header))

    [order] = importer.orders.values()
    assert outcomes(report) == ["accepted"]
    assert [(n.product_id, n.quantity) for n in order.lines] == [("MOUSE001", 2), ("LAPTOP001", 1)]


def test_items_and_address_may_be_json_in_a_cell(importer: Importer) -> None:
    items = '"[{""productId"":""MOUSE001"",""quantity"":1,""price"":20.00}]"'
    address = '"{""street"":""a"",""city"":""b"",""zipCode"":""c"",""country"":""NL""}"'
    header = "customerId,customerEmail,items,shippingAddress"

    report = importer.run(
        orders_file(f"c,c@example.com,{items},{address}", f"c,c@example.com,[1,{address}", header=header)
    )

    assert outcomes(report) == ["accepted", "rejected"]
    assert list(faults(report)) == [(2, "items")]


@pytest.mark.parametrize("column", ["items", "shippingAddress"])
@pytest.mark.parametrize("depth", [33, 255, 600, 900, 2000])
@pytest.mark.parametrize("pair", ["[]", ('{"a":', "}")])
def test_json_in_a_cell_is_no_deeper_than_in_a_body(
    importer: Importer, column: str, depth: int, pair: tuple[str, str]
) -> None:
    cell = pair[0] * depth + "1" + pair[1] * depth

    header = "customerId,customerEmail,items,shippingAddress"
    cells = {"items": "[]", "shippingAddress": "{}", column: cell.replace('"', '""')}

    report = importer.run(orders_file("c,c@example.com," + ",".join(f'"{c}"' for c in cells.values()), header=header))

    [row] = report["rows"]
    assert [(error["field"], "deep" in error["message"]) for error in row["errors"]] == [(column, True)]


@pytest.mark.parametrize("null", [{}, {"currency": None}, {"paymentMethod": None}, {"phoneNumber": None}])
def test_null_for_what_a_row_may_leave_out_is_left_out(importer: Importer, null: dict[str, None]) -> None:
    report = importer.run(dumps({**body(), "totalAmount": None, **null}).encode(), "orders/a.jsonl")

    assert outcomes(report) == ["accepted"]
    assert [str(order.total_amount) for order in importer.orders.values()] == ["1299.99"]


def test_json_lines_are_bodies_of_the_api_with_exact_amounts(importer: Importer) -> None:
    plain = body(totalAmount=None)

    report = importer.run(
        json_lines(plain, body(totalAmount=1)) + b"\n\n{oops\n[1]\n" + b'{"a":NaN}', "orders/week47.jsonl"
    )

    assert outcomes(report) == ["accepted"] + ["rejected"] * 4
    assert [row["line"] for row in report["rows"]] == [1, 2, 4, 5, 6]
    assert list(faults(report)) == [(2, "totalAmount"), (3, ""), (4, ""), (5, "")]
    [order] = importer.orders.values()
    assert str(order.total_amount) == "1299.99"


def test_the_same_order_as_csv_and_as_json_is_one_order(importer: Importer) -> None:
    importer.run(orders_file(line(1)))
    row = {
        "customerId": "customer-1",
        "customerEmail": "customer@example.com",
        "items": [{"productId": "MOUSE001", "quantity": 1, "price": 20}],
        "totalAmount": 20.0,
        "currency": "EUR",
        "shippingAddress": {"street": "1 Main St", "city": "Anytown", "zipCode": "12345", "country": "USA"},
    }

    importer.run(json_lines(row), "orders/x.ndjson")

    assert len(importer.orders) == 1


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_what_a_spreadsheet_would_run_is_shown_as_text(importer: Importer, sign: str) -> None:
    evil = f"{sign}cmd|' /C calc'!A0"

    report = importer.run(orders_file(line(1, quantity=evil, price="-5")))

    values = {e["field"]: e["value"] for e in report["rows"][0]["errors"]}
    assert values == {"items[0].quantity": f"'{evil}", "items[0].price": "'-5"}
    sheet = list(csv.reader(io.StringIO(importer.adapters.import_files.reports["reports/week47.csv"].decode())))
    assert not [cell for row in sheet for cell in row if cell.startswith(("=", "+", "-", "@", sign, "\t", "\r"))]


def test_names_of_fields_are_no_formulas_either_and_long_values_are_cut(importer: Importer) -> None:
    rows = [body(**{"=HYPERLINK(1)": 1}), body(customerId="x" * 5000)]

    report = importer.run(json_lines(*rows), "orders/a.jsonl")

    assert list(faults(report)) == [(1, "'=HYPERLINK(1)"), (2, "customerId")]
    assert report["rows"][1]["errors"][0]["value"] == "x" * 80


def test_a_folder_is_no_file(importer: Importer) -> None:
    importer.services.imports.file(importer.upload(b"", "orders/"))

    assert importer.adapters.imports.stored == {}


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"importId": "nobody", "chunk": 1, "kind": "orders", "uploadedAt": UPLOADED, "rows": []},
        {"importId": "x", "chunk": True, "kind": "orders", "uploadedAt": UPLOADED, "rows": []},
        {"importId": "x", "chunk": 1, "kind": "gifts", "uploadedAt": UPLOADED, "rows": []},
        {"importId": "x", "chunk": 1, "kind": "orders", "uploadedAt": UPLOADED, "rows": [{}]},
    ],
)
def test_a_message_that_is_no_part_of_an_import_is_malformed(importer: Importer, message: Any) -> None:
    with pytest.raises(MalformedMessage):
        importer.services.imports.rows(message)


@pytest.mark.parametrize("record", [{}, {"s3": {}}, {"s3": {"object": {"key": "orders/x.csv"}}}])
def test_a_record_that_names_no_file_is_malformed(importer: Importer, record: Any) -> None:
    with pytest.raises(MalformedMessage):
        importer.services.imports.file(record)


def test_a_file_with_the_longest_of_names_has_reports() -> None:
    """S3 takes 1,024 bytes, and a report's folder and ending need some of them."""
    keys = [f"orders/{'ä' * 508}{end}" for end in ("a", "b")]
    assert {len(key.encode()) for key in keys} == {1024}

    reports = [Import("1", key, UPLOADED, UPLOADED).reports for key in keys]

    assert max(len(key.encode()) for one in reports for key in one.values()) <= 1024
    assert {*reports[0].values()}.isdisjoint(reports[1].values())


def test_line_ends_that_are_mixed_are_said_in_plain_words(importer: Importer) -> None:
    mixed = (HEADER + "\r\n" + line(1) + "\r" + line(2) + "\r\n").encode()

    report = importer.run(mixed)

    assert report["error"].startswith("The row that begins at line 2 is not CSV: it mixes line ends. ")
