"""Orders and the inventory they move, in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from ..kit.aws import code_of
from ..kit.chunks import chunks
from ..kit.damaged_items import Report, readable, unreported
from ..kit.dynamodb import Item, batch_get, to_dynamodb
from ..kit.errors import Damaged
from ..kit.page import ListPosition, Page
from ..kit.retrying import BACKOFF, Backoff
from ..kit.wiring import dataclass
from .dynamodb_days import OrderDays, first_of, position_of
from .dynamodb_large import LargeOrders
from .dynamodb_writes import MOST_MOVES, Before, OrderWrites, moves_of
from .items import OPEN_SHARDS, customer_key, order_from_item, order_to_item
from .model import Order, Reservation, Status

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PERMISSIONS = {
    "get": ["dynamodb:GetItem table/orders"],
    "get_many": ["dynamodb:BatchGetItem table/orders"],
    "add": ["dynamodb:PutItem table/orders"],
    "of_customer": ["dynamodb:Query table/orders/index/by-customer"],
    "of_owner": ["dynamodb:Query table/orders/index/by-owner"],
    "open": ["dynamodb:Query table/orders/index/open"],
}


@dataclass(frozen=True)
class DynamoOrders:
    client: DynamoDBClient
    orders_table: str
    inventory_table: str
    report: Report = unreported
    backoff: Backoff = BACKOFF

    def add(self, order: Order) -> Order | None:
        try:
            # One that comes again may meet the transaction that reserves for it.
            self.backoff.past_conflicts(
                lambda: self.client.put_item(
                    TableName=self.orders_table,
                    Item=order_to_item(order),
                    ConditionExpression="attribute_not_exists(orderId)",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            )
        except ClientError as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            item = cast("Item | None", error.response.get("Item"))  # absent from botocore's stubs
            return order_from_item(item) if item else self.get(order.order_id)
        return None

    def get(self, order_id: str) -> Order | None:
        key = to_dynamodb({"orderId": order_id})
        item = self.client.get_item(TableName=self.orders_table, Key=key, ConsistentRead=True).get("Item")
        return order_from_item(item) if item else None

    def save(self, order: Order, expected: Status) -> Order:
        stored = _next_revision(order, expected)
        if _is_large(order):
            self._large.make_deferred(order.order_id)
        self._writes.write(order_to_item(stored), Before(expected, order.revision))
        return stored

    def reserve(self, order: Order, expected: Status) -> Order:
        return self._move(order, Before(expected, order.revision, Reservation.NONE), available=-1, reserved=+1)

    def commit(self, order: Order, expected: Status) -> Order:
        return self._move(order, Before(expected, order.revision, Reservation.HELD), available=0, reserved=-1)

    def release(self, order: Order, expected: Status) -> Order:
        return self._move(order, Before(expected, order.revision, Reservation.HELD), available=+1, reserved=-1)

    def restock(self, order: Order, expected: Status) -> Order:
        return self._move(order, Before(expected, order.revision, Reservation.COMMITTED), available=+1, reserved=0)

    def by_owner(self, owner: str, customer_id: str | None, limit: int, after: Mapping[str, str] | None) -> Page[Order]:
        key, request = self._of_owner(owner, customer_id)
        request["Limit"] = limit + 1  # one more says whether there is one more
        if after:
            request["ExclusiveStartKey"] = to_dynamodb({**after, **key})
        return self._page(*first_of(map(position_of, self.client.query(**request)["Items"]), limit))

    def newest_ids(self, owner: str, customer_id: str | None) -> tuple[list[str], bool]:
        _, request = self._of_owner(owner, customer_id)
        answer = self.client.query(**request)
        return [str(item["orderId"]["S"]) for item in answer["Items"]], "LastEvaluatedKey" not in answer

    def _of_owner(self, owner: str, customer_id: str | None) -> tuple[Item, dict[str, Any]]:
        """The partition of an index, and a query of it."""
        index, name, value = (
            ("by-owner", "owner", owner)
            if customer_id is None
            else ("by-customer", "customerKey", customer_key(owner, customer_id))
        )
        return {name: value}, {
            "TableName": self.orders_table,
            "IndexName": index,
            "KeyConditionExpression": "#k = :k",
            "ExpressionAttributeNames": {"#k": name},
            "ExpressionAttributeValues": to_dynamodb({":k": value}),
            "ScanIndexForward": False,
        }

    def newest_open(self, limit: int, after: Mapping[str, str] | None) -> Page[Order]:
        page = self._page(*self._days.newest_open(limit, after))
        # The index may be behind: what was closed since is left out.
        return replace(page, items=[order for order in page.items if order.open])

    def open_before(self, created_before: str, first_shard: int = 0) -> Iterator[Order]:
        for shard in ((first_shard + n) % OPEN_SHARDS for n in range(OPEN_SHARDS)):
            for ids in chunks(self._days.open_before(shard, created_before, 100), 100):
                # The index may be behind: what was closed since is left out.
                yield from (order for order in self._in_order(ids) if order.open)

    def by_day(self, day: str, limit: int, after: Mapping[str, str] | None) -> Page[Order]:
        return self._page(*self._days.newest(day, limit, after))

    def positions_between(self, start: str, end: str) -> list[ListPosition] | None:
        return self._days.positions_between(start, end)

    def at(self, places: Sequence[ListPosition]) -> Page[Order]:
        return self._page(places, None)

    def created_between(self, start: str, end: str) -> Iterator[Order]:
        return (order for page in self.pages_between(start, end) for order in page.items)

    def pages_between(self, start: str, end: str, after: ListPosition | None = None) -> Iterator[Page[Order]]:
        return (self._page(some, None) for some in chunks(self._days.between(start, end, after), 100))

    @property
    def _days(self) -> OrderDays:
        return OrderDays(self.client, self.orders_table)

    def _page(self, places: Sequence[ListPosition], following: dict[str, str] | None) -> Page[Order]:
        damaged: list[Damaged] = []
        orders = self._in_order((order_id for _, order_id in places), damaged.append)
        return Page(orders, following, tuple(damaged), tuple(places))

    def _in_order(self, order_ids: Iterable[str], note: Report = unreported) -> list[Order]:
        """The whole orders to keys read from an index, in the order of the keys. Those that can't be read are reported,
        and noted."""
        ids = list(order_ids)
        found: dict[str, Order] = {}

        def report(error: Damaged) -> None:
            self.report(error)
            note(error)

        for some in chunks(ids, 100):
            keys = [to_dynamodb({"orderId": order_id}) for order_id in some]
            items = batch_get(self.client, self.orders_table, keys)
            found |= {order.order_id: order for order in readable(items, order_from_item, report)}
        return [found[order_id] for order_id in ids if order_id in found]

    def _move(self, order: Order, before: Before, available: int, reserved: int) -> Order:
        """Save the order and move its stock; both numbers are per unit."""
        moves = moves_of(order, available, reserved)
        stored = _next_revision(order, before.status)
        if not _is_large(order):
            self._writes.write(order_to_item(stored), before, moves)
        elif available < 0:
            self._large.take(stored, before, moves)
        else:
            self._large.give(stored, before, moves)
        return stored

    @property
    def _writes(self) -> OrderWrites:
        return OrderWrites(self.client, self.orders_table, self.inventory_table, self.backoff)

    @property
    def _large(self) -> LargeOrders:
        return LargeOrders(self._writes)


def _is_large(order: Order) -> bool:
    return len(order.quantities()) > MOST_MOVES


def _next_revision(order: Order, expected: str) -> Order:
    return replace(order, revision=order.revision + 1) if order.status is expected else order
