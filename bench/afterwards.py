"""What looks at many orders after they were processed: the reconciler, counting for the metrics, and the job that
publishes them. Each of these drives the app with a ledger that is installed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bench import bill
from bench.bill import Line
from bench.drive import TICK, Driver
from bench.ledger import Ledger
from bench.prices import MINUTES_A_MONTH, price_list
from bench.stand import Stand
from bench.standing import Standing

RECONCILE, COUNT, PUBLISH = "reconciler", "count_orders", "publish_metrics"
RECONCILED = 100
LISTINGS = 12
"""A key of a day's archive is listed by each hourly run on that day from its own hour on: half of 24."""
STREAM_SHARDS = 4
"""A new on-demand table has four partitions, each with a shard of the stream: the records of a minute come in as many
batches."""
A_MINUTE = {"a million a month": 23, "a hundred a second": 6000}
"""Orders in a minute, which is as long as a batch waits to be full."""
MOST_RECORDS = 1000
COUNTED = 160
_WANTED = {"CONFIRMED", "COMPLETED", "FAILED", "CANCELLED", "REFUNDED"}


@dataclass(frozen=True)
class Runs:
    """How much of what one run of the publishing job uses, by the name of its price and what it was for."""

    idle: dict[tuple[str, str], float]
    with_news: dict[tuple[str, str], float]

    def standing(self) -> list[Standing]:
        """A month of runs without an order."""
        return [
            Standing(f"publishing metrics: {what}", used * MINUTES_A_MONTH, price)
            for (price, what), used in self.idle.items()
        ]

    def with_orders(self, orders: int) -> dict[str, float]:
        """What it uses more in a month with so many orders, one of them a minute at least."""
        found: dict[str, float] = {}
        for key, used in self.with_news.items():
            more = used - self.idle.get(key, 0)
            found[key[0]] = found.get(key[0], 0) + more * min(orders, MINUTES_A_MONTH)
        return found


def published(here: Stand, ledger: Ledger) -> Runs:
    """After orders were counted that no run knows of yet."""
    driver = Driver(here, ledger.stage)
    with_news, idle = (bill.sums(ledger.during(lambda: driver.invoke(PUBLISH, dict(TICK)))) for _ in range(2))
    return Runs(idle, with_news)


def reconciled(here: Stand, ledger: Ledger) -> list[Line]:
    """What it costs to look at each order once, after it must have ended: what a run of the reconciler over some orders
    uses more than a run over none."""
    from chalicelib import bootstrap

    # Orders are judged as soon as they are there, not two hours later.
    operations = bootstrap.services().operations
    operations.reconciliation = replace(operations.reconciliation, look_after=timedelta(0))
    unseen, driver = Driver(here), Driver(here, ledger.stage)
    unseen.invoke(RECONCILE, dict(TICK))  # what was placed before, from 31 days back
    unseen.whole_orders(RECONCILED, batch=10)
    over_some, over_none = (ledger.during(lambda: driver.invoke(RECONCILE, dict(TICK))) for _ in range(2))
    idle = {(line.price.name, line.what): line.quantity for line in bill.of_calls(RECONCILE, over_none, RECONCILED)}
    found = [
        replace(line, quantity=line.quantity - idle.get((line.price.name, line.what), 0))
        for line in bill.of_calls(RECONCILE, over_some, RECONCILED)
        if line.service != "s3"
    ]
    found.append(Line(RECONCILE, "ListObjectsV2 orders/", LISTINGS / 1000, price_list()["s3.put"]))
    some, none = driver.timings[RECONCILE].wall
    found += bill.timed(RECONCILE, max(0.0, some - none) / RECONCILED)
    return [line for line in found if line.quantity > 0]


def counted(here: Stand, ledger: Ledger) -> dict[str, list[Line]]:
    """What it costs to count an order from the table's stream, by how many orders there are: the real records of real
    orders, in batches as they come."""
    start = len(stream_records(here))
    Driver(here).whole_orders(COUNTED, batch=10)
    records = [record for record in stream_records(here)[start:] if _passes(record)]
    each = len(records) / COUNTED
    found = {}
    for name, orders in A_MINUTE.items():
        batch = min(max(1, round(min(MOST_RECORDS / each, orders / STREAM_SHARDS))), COUNTED // 2)
        found[name] = _counted(Driver(here, ledger.stage), ledger, records[: 2 * round(each * batch)], batch)
    return found


def _counted(driver: Driver, ledger: Ledger, records: list[dict[str, Any]], orders: int) -> list[Line]:
    """In two batches of so many orders: the second finds counters of the same quarter."""
    half = len(records) // 2
    calls = ledger.during(
        lambda: [driver.invoke(COUNT, {"Records": batch}) for batch in (records[:half], records[half:])]
    )
    return [
        *bill.of_calls(COUNT, calls, 2 * orders),
        Line(COUNT, f"invocations, {orders} orders a batch", 1 / orders, price_list()["lambda.request"]),
        *bill.timed(COUNT, min(driver.timings[COUNT].wall) / orders),
        *bill.logged(COUNT, driver.logged[COUNT], 2 * orders),
    ]


def stream_records(here: Stand) -> list[dict[str, Any]]:
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
