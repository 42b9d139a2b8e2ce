"""What the orders' stream is counted as on the deployed stack: each order once, whatever became of it, however often
its records come."""

from __future__ import annotations

import base64
import json
import uuid
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.adapters.dynamodb_counters import DynamoTallies
from chalicelib.adapters.items import order_from_item
from chalicelib.domain.counts import added
from chalicelib.domain.facts import facts_of
from chalicelib.domain.order import Order
from chalicelib.services.count_orders import by_place, digest

from tests.e2e.people import Shop, until
from tests.examples import body

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
CURRENCY = "KWD"
"""No other test sells in it, so what is counted in it is ours alone."""


@pytest.fixture(scope="module")
def shop(stack: dict[str, Any]) -> Shop:
    return Shop(stack)


@pytest.fixture(scope="module")
def product(shop: Shop) -> str:
    product_id = f"T{uuid.uuid4().hex[:10].upper()}"
    sent = {"name": "Counted goods", "price": 2.125, "currency": CURRENCY, "stock": 50}
    assert shop.staff("PUT", f"/products/{product_id}", sent).ok
    return product_id


@pytest.fixture(scope="module")
def orders(shop: Shop, product: str) -> dict[str, str]:
    """Ids by what became of them: one of each workflow that completes, and each other end."""
    customer = shop.signed_in("customer")
    customer("DELETE", "/cart")
    customer("PUT", f"/cart/items/{product}", {"quantity": 1})
    placed = {
        "completed by queue": _posted(shop, product),
        "completed by stepfunctions": _placed(shop, product),
        "completed by events": _announced(shop, product),
        "declined by queue": _posted(shop, product, paymentMethod="pm_card_chargeDeclined"),
        "declined by stepfunctions": _placed(shop, product, paymentMethod="pm_card_chargeDeclined"),
        "cancelled and refunded": str(customer("POST", "/checkout", {}).json()["orderId"]),
    }
    for order_id in placed.values():
        shop.staff.ended(f"/admin/orders/{order_id}", seconds=60)
    assert shop.staff("POST", f"/admin/orders/{placed['cancelled and refunded']}/cancel").ok
    assert shop.partner("POST", f"/orders/{placed['completed by queue']}/feedback", {"score": 5, "comment": ""}).ok
    return placed


def _body(product: str, **more: Any) -> dict[str, Any]:
    items = [{"productId": product, "quantity": 1, "price": 2.125}]
    return {**body(items=items, totalAmount=2.125, currency=CURRENCY), **more}


def _posted(shop: Shop, product: str, **more: Any) -> str:
    answer = shop.partner("POST", "/orders", _body(product, **more))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["orderId"])


def _placed(shop: Shop, product: str, **more: Any) -> str:
    sent = {"productId": product, "quantity": 1, "customerEmail": "buyer@example.com", **more}
    return str(shop.partner("POST", "/place-order", sent).json()["orderId"])


def _announced(shop: Shop, product: str) -> str:
    order_id = str(uuid.uuid4())
    detail = _body(product, orderId=order_id)
    shop.client("events").put_events(
        Entries=[{"Source": "ecommerce.orders", "DetailType": "OrderCreated", "Detail": json.dumps(detail)}]
    )
    until(lambda: shop.staff("GET", f"/admin/orders/{order_id}").status_code, lambda status: status == 200)
    return order_id


def _stored(shop: Shop, order_id: str) -> Order:
    table, key = shop.described["resources"]["orders_table"], {"orderId": {"S": order_id}}
    return order_from_item(shop.client("dynamodb").get_item(TableName=table, Key=key, ConsistentRead=True)["Item"])


def _tallies(shop: Shop) -> DynamoTallies:
    return DynamoTallies(shop.client("dynamodb"), shop.described["resources"]["metrics_table"])


def _counted(shop: Shop, orders: list[Order]) -> dict[str, Any]:
    """In all hours in which something happened to these."""
    hours = {fact.at[:13] for order in orders for fact in facts_of(order).values()}
    tallies = _tallies(shop)
    return added(tally.counts for hour in hours for tally in tallies.of_hour(hour).values())


def _times_seen(shop: Shop, orders: list[Order]) -> Counter[tuple[str, str]]:
    """At how many places each fact of these was counted."""
    found: Counter[tuple[str, str]] = Counter()
    tallies = _tallies(shop)
    for place, facts in by_place(fact for order in orders for fact in facts_of(order).values()).items():
        seen = tallies.get(place).seen
        found.update({(fact.order_id, fact.name): int(digest(fact) in seen) for fact in facts})
    return found


def _ours(counts: dict[str, Any]) -> dict[str, Any]:
    return {name: number for name, number in counts.items() if name.endswith(f"/{CURRENCY}")}


def _as_wanted(shop: Shop, ids: list[str]) -> list[Order]:
    """The orders, once they have rested and all that became of them is counted."""

    def look() -> tuple[list[Order], bool]:
        orders = [_stored(shop, order_id) for order_id in ids]
        return orders, set(_times_seen(shop, orders).values()) == {1}

    return until(look, lambda seen: seen[1] and not any(order.open for order in seen[0]), seconds=60)[0]


WANTED = {
    "placed": 6,
    f"value/{CURRENCY}": Decimal("12.750"),
    f"sold/{CURRENCY}": 4,
    f"revenue/{CURRENCY}": Decimal("8.500"),
    f"refund/{CURRENCY}": Decimal("2.125"),
}


def test_orders_are_counted_once_by_what_became_of_them(shop: Shop, orders: dict[str, str]) -> None:
    ended = _as_wanted(shop, list(orders.values()))

    counts = _counted(shop, ended)
    assert _ours(counts) == {name: number for name, number in WANTED.items() if name != "placed"}
    of_these = added(dict(fact.counts) for order in ended for fact in facts_of(order).values())
    assert {name: of_these[name] for name in ("completed", "failed", "cancelled", "refunds", "score/5")} == {
        "completed": 3,
        "failed": 2,
        "cancelled": 1,
        "refunds": 1,
        "score/5": 1,
    }
    assert all(counts[name] >= number for name, number in of_these.items())


def test_a_batch_that_comes_again_is_not_counted_again(shop: Shop, orders: dict[str, str]) -> None:
    ended = _as_wanted(shop, list(orders.values()))
    before = _ours(_counted(shop, ended))
    batch = _batch(shop, set(orders.values()))
    assert len(batch) > 2 * len(ended)

    for _ in range(2):
        answer = shop.client("lambda").invoke(
            FunctionName=f"orderproc-{shop.described['stage']}-count_orders",
            Payload=json.dumps({"Records": batch}).encode(),
        )
        assert "FunctionError" not in answer, answer["Payload"].read()

    assert _ours(_counted(shop, ended)) == before


def test_what_failed_or_was_called_off_is_in_the_archive(shop: Shop, orders: dict[str, str]) -> None:
    ended = _as_wanted(shop, list(orders.values()))

    bucket = shop.described["resources"]["documents_bucket"]
    listed = shop.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="ended/")
    keys = " ".join(entry["Key"] for page in listed for entry in page.get("Contents", []))
    kept = {order.order_id for order in ended if order.order_id in keys}
    assert kept >= {order_id for what, order_id in orders.items() if not what.startswith("completed")}


def _batch(shop: Shop, order_ids: set[str]) -> list[dict[str, Any]]:
    """The orders' records, from the stream itself."""
    streams, arn = shop.client("dynamodbstreams"), shop.described["resources"]["orders_stream_arn"]
    found: list[dict[str, Any]] = []
    for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        wanted = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        iterator = streams.get_shard_iterator(**wanted)["ShardIterator"]
        while iterator:
            answer = streams.get_records(ShardIterator=iterator)
            found += answer["Records"]
            iterator = answer.get("NextShardIterator") if answer["Records"] else None
    mine = [record for record in found if record["dynamodb"]["Keys"]["orderId"]["S"] in order_ids]
    plain: list[dict[str, Any]] = json.loads(json.dumps(mine, default=_plain))
    return plain


def _plain(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value.timestamp()
