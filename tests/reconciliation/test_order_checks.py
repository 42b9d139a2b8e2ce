"""The reconciler looks at each order once, when it is so old that it must have ended."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.discrepancies import Kind
from chalicelib.orders.model import Order

from tests.support.builders import discrepancies as inspected
from tests.support.builders.discrepancies import HOUR, NONE, finished, later, listed
from tests.support.builders.examples import SETTINGS, command
from tests.support.fakes.adapters import FakeAdapters


@pytest.fixture
def looked_at(adapters: FakeAdapters) -> list[str]:
    """The ids of the orders read for the first time by any run."""
    seen: list[str] = []
    read = adapters.orders.created_between

    def created_between(start: str, end: str) -> Any:
        for order in read(start, end):
            seen.append(order.order_id)
            yield order

    adapters.orders.created_between = created_between
    return seen


def test_an_order_is_not_judged_before_it_must_have_ended(services: Services, adapters: FakeAdapters) -> None:
    inspected.unpaid(services, adapters)

    adapters.clock.advance(2 * HOUR)
    assert services.operations.reconciliation() == NONE
    adapters.clock.advance(0.001)
    assert services.operations.reconciliation() == {**NONE, Kind.FINISHED_UNPAID: 1}


def test_the_margin_can_be_set(adapters: FakeAdapters) -> None:
    services = Services(replace(SETTINGS, give_up_after=10, reconciliation_margin=5), adapters)
    inspected.unpaid(services, adapters)
    adapters.clock.advance(15.001)

    assert services.operations.reconciliation() == {**NONE, Kind.FINISHED_UNPAID: 1}


def test_each_order_is_looked_at_once(services: Services, adapters: FakeAdapters, looked_at: list[str]) -> None:
    placed = []
    for _ in range(4):
        placed.append(finished(services, customer_id=f"c{len(placed)}").order_id)
        adapters.clock.advance(HOUR)
        services.operations.reconciliation()
    for _ in range(6):
        adapters.clock.advance(HOUR)
        services.operations.reconciliation()

    assert looked_at == placed


@pytest.mark.parametrize("most", [300_000, 3])
def test_a_days_archive_is_listed_once_and_only_what_is_not_in_the_list_is_asked_for(
    services: Services, adapters: FakeAdapters, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("chalicelib.reconciliation.order_checks._MOST_LISTED", most)
    inspected.stock_up(adapters, 50)
    for _ in range(9):
        finished(services)
    missing = inspected.without_receipt(services, adapters)
    listed_folders: list[str] = []
    asked: list[str] = []
    keys, exists = adapters.documents.keys, adapters.documents.exists
    adapters.documents.keys = lambda prefix: listed_folders.append(prefix) or keys(prefix)
    adapters.documents.exists = lambda key: asked.append(key) or exists(key)
    later(adapters)

    services.operations.reconciliation()

    assert list(listed(adapters)) == [(Kind.RECEIPT_MISSING, missing.order_id)]
    assert listed_folders == ["orders/2026/11/21/"]
    assert len(set(asked)) == 10 - min(most, 9)


def test_a_run_goes_on_where_the_one_before_ran_out_of_time(
    services: Services, adapters: FakeAdapters, looked_at: list[str]
) -> None:
    placed = []
    for _ in range(250):
        adapters.clock.advance(0.5)
        placed.append(inspected.forgotten(services, adapters))
    later(adapters)
    get = adapters.orders.get

    def slow_get(order_id: str) -> Order | None:
        adapters.clock.advance(2.1)
        return get(order_id)

    adapters.orders.get = slow_get
    services.operations.reconciliation()
    assert len(looked_at) == 100
    assert adapters.findings.reached.up_to == placed[99].created_at

    del adapters.orders.get
    services.operations.reconciliation()
    assert set(looked_at) == {order.order_id for order in placed}
    assert len(listed(adapters)) == 250


def test_orders_of_one_millisecond_at_the_end_of_a_slice_are_all_looked_at(
    services: Services, adapters: FakeAdapters, looked_at: list[str]
) -> None:
    placed = {inspected.never_ended(services, adapters).order_id for _ in range(230)}
    later(adapters)

    services.operations.reconciliation()

    assert set(looked_at) == placed
    assert len(listed(adapters)) == 230


def test_while_very_many_orders_are_open_no_stock_is_judged_and_new_orders_are_looked_at_all_the_same(
    services: Services, adapters: FakeAdapters
) -> None:
    old = inspected.unpaid(services, adapters)
    later(adapters)
    inspected.miscounted(adapters)
    read = adapters.orders.open_before

    def slow(created_before: str) -> Any:
        for order in read(created_before):
            adapters.clock.advance(11)
            yield order

    adapters.orders.open_before = slow
    for _ in range(3):
        services.orders.accept(command())

    assert services.operations.reconciliation() == {**NONE, Kind.FINISHED_UNPAID: 1}
    assert list(listed(adapters)) == [(Kind.FINISHED_UNPAID, old.order_id)]


def test_a_run_far_behind_tells_how_far_it_came(services: Services, adapters: FakeAdapters) -> None:
    finished(services)
    later(adapters, 24 * 3)

    services.operations.reconciliation()

    assert adapters.findings.reached.up_to == "2026-11-24T12:30:25.123Z"
    assert adapters.findings.reached.at == adapters.clock.now()
