"""What seldom happens to imported files, and must come out right when it does."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.support.builders.examples import body
from tests.support.imported_files import Importer, line, orders_file, outcomes, shop

SQS_TAKES = re.compile("[\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html"""


def plain(**changes: Any) -> Any:
    return body(**{"items": [{"productId": "MOUSE001", "quantity": 1, "price": 20}], "totalAmount": 20, **changes})


@pytest.mark.parametrize("character", ["\uffff", "\ufffe", "\x0b", "\x7f", "\u2028", "\U0001f381"])
def test_no_character_of_a_file_keeps_its_messages_from_being_sent(importer: Importer, character: str) -> None:
    street = f"1{character} Main St"

    importer.services.imports.file(importer.upload(orders_file(line(1, street=street), line(2))))

    [message] = importer.adapters.row_messages.bodies
    assert SQS_TAKES.fullmatch(message)
    assert json.loads(message)["rows"][0]["cells"]["shippingAddress.street"] == street


def test_whoever_dies_after_a_header_without_rows_is_followed_by_one_who_ends_it(importer: Importer) -> None:
    record = importer.upload(orders_file())
    put_report = importer.adapters.import_files.put_report

    def dying(*_: object) -> None:
        raise KeyboardInterrupt

    importer.adapters.import_files.put_report = dying
    with pytest.raises(KeyboardInterrupt):
        importer.services.imports.file(record)
    importer.adapters.import_files.put_report = put_report

    importer.services.imports.file(record)

    assert (importer.report()["status"], importer.imported.status) == ("DONE", "DONE")


def test_of_two_files_of_one_second_one_counts_whole_whichever_is_worked_off_first() -> None:
    """S3 tells seconds only, and files that are synchronised arrive in the same one."""
    named = {
        f"products/{name}.csv": f"productId,name,price,stock\nCHAIR,{name},10.00,1\nTABLE,{name},20.00,1\n".encode()
        for name in ("one", "two")
    }

    left = []
    for keys in (list(named), list(reversed(named))):
        importer = Importer(shop())
        reports = [outcomes(importer.run(named[key], key)) for key in keys]
        left.append([importer.adapters.store.products[name].name for name in ("CHAIR", "TABLE")])
        assert sorted(reports[0]) == ["accepted", "accepted"]
        assert reports[1] in (["accepted"] * 2, ["superseded"] * 2)

    assert left[0] == left[1]
    assert left[0][0] == left[0][1]


def test_of_a_row_with_hundreds_of_errors_the_first_are_named_and_the_others_counted(importer: Importer) -> None:
    row = json.dumps(plain(items=[{}] * 100, totalAmount=1)).encode()

    [found] = importer.run(row, "orders/a.jsonl")["rows"]

    assert len(found["errors"]) == 21
    assert found["errors"][0] == {"field": "items[0].productId", "message": "is required"}
    assert found["errors"][-1] == {"field": "", "message": "has 180 more errors"}


def test_the_report_for_spreadsheets_says_that_it_is_utf_8(importer: Importer) -> None:
    importer.run(orders_file(line(1, quantity="vün")))

    sheet = importer.adapters.import_files.reports["reports/week47.csv"]
    assert sheet.startswith(b"\xef\xbb\xbfrow,line,outcome")
    assert "vün" in sheet.decode()


@pytest.mark.parametrize("text", [" =1+1", "\n=1+1", "\u00a0@x"])
def test_blanks_before_a_formula_do_not_hide_it(importer: Importer, text: str) -> None:
    [row] = importer.run(json.dumps(plain(customerId=text, customerEmail=text)).encode(), "orders/a.jsonl")["rows"]

    assert {error["value"] for error in row["errors"]} == {f"'{text}"}
