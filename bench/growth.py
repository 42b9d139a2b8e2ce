"""Whether reading orders costs the same among 100,000 as among 1,000: calls, capacity and time.

Orders are in two tables of one engine, written by the app's own codec, and are read by the app's own queries, by turns.
The engine is AWS's DynamoDB Local: it keeps real indexes, so that its times grow as DynamoDB's would, and it says what
capacity each call consumed. The caller's own orders grow with the table: a tenth of all are the owner's."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from chalicelib.kit.clock import to_iso
from chalicelib.orders.dynamodb import DynamoOrders
from chalicelib.orders.items import order_to_item
from chalicelib.orders.model import HistoryRow, Order, Reservation, Status
from chalicelib.orders.queries import OrderQueries
from rich.progress import Progress

from bench.report import Measure, Result, console, main, rounds
from infra.errors import Refusal
from tests.contract import engines
from tests.support.builders.printed_orders import paid_order

SMALL, LARGE = 1_000, 100_000
OWNERS, CUSTOMERS = 10, 10
PAGE = 20
ROUNDS = 150
RATIO = 1.5
BATCH = 25
_WRITERS = 4
_START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Cost:
    """What one read of each kind needed: calls and read units are the last's, times all."""

    calls: int = 0
    units: float = 0
    times: list[float] = field(default_factory=list)


@dataclass
class Meter:
    """Counts the calls of a client, and the capacity that the engine says they consumed."""

    calls: int = 0
    units: float = 0

    def watch(self, client: Any) -> None:
        client.meta.events.register("provide-client-params.dynamodb.*", self._ask)
        client.meta.events.register("after-call.dynamodb.*", self._note)

    def _ask(self, params: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def _note(self, parsed: dict[str, Any], **_: Any) -> None:
        consumed = parsed.get("ConsumedCapacity", [])
        self.calls += 1
        self.units += sum(one["CapacityUnits"] for one in (consumed if isinstance(consumed, list) else [consumed]))

    def reset(self) -> tuple[int, float]:
        counted = self.calls, self.units
        self.calls, self.units = 0, 0
        return counted


def measure() -> Result:
    if reason := engines.no_dynamodb_local():
        raise Refusal(f"Growth can't be measured. {reason}")
    with tempfile.TemporaryDirectory() as folder, engines.dynamodb_local(Path(folder), heap="1g") as endpoint_url:
        client = client_of(endpoint_url)
        tables = {size: engines.make_tables(client, f"of-{size}")["orders"] for size in (SMALL, LARGE)}
        with Progress(console=console, transient=True, refresh_per_second=1) as progress:
            task = progress.add_task("Storing orders", total=SMALL + LARGE)
            for size, table in tables.items():
                fill(client, table, size, lambda: progress.advance(task, BATCH))
        meter = Meter()
        meter.watch(client)
        reads = {size: _reads(client, table, size) for size, table in tables.items()}
        found = [line for name, cost in costs_of(reads, meter).items() for line in lines_of(name, cost)]
    return Result(f"Reading orders among {SMALL:,} and among {LARGE:,}", found)


def client_of(endpoint_url: str) -> Any:
    config = Config(connect_timeout=1, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 3})
    session = boto3.Session("bench", "bench", region_name="us-east-1")
    return session.client("dynamodb", endpoint_url=endpoint_url, config=config)


def costs_of(reads: dict[int, dict[str, Callable[[], Any]]], meter: Meter) -> dict[str, dict[int, Cost]]:
    costs = {name: {size: Cost() for size in reads} for name in reads[SMALL]}
    for _ in rounds(ROUNDS, "Reading"):
        for name, cost in costs.items():
            for size in reads:
                started = time.perf_counter()
                reads[size][name]()
                cost[size].times.append(time.perf_counter() - started)
                cost[size].calls, cost[size].units = meter.reset()
    return costs


def lines_of(name: str, cost: dict[int, Cost]) -> Iterator[Measure]:
    small, large = cost[SMALL], cost[LARGE]
    before, after = statistics.median(small.times), statistics.median(large.times)
    yield Measure(
        f"{name}: p50",
        f"{before * 1000:.1f} → {after * 1000:.1f} ms, × {after / before:.2f}",
        f"× ≤ {RATIO}",
        after / before <= RATIO,
    )
    yield Measure(
        f"{name}: calls, read units",
        f"{small.calls} → {large.calls}, {small.units:g} → {large.units:g}",
        "equal",
        (small.calls, small.units) == (large.calls, large.units),
    )


def _reads(client: Any, table: str, size: int) -> dict[str, Callable[[], Any]]:
    orders = DynamoOrders(client, table, "inventory")
    queries = OrderQueries(orders)
    owner, customer, known = "p-owner3", "customer7", f"order-{size // 2:06d}"
    owner_of_known = f"p-owner{size // 2 % OWNERS}"
    later = queries.page(owner, PAGE).next
    later_of_customer = queries.page(owner, 5, customer_id=customer).next
    return {
        "one order": lambda: queries.get(owner_of_known, known),
        "a partner's first page": lambda: queries.page(owner, PAGE),
        "the page after it": lambda: queries.page(owner, PAGE, later),
        "a customer's first page": lambda: queries.page(owner, 5, customer_id=customer),
        "staff's page of a day": lambda: orders.by_day(_at(0)[:10], PAGE, {"createdAt": _at(900), "orderId": ""}),
        "a hundred to reconcile": lambda: list(orders.created_between(_at(500), _at(600))),
        "the customer's page after it": lambda: queries.page(owner, 5, later_of_customer, customer),
    }


def fill(client: Any, table: str, size: int, progress: Callable[[], Any]) -> None:
    def write(start: int) -> None:
        items = [order_to_item(_order(number)) for number in range(start, start + BATCH)]
        request = {table: [{"PutRequest": {"Item": item}} for item in items]}
        while request:
            request = client.batch_write_item(RequestItems=request).get("UnprocessedItems", {})
        progress()

    with ThreadPoolExecutor(_WRITERS) as pool:
        list(pool.map(write, range(0, size, BATCH)))


def _order(number: int) -> Order:
    """A completed order; owners take turns, and each owner's customers."""
    at = _at(number)
    passed = ("PENDING", "VALIDATING", "INVENTORY_CHECK", "PAYMENT_PROCESSING", "FULFILLMENT", "COMPLETED")
    return replace(
        paid_order(),
        order_id=f"order-{number:06d}",
        owner=f"p-owner{number % OWNERS}",
        customer_id=f"customer{number // OWNERS % CUSTOMERS}",
        created_at=at,
        history=tuple(HistoryRow(Status(name), at) for name in passed),
        reservation=Reservation.COMMITTED,
        correlation_id=f"corr-{number:06d}",
    )


def _at(number: int) -> str:
    """When that order was placed: one each second."""
    return to_iso(_START + timedelta(seconds=number))


if __name__ == "__main__":
    main(measure)
