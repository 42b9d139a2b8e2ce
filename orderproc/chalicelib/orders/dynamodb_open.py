"""The oldest of the open orders, in as many reads whether there are a few or a million of them."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from ..kit.chunks import chunks
from ..kit.damaged_items import Report, readable, unreported
from ..kit.dynamodb import batch_get, to_dynamodb
from ..kit.errors import Damaged
from ..kit.page import Page
from ..kit.wiring import service
from .dynamodb_days import OrderDays
from .items import OPEN_SHARDS, order_from_item
from .model import Order

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_OF_SHARD = 25
"""Orders looked at in each shard of the index: 200 in all. Normally none is that old; more are an outage, and whether
200 orders are stuck or 20,000 rings the same alarm."""

PERMISSIONS = {
    "oldest": ["dynamodb:Query table/orders/index/open", "dynamodb:BatchGetItem table/orders"],
}


@service
class DynamoOpenOrders:
    client: DynamoDBClient
    orders_table: str
    report: Report = unreported

    def oldest(self, created_before: str) -> Page[Order]:
        days = OrderDays(self.client, self.orders_table)
        shards = (days.open_before(shard, created_before, MOST_OF_SHARD) for shard in range(OPEN_SHARDS))
        ids = chain.from_iterable(islice(shard, MOST_OF_SHARD) for shard in shards)
        found: list[Order] = []
        damaged: list[Damaged] = []
        for some in chunks(ids, 100):
            keys = [to_dynamodb({"orderId": order_id}) for order_id in some]
            found += readable(batch_get(self.client, self.orders_table, keys), order_from_item, damaged.append)
        for error in damaged:
            self.report(error)
        # The index may be behind: what was closed since is left out.
        return Page([order for order in found if order.open], None, tuple(damaged))
