"""Imports whose messages die have an end, can be resumed, and their reports fit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.imports.model import Import, ImportStatus
from chalicelib.imports.report import ImportReport

from tests.support.builders.examples import SETTINGS
from tests.support.imported_files import UPLOADED, Importer, counted, cut, line, orders_file


def end_imports(importer: Importer) -> None:
    """A run of the housekeeper, and what it sends for."""
    importer.services.imports.ends()
    importer.process_batch()


def given_up(importer: Importer, *numbers: int, rows: int = 250) -> list[Any]:
    """An import of whose messages these were never processed. They are dead letters."""
    lost = []
    for body in cut(importer, rows):
        if body["chunk"] in numbers:
            lost.append(body)
        else:
            importer.services.imports.rows(body)
    importer.adapters.row_messages.bodies.clear()
    return lost


def test_an_import_whose_message_was_given_up_on_ends_as_failed_with_a_report_of_the_rest(importer: Importer) -> None:
    given_up(importer, 2)
    importer.adapters.clock.advance(601)

    end_imports(importer)

    report = importer.report()
    assert (importer.imported.status, report["status"]) == ("FAILED", "FAILED")
    assert report["counts"] == counted(rows=250, accepted=150)
    assert [row["row"] for row in report["rows"]] == [*range(1, 101), *range(201, 251)]
    assert report["error"].startswith("1 of 3 messages")
    assert importer.imported.error == report["error"]
    assert dict(importer.imported.counts)["accepted"] == 150
    assert importer.imported.finished_at == importer.adapters.clock.now()


def test_a_failed_import_goes_on_when_its_messages_are_redriven(importer: Importer) -> None:
    one, two = given_up(importer, 2, 3)
    importer.adapters.clock.advance(601)
    end_imports(importer)

    importer.services.imports.rows(two)
    assert (importer.imported.status, importer.imported.error) == (ImportStatus.RUNNING, None)
    importer.services.imports.rows(one)

    assert (importer.imported.status, importer.report()["status"]) == ("DONE", "DONE")
    assert importer.report()["counts"] == counted(rows=250, accepted=250)
    assert "error" not in importer.report()
    assert len(importer.orders) == 250


def test_an_import_that_was_resumed_in_part_fails_again(importer: Importer) -> None:
    one, _two = given_up(importer, 2, 3)
    importer.adapters.clock.advance(601)
    end_imports(importer)

    importer.services.imports.rows(one)
    end_imports(importer)

    assert importer.imported.status is ImportStatus.FAILED
    assert importer.report()["counts"] == counted(rows=250, accepted=200)


def test_the_same_file_again_places_what_is_missing_and_nothing_twice(importer: Importer) -> None:
    given_up(importer, 2)
    importer.adapters.clock.advance(601)
    end_imports(importer)

    report = importer.run(orders_file(*[line(n) for n in range(1, 251)]), at="2026-11-21T15:00:00.000Z")

    assert report["counts"] == counted(rows=250, accepted=250)
    assert len(importer.orders) == 250


def test_an_import_that_was_never_cut_whole_fails_and_is_resumed_by_its_event(importer: Importer) -> None:
    content = orders_file(*[line(n) for n in range(1, 1101)])
    record = importer.upload(content)
    send, sent = importer.adapters.row_messages.send, []

    def dying(some: Sequence[str]) -> None:
        if sent:
            raise KeyboardInterrupt
        sent.append(send(some))

    importer.adapters.row_messages.send = dying
    with pytest.raises(KeyboardInterrupt):
        importer.services.imports.file(record)
    importer.adapters.row_messages.send = send
    importer.process_batch()
    importer.adapters.clock.advance(3599)
    end_imports(importer)
    assert importer.imported.status is ImportStatus.RUNNING  # cutting may be tried again until then
    importer.adapters.clock.advance(2)
    end_imports(importer)
    assert (importer.imported.status, importer.report()["counts"]["accepted"]) == ("FAILED", 1000)

    importer.services.imports.file(record)
    importer.process_batch()

    assert importer.report()["counts"] == counted(rows=1100, accepted=1100)
    assert len(importer.orders) == 1100


def test_no_import_is_ended_while_messages_wait_or_it_has_just_begun(importer: Importer) -> None:
    [first, *_] = given_up(importer, 1, 2, 3)
    end_imports(importer)
    importer.adapters.clock.advance(601)
    importer.adapters.row_messages.later.append((300, json.dumps(first)))
    end_imports(importer)

    assert importer.imported.status is ImportStatus.RUNNING


def test_an_import_that_is_complete_but_unreported_is_done(importer: Importer) -> None:
    [body] = cut(importer, 3)
    importer.adapters.row_messages.bodies.clear()
    put_report = importer.adapters.import_files.put_report

    def dying(*_: object) -> None:
        raise KeyboardInterrupt

    importer.adapters.import_files.put_report = dying
    with pytest.raises(KeyboardInterrupt):
        importer.services.imports.rows(body)
    importer.adapters.import_files.put_report = put_report
    importer.adapters.clock.advance(601)

    end_imports(importer)

    assert (importer.imported.status, importer.report()["counts"]) == ("DONE", counted(rows=3, accepted=3))


def test_an_end_that_died_before_it_was_stored_is_repeated(importer: Importer) -> None:
    given_up(importer, 2)
    importer.adapters.clock.advance(601)
    end, importer.adapters.imports.end = importer.adapters.imports.end, None
    with pytest.raises(TypeError):
        end_imports(importer)
    importer.adapters.imports.end = end

    end_imports(importer)

    assert (importer.imported.status, importer.report()["status"]) == ("FAILED", "FAILED")


def test_a_message_that_was_under_way_when_its_import_was_given_up_completes_it(importer: Importer) -> None:
    [last] = given_up(importer, 3)
    importer.adapters.clock.advance(601)
    put_result = importer.adapters.import_files.put_result

    def slow(*result: Any) -> None:
        end_imports(importer)  # SQS's numbers were not right
        assert importer.imported.status is ImportStatus.FAILED
        put_result(*result)

    importer.adapters.import_files.put_result = slow
    importer.services.imports.rows(last)

    assert (importer.imported.status, importer.report()["status"]) == ("DONE", "DONE")
    assert importer.report()["counts"] == counted(rows=250, accepted=250)


def test_the_report_of_a_failure_does_not_stay_over_that_of_the_completion(importer: Importer) -> None:
    [last] = given_up(importer, 3)
    importer.adapters.clock.advance(601)
    put_report = importer.adapters.import_files.put_report

    def slow(*report: Any) -> None:
        importer.adapters.import_files.put_report = put_report
        importer.services.imports.rows(last)
        assert importer.report()["status"] == "DONE"
        put_report(*report)

    importer.adapters.import_files.put_report = slow
    end_imports(importer)

    assert (importer.imported.status, importer.report()["status"]) == ("DONE", "DONE")
    assert importer.report()["counts"] == counted(rows=250, accepted=250)


def test_an_import_that_waits_for_its_end_is_sent_for_once(importer: Importer) -> None:
    given_up(importer, 2)
    importer.adapters.clock.advance(601)

    for _ in range(5):
        importer.services.imports.ends()

    assert [body["end"] for body in importer.bodies()] == [True]


# The report's size


class ManyErrors:
    """Results of messages whose rows are wrong in as many ways as a row can be. Counts what is put."""

    def __init__(self, chunks: int) -> None:
        self.put: dict[str, int] = {}
        error = {"field": "f" * 100, "message": "m" * 100, "value": "v" * 80}
        self._errors = [error] * 21
        self._chunks = chunks

    def results(self, import_id: str, chunks: int) -> Iterator[bytes]:
        for chunk in range(self._chunks):
            rows = [
                {"row": chunk * 100 + n, "line": 1, "outcome": "rejected", "errors": self._errors} for n in range(100)
            ]
            yield json.dumps({"rows": rows}).encode()

    def put_report(self, key: str, content: Any, content_type: str) -> None:
        content.seek(0)
        body = content.read()
        self.put[key] = len(body)
        if key.endswith(".json"):
            self.report = json.loads(body)


def test_a_report_stays_within_the_disk_however_much_is_wrong(importer: Importer) -> None:
    files, chunks = ManyErrors(60), 60
    running = Import("i", "orders/a.csv", UPLOADED, UPLOADED, rows=6000, chunks=chunks, chunks_done=chunks)
    services = Services(SETTINGS, importer.adapters)

    ImportReport(files, services.imports.progress, importer.adapters.clock, _Silent(), details=10_000_000).finish(
        running
    )  # type: ignore[arg-type]

    assert max(files.put.values()) < 10_000_000 + 6000 * 600
    rows = files.report["rows"]
    assert len(rows) == files.report["counts"]["rejected"] == 6000
    assert len(rows[0]["errors"]) == 21
    assert [error["message"] for error in rows[-1]["errors"]] == [
        "m" * 100,
        "has more errors, which this report has no room for",
    ]


class _Silent:
    def info(self, *_: Any, **__: Any) -> None: ...

    warning = info
