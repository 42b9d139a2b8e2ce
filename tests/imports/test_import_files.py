"""Files of orders in all the forms that are read, and those that are refused with a sentence."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from chalicelib.imports.model import MAX_BYTES
from chalicelib.kit.jsonio import dumps

from tests.support.builders.examples import body
from tests.support.imported_files import (
    HEADER,
    Importer,
    counted,
    faults,
    json_lines,
    line,
    orders_file,
    outcomes,
)


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

    error = f"The file has {2 * 1024**3} bytes; at most {MAX_BYTES} are accepted. Split it."
    assert importer.report()["error"] == error


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
