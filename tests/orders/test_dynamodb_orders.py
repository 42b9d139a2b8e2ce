"""Orders in DynamoDB: what is asked of it, and what is made of its answers, also of partial ones."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError
from chalicelib.kit.dynamodb import batch_get, from_dynamodb, to_dynamodb
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.kit.retrying import Backoff
from chalicelib.orders.dynamodb import DynamoOrders
from chalicelib.orders.items import order_to_item
from chalicelib.orders.model import Line, Reservation, Status

from tests.support.aws_stub import Stub, refused
from tests.support.builders.examples import order

pytestmark = pytest.mark.usefixtures("pauses")

KEYS = [to_dynamodb({"orderId": str(n)}) for n in range(3)]


@pytest.fixture
def orders(dynamodb: Stub, pauses: list[float]) -> DynamoOrders:
    backoff = Backoff(pause=pauses.append, chance=lambda: 1.0)
    return DynamoOrders(dynamodb.client, "orders", "inventory", backoff=backoff)


def partial(items: list[Any], left: list[Any]) -> dict[str, Any]:
    """An answer of BatchGetItem."""
    return {"Responses": {"orders": items}, "UnprocessedKeys": {"orders": {"Keys": left}} if left else {}}


# Batches of keys


def test_no_keys_cost_no_call(dynamodb: Stub) -> None:
    assert batch_get(dynamodb.client, "orders", []) == []
    assert dynamodb.calls == []


@pytest.mark.parametrize("consistent", [True, False])
def test_a_whole_answer_is_one_call(dynamodb: Stub, pauses: list[float], consistent: bool) -> None:
    dynamodb.answers(partial(KEYS, []))

    assert batch_get(dynamodb.client, "orders", KEYS, consistent) == KEYS
    assert dynamodb.sent == [{"RequestItems": {"orders": {"Keys": KEYS, "ConsistentRead": consistent}}}]
    assert pauses == []


def test_an_answer_without_a_word_of_unprocessed_keys_is_whole(dynamodb: Stub) -> None:
    dynamodb.answers({"Responses": {}})

    assert batch_get(dynamodb.client, "orders", KEYS) == []


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_what_was_left_is_asked_for_after_a_pause_and_nothing_of_any_answer_is_lost(
    dynamodb: Stub, pauses: list[float], turns: int
) -> None:
    """The fourth answer counts as the others do."""
    dynamodb.answers(partial(KEYS[:1], KEYS[1:]), *[partial([], KEYS[1:])] * (turns - 1), partial(KEYS[1:], []))

    assert batch_get(dynamodb.client, "orders", KEYS) == KEYS
    assert [sent["RequestItems"]["orders"]["Keys"] for sent in dynamodb.sent] == [KEYS, *[KEYS[1:]] * turns]
    assert len(pauses) == turns


def test_keys_that_are_never_processed_end_as_a_throttle(dynamodb: Stub, pauses: list[float]) -> None:
    dynamodb.otherwise = lambda call: partial([], KEYS[2:])

    with pytest.raises(TemporarilyUnavailable, match="orders"):
        batch_get(dynamodb.client, "orders", KEYS)

    assert (len(dynamodb.calls), len(pauses)) == (4, 3)
    assert all(0 <= pause <= 1 for pause in pauses)


# Adding and reading


def test_a_new_order_is_put_once_and_never_over_another(dynamodb: Stub, orders: DynamoOrders) -> None:
    dynamodb.answers({})

    assert orders.add(one := order()) is None
    assert dynamodb.calls == [
        (
            "PutItem",
            {
                "TableName": "orders",
                "Item": order_to_item(one),
                "ConditionExpression": "attribute_not_exists(orderId)",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            },
        )
    ]


def test_of_an_order_that_is_there_the_stored_one_is_told(dynamodb: Stub, orders: DynamoOrders) -> None:
    """Also where our own put was applied, its reply lost, and the SDK repeated it."""
    one = order()
    dynamodb.answers(refused("ConditionalCheckFailedException", Item=order_to_item(one)))

    assert orders.add(replace(one, customer_email="other@b.test")) == one


def test_an_engine_that_does_not_say_what_is_there_is_asked(dynamodb: Stub, orders: DynamoOrders) -> None:
    one = order()
    dynamodb.answers(refused("ConditionalCheckFailedException"), {"Item": order_to_item(one)})

    assert orders.add(one) == one
    assert dynamodb.sent[1] == {
        "TableName": "orders",
        "Key": {"orderId": {"S": one.order_id}},
        "ConsistentRead": True,
    }


@pytest.mark.parametrize("code", ["ProvisionedThroughputExceededException", "ResourceNotFoundException"])
def test_an_order_that_was_not_stored_is_not_called_stored(dynamodb: Stub, orders: DynamoOrders, code: str) -> None:
    dynamodb.answers(refused(code))

    with pytest.raises(ClientError, match=code):
        orders.add(order())


# Moving stock

MOVES: dict[str, tuple[Reservation, int, int]] = {
    "reserve": (Reservation.NONE, -1, +1),
    "commit": (Reservation.HELD, 0, -1),
    "release": (Reservation.HELD, +1, -1),
    "restock": (Reservation.COMMITTED, +1, 0),
}
"""What the stored order must hold, and what one unit does to available and reserved."""


@pytest.mark.parametrize("what", MOVES)
def test_a_move_is_one_transaction_of_the_order_and_each_product_once(
    dynamodb: Stub, orders: DynamoOrders, what: str
) -> None:
    held, available, reserved = MOVES[what]
    lines = (Line("A", "", 2, Decimal(1)), Line("B", "", 3, Decimal(1)), Line("A", "", 5, Decimal(1)))
    one = order(lines=lines, total_amount=Decimal(10), revision=4)
    dynamodb.answers({})

    getattr(orders, what)(one, Status.VALIDATING)

    put, *updates = dynamodb.sent[0]["TransactItems"]
    conditions = put["Put"]["ConditionExpression"].split(" AND ")
    wanted = "attribute_not_exists(stock)" if held is Reservation.NONE else "stock = :h"
    assert sorted(conditions) == sorted(["#s = :s", "revision = :r", wanted, "attribute_not_exists(owes)"])
    values = from_dynamodb(put["Put"]["ExpressionAttributeValues"])
    assert values == {":s": "VALIDATING", ":r": 4, **({} if held is Reservation.NONE else {":h": held.value})}
    assert [(u["Update"]["Key"]["productId"]["S"], *_numbers(u["Update"])) for u in updates] == [
        (product, available * n, reserved * n, max(0, -available * n), max(0, -reserved * n))
        for product, n in (("A", 7), ("B", 3))
    ]
    sold = (
        " AND attribute_not_exists(withdrawnAt)" if available < 0 else ""
    )  # what is reserved is given back in any case
    assert {(u["Update"]["TableName"], u["Update"]["ConditionExpression"]) for u in updates} == {
        ("inventory", f"available >= :least_a AND reserved >= :least_r{sold}")
    }
    assert {u["Update"]["UpdateExpression"] for u in updates} == {
        "SET available = available + :a, reserved = reserved + :r"
    }


def _numbers(update: Any) -> tuple[int, ...]:
    values = from_dynamodb(update["ExpressionAttributeValues"])
    return tuple(int(values[name]) for name in (":a", ":r", ":least_a", ":least_r"))


def test_the_first_write_of_a_revision_wants_none(dynamodb: Stub, orders: DynamoOrders) -> None:
    dynamodb.answers({})

    stored = orders.save(order(), Status.PENDING)

    assert stored.revision == 1
    assert "attribute_not_exists(revision)" in dynamodb.sent[0]["ConditionExpression"]
    assert dynamodb.sent[0]["Item"]["revision"] == {"N": "1"}


def test_a_change_of_status_keeps_the_revision(dynamodb: Stub, orders: DynamoOrders) -> None:
    """The status in the condition tells the two apart."""
    dynamodb.answers({})
    one = order(revision=3)

    moved = one.moved(Status.VALIDATING, "2026-11-21T14:30:26.000Z")

    assert orders.save(moved, Status.PENDING).revision == 3
    assert from_dynamodb(dynamodb.sent[0]["ExpressionAttributeValues"]) == {":s": "PENDING", ":r": 3}


# Lists


def test_a_list_reads_its_keys_from_the_index_and_keeps_their_order(dynamodb: Stub, orders: DynamoOrders) -> None:
    first, second, third, fourth = (order() for _ in range(4))
    listed = (third, first, second, fourth)
    keys = [to_dynamodb({"orderId": one.order_id, "createdAt": one.created_at}) for one in listed]
    last = to_dynamodb({"owner": "p-one", "orderId": fourth.order_id, "createdAt": fourth.created_at})
    dynamodb.answers(
        {"Items": keys, "LastEvaluatedKey": last},
        {"Responses": {"orders": [order_to_item(one) for one in (first, third)]}},
    )

    page = orders.by_owner("p-one", None, 3, None)

    assert page.items == [third, first]  # the second went since
    assert page.next == {"orderId": second.order_id, "createdAt": second.created_at}
    sent = dynamodb.sent[0]
    assert (sent["IndexName"], sent["ScanIndexForward"], sent["Limit"]) == (
        "by-owner",
        False,
        4,
    )  # one more says whether one follows
    assert "ExclusiveStartKey" not in sent


def test_the_next_page_of_a_customer_begins_where_the_last_ended(dynamodb: Stub, orders: DynamoOrders) -> None:
    dynamodb.answers({"Items": []})

    page = orders.by_owner("p-one", "c-1", 3, {"orderId": "o", "createdAt": "t"})

    assert (page.items, page.next) == ([], None)
    assert dynamodb.sent[0]["IndexName"] == "by-customer"
    assert from_dynamodb(dynamodb.sent[0]["ExpressionAttributeValues"]) == {":k": "p-one|c-1"}
    assert from_dynamodb(dynamodb.sent[0]["ExclusiveStartKey"]) == {
        "orderId": "o",
        "createdAt": "t",
        "customerKey": "p-one|c-1",
    }
