"""The counters of each engine, and functions that write what counting and the gauges write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.kit.dynamodb import to_dynamodb
from chalicelib.orders.dynamodb import DynamoOrders
from chalicelib.orders.dynamodb_open import DynamoOpenOrders
from chalicelib.reporting.counts import to_text
from chalicelib.reporting.dynamodb import DynamoCounters
from chalicelib.reporting.ports import Counters, Gauges, LivePart, OpenOrders

from tests.contract.adapters import Storage
from tests.support.fakes.metrics import FakeCounters, FakeOpenOrders


@dataclass
class CounterStores:
    counters: Counters
    open_orders: OpenOrders
    _count: Callable[[str, LivePart, int], None]
    gauge: Callable[[str, Gauges], None]

    def count(self, hour: str, part: LivePart, shard: int) -> None:
        self._count(hour, part, shard)


def counter_stores(storage: Storage) -> CounterStores:
    if not isinstance(storage.orders, DynamoOrders):
        return _of_fakes(storage)
    client, orders_table = storage.orders.client, storage.orders.orders_table
    table = orders_table.replace("-orders", "-metrics")

    def count(hour: str, part: LivePart, shard: int) -> None:
        key = {"bucket": hour, "part": f"count#{part.quarter}#{shard}"}
        values = {**key, "counts": to_text(part.counts), "version": part.version, "seen": {b"12345678"}}
        client.put_item(TableName=table, Item=to_dynamodb(values))

    def gauge(hour: str, gauges: Gauges) -> None:
        key = {"bucket": f"gauges#{hour[:7]}", "part": hour[8:]}
        numbers = {"lowStock": gauges.low_stock, "cartsAbandoned": gauges.carts_abandoned}
        item = {**key, **numbers, "cartsAbandonedValue": to_text(gauges.carts_value)}
        client.put_item(TableName=table, Item=to_dynamodb(item))

    return CounterStores(DynamoCounters(client, table), DynamoOpenOrders(client, orders_table), count, gauge)


def _of_fakes(storage: Storage) -> CounterStores:
    counters = FakeCounters()

    def count(hour: str, part: LivePart, shard: int) -> None:
        counters.parts[hour, part.quarter, shard] = part

    def gauge(hour: str, gauges: Gauges) -> None:
        counters.stood[hour] = gauges

    return CounterStores(counters, FakeOpenOrders(storage.orders), count, gauge)
