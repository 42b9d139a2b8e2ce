"""What the orders' stream is counted as on the deployed stack: each order once, whatever became of it, however often
its records come."""

from __future__ import annotations

import base64
import json
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.documents.s3 import S3Documents
from chalicelib.kit.clock import SystemClock
from chalicelib.orders.dynamodb import DynamoOrders
from chalicelib.orders.items import order_from_item
from chalicelib.orders.model import Order
from chalicelib.reporting import rebuild as rebuild_metrics
from chalicelib.reporting.archive import OrderArchive
from chalicelib.reporting.count_orders import by_key, digest
from chalicelib.reporting.counts import added
from chalicelib.reporting.dynamodb import DynamoCounters
from chalicelib.reporting.facts import facts_of
from chalicelib.reporting.rebuild import RebuildMetrics

from tests.e2e.shop import Shop, until
from tests.support.builders.examples import body

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
CURRENCY = "KWD"
"""No other test sells in it, so what is counted in it is ours alone."""


@pytest.fixture(scope="module")
def product(shop: Shop) -> str:
    product_id = f"T{uuid.uuid4().hex[:10].upper()}"
    sent = {"name": "Counted product", "price": 2.125, "currency": CURRENCY, "stock": 50}
    assert shop.staff("PUT", f"/products/{product_id}", sent).ok
    return product_id


@pytest.fixture(scope="module")
def before(shop: Shop) -> dict[str, Any]:
    """What was counted in our currency before, on a stack that the tests met already: all of it in this hour."""
    hour = datetime.now(UTC).isoformat()[:13]
    return _ours(added(counter_page.counts for counter_page in _counters(shop).of_hour(hour).values()))


@pytest.fixture(scope="module")
def orders(shop: Shop, product: str, before: dict[str, Any]) -> dict[str, str]:
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


def _counters(shop: Shop) -> DynamoCounters:
    return DynamoCounters(shop.client("dynamodb"), shop.described["resources"]["metrics_table"])


def _counted(shop: Shop, orders: list[Order]) -> dict[str, Any]:
    """In all hours in which something happened to these."""
    hours = {fact.at[:13] for order in orders for fact in facts_of(order).values()}
    counter_pages = _counters(shop)
    return added(counter_page.counts for hour in hours for counter_page in counter_pages.of_hour(hour).values())


def _times_seen(shop: Shop, orders: list[Order]) -> Counter[tuple[str, str]]:
    """At how many places each fact of these was counted."""
    found: Counter[tuple[str, str]] = Counter()
    counter_pages = _counters(shop)
    for place, facts in by_key(fact for order in orders for fact in facts_of(order).values()).items():
        seen = counter_pages.get(place).seen
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
    f"value/{CURRENCY}": Decimal("12.750"),
    f"sold/{CURRENCY}": 4,
    f"revenue/{CURRENCY}": Decimal("8.500"),
    f"refund/{CURRENCY}": Decimal("2.125"),
}


def test_orders_are_counted_once_by_what_became_of_them(
    shop: Shop, orders: dict[str, str], before: dict[str, Any]
) -> None:
    ended = _as_wanted(shop, list(orders.values()))

    counts = _counted(shop, ended)
    assert _ours(counts) == added([before, WANTED])
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


def test_what_failed_or_was_cancelled_is_in_the_archive(shop: Shop, orders: dict[str, str]) -> None:
    ended = _as_wanted(shop, list(orders.values()))

    assert _archived(shop, "ended/") >= {order_id for what, order_id in orders.items() if "completed" not in what}
    assert {order.status.value for order in ended} == {"COMPLETED", "FAILED", "CANCELLED"}


def test_from_the_archive_come_the_same_counters(
    shop: Shop, orders: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild_metrics, "FINAL_AFTER", timedelta(hours=-1))  # what happened just now counts, too
    ended = _as_wanted(shop, list(orders.values()))
    before = _ours(_counted(shop, ended))
    until(lambda: _archived(shop), lambda ids: ids >= {order.order_id for order in ended})

    days = sorted({fact.at[:10] for order in ended for fact in facts_of(order).values()})
    repaired = list(_rebuilding(shop).rebuild(days[0], days[-1]))

    differences = [found for report in repaired for found in report.differences if found.name.endswith(f"/{CURRENCY}")]
    assert [found for found in differences if found.counted != found.expected] == []
    assert _ours(_counted(shop, ended)) == before
    assert set(_times_seen(shop, ended).values()) == {1}


def _rebuilding(shop: Shop) -> RebuildMetrics:
    """As `make metrics` does it."""
    dynamodb, names, counter_pages = shop.client("dynamodb"), shop.described["resources"], _counters(shop)
    documents = S3Documents(shop.client("s3"), names["documents_bucket"])
    archive = OrderArchive(documents, lambda work, rows: [*map(work, rows)])
    orders = DynamoOrders(dynamodb, names["orders_table"], "not needed")
    return RebuildMetrics(counter_pages, archive, orders, SystemClock())


def _archived(shop: Shop, *folders: str) -> set[str]:
    """Ids of the orders in the archive."""
    bucket, listing = (
        shop.described["resources"]["documents_bucket"],
        shop.client("s3").get_paginator("list_objects_v2"),
    )
    found = [entry["Key"] for page in listing.paginate(Bucket=bucket) for entry in page.get("Contents", [])]
    wanted = folders or ("orders/", "ended/")
    return {key.rpartition("/")[2].partition(".")[0] for key in found if key.startswith(wanted)}


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


@pytest.fixture
def unreadable(shop: Shop) -> Iterator[str]:
    """What somebody wrote into the orders table by hand."""
    table, key = shop.described["resources"]["orders_table"], {"orderId": {"S": f"by-hand-{uuid.uuid4()}"}}
    shop.client("dynamodb").put_item(TableName=table, Item={**key, "status": {"S": "COMPLETED"}})
    yield key["orderId"]["S"]
    shop.client("dynamodb").delete_item(TableName=table, Key=key)


def test_a_record_that_cannot_be_read_is_a_dead_letter_and_others_are_counted(
    shop: Shop, product: str, unreadable: str
) -> None:
    order_id = _posted(shop, product)
    shop.partner.ended(f"/orders/{order_id}")
    _as_wanted(shop, [order_id])

    def dead() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = shop.staff("GET", "/admin/dead-letters?queue=metrics").json()["messages"]
        return found

    letter = until(dead, seconds=60)[0]
    assert (letter["orderId"], "can't be read" in letter["reason"]) == (unreadable, True)
    back = shop.staff("POST", "/admin/dead-letters/redrive", {"queue": "metrics"}).json()
    assert (back["redriven"], back["left"]) == (0, 1)
    assert "make metrics" in back["refused"][0]["reason"]
    gone = {"queue": "metrics", "messageIds": [letter["messageId"]], "reason": "It was a test"}
    assert shop.staff("POST", "/admin/dead-letters/discard", gone).json()["discarded"] == 1
