"""What the housekeeper and the reconciler read of the tables: indexes and keys, never all orders. Recorded from the
real adapters' calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.model import HistoryRow, Status

from tests.contract.adapters import Storage, order, unique
from tests.support.builders.examples import LAPTOP, SETTINGS
from tests.support.fakes import adapters as fakes
from tests.support.fakes.backlog import FakeBacklog
from tests.support.fakes.clock import FakeClock
from tests.support.fakes.dead_letters import FakeFunctions, FakeSqs, dead_letter_queues
from tests.support.fakes.discrepancies import FakeMetrics
from tests.support.fakes.messages import FakeClaims


@dataclass
class Reads:
    """Queries and scans: (operation, what the table holds, index)."""

    made: list[tuple[str, str, str | None]] = field(default_factory=list)

    def note(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name in ("Query", "Scan"):
            self.made.append((model.name, params["TableName"].rpartition("-")[2], params.get("IndexName")))


@pytest.fixture
def reads(dynamodb: Storage) -> Iterator[Reads]:
    found, events = Reads(), _client(dynamodb).meta.events
    events.register("provide-client-params.dynamodb.*", found.note)
    yield found
    events.unregister("provide-client-params.dynamodb.*", found.note)


@pytest.fixture
def services(dynamodb: Storage) -> Services:
    """Over the real storage, at a time of their own, with an order in every state of neglect."""
    clock = FakeClock("2031-05-05T12:00:00.000Z")
    dynamodb.catalogue.put(LAPTOP, 5)
    for hours in (1, 4, 30):
        at = f"2031-05-0{4 if hours == 30 else 5}T{(12 - hours) % 24:02d}:00:00.000Z"
        dynamodb.orders.add(order(owner=unique("owner"), created_at=at, history=(HistoryRow(Status.PENDING, at),)))
    findings: Any = dynamodb.findings_at(clock)
    checkpoint = {"scope": {"S": "inspector"}, "item": {"S": "checkpoint"}}
    findings.client.delete_item(TableName=findings.table, Key=checkpoint)  # that of the test before
    ports = {name: getattr(dynamodb, name) for name in ("orders", "catalogue", "ledger", "gateway")}
    ports |= {"findings": findings, "carts": dynamodb.carts_at(clock)}
    ports |= {"hand_over": fakes.FakeQueue(), "events": fakes.FakeEvents(), "backlog": FakeBacklog()}
    ports |= {"claims": FakeClaims(), "documents": fakes.FakeDocuments()}
    queues = dead_letter_queues(FakeSqs(clock), FakeFunctions())
    ports |= {"metrics": FakeMetrics(), "pause": lambda seconds: None, "dead_letter_queues": queues}
    return Services(SETTINGS, SimpleNamespace(clock=clock, **ports, render_receipt=lambda order, at: b"receipt"))


def _client(dynamodb: Storage) -> Any:
    orders: Any = dynamodb.orders
    return orders.client


def test_the_housekeeper_reads_nothing_but_the_index_of_open_orders(services: Services, reads: Reads) -> None:
    done = services.workflow.housekeeper()

    assert sum(done.values()) >= 3
    assert set(reads.made) == {("Query", "orders", "open")}


def test_the_reconciler_reads_indexes_of_orders_and_scans_no_table_but_the_inventory(
    services: Services, reads: Reads
) -> None:
    services.operations.reconciliation()

    assert set(reads.made) == {
        ("Query", "orders", "open"),
        ("Query", "orders", "by-day"),
        ("Query", "operations", None),
        ("Scan", "inventory", None),
    }


def test_the_days_inspected_once_are_not_read_again(services: Services, reads: Reads) -> None:
    services.operations.reconciliation()
    first = reads.made.count(("Query", "orders", "by-day"))
    reads.made.clear()

    services.operations.reconciliation()

    assert first >= 31 * 8
    assert reads.made.count(("Query", "orders", "by-day")) == 8


def test_staffs_list_reads_the_index_by_day_alone(services: Services, reads: Reads) -> None:
    assert len(services.orders.listing(2).items) == 2

    assert set(reads.made) == {("Query", "orders", "by-day")}


def test_staffs_list_of_what_is_under_way_reads_open_orders_alone(services: Services, reads: Reads) -> None:
    services.orders.listing(3, None, Status.PENDING)

    assert set(reads.made) == {("Query", "orders", "open")}


def test_staffs_list_of_a_quiet_shop_looks_once_at_the_keys_of_all_orders(services: Services, reads: Reads) -> None:
    services.orders.listing(100)

    assert reads.made.count(("Scan", "orders", "by-day")) == 1
    assert set(reads.made) == {("Query", "orders", "by-day"), ("Scan", "orders", "by-day")}


def test_the_hourly_gauges_scan_stock_and_carts_and_no_orders(
    services: Services, dynamodb: Storage, reads: Reads
) -> None:
    adapters: Any = services._a
    adapters.gauges = dynamodb.gauges

    services.reporting.publish_hourly()

    assert set(reads.made) == {("Scan", "inventory", None), ("Scan", "carts", None)}
