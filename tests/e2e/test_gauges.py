"""The hourly gauges on the deployed stack: a cart that was left behind a day ago, and a product that is low."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.shop import Shop

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SCHEDULED = json.loads((Path(__file__).parent.parent / "events" / "schedule.json").read_text())


def measured(shop: Shop) -> dict[str, Any]:
    """The item of this hour, after a run in it."""
    function = f"orderproc-{shop.described['stage']}-hourly_metrics"
    table = shop.session.resource("dynamodb", endpoint_url=shop.described["endpoint_url"]).Table(
        shop.described["resources"]["metrics_table"]
    )
    for _ in range(2):  # a run that begins at the very end of an hour is about the next
        hour = datetime.now(UTC).strftime("%Y-%m-%dT%H")
        answer = shop.client("lambda").invoke(FunctionName=function, Payload=json.dumps(SCHEDULED).encode())
        assert "FunctionError" not in answer, answer["Payload"].read()
        item = table.get_item(Key={"bucket": f"gauges#{hour[:7]}", "part": hour[8:]}).get("Item")
        if item:
            return dict(item)
    raise AssertionError(f"no gauges of {hour}")


def leave_behind(shop: Shop, product: str) -> None:
    """The customer fills a cart; then it is a day later."""
    customer = shop.signed_in("other")
    assert customer("DELETE", "/cart").ok
    assert customer("PUT", f"/cart/items/{product}", {"quantity": 3}).ok
    table = shop.session.resource("dynamodb", endpoint_url=shop.described["endpoint_url"]).Table(
        shop.described["resources"]["carts_table"]
    )
    [cart] = [item for item in table.scan()["Items"] if product in item["lines"]]
    table.update_item(
        Key={"customerId": cart["customerId"]},
        UpdateExpression="SET expiresAt = :e",
        ExpressionAttributeValues={":e": int(time.time()) + 29 * 86400},
    )


def test_what_is_low_and_what_was_left_behind(shop: Shop) -> None:
    before = measured(shop)
    low, plenty = shop.new_product(stock=5), shop.new_product(stock=500, price=25.0)
    leave_behind(shop, plenty)

    after = measured(shop)

    assert after["lowStock"] == before["lowStock"] + 1
    assert plenty not in after["lowStockProducts"]
    assert low in after["lowStockProducts"] or after["lowStock"] > 20
    assert after["cartsAbandoned"] == before["cartsAbandoned"] + 1
    values = [json.loads(item["cartsAbandonedValue"], parse_float=Decimal).get("EUR", 0) for item in (before, after)]
    assert values[1] - values[0] == 75
    assert measured(shop) == after
    shop.signed_in("other")("DELETE", "/cart")
