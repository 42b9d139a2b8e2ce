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
from tests.support.imported_files import UPLOADED, World, counted, cut, line, orders_file


def end_imports(world: World) -> None:
    """A run of the housekeeper, and what it sends for."""
    world.services.imports.ends()
    world.process_batch()


def given_up(world: World, *numbers: int, rows: int = 250) -> list[Any]:
    """An import of whose messages these were never processed. They are dead letters."""
    lost = []
    for body in cut(world, rows):
        if body["chunk"] in numbers:
            lost.append(body)
        else:
            world.services.imports.rows(body)
    world.adapters.row_messages.bodies.clear()
    return lost


def test_an_import_whose_message_was_given_up_on_ends_as_failed_with_a_report_of_the_rest(world: World) -> None:
    given_up(world, 2)
    world.adapters.clock.advance(601)

    end_imports(world)

    report = world.report()
    assert (world.imported.status, report["status"]) == ("FAILED", "FAILED")
    assert report["counts"] == counted(rows=250, accepted=150)
    assert [row["row"] for row in report["rows"]] == [*range(1, 101), *range(201, 251)]
    assert report["error"].startswith("1 of 3 messages")
    assert world.imported.error == report["error"]
    assert dict(world.imported.counts)["accepted"] == 150
    assert world.imported.finished_at == world.adapters.clock.now()


def test_a_failed_import_goes_on_when_its_messages_are_redriven(world: World) -> None:
    one, two = given_up(world, 2, 3)
    world.adapters.clock.advance(601)
    end_imports(world)

    world.services.imports.rows(two)
    assert (world.imported.status, world.imported.error) == (ImportStatus.RUNNING, None)
    world.services.imports.rows(one)

    assert (world.imported.status, world.report()["status"]) == ("DONE", "DONE")
    assert world.report()["counts"] == counted(rows=250, accepted=250)
    assert "error" not in world.report()
    assert len(world.orders) == 250


def test_an_import_that_was_resumed_in_part_fails_again(world: World) -> None:
    one, _two = given_up(world, 2, 3)
    world.adapters.clock.advance(601)
    end_imports(world)

    world.services.imports.rows(one)
    end_imports(world)

    assert world.imported.status is ImportStatus.FAILED
    assert world.report()["counts"] == counted(rows=250, accepted=200)


def test_the_same_file_again_places_what_is_missing_and_nothing_twice(world: World) -> None:
    given_up(world, 2)
    world.adapters.clock.advance(601)
    end_imports(world)

    report = world.run(orders_file(*[line(n) for n in range(1, 251)]), at="2026-11-21T15:00:00.000Z")

    assert report["counts"] == counted(rows=250, accepted=250)
    assert len(world.orders) == 250


def test_an_import_that_was_never_cut_whole_fails_and_is_resumed_by_its_event(world: World) -> None:
    content = orders_file(*[line(n) for n in range(1, 2501)])
    record = world.upload(content)
    send, sent = world.adapters.row_messages.send, []

    def dying(some: Sequence[str]) -> None:
        if sent:
            raise KeyboardInterrupt
        sent.append(send(some))

    world.adapters.row_messages.send = dying
    with pytest.raises(KeyboardInterrupt):
        world.services.imports.file(record)
    world.adapters.row_messages.send = send
    world.process_batch()
    world.adapters.clock.advance(3599)
    end_imports(world)
    assert world.imported.status is ImportStatus.RUNNING  # cutting may be tried again until then
    world.adapters.clock.advance(2)
    end_imports(world)
    assert (world.imported.status, world.report()["counts"]["accepted"]) == ("FAILED", 1000)

    world.services.imports.file(record)
    world.process_batch()

    assert world.report()["counts"] == counted(rows=2500, accepted=2500)
    assert len(world.orders) == 2500


def test_no_import_is_ended_while_messages_wait_or_it_has_just_begun(world: World) -> None:
    [first, *_] = given_up(world, 1, 2, 3)
    end_imports(world)
    world.adapters.clock.advance(601)
    world.adapters.row_messages.later.append((300, json.dumps(first)))
    end_imports(world)

    assert world.imported.status is ImportStatus.RUNNING


def test_an_import_that_is_complete_but_unreported_is_done(world: World) -> None:
    [body] = cut(world, 3)
    world.adapters.row_messages.bodies.clear()
    put_report = world.adapters.import_files.put_report

    def dying(*_: object) -> None:
        raise KeyboardInterrupt

    world.adapters.import_files.put_report = dying
    with pytest.raises(KeyboardInterrupt):
        world.services.imports.rows(body)
    world.adapters.import_files.put_report = put_report
    world.adapters.clock.advance(601)

    end_imports(world)

    assert (world.imported.status, world.report()["counts"]) == ("DONE", counted(rows=3, accepted=3))


def test_an_end_that_died_before_it_was_stored_is_repeated(world: World) -> None:
    given_up(world, 2)
    world.adapters.clock.advance(601)
    end, world.adapters.imports.end = world.adapters.imports.end, None
    with pytest.raises(TypeError):
        end_imports(world)
    world.adapters.imports.end = end

    end_imports(world)

    assert (world.imported.status, world.report()["status"]) == ("FAILED", "FAILED")


def test_a_message_that_was_under_way_when_its_import_was_given_up_completes_it(world: World) -> None:
    [last] = given_up(world, 3)
    world.adapters.clock.advance(601)
    put_result = world.adapters.import_files.put_result

    def slow(*result: Any) -> None:
        end_imports(world)  # SQS's numbers were not right
        assert world.imported.status is ImportStatus.FAILED
        put_result(*result)

    world.adapters.import_files.put_result = slow
    world.services.imports.rows(last)

    assert (world.imported.status, world.report()["status"]) == ("DONE", "DONE")
    assert world.report()["counts"] == counted(rows=250, accepted=250)


def test_the_report_of_a_failure_does_not_stay_over_that_of_the_completion(world: World) -> None:
    [last] = given_up(world, 3)
    world.adapters.clock.advance(601)
    put_report = world.adapters.import_files.put_report

    def slow(*report: Any) -> None:
        world.adapters.import_files.put_report = put_report
        world.services.imports.rows(last)
        assert world.report()["status"] == "DONE"
        put_report(*report)

    world.adapters.import_files.put_report = slow
    end_imports(world)

    assert (world.imported.status, world.report()["status"]) == ("DONE", "DONE")
    assert world.report()["counts"] == counted(rows=250, accepted=250)


def test_an_import_that_waits_for_its_end_is_sent_for_once(world: World) -> None:
    given_up(world, 2)
    world.adapters.clock.advance(601)

    for _ in range(5):
        world.services.imports.ends()

    assert [body["end"] for body in world.bodies()] == [True]


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


def test_a_report_stays_within_the_disk_however_much_is_wrong(world: World) -> None:
    files, chunks = ManyErrors(60), 60
    running = Import("i", "orders/a.csv", UPLOADED, UPLOADED, rows=6000, chunks=chunks, chunks_done=chunks)
    services = Services(SETTINGS, world.adapters)

    ImportReport(files, services.imports.progress, world.adapters.clock, _Silent(), details=10_000_000).finish(running)  # type: ignore[arg-type]

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
