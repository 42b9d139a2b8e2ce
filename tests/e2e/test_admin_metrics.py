"""Orders placed on the deployed stack show in GET /admin/metrics, and CloudWatch is told of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.shop import Shop, until
from tests.support.builders.examples import body

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def totals(shop: Shop) -> Any:
    today = datetime.now(UTC).date()
    first, last = today - timedelta(days=2), today + timedelta(days=1)
    answer = shop.staff("GET", f"/admin/metrics?from={first}&to={last}&by=hour&timeZone=UTC")
    assert answer.status_code == 200, answer.text
    assert sum(bucket["orders"] for bucket in answer.json()["buckets"]) == answer.json()["totals"]["orders"]
    return answer.json()["totals"]


def place(shop: Shop, product_id: str, payment_method: str = "pm_card_visa") -> str:
    item = {"productId": product_id, "name": "Test product", "quantity": 1, "price": 25.0}
    answer = shop.partner("POST", "/orders", body(items=[item], totalAmount=25.0, paymentMethod=payment_method))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["orderId"])


def publish(shop: Shop) -> None:
    """As the clock does each minute."""
    name = f"orderproc-{shop.described['stage']}-publish_metrics"
    event = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}, "resources": []}
    event |= {"version": "0", "id": "1", "account": "0", "time": "2026-11-21T00:00:00Z", "region": "us-east-1"}
    answer = shop.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
    assert "FunctionError" not in answer, answer["Payload"].read()


def told(shop: Shop, name: str) -> float:
    now = datetime.now(UTC)
    points = shop.client("cloudwatch").get_metric_statistics(
        Namespace="orderproc",
        MetricName=name,
        Dimensions=[{"Name": "Stage", "Value": shop.described["stage"]}],
        StartTime=now - timedelta(hours=3),
        EndTime=now + timedelta(minutes=2),
        Period=60,
        Statistics=["Sum"],
    )["Datapoints"]
    return float(sum(point["Sum"] for point in points))


def test_orders_show_once_they_are_counted(shop: Shop) -> None:
    before = totals(shop)
    good, dear = shop.new_product(5), shop.new_product(5)

    for order_id in (place(shop, good), place(shop, good), place(shop, dear, "pm_card_chargeDeclined")):
        shop.partner.ended(f"/orders/{order_id}")

    after = until(
        lambda: totals(shop), lambda t: t["sold"] + t["failed"] >= before["sold"] + before["failed"] + 3, seconds=30
    )
    assert after["orders"] >= before["orders"] + 3
    assert after["failures"]["CARD_DECLINED"] > before["failures"].get("CARD_DECLINED", 0)
    assert after["revenue"]["EUR"] >= before["revenue"].get("EUR", 0) + 50
    assert after["timePerStage"]["total"]["median"] > 0


def test_cloudwatch_is_told_each_order_once(shop: Shop) -> None:
    publish(shop)
    placed = until(lambda: totals(shop)["orders"], lambda n: n > 0, seconds=30)

    publish(shop)
    publish(shop)

    assert placed <= told(shop, "OrdersPlaced") <= totals(shop)["orders"]


@pytest.mark.parametrize("name", ["OrdersStuck", "OrdersNeedingAttention", "OrdersMissing", "OrdersFailed", "Revenue"])
def test_all_that_alarms_watch_is_there_zero_or_not(shop: Shop, name: str) -> None:
    publish(shop)

    found = shop.client("cloudwatch").list_metrics(Namespace="orderproc", MetricName=name)["Metrics"]

    assert [{"Name": "Stage", "Value": shop.described["stage"]}] in [metric["Dimensions"] for metric in found]


def test_nobody_else_may_see_them(shop: Shop) -> None:
    assert shop.call("GET", "/admin/metrics").status_code == 401
    assert shop.signed_in("customer")("GET", "/admin/metrics").status_code == 403
    refused = shop.staff("GET", "/admin/metrics?from=x&by=week")
    assert refused.status_code == 400
    assert sorted(error["field"] for error in refused.json()["errors"]) == ["by", "from"]
