"""What it costs to index an order for the staff's search: the real records of real orders, in batches as they come."""

from __future__ import annotations

from typing import Any

from bench import bill
from bench.afterwards import STREAM_SHARDS, stream_records
from bench.bill import Line
from bench.drive import Driver
from bench.ledger import Ledger
from bench.prices import price_list
from bench.stand import Stand

INDEX = "index_orders"
A_SECOND = {"a million a month": 0.4, "a hundred a second": 100}
"""Orders in a second, which is as long as a batch waits to be full."""
MOST_RECORDS = 100
_INDEXED = 40
_QUIET_BATCHES = 2
"""In which the changes of an order come that is alone: its first second's, and the rest."""


def indexed(here: Stand, ledger: Ledger) -> dict[str, list[Line]]:
    """By how many orders there are."""
    found = {}
    for name, orders in A_SECOND.items():
        start = len(stream_records(here))
        Driver(here).whole_orders(_INDEXED, batch=10)
        records = stream_records(here)[start:]
        each = len(records) / _INDEXED
        at_once = max(1, min(int(MOST_RECORDS / each), round(orders / STREAM_SHARDS)))
        found[name] = _indexed(Driver(here, ledger.stage), ledger, records, at_once)
    return found


def _indexed(driver: Driver, ledger: Ledger, records: list[dict[str, Any]], at_once: int) -> list[Line]:
    by_order: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        by_order.setdefault(record["dynamodb"]["Keys"]["orderId"]["S"], []).append(record)
    orders = list(by_order.values())
    together = [orders[n : n + at_once] for n in range(0, len(orders), at_once)]
    batches = [[record for some in group for record in some] for group in together]
    calls = ledger.during(lambda: [driver.invoke(INDEX, {"Records": batch}) for batch in batches])
    invocations = _QUIET_BATCHES if at_once == 1 else 1 / at_once
    seconds = sorted(driver.timings[INDEX].wall)[len(batches) // 2] / at_once
    return [
        *bill.of_calls(INDEX, calls, len(orders)),
        Line(INDEX, f"invocations, {at_once} orders a batch", invocations, price_list()["lambda.request"]),
        *bill.timed(INDEX, seconds),
        *bill.logged(INDEX, driver.logged[INDEX], len(orders)),
    ]
