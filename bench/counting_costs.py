"""What it costs to count orders from the table's stream: the real records of real orders, in batches as they come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from bench import bill
from bench.bill import Line
from bench.drive import COUNT, Driver
from bench.ledger import Ledger
from bench.prices import price_list
from bench.stand import Stand
from infra.deploy.deploy import tracked_config

STREAM_SHARDS = 4
"""A new on-demand table has four partitions, each with a shard of the stream: the records of a minute come in as many
batches."""
A_MINUTE = {"a million a month": 23, "a hundred a second": 6000}
"""Orders in a minute, which is as long as a batch waits to be full."""
MOST_RECORDS = 1000
_WANTED = {"CONFIRMED", "COMPLETED", "FAILED", "CANCELLED", "REFUNDED"}
ORDERS = 160


def lines(here: Stand, ledger: Ledger) -> dict[str, list[Line]]:
    """The bill of one order, by how many orders there are. Needs a ledger that is installed."""
    unseen = Driver(here, _unseen)
    start = len(_records(here))
    unseen.whole_orders(ORDERS, batch=10)
    records = [record for record in _records(here)[start:] if _passes(record)]
    each = len(records) / ORDERS
    return {
        name: _of(here, ledger, records, max(1, round(min(MOST_RECORDS / each, orders / STREAM_SHARDS))))
        for name, orders in A_MINUTE.items()
    }


def _of(here: Stand, ledger: Ledger, records: Sequence[Mapping[str, Any]], orders: int) -> list[Line]:
    """With so many orders in a batch. Its counters are not empty: more of the same was counted in the same quarter."""
    orders = min(orders, ORDERS // 2)
    size = round(len(records) * orders / ORDERS)
    driver = Driver(here, ledger.stage)
    ledger.calls.clear()
    driver.count(records[:size])
    driver.count(records[size : 2 * size])
    calls = ledger.calls
    prices = price_list()
    found = [
        Line(COUNT, what, quantity / orders / 2, prices[price]) for (price, what), quantity in bill.sums(calls).items()
    ]
    found.append(Line(COUNT, f"invocations, {orders} orders a batch", 1 / orders, prices["lambda.request"]))
    memory = tracked_config()["stages"]["local"]["lambda_functions"][COUNT]["lambda_memory_size"]
    seconds = min(driver.timings[COUNT].wall) / orders
    found.append(
        Line(COUNT, f"{seconds * 1000:.1f} ms of {memory} MB", seconds * memory / 1024, prices[bill.GB_SECOND])
    )
    written = sum(len(line.encode()) + bill.LOG_EVENT_BYTES for line in driver.logged[COUNT]) / orders / 2
    found.append(Line(COUNT, "log lines", written, prices["logs.ingested"]))
    ledger.calls.clear()
    return found


def _records(here: Stand) -> list[dict[str, Any]]:
    """All that the stream of the orders table has, oldest first."""
    streams, arn = here.plain("dynamodbstreams"), here.environment["ORDERS_STREAM_ARN"]
    found: list[dict[str, Any]] = []
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        asked = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        iterator = streams.get_shard_iterator(**asked)["ShardIterator"]
        while iterator:
            page = streams.get_records(ShardIterator=iterator, Limit=1000)
            if not page["Records"]:
                break
            found += page["Records"]
            iterator = page.get("NextShardIterator")
    return found


def _passes(record: Mapping[str, Any]) -> bool:
    """The mapping's filter (infra/deploy/post_deploy.py)."""
    status = record["dynamodb"].get("NewImage", {}).get("status", {}).get("S")
    return record["eventName"] == "INSERT" or status in _WANTED


@contextmanager
def _unseen(_stage: str) -> Iterator[None]:
    yield
