"""Staff find an order seconds after it was placed, and no longer by what was erased of it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.shop import Shop, until
from tests.support.builders.examples import body

pytestmark = pytest.mark.e2e

FOUND_WITHIN = 5


def test_an_order_is_found_by_its_address_within_five_seconds_and_an_erased_one_no_more(shop: Shop) -> None:
    email = f"found-{uuid.uuid4().hex[:12]}@example.com"
    item = {"productId": shop.new_product(5), "quantity": 1}
    sent = body(customerEmail=email, items=[item], totalAmount=None)
    order_id = str(shop.partner("POST", "/orders", sent).json()["orderId"])

    def searched(text: str) -> list[str]:
        answer = shop.staff("GET", f"/admin/orders?q={text}")
        assert answer.status_code == 200, answer.text
        return [order["orderId"] for order in answer.json()["orders"]]

    until(lambda: searched(email[:18].upper()), lambda found: found == [order_id], FOUND_WITHIN)
    shop.partner.ended(f"/orders/{order_id}")
    customer = shop.staff("GET", f"/admin/customers/{order_id}").json()
    assert order_id in [order["orderId"] for order in customer["orders"]]

    dynamodb, resources = shop.client("dynamodb"), shop.described["resources"]
    dynamodb.update_item(
        TableName=resources["orders_table"],
        Key={"orderId": {"S": order_id}},
        UpdateExpression="SET email = :e",
        ExpressionAttributeValues={":e": {"S": "erased@invalid.example"}},
    )

    def entries() -> Any:
        return dynamodb.query(
            TableName=resources["search_table"],
            KeyConditionExpression="part = :part AND begins_with(entry, :email)",
            ExpressionAttributeValues={":part": {"S": email[:3]}, ":email": {"S": email}},
        )["Items"]

    until(entries, lambda left: left == [])
    assert order_id in searched(order_id[:13])


def test_a_list_ends_where_the_shop_had_no_orders_yet(shop: Shop) -> None:
    # After a few days without any, one read of the index tells where all others are: nothing else does it here.
    month_before = (datetime.now(UTC) - timedelta(days=30)).date()

    answer = shop.staff("GET", f"/admin/orders?to={month_before}")

    assert answer.status_code == 200, answer.text
    assert answer.json()["orders"] == []
    assert not answer.json().get("cursor")
