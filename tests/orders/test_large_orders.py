"""Orders of more products than one transaction takes: what each of the two says that they take instead."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from chalicelib.kit.errors import OutOfStock, StaleOrder
from chalicelib.kit.retrying import Backoff
from chalicelib.orders.dynamodb import DynamoOrders
from chalicelib.orders.dynamodb_large import LargeOrders
from chalicelib.orders.dynamodb_writes import MOST_MOVES, Deferred, OrderWrites, StockMove, deferred_of
from chalicelib.orders.items import order_to_item
from chalicelib.orders.model import Line, Order, Status

from tests.support.aws_stub import Call, Stub, cancelled
from tests.support.builders.examples import order

pytestmark = pytest.mark.usefixtures("pauses")

PRODUCTS = [f"P{n:03}" for n in range(MOST_MOVES + 1)]
LAST = PRODUCTS[-1]


@pytest.fixture
def orders(dynamodb: Stub, pauses: list[float]) -> DynamoOrders:
    backoff = Backoff(pause=pauses.append, chance=lambda: 1.0)
    return DynamoOrders(dynamodb.client, "orders", "inventory", backoff=backoff)


@pytest.fixture
def large() -> Order:
    lines = tuple(Line(product, "", 1, Decimal(1)) for product in PRODUCTS)
    return order(lines=lines, total_amount=Decimal(len(lines)))


def moved(call: Call) -> dict[str, int]:
    """What was added to `available`, by product."""
    updates = [item["Update"] for item in call.sent["TransactItems"][1:]]
    return {u["Key"]["productId"]["S"]: int(u["ExpressionAttributeValues"][":a"]["N"]) for u in updates}


def put(call: Call) -> dict[str, Any]:
    found: dict[str, Any] = call.sent["TransactItems"][0]["Put"]
    return found


def fails(*products: str, stale: bool = False) -> Any:
    """An answer to the transaction of the first 99 products in which these are short."""
    of_order = "ConditionalCheckFailed" if stale else "None"
    return cancelled(of_order, *("ConditionalCheckFailed" if p in products else "None" for p in PRODUCTS[:MOST_MOVES]))


def test_a_hundred_products_fit_no_transaction() -> None:
    assert MOST_MOVES + 1 == 100


def test_taking_takes_the_rest_first_and_owes_it_back(dynamodb: Stub, orders: DynamoOrders, large: Order) -> None:
    dynamodb.answers({"Item": order_to_item(large)}, {}, {})

    orders.reserve(large, Status.PENDING)

    assert dynamodb.operations == ["GetItem", "TransactWriteItems", "TransactWriteItems"]
    ahead, all_others = dynamodb.calls[1:]
    assert moved(ahead) == {LAST: -1}
    deferred = deferred_of(put(ahead)["Item"])
    assert deferred is not None
    assert deferred.moves == (StockMove(LAST, 1, -1),)
    assert put(ahead)["Item"]["status"] == order_to_item(large)["status"]
    assert moved(all_others) == dict.fromkeys(PRODUCTS[:MOST_MOVES], -1)
    assert "owes" not in put(all_others)["Item"]
    assert put(all_others)["ExpressionAttributeValues"][":owed"] == put(ahead)["Item"]["owes"]


def test_what_was_taken_ahead_goes_back_if_others_are_short(dynamodb: Stub, orders: DynamoOrders, large: Order) -> None:
    dynamodb.answers({"Item": order_to_item(large)}, {}, fails("P004"), {})

    with pytest.raises(OutOfStock) as raised:
        orders.reserve(large, Status.PENDING)

    assert raised.value.product_ids == ["P004"]
    back = dynamodb.calls[3]
    assert moved(back) == {LAST: 1}
    assert put(back)["Item"] == order_to_item(large)
    assert put(back)["ExpressionAttributeValues"][":owed"] == put(dynamodb.calls[1])["Item"]["owes"]


def test_all_that_are_short_are_named_and_nothing_is_owed(dynamodb: Stub, orders: DynamoOrders, large: Order) -> None:
    """The look for the others must not be able to succeed."""
    dynamodb.answers(
        {"Item": order_to_item(large)},
        cancelled("None", "ConditionalCheckFailed"),
        fails("P001", "P098", stale=True),
    )

    with pytest.raises(OutOfStock) as raised:
        orders.reserve(large, Status.PENDING)

    assert raised.value.product_ids == ["P001", "P098", LAST]
    look = put(dynamodb.calls[2])
    assert "owes = :owed" in look["ConditionExpression"]  # which it does not


def test_an_order_that_was_never_stored_is_stale(dynamodb: Stub, orders: DynamoOrders, large: Order) -> None:
    dynamodb.answers({})

    with pytest.raises(StaleOrder):
        orders.reserve(large, Status.PENDING)


def test_giving_back_owes_the_rest_and_stays_open_until_it_is_paid(
    dynamodb: Stub, orders: DynamoOrders, large: Order
) -> None:
    dynamodb.answers({"Item": order_to_item(large)}, {}, {})

    orders.release(large, Status.PENDING)

    most, rest = dynamodb.calls[1:]
    assert moved(most) == dict.fromkeys(PRODUCTS[:MOST_MOVES], 1)
    assert "openShard" in put(most)["Item"]
    assert "owes" in put(most)["Item"]
    assert moved(rest) == {LAST: 1}
    assert "owes" not in put(rest)["Item"]


def test_a_debt_that_another_paid_meanwhile_is_paid(dynamodb: Stub, orders: DynamoOrders, large: Order) -> None:
    dynamodb.answers({"Item": order_to_item(large)}, {}, cancelled("ConditionalCheckFailed", "None"))

    orders.release(large, Status.PENDING)


def test_whoever_writes_pays_first(dynamodb: Stub, orders: DynamoOrders, large: Order) -> None:
    deferred = Deferred((StockMove(LAST, 1, -1),))
    dynamodb.answers({"Item": deferred.on(order_to_item(large))}, {}, {})

    orders.save(large, Status.PENDING)

    assert dynamodb.operations == ["GetItem", "TransactWriteItems", "PutItem"]
    assert dynamodb.sent[0]["ConsistentRead"] is True
    assert moved(dynamodb.calls[1]) == {LAST: 1}
    assert put(dynamodb.calls[1])["Item"] == order_to_item(large)


def test_an_order_that_owes_nothing_costs_one_read(dynamodb: Stub, large: Order) -> None:
    dynamodb.answers({"Item": order_to_item(large)}, {})
    of_large = LargeOrders(OrderWrites(dynamodb.client, "orders", "inventory"))

    assert of_large.make_deferred(large.order_id) == order_to_item(large)
    assert of_large.make_deferred("nobody") is None
    assert dynamodb.operations == ["GetItem", "GetItem"]
