"""Whether reading orders costs the same among 100,000 as among 1,000: calls, capacity and time.

Orders lie in two tables of one engine (AWS's DynamoDB Local), written by the app's own codec, and are read by the
app's own queries, by turns. The caller's own orders grow with the table: a tenth of all are the owner's.
`python -m bench.growth` prints a table and ends with exit status 1 when a budget is exceeded."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from rich.progress import Progress

from bench import dynamodb_local
from bench.report import Measure, console, exit_status, rounds, show
from infra.errors import Refusal
from infra.paths import APP

SMALL, LARGE = 1_000, 100_000
OWNERS, CUSTOMERS = 10, 10
PAGE = 20
ROUNDS = 150
RATIO = 1.5
_BATCH = 25
_WRITERS = 4
_START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Cost:
    """What one read of each kind took: calls and read units are the last's, times all."""

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

    def take(self) -> tuple[int, float]:
        taken = self.calls, self.units
        self.calls, self.units = 0, 0
        return taken


def measure() -> list[Measure]:
    if str(APP) not in sys.path:
        sys.path.insert(0, str(APP))
    with dynamodb_local.running() as client:
        for size in (SMALL, LARGE):
            dynamodb_local.make_orders_table(client, f"orders-{size}")
        with Progress(console=console, transient=True, refresh_per_second=1) as progress:
            task = progress.add_task("Storing orders", total=SMALL + LARGE)
            for size in (SMALL, LARGE):
                _fill(client, size, lambda: progress.advance(task, _BATCH))
        meter = Meter()
        meter.watch(client)
        reads = {size: _reads(client, size) for size in (SMALL, LARGE)}
        return [line for name, cost in _taken(reads, meter).items() for line in _lines(name, cost)]


def run() -> bool:
    """Measure and print. True if everything is within its budget."""
    if reason := dynamodb_local.missing():
        raise Refusal(f"Growth was not measured: it needs DynamoDB Local, and {reason}.")
    return show(f"Reading orders among {SMALL:,} and among {LARGE:,}", measure())


def _taken(reads: dict[int, dict[str, Callable[[], Any]]], meter: Meter) -> dict[str, dict[int, Cost]]:
    costs = {name: {size: Cost() for size in reads} for name in reads[SMALL]}
    for _ in rounds(ROUNDS, "Reading"):
        for name, cost in costs.items():
            for size in reads:
                started = time.perf_counter()
                reads[size][name]()
                cost[size].times.append(time.perf_counter() - started)
                cost[size].calls, cost[size].units = meter.take()
    return costs


def _lines(name: str, cost: dict[int, Cost]) -> Iterator[Measure]:
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


def _reads(client: Any, size: int) -> dict[str, Callable[[], Any]]:
    from chalicelib.orders.dynamodb import DynamoOrders
    from chalicelib.orders.queries import OrderQueries

    orders = DynamoOrders(client, f"orders-{size}", "inventory")
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
        "a hundred to inspect": lambda: list(orders.created_between(_at(500), _at(600))),
        "the customer's page after it": lambda: queries.page(owner, 5, later_of_customer, customer),
    }


def _fill(client: Any, size: int, progress: Callable[[], Any]) -> None:
    from chalicelib.orders.items import order_to_item

    def write(start: int) -> None:
        items = [order_to_item(_order(number)) for number in range(start, start + _BATCH)]
        request = {f"orders-{size}": [{"PutRequest": {"Item": item}} for item in items]}
        while request:
            request = client.batch_write_item(RequestItems=request).get("UnprocessedItems", {})
        progress()

    with ThreadPoolExecutor(_WRITERS) as pool:
        list(pool.map(write, range(0, size, _BATCH)))


def _order(number: int) -> Any:
    """A completed order; owners take turns, and each owner's customers."""
    from chalicelib.orders.model import Address, HistoryRow, Line, Order, Payment, PaymentStatus, Reservation, Status

    at = _at(number)
    passed = ("PENDING", "VALIDATING", "INVENTORY_CHECK", "PAYMENT_PROCESSING", "FULFILLMENT", "COMPLETED")
    return Order(
        order_id=f"order-{number:06d}",
        owner=f"p-owner{number % OWNERS}",
        customer_id=f"customer{number // OWNERS % CUSTOMERS}",
        customer_email="customer@example.com",
        lines=(Line("LAPTOP001", "Gaming Laptop", 1, Decimal("1299.99")),),
        currency="EUR",
        total_amount=Decimal("1299.99"),
        created_at=at,
        history=tuple(HistoryRow(Status(name), at) for name in passed),
        payment_method="pm_card_visa",
        shipping_address=Address("123 Main St", "Anytown", "CA", "12345", "USA"),
        reservation=Reservation.COMMITTED,
        payment=Payment(PaymentStatus.CAPTURED, f"ch_sim_{number:020d}", Decimal("1299.99"), Decimal("0.00")),
        correlation_id=f"corr-{number:06d}",
    )


def _at(number: int) -> str:
    """When that order was placed: one each second."""
    from chalicelib.kit.clock import to_iso

    return to_iso(_START + timedelta(seconds=number))


if __name__ == "__main__":
    sys.exit(exit_status(run))
