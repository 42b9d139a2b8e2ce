"""An import whose processes die, at each of their calls in turn, makes nothing twice and ends with the right report."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from chalicelib.imports.model import ImportStatus

from tests.support.combinations import nightly
from tests.support.imported_files import UPLOADED, Importer, counted, line, orders_file, outcomes, shop

CONTENT = orders_file(*[line(n) for n in range(1, 121)], line(1), line(200, quantity="none"))
PARTS = {
    "import_files": ["put_result", "put_report"],
    "imports": ["begin", "get", "sent", "add", "end", "reopen", "running"],
    "row_messages": ["send", "send_later", "waiting"],
    "orders": ["add"],
    "many_hand_overs": ["hand_over", "waiting"],
    "catalogue": ["products", "put"],
}


class Died(BaseException):
    """The process is gone: nothing catches it."""


class Mortal:
    """Counts calls of the outside importer, and dies after one of them: as good as before the next."""

    def __init__(self, adapters: Any) -> None:
        self.calls = 0
        self.dies_at: int | None = None
        for part, names in PARTS.items():
            for name in names:
                setattr(getattr(adapters, part), name, self._counted(getattr(getattr(adapters, part), name)))

    def _counted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **named: Any) -> Any:
            self.calls += 1
            number = self.calls
            answer = call(*args, **named)
            if number == self.dies_at:
                raise Died
            return answer

        return counted


def until_done(act: Callable[[], Any]) -> None:
    """As Lambda and SQS do: what failed comes again."""
    for _ in range(3):
        try:
            return act()
        except Died:
            continue
    raise AssertionError("it failed each time")


def deliver(importer: Importer, record: Any) -> None:
    until_done(lambda: importer.services.imports.file(record))
    bodies = importer.adapters.row_messages.bodies
    while bodies:
        until_done(lambda: importer.services.imports.rows(json.loads(bodies[0])))
        del bodies[0]


def fail_and_go_on(importer: Importer, record: Any) -> None:
    """One message is out of time and comes again, the other is given up on; the import fails, and it is redriven."""
    until_done(lambda: importer.services.imports.file(record))
    first, second = importer.bodies()[:2]
    until_done(lambda: importer.services.imports.rows(first, seconds_left=enough_for(40)))
    messages = importer.adapters.row_messages
    messages.bodies.clear()
    while messages.later:
        until_done(lambda: importer.services.imports.rows(json.loads(messages.later[0][1])))
        del messages.later[0]
    importer.adapters.clock.advance(601)
    until_done(lambda: importer.services.imports.ends())  # noqa: PLW0108 - a new process each time
    while messages.bodies:
        until_done(lambda: importer.services.imports.rows(json.loads(messages.bodies[0])))
        del messages.bodies[0]
    assert (importer.imported.status, importer.report()["status"]) == ("FAILED", "FAILED")
    until_done(lambda: importer.services.imports.rows(second))


def enough_for(rows: int) -> Callable[[], float]:
    """Seconds left of a function's time."""
    asked = iter([60.0] * rows)
    return lambda: next(asked, 0.0)


def number_of_calls(story: Callable[[Importer, Any], None]) -> int:
    importer = Importer(shop())
    mortal = Mortal(importer.adapters)
    story(importer, importer.upload(CONTENT))
    return mortal.calls


def points(story: Callable[[Importer, Any], None], last: int) -> list[Any]:
    """Every call but the middle ones of the orders, which are a hundred of a kind: every fiftieth of these by day, and
    every tenth by night."""
    calls = number_of_calls(story)
    near_an_end = [n for n in range(1, calls + 1) if n <= 15 or n >= calls - last]
    between = [n for n in range(10, calls + 1, 10) if n not in near_an_end]
    return [*near_an_end, *(n if n % 50 == 0 else pytest.param(n, marks=nightly) for n in between)]


@pytest.mark.parametrize("call", points(deliver, last=30))
def test_whoever_dies_at_a_call_is_followed_by_one_who_ends_it(call: int) -> None:
    assert_it_survives(deliver, call)


@pytest.mark.parametrize("call", points(fail_and_go_on, last=45))
def test_an_import_that_fails_and_goes_on_survives_a_death_at_each_of_its_calls(call: int) -> None:
    assert_it_survives(fail_and_go_on, call)


def assert_it_survives(story: Callable[[Importer, Any], None], call: int) -> None:
    importer = Importer(shop())
    mortal = Mortal(importer.adapters)
    mortal.dies_at = call

    story(importer, importer.upload(CONTENT))

    assert mortal.calls > call
    report = importer.report()
    assert len(importer.orders) == 120
    assert importer.imported.status is ImportStatus.DONE
    assert report["counts"] == counted(rows=122, accepted=120, duplicate=1, rejected=1)
    assert dict(importer.imported.counts) == {"accepted": 120, "duplicate": 1, "rejected": 1, "superseded": 0}
    assert [row["row"] for row in report["rows"]] == list(range(1, 123))


def test_every_event_and_message_twice_and_in_disorder_is_one_import() -> None:
    importer = Importer(shop())
    record = importer.upload(CONTENT)

    for _ in range(2):
        importer.services.imports.file(record)
    bodies = [*importer.adapters.row_messages.bodies] * 2
    for text in reversed(bodies):
        importer.services.imports.rows(json.loads(text))

    assert len(importer.adapters.imports.stored) == 1
    assert len(importer.orders) == 120
    assert outcomes(importer.report()).count("accepted") == 120


def test_a_chunk_that_is_given_up_on_leaves_the_import_running_until_it_is_redriven() -> None:
    importer = Importer(shop())
    importer.services.imports.file(importer.upload(CONTENT))
    first, second = importer.adapters.row_messages.bodies

    importer.services.imports.rows(json.loads(second))

    assert (importer.imported.status, importer.imported.chunks_done, importer.imported.chunks) == ("RUNNING", 1, 2)
    assert importer.adapters.import_files.reports == {}
    importer.services.imports.rows(json.loads(first))
    assert importer.imported.status == "DONE"


def test_a_file_replaced_before_it_is_read_is_left_to_its_own_event() -> None:
    importer = Importer(shop())
    record = importer.upload(orders_file(line(1)))
    newer = importer.upload(orders_file(line(2)), at="2026-11-21T14:00:01.000Z")

    importer.services.imports.file(record)
    assert importer.adapters.imports.stored == {}

    importer.services.imports.file(newer)
    importer.process_batch()
    assert [order.customer_id for order in importer.orders.values()] == ["customer-2"]


def test_a_file_replaced_between_the_passes_is_superseded() -> None:
    importer = Importer(shop())
    record = importer.upload(orders_file(line(1)))
    begin = importer.adapters.imports.begin

    def replaced_meanwhile(new: Any) -> Any:
        importer.upload(orders_file(line(2)), at="2026-11-21T14:00:01.000Z")
        return begin(new)

    importer.adapters.imports.begin = replaced_meanwhile
    importer.services.imports.file(record)

    assert importer.imported.status == "SUPERSEDED"
    assert importer.adapters.row_messages.bodies == []


@pytest.mark.parametrize("ended", [ImportStatus.SUPERSEDED, ImportStatus.DONE])
def test_a_message_of_an_import_that_ended_places_no_order_and_sets_no_stock(ended: ImportStatus) -> None:
    """It was sent before, and comes when the file was replaced or its report written."""
    importer = Importer(shop())
    importer.services.imports.file(importer.upload(orders_file(line(1))))
    stored = importer.adapters.imports.stored
    stored[importer.imported.import_id] = replace(importer.imported, status=ended)
    before = stored.copy()

    importer.process_batch()

    assert (dict(importer.orders), importer.adapters.queue.messages) == ({}, [])
    assert stored == before


def test_a_stock_set_by_a_file_is_not_set_again_by_a_message_that_comes_again() -> None:
    importer = Importer(shop())
    row = b"productId,name,price,stock\nCHAIR,Chair,10.00,5\n"
    importer.services.imports.file(importer.upload(row, "products/p.csv"))
    [text] = importer.adapters.row_messages.bodies
    importer.adapters.import_files.put_result = _dies_once(importer.adapters.import_files.put_result)
    with pytest.raises(Died):
        importer.services.imports.rows(json.loads(text))
    importer.adapters.catalogue.change_stock("CHAIR", -2)  # sold meanwhile

    importer.process_batch()

    assert importer.adapters.store.stock["CHAIR"].available == 3
    assert outcomes(importer.report("products/p.csv")) == ["accepted"]


def test_what_staff_set_after_the_upload_stays() -> None:
    importer = Importer(shop())
    importer.services.imports.file(importer.upload(b"productId,name,price,stock\nMOUSE001,Rat,1,5\n", "products/p.csv"))

    importer.process_batch()  # the mouse was put at 14:30, the file uploaded at 14:00

    assert outcomes(importer.report("products/p.csv")) == ["superseded"]
    assert importer.adapters.store.products["MOUSE001"].name == "Mouse"
    assert importer.adapters.clock.now() > UPLOADED


def _dies_once(call: Callable[..., Any]) -> Callable[..., Any]:
    left = [1]

    def dying(*args: Any) -> Any:
        if left:
            left.pop()
            raise Died
        return call(*args)

    return dying
