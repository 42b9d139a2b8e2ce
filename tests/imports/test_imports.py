"""Files of orders: what becomes of each row, and of each file that can't be read."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.imports.model import MAX_BYTES, Import
from chalicelib.kit.errors import MalformedMessage
from chalicelib.kit.jsonio import dumps

from tests.support.builders.examples import MOUSE, SETTINGS, body
from tests.support.imported_files import HEADER, UPLOADED, Importer, counted, faults, line, orders_file, outcomes


def json_lines(*rows: Any) -> bytes:
    return "\n".join(json.dumps(row, default=float) for row in rows).encode()


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


def test_a_file_without_a_known_ending_is_read_by_its_content(importer: Importer) -> None:
    assert outcomes(importer.run(orders_file(line(1)), "orders/a.txt")) == ["accepted"]
    assert outcomes(importer.run(json_lines(body()), "orders/b")) == ["accepted"]


ROW = dumps(body())
LATIN = orders_file(line(1, city="Köln")).decode().encode("latin-1")
REFUSED = {
    "latin-1": (LATIN, rf"Byte {LATIN.index(0xF6) + 1} \(line 2, 0xF6\) is not UTF-8: .*Latin-1.*Save it as UTF-8"),
    "utf-16 with its mark": (orders_file(line(1)).decode().encode("utf-16"), "The file is UTF-16"),
    "utf-16 without it": (orders_file(line(1)).decode().encode("utf-16-le"), r"Byte 2 \(line 1\) is zero"),
    "empty": (b"", "The file is empty"),
    "only empty lines": (b"\n\n  \n", "The file is empty"),
    "unknown column": (
        orders_file(header=HEADER + ",colour"),
        r"unknown columns: 'colour'\. Known columns are .*totalAmount",
    ),
    "missing columns": (
        orders_file(header="customerId,price"),
        r"missing columns: customerEmail, items\[0\]\.productId",
    ),
    "no header": (orders_file(line(2), header=line(1)), "unknown columns: 'customer-1'"),
    "column twice": (orders_file(header=HEADER + ",Price"), r"columns given twice: items\[0\]\.price"),
    "column in two ways": (orders_file(header=HEADER + ",items"), "columns given twice: items"),
    "semicolons": (orders_file(header=HEADER.replace(",", ";")), "separated by semicolons"),
    "tabs": (orders_file(header=HEADER.replace(",", "\t")), "separated by tabs"),
    "a quote never closed": (
        orders_file(line(1), line(2, street='"').replace('""""', '"x')),
        "begins at line 3 is not CSV",
    ),
    "a quote in the middle": (orders_file(line(1).replace("1 Main St", '"1" Main St')), "begins at line 2 is not CSV"),
    "a line without an end": (b"x" * 200_000, "Line 1 is longer than 40000 bytes"),
    "a cell without an end": (orders_file('"', *["x" * 100] * 1000), "begins at line 2 is longer .* closing quote"),
    "an unknown separator": (b"sep=~\n" + orders_file(line(1)), "“sep=~”: put commas, semicolons"),
    "commas for other separators": (
        b"sep=,\n" + orders_file(header=HEADER.replace(",", ";")),
        "separated by semicolons",
    ),
    "no separator": (b"sep=\n" + orders_file(line(1)), "“sep=”: put commas, semicolons"),
    "a longer separator": (b"sep=;x\n" + orders_file(line(1)), "“sep=;x”: put commas, semicolons"),
    "cells behind an unknown separator": (b"sep=~~~~\n" + orders_file(line(1)), "“sep=~~~~”: put commas"),
    "a JSON object": (ROW.encode(), r"holds JSON, but its name ends in \.csv: .* end in \.jsonl"),
    "JSON over several lines": (b'{\n"a": 1}', r"holds JSON, but its name ends in \.csv"),
    "a JSON array": (b'\xef\xbb\xbf [{"a": 1}]', r"holds JSON, but its name ends in \.csv"),
    "one long JSON array without an ending that says so": (
        b"[" + b'{"a": 1},' * 10_000,
        "The file is a JSON array: write",
    ),
}


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_can_not_be_read_is_refused_with_a_sentence(
    importer: Importer, content: bytes, sentence: str
) -> None:
    report = importer.run(content)

    assert report["status"] == "REFUSED"
    assert re.search(sentence, report["error"])
    assert (report["rows"], report["counts"]) == ([], counted(rows=0))
    assert importer.orders == {}
    assert importer.imported.error == report["error"]


NO_LINES = {
    "an array": (f"[{ROW}, {ROW}]", "The file is a JSON array: write each of its objects on a line"),
    "an array with a line each": (f"[\n{ROW},\n{ROW}\n]\n", "The file is a JSON array"),
    "a long array": (f"[{', '.join([ROW] * 500)}]", "The file is a JSON array"),
    "an object over several lines": (json.dumps(json.loads(ROW), indent=2), "begins at line 1 is spread over several"),
    "an object that begins with its first name": (
        ROW.replace("{", "{ ", 1).replace(",", ",\n", 1),
        "begins at line 1 is spread over several",
    ),
    "an object that is cut after a comma": (ROW.replace(",", ",\n"), "begins at line 1 is spread over several"),
    "an object that is cut after a colon": (ROW.replace(":", ":\n"), "begins at line 1 is spread over several"),
    "a list in an object": (f'{{"orders": [\n{ROW},\n{ROW}\n]}}', "“jq -c '.orders[]'” where they are in a list"),
}


@pytest.mark.parametrize("ending", ["json", "jsonl", "txt"])
@pytest.mark.parametrize(("content", "sentence"), NO_LINES.values(), ids=NO_LINES)
def test_json_that_has_no_line_for_each_row_is_refused_with_what_to_do(
    importer: Importer, content: str, sentence: str, ending: str
) -> None:
    report = importer.run(content.encode(), f"orders/a.{ending}")

    assert report["status"] == "REFUSED"
    assert sentence in report["error"]
    assert importer.orders == {}


@pytest.mark.parametrize("content", ["{oops", '{"a": "x', "{" * 5_000, "x"])
def test_a_first_row_that_is_wrong_in_itself_is_rejected_alone(importer: Importer, content: str) -> None:
    report = importer.run(f"{content}\n{ROW}\n".encode(), "orders/a.jsonl")

    assert outcomes(report) == ["rejected", "accepted"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [('"quantity": 1,', "Extra data"), ('{"customerId": "c",', "Expecting property name"), (f"[{ROW}],", "Extra data")],
)
def test_a_row_is_judged_with_a_comma_that_ends_no_object(importer: Importer, row: str, reason: str) -> None:
    report = importer.run(f"{ROW}\n{row}\n".encode(), "orders/a.jsonl")

    assert reason in report["rows"][1]["errors"][0]["message"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "first",
    [
        "sep={}",
        "SEP={}\r",
        '"sep={}"',
        "\ufeffsep={}",
        "sep={0}{0}{0}{0}",
        '"sep={0}"{0}{0}\r',
        "sep=;{0}",
        "sep=,{0}{0}",
    ],
)
def test_a_first_line_may_say_what_stands_between_the_cells(importer: Importer, separator: str, first: str) -> None:
    rows = orders_file(line(1), line(2, quantity="x")).decode().replace(",", separator)

    report = importer.run(f"{first.format(separator)}\n{rows}".encode())

    assert outcomes(report) == ["accepted", "rejected"]
    assert [row["line"] for row in report["rows"]] == [3, 4]


@pytest.mark.parametrize("name", ["orders/a.csv", "orders/a"])
def test_lines_may_end_as_old_macs_wrote_them(importer: Importer, name: str) -> None:
    report = importer.run(orders_file(line(1), line(2, street='"1\nMain"'), line(3)).replace(b"\n", b"\r"), name)

    assert outcomes(report) == ["accepted", "rejected", "accepted"]  # a street has one line
    assert [row["line"] for row in report["rows"]] == [2, 3, 5]


def test_json_lines_may_end_so_and_in_commas_too(importer: Importer) -> None:
    rows = [dumps(body(reference=f"r{n}")) for n in range(3)]

    assert outcomes(importer.run("\r".join(rows).encode(), "orders/a.jsonl")) == ["accepted"] * 3
    assert outcomes(importer.run(" ,\n".join([*rows, ""]).encode(), "orders/b.jsonl")) == ["accepted"] * 3
    assert len(importer.orders) == 3  # the same ones


def test_texts_of_rows_are_trimmed_like_all_others(importer: Importer) -> None:
    plain, spread = line(1), line(1, city="\u3000Anytown\xa0", customerEmail="customer@example.com\u200b")
    report = importer.run(orders_file(plain, spread, line(2, city="\u200b"), header=f"\ufeff\xa0{HEADER}\u200b"))

    assert outcomes(report) == ["accepted", "duplicate", "rejected"]
    assert list(faults(report)) == [(3, "shippingAddress.city")]

    many = "sku 1\r\nsku 2\r"
    importer.run(f'productId,name,price,description\r\nNEW, Cafe\u0301,5,"{many}"\r\n'.encode(), "products/a.csv")
    product = importer.adapters.store.products["NEW"]
    assert (product.name, product.description) == ("Caf\u00e9", "sku 1\nsku 2")


@pytest.mark.parametrize("reference", ["", " ", "\u200b", None])
def test_a_reference_of_blanks_is_none_or_refused(importer: Importer, reference: Any) -> None:
    report = importer.run(dumps({**body(), "reference": reference}).encode(), "orders/a.jsonl")

    assert outcomes(report) == (["accepted"] if reference is None else ["rejected"])


def test_a_row_with_a_key_twice_is_rejected(importer: Importer) -> None:
    report = importer.run((ROW[:-1] + ',"currency":"USD"}').encode(), "orders/a.jsonl")

    [error] = report["rows"][0]["errors"]
    assert error["message"].startswith('The row is not valid JSON: The key "currency" is there twice')


def test_what_is_broken_at_the_end_places_nothing_of_the_beginning(importer: Importer) -> None:
    importer.run(orders_file(*[line(n) for n in range(500)]) + "é".encode("latin-1"))

    assert importer.imported.status == "REFUSED"
    assert importer.adapters.row_messages.bodies == []
    assert importer.orders == {}


def test_a_file_of_two_gigabytes_is_refused_unread(importer: Importer) -> None:
    record = importer.upload(b"", size=2 * 1024**3)
    uploads = importer.adapters.import_files.uploads
    unread = replace(uploads["orders/week47.csv"], blocks=lambda: pytest.fail("it was read"))
    uploads["orders/week47.csv"] = unread

    importer.services.imports.file(record)

    assert importer.report()["error"] == f"The file has {2 * 1024**3} bytes; at most {MAX_BYTES} are taken. Split it."


@pytest.mark.parametrize(("rows", "status"), [(100_000, "RUNNING"), (100_001, "REFUSED")])
def test_a_hundred_thousand_rows_are_taken_and_no_more(importer: Importer, rows: int, status: str) -> None:
    importer.services.imports.file(importer.upload(b"{}\n" * rows, "orders/many.jsonl"))

    assert importer.imported.status == status
    assert sum(len(json.loads(b)["rows"]) for b in importer.adapters.row_messages.bodies) == (
        rows if rows <= 100_000 else 0
    )


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + orders_file(line(1)),
        orders_file(line(1)).replace(b"\n", b"\r\n"),
        orders_file("", "  ", ",,,,,,,,", line(1), ""),
        orders_file(line(1)).rstrip(b"\n"),
        orders_file(line(1) + ",,,"),
    ],
    ids=["with a mark", "windows", "empty lines", "no last line end", "empty cells behind"],
)
def test_what_spreadsheets_do_to_files_changes_nothing(importer: Importer, content: bytes) -> None:
    assert outcomes(importer.run(content)) == ["accepted"]


def test_quotes_commas_and_line_ends_in_cells_are_read(importer: Importer) -> None:
    report = importer.run(orders_file(line(1, street='12 "The Mill", Road'), line(2, street="two\nlines"), line(3)))

    assert outcomes(report) == ["accepted", "rejected", "accepted"]
    assert importer.orders[report["rows"][0]["orderId"]].shipping_address.street == '12 "The Mill", Road'
    assert [row["line"] for row in report["rows"]] == [2, 3, 5]
    assert list(faults(report)) == [(2, "shippingAddress.street")]


def test_a_row_of_too_few_or_too_many_cells_is_rejected_alone(importer: Importer) -> None:
    report = importer.run(orders_file(line(1), "a,b", line(2) + ",x", line(3)))

    assert outcomes(report) == ["accepted", "rejected", "rejected", "accepted"]
    assert report["rows"][1]["errors"] == [{"field": "", "message": "has 2 cells, but the header has 9"}]


def test_a_header_alone_is_done_at_once(importer: Importer) -> None:
    report = importer.run(orders_file())

    assert (report["status"], report["counts"], report["rows"]) == ("DONE", counted(rows=0), [])
    assert importer.imported.status == "DONE"


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
