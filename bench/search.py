"""Whether staff find orders at the same cost among 100,000 as among 1,000: calls, capacity and time of searches.

As `bench.growth`, on AWS's DynamoDB Local, which says what capacity each call consumed. Orders and their index are in
two pairs of tables, written by the app's own code and searched by it, by turns. Each customer has five orders."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.kit.clock import SystemClock, to_iso
from chalicelib.orders.customers import Customers
from chalicelib.orders.dynamodb import DynamoOrders
from chalicelib.orders.dynamodb_search import DynamoOrderIndex
from chalicelib.orders.filters import Filters
from chalicelib.orders.items import order_to_item
from chalicelib.orders.model import Address, HistoryRow, Order, Reservation, Status
from chalicelib.orders.order_list import OrderList
from chalicelib.orders.search import SearchOrders
from chalicelib.orders.search_index import Indexed, place_of
from chalicelib.orders.search_tokens import SearchText, tokens_of
from rich.progress import Progress

from bench.growth import LARGE, SMALL, Cost, Meter, client_of, costs_of, lines_of
from bench.report import Measure, Result, console, main
from infra.errors import Refusal
from tests.contract import engines
from tests.support.builders.printed_orders import paid_order

PAGE = 20
BEST_SELLER = "Orders of a best seller"
MORE_CALLS, MORE_UNITS, MORE_TIME = 4, 1.5, 3.0
"""A product that a hundred times as many bought is found by other calls: three or four more, for any number."""
_BATCH, _WRITERS = 25, 4
_OF_A_CUSTOMER, _OF_A_PRODUCT = 5, 10
_START = datetime(2026, 1, 1, tzinfo=UTC)


def measure() -> Result:
    if reason := engines.no_dynamodb_local():
        raise Refusal(f"The search can't be measured. {reason}")
    with tempfile.TemporaryDirectory() as folder, engines.dynamodb_local(Path(folder), heap="2g") as endpoint_url:
        client = client_of(endpoint_url)
        tables = {size: engines.make_tables(client, f"of-{size}") for size in (SMALL, LARGE)}
        with Progress(console=console, transient=True, refresh_per_second=1) as progress:
            task = progress.add_task("Storing and indexing orders", total=SMALL + LARGE)
            for size, names in tables.items():
                _fill(client, names, size, lambda: progress.advance(task, _BATCH))
        meter = Meter()
        meter.watch(client)
        reads = {size: _reads(client, names, size) for size, names in tables.items()}
        found = [line for name, cost in costs_of(reads, meter).items() for line in _lines(name, cost)]
    return Result(f"Finding orders among {SMALL:,} and among {LARGE:,}", found)


def _lines(name: str, cost: dict[int, Cost]) -> Iterator[Measure]:
    if name != BEST_SELLER:
        yield from lines_of(name, cost)
        return
    small, large = cost[SMALL], cost[LARGE]
    time, capacity = lines_of(name, cost)
    ratio = sorted(large.times)[len(large.times) // 2] / sorted(small.times)[len(small.times) // 2]
    yield replace(time, budget=f"× ≤ {MORE_TIME:g}", within=ratio <= MORE_TIME)
    bounded = large.calls <= small.calls + MORE_CALLS and large.units <= MORE_UNITS * small.units
    yield replace(capacity, budget=f"+ ≤ {MORE_CALLS}, × ≤ {MORE_UNITS:g}", within=bounded)


def _reads(client: Any, tables: dict[str, str], size: int) -> dict[str, Callable[[], Any]]:
    orders = DynamoOrders(client, tables["orders"], tables["inventory"])
    index = DynamoOrderIndex(client, tables["search"])
    search = SearchOrders(orders, OrderList(orders, SystemClock()), index)
    known = _order(size // 2)

    def typed(text: str) -> Callable[[], Any]:
        filters = Filters(text=SearchText.of(text))
        if not search(PAGE, None, filters).items:
            raise Refusal(f"Nothing was found by {text!r}.")
        return lambda: search(PAGE, None, filters)

    customers = Customers(search, orders, index)
    name = known.shipping_address.name if known.shipping_address else ""
    return {
        "By an e-mail address": typed(known.customer_email.upper()),
        "By the beginning of one": typed(known.customer_email[:12]),
        "By an order's number": typed(known.order_number),
        "By the beginning of an id": typed(known.order_id[:8]),
        "By a name of two words": typed(name),
        "By a reference": typed(known.reference or ""),
        BEST_SELLER: typed(known.lines[0].product_id),
        "The filter by address": lambda: search(PAGE, None, Filters(email=known.customer_email)),
        "A customer's page": lambda: customers.details(known.order_id, PAGE, None),
    }


def _fill(client: Any, tables: dict[str, str], size: int, progress: Callable[[], Any]) -> None:
    index = DynamoOrderIndex(client, tables["search"])

    def write(start: int) -> None:
        some = [_order(number) for number in range(start, start + _BATCH)]
        request = {tables["orders"]: [{"PutRequest": {"Item": order_to_item(order)}} for order in some]}
        while request:
            request = client.batch_write_item(RequestItems=request).get("UnprocessedItems", {})
        index.add([Indexed(place_of(order), tokens_of(order)) for order in some])
        progress()

    with ThreadPoolExecutor(_WRITERS) as pool:
        list(pool.map(write, range(0, size, _BATCH)))


def _order(number: int) -> Order:
    """A completed order, of the customer and the product whose turn it is."""
    at = to_iso(_START + timedelta(seconds=number))
    customer = uuid.uuid5(uuid.NAMESPACE_OID, str(number // _OF_A_CUSTOMER)).hex[:10]
    passed = ("PENDING", "INVENTORY_CHECK", "PAYMENT_PROCESSING", "FULFILLMENT", "COMPLETED")
    whole = paid_order()
    return replace(
        whole,
        order_id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"order {number}")),
        order_number=str(1_000_000 + number),
        owner="p-owner",
        customer_id=f"customer-{customer}",
        customer_email=f"{customer}.buyer@example.com",
        reference=f"PO-{number}",
        shipping_address=Address("1 Canal St", "Amsterdam", "", "1011 AB", "NL", name=f"Anna Van{customer}"),
        lines=(replace(whole.lines[0], product_id=f"PRODUCT{number % _OF_A_PRODUCT}"),),
        created_at=at,
        history=tuple(HistoryRow(Status(name), at) for name in passed),
        reservation=Reservation.COMMITTED,
    )


if __name__ == "__main__":
    main(measure)
