"""The conditional writes of an order: what their refusals mean, and that a conflict is neither a success nor an end."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from chalicelib.kit.dynamodb import from_dynamodb
from chalicelib.kit.errors import OutOfStock, StaleOrder, TemporarilyUnavailable
from chalicelib.kit.retrying import Backoff
from chalicelib.orders.dynamodb_writes import Before, Deferred, OrderWrites, StockMove, deferred_of, moves_of
from chalicelib.orders.items import order_to_item
from chalicelib.orders.model import Reservation

from tests.support.aws_stub import Stub, cancelled, refused
from tests.support.builders.examples import order

pytestmark = pytest.mark.usefixtures("pauses")

ITEM = order_to_item(order())
BEFORE = Before("PENDING", 2, Reservation.HELD)
MOVES = (StockMove("A", -2, 2), StockMove("B", -1, 1))
CONFLICT = cancelled("None", "TransactionConflict", "None")


@pytest.fixture
def writes(dynamodb: Stub, pauses: list[float]) -> OrderWrites:
    return OrderWrites(dynamodb.client, "orders", "inventory", Backoff(pause=pauses.append, chance=lambda: 1.0))


# Without stock


def test_an_order_alone_is_one_put_on_condition(dynamodb: Stub, writes: OrderWrites) -> None:
    dynamodb.answers({})

    writes.write(ITEM, BEFORE)

    [(operation, sent)] = dynamodb.calls
    assert (operation, sent["TableName"], sent["Item"]) == ("PutItem", "orders", ITEM)
    assert set(sent["ConditionExpression"].split(" AND ")) == {
        *("#s = :s", "revision = :r", "stock = :h", "attribute_not_exists(owes)"),
    }
    assert sent["ExpressionAttributeNames"] == {"#s": "status"}
    assert from_dynamodb(sent["ExpressionAttributeValues"]) == {":s": "PENDING", ":r": 2, ":h": "HELD"}


def test_an_order_that_is_another_by_now_is_stale(dynamodb: Stub, writes: OrderWrites) -> None:
    dynamodb.answers(refused("ConditionalCheckFailedException"))

    with pytest.raises(StaleOrder):
        writes.write(ITEM, BEFORE)


@pytest.mark.parametrize("moves", [(), MOVES])
@pytest.mark.parametrize("code", ["ValidationException", "AccessDeniedException", "ResourceNotFoundException"])
def test_what_is_refused_for_good_is_raised_at_once(
    dynamodb: Stub, writes: OrderWrites, code: str, moves: tuple[StockMove, ...]
) -> None:
    dynamodb.answers(refused(code))

    with pytest.raises(ClientError, match=code):
        writes.write(ITEM, BEFORE, moves)
    assert len(dynamodb.calls) == 1


@pytest.mark.parametrize("moves", [(), MOVES])
def test_a_write_whose_reply_was_lost_is_not_called_done(
    dynamodb: Stub, writes: OrderWrites, moves: tuple[StockMove, ...]
) -> None:
    dynamodb.otherwise = lambda call: ReadTimeoutError(endpoint_url="https://dynamodb.test")

    with pytest.raises((ReadTimeoutError, TemporarilyUnavailable)):
        writes.write(ITEM, BEFORE, moves)


# With stock


def test_an_order_and_its_moves_are_all_or_nothing(dynamodb: Stub, writes: OrderWrites, pauses: list[float]) -> None:
    dynamodb.answers({})

    writes.write(ITEM, BEFORE, MOVES)

    [(operation, sent)] = dynamodb.calls
    assert operation == "TransactWriteItems"
    put, first, second = sent["TransactItems"]
    assert put["Put"]["Item"] == ITEM
    assert [u["Update"]["Key"]["productId"]["S"] for u in (first, second)] == ["A", "B"]
    assert pauses == []


@pytest.mark.parametrize(
    ("move", "numbers"),
    [
        (StockMove("A", -2, 2), {":a": -2, ":r": 2, ":least_a": 2, ":least_r": 0}),
        (StockMove("A", 2, -2), {":a": 2, ":r": -2, ":least_a": 0, ":least_r": 2}),
        (StockMove("A", 0, -3), {":a": 0, ":r": -3, ":least_a": 0, ":least_r": 3}),
        (StockMove("A", 4, 0), {":a": 4, ":r": 0, ":least_a": 0, ":least_r": 0}),
    ],
)
def test_a_move_never_goes_below_nothing(
    dynamodb: Stub, writes: OrderWrites, move: StockMove, numbers: dict[str, int]
) -> None:
    dynamodb.answers({})

    writes.write(ITEM, BEFORE, [move])

    update = dynamodb.sent[0]["TransactItems"][1]["Update"]
    assert from_dynamodb(update["ExpressionAttributeValues"]) == numbers
    assert update["UpdateExpression"] == "SET available = available + :a, reserved = reserved + :r"
    sold = " AND attribute_not_exists(withdrawnAt)" if move.available < 0 else ""
    assert update["ConditionExpression"] == f"available >= :least_a AND reserved >= :least_r{sold}"


def test_the_products_that_are_short_are_named(dynamodb: Stub, writes: OrderWrites) -> None:
    dynamodb.answers(cancelled("None", "None", "ConditionalCheckFailed"))

    with pytest.raises(OutOfStock) as raised:
        writes.write(ITEM, BEFORE, MOVES)
    assert raised.value.product_ids == ["B"]


def test_a_stale_order_comes_before_missing_stock(dynamodb: Stub, writes: OrderWrites) -> None:
    dynamodb.answers(cancelled("ConditionalCheckFailed", "ConditionalCheckFailed", "None"))

    with pytest.raises(StaleOrder):
        writes.write(ITEM, BEFORE, MOVES)


# Conflicts


@pytest.mark.parametrize("conflicts", [1, 2, 5])
def test_a_transaction_that_met_another_is_sent_again_as_it_was(
    dynamodb: Stub, writes: OrderWrites, pauses: list[float], conflicts: int
) -> None:
    dynamodb.answers(*[CONFLICT] * conflicts, {})

    writes.write(ITEM, BEFORE, MOVES)

    assert len(dynamodb.calls) == conflicts + 1
    assert all(call == dynamodb.calls[0] for call in dynamodb.calls)
    assert len(pauses) == conflicts
    assert all(0 <= pause <= 2 for pause in pauses)


def test_a_transaction_that_meets_others_all_the_time_is_given_up_and_never_called_done(
    dynamodb: Stub, writes: OrderWrites, pauses: list[float]
) -> None:
    dynamodb.otherwise = lambda call: CONFLICT

    with pytest.raises(TemporarilyUnavailable):
        writes.write(ITEM, BEFORE, MOVES)

    assert 3 <= len(dynamodb.calls) <= 20
    assert sum(pauses) < 15  # a function must have time left to give the message back


@pytest.mark.parametrize("reason", ["ThrottlingError", "ProvisionedThroughputExceeded", "TransactionConflict"])
def test_what_passes_is_tried_again_whichever_item_it_was(dynamodb: Stub, writes: OrderWrites, reason: str) -> None:
    dynamodb.answers(cancelled(reason, "None", "None"), cancelled("None", "None", reason), {})

    writes.write(ITEM, BEFORE, MOVES)

    assert len(dynamodb.calls) == 3


def test_a_failed_condition_beside_a_conflict_is_an_end(dynamodb: Stub, writes: OrderWrites) -> None:
    dynamodb.answers(cancelled("TransactionConflict", "None", "ConditionalCheckFailed"))

    with pytest.raises(OutOfStock) as raised:
        writes.write(ITEM, BEFORE, MOVES)
    assert raised.value.product_ids == ["B"]


def test_a_conflict_and_then_a_failed_condition_is_that(dynamodb: Stub, writes: OrderWrites) -> None:
    dynamodb.answers(CONFLICT, cancelled("ConditionalCheckFailed", "None", "None"))

    with pytest.raises(StaleOrder):
        writes.write(ITEM, BEFORE, MOVES)


# What an order owes


def test_an_order_that_owes_is_written_only_by_who_knows_what(dynamodb: Stub, writes: OrderWrites) -> None:
    deferred = Deferred(MOVES, "t-1")
    dynamodb.answers({}, {})

    writes.write(ITEM, BEFORE, deferred=deferred)
    writes.write(ITEM, BEFORE)

    first, second = dynamodb.sent
    assert "owes = :owed" in first["ConditionExpression"].split(" AND ")
    assert from_dynamodb(first["ExpressionAttributeValues"])[":owed"] == ["t-1", ["A", -2, 2], ["B", -1, 1]]
    assert "attribute_not_exists(owes)" in second["ConditionExpression"].split(" AND ")
    assert ":owed" not in second["ExpressionAttributeValues"]


def test_a_debt_is_read_as_it_was_written() -> None:
    deferred = Deferred(MOVES)

    assert deferred_of(deferred.on(ITEM)) == deferred
    assert deferred_of(ITEM) is None
    assert Deferred(MOVES).token != deferred.token


def test_what_a_stored_order_must_still_be_is_read_from_it() -> None:
    def condition(**changes: Any) -> tuple[list[str], dict[str, Any]]:
        return Before.of(order_to_item(order(**changes))).condition()

    parts, values = condition(revision=7)
    assert (parts, values[":r"]) == (["#s = :s", "revision = :r"], 7)
    parts, values = condition()
    assert (parts, values[":r"]) == (["#s = :s", "attribute_not_exists(revision)"], None)


def test_moves_name_each_product_once() -> None:
    one = order()

    assert moves_of(one, -1, 1) == [StockMove("LAPTOP001", -1, 1)]
    assert moves_of(one, -1, 1)[0].reversed() == StockMove("LAPTOP001", 1, -1)


@pytest.mark.parametrize("reasons", [("None", "ValidationError", "None"), ("ItemCollectionSizeLimitExceeded",) * 3])
def test_a_transaction_that_was_cancelled_for_another_reason_is_no_answer_about_stock(
    dynamodb: Stub, writes: OrderWrites, reasons: tuple[str, ...]
) -> None:
    dynamodb.answers(cancelled(*reasons))

    with pytest.raises(ClientError):
        writes.write(ITEM, BEFORE, MOVES)
    assert len(dynamodb.calls) == 1
