"""A run of the housekeeper: how long it reads, whose lines its log writes, and when staff are told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.clock import from_iso
from chalicelib.orders.model import Duty, Order, Status

from tests.support.builders.examples import command
from tests.support.fakes.adapters import FakeAdapters, stored

MINUTE = 60


class Lines:
    """A log: each line under the correlation id that it carries."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []
        self._id = "of the run before"

    def correlate(self, correlation_id: str) -> str:
        self._id = correlation_id
        return correlation_id

    def info(self, event: str, **_: Any) -> None:
        self.found.append((event, self._id))

    warning = info


def place(services: Services, **changes: object) -> Order:
    return services.orders.accept(command(**changes))


def without_receipt(services: Services, adapters: FakeAdapters) -> Order:
    done = services.workflow.steps.run_all(place(services, workflow="stepfunctions").order_id)
    adapters.queue.messages.clear()
    assert done.duties == {Duty.RECEIPT}
    return done


def reading_takes(adapters: FakeAdapters, seconds: float) -> None:
    """For each order."""
    read = adapters.orders.open_before

    def slowly(*args: Any, **more: Any) -> Iterator[Order]:
        for order in read(*args, **more):
            adapters.clock.advance(seconds)
            yield order

    adapters.orders.open_before = slowly


def test_a_run_reads_ten_seconds_and_helps_those_it_read(services: Services, adapters: FakeAdapters) -> None:
    orders = [place(services) for _ in range(5)]
    adapters.clock.advance(MINUTE + 1)
    adapters.queue.messages.clear()
    reading_takes(adapters, 4)

    assert services.workflow.housekeeper() == {"handed_over": 3}  # 4, 8, 12 seconds
    assert len(adapters.queue.messages) == 3 < len(orders)


def test_each_line_carries_the_id_of_its_order_and_the_runs_own_none(
    services: Services, adapters: FakeAdapters
) -> None:
    for name in ("corr-a", "corr-b"):
        place(services, correlation_id=name)
    adapters.clock.advance(MINUTE + 1)

    def refuse(order: Order) -> None:
        raise RuntimeError(order.correlation_id)

    lines = Lines()
    run = replace(
        services.workflow.housekeeper, log=lines, hand_over=type("Down", (), {"hand_over": staticmethod(refuse)})()
    )
    with pytest.raises(ExceptionGroup) as trouble:
        run()

    # Lines are written in the order in which orders are helped, each under its own.
    helped = [str(error) for error in trouble.value.exceptions]
    assert sorted(helped) == ["corr-a", "corr-b"]
    assert lines.found == [*(("housekeeping_failed", name) for name in helped), ("housekeeping", "")]


def test_an_order_whose_execution_runs_is_asked_about_again_after_four_pauses(
    services: Services, adapters: FakeAdapters
) -> None:
    order = place(services, workflow="stepfunctions")
    adapters.backlog.running.add(order.order_id)
    adapters.clock.advance(MINUTE + 1)
    now = from_iso(adapters.clock.now())

    assert services.workflow.housekeeper() == {"waiting": 1}

    assert (from_iso(stored(adapters, order).retry_at) - now).total_seconds() == 4 * MINUTE


def test_staff_are_told_with_the_seventh_hand_over_for_a_receipt(services: Services, adapters: FakeAdapters) -> None:
    order = without_receipt(services, adapters)

    for _ in range(7):
        assert stored(adapters, order).attention == ""
        before = len(adapters.queue.messages)
        while len(adapters.queue.messages) == before:
            adapters.clock.advance(MINUTE)
            services.workflow.housekeeper()

    assert stored(adapters, order).attention == "NoReceipt"


def test_a_missing_receipt_overwrites_no_earlier_mark(services: Services, adapters: FakeAdapters) -> None:
    order = without_receipt(services, adapters)
    adapters.orders.save(replace(stored(adapters, order), attention="States.Timeout"), order.status)

    for _ in range(200):
        adapters.clock.advance(MINUTE)
        services.workflow.housekeeper()

    assert stored(adapters, order).tries > 6
    assert stored(adapters, order).attention == "States.Timeout"


def test_an_order_that_got_on_is_looked_at_without_the_pause_of_before(
    services: Services, adapters: FakeAdapters
) -> None:
    order = place(services)
    paused = adapters.orders.save(replace(order, tries=5, retry_at="2027-01-01T00:00:00.000Z"), order.status)
    moved = adapters.orders.save(paused.moved(Status.VALIDATING, adapters.clock.now()), order.status)
    adapters.clock.advance(MINUTE + 1)

    assert (moved.tries, moved.retry_at) == (0, "")
    assert services.workflow.housekeeper() == {"handed_over": 1}


def handing_over_takes(adapters: FakeAdapters, seconds: float) -> None:
    hand_over = adapters.queue.hand_over

    def slowly(order: Order) -> None:
        adapters.clock.advance(seconds)
        hand_over(order)

    adapters.hand_over.hand_over = slowly


@pytest.mark.parametrize(("seconds", "read"), [(5, 3), (10.5, 1)])
def test_reading_ends_with_the_order_after_ten_seconds(
    services: Services, adapters: FakeAdapters, seconds: float, read: int
) -> None:
    for _ in range(5):
        place(services)
    adapters.clock.advance(MINUTE + 1)
    reading_takes(adapters, seconds)

    assert services.workflow.housekeeper() == {"handed_over": read}


@pytest.mark.parametrize(("seconds", "helped"), [(5, 3), (10.5, 1)])
def test_each_kind_of_help_ends_with_the_order_after_ten_seconds(
    services: Services, adapters: FakeAdapters, seconds: float, helped: int
) -> None:
    for _ in range(5):
        place(services)
    adapters.clock.advance(MINUTE + 1)
    handing_over_takes(adapters, seconds)

    assert services.workflow.housekeeper() == {"handed_over": helped}


@pytest.mark.parametrize(("seconds", "done"), [(35, {"handed_over": 1}), (35.5, {})])
def test_nothing_is_begun_when_a_run_has_lasted_35_seconds(
    services: Services, adapters: FakeAdapters, seconds: float, done: dict[str, int]
) -> None:
    place(services)
    adapters.clock.advance(MINUTE + 1)
    reading_takes(adapters, seconds)

    assert services.workflow.housekeeper() == done


@pytest.mark.parametrize("tries", [16, 20])
def test_the_pause_doubles_sixteen_times_at_most(services: Services, adapters: FakeAdapters, tries: int) -> None:
    order = place(services)
    adapters.orders.save(replace(order, tries=tries), order.status)
    adapters.clock.advance(MINUTE + 1)
    now = from_iso(adapters.clock.now())

    services.workflow.housekeeper()

    tried = stored(adapters, order)
    assert (tried.tries, (from_iso(tried.retry_at) - now).total_seconds()) == (tries + 1, 2**16 * MINUTE)


def test_an_order_is_due_again_at_the_moment_that_was_noted(services: Services, adapters: FakeAdapters) -> None:
    order = place(services)
    adapters.clock.advance(5 * MINUTE)
    adapters.orders.save(replace(order, tries=1, retry_at=adapters.clock.now()), order.status)

    assert services.workflow.housekeeper() == {"handed_over": 1}


def test_orders_that_wait_are_counted(services: Services, adapters: FakeAdapters) -> None:
    for _ in range(2):
        place(services)
    adapters.clock.advance(MINUTE - 1)
    before = services.workflow.housekeeper()
    for _ in range(2):
        order = place(services, workflow="stepfunctions")
        adapters.backlog.running.add(order.order_id)
    adapters.clock.advance(MINUTE + 1)

    assert (before, services.workflow.housekeeper()) == ({}, {"handed_over": 2, "waiting": 2})
