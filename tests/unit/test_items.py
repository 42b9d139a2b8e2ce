"""Orders as DynamoDB items: what travels, and what a newer version may add."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from chalicelib.adapters.items import (
    OPEN_SHARDS,
    customer_key,
    from_dynamodb,
    order_from_item,
    order_to_item,
    shard_of,
    to_dynamodb,
)
from chalicelib.domain.order import Order

from tests.examples import order


def test_attributes_of_a_newer_version_are_ignored() -> None:
    placed = order()
    item = order_to_item(placed) | to_dynamodb({"giftWrap": True, "tags": ["a", {"b": 1}]})

    assert order_from_item(item) == placed


def test_nothing_is_stored_of_what_is_not_there() -> None:
    item = order_to_item(order(phone_number=None, shipping_address=None, open=False))

    assert not {"phone", "address", "payment", "error", "stock", "print", "handovers", "openShard"} & item.keys()


def test_an_order_has_no_field_that_is_not_stored() -> None:
    """Whoever adds a field must store it: then the round trips of `tests/contract` are to be extended, and this."""
    stored = {
        *("order_id", "owner", "customer_id", "customer_email", "lines", "currency", "total_amount", "created_at"),
        *("history", "payment_method", "phone_number", "shipping_address", "workflow", "fulfilment", "reservation"),
        *("payment", "failure", "correlation_id", "fingerprint", "open", "handovers"),
        *("shipments", "feedback", "from_cart", "cart_version", "attention", "revision"),
    }

    assert {field.name for field in fields(Order)} == stored


def test_only_an_open_order_has_a_place_in_the_open_index() -> None:
    placed = order()

    assert order_to_item(placed)["openShard"] == {"S": shard_of(placed.order_id)}
    assert "openShard" not in order_to_item(replace(placed, open=False))


def test_what_an_index_holds_never_changes_while_an_order_goes_on() -> None:
    """A changed key would cost a write of each index more."""
    placed = order()
    moved = placed.moved(placed.status.VALIDATING, "2026-11-21T14:30:26.000Z")

    for name in ("orderId", "customerKey", "owner", "createdAt", "openShard"):
        assert order_to_item(moved)[name] == order_to_item(placed)[name]


def test_open_orders_spread_over_all_shards() -> None:
    shards = {shard_of(f"order-{n}") for n in range(200)}

    assert shards == {str(n) for n in range(OPEN_SHARDS)}


def test_an_owner_that_could_pass_for_another_is_refused() -> None:
    assert customer_key("p-a", "b|c") != customer_key("p-a", "b")
    with pytest.raises(ValueError, match="can't own orders"):
        customer_key("p-a|b", "c")


def test_none_is_left_out_and_everything_else_comes_back() -> None:
    values = {"text": "é", "number": 7, "yes": True, "list": ["a", 1], "empty": ""}

    assert from_dynamodb(to_dynamodb({**values, "none": None})) == values
