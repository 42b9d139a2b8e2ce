"""Orders as DynamoDB items: what travels, and what a newer version may add."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal

import pytest
from chalicelib.kit.dynamodb import from_dynamodb, to_dynamodb
from chalicelib.orders.items import customer_key, order_from_item, order_to_item, shard_of
from chalicelib.orders.model import ALL_EVENTS, Address, Duty, HistoryRow, Line, Order, Status

from tests.support.builders.examples import order

NOW = "2026-11-21T14:31:00.000Z"
COMPLETED = (HistoryRow(Status.PENDING, NOW), HistoryRow(Status.COMPLETED, NOW))


def test_attributes_of_a_newer_version_are_ignored() -> None:
    placed = order()
    item = order_to_item(placed) | to_dynamodb({"giftWrap": True, "ribbons": ["a", {"b": 1}]})

    assert order_from_item(item) == placed


def test_nothing_is_stored_of_what_is_not_there() -> None:
    item = order_to_item(order(phone_number=None, shipping_address=None).moved(Status.CANCELLED, NOW))

    absent = {"phone", "address", "payment", "error", "stock", "print", "handovers", "openShard"}
    absent |= {"billing", "number", "reference", "note", "metadata", "locale", "tags"}
    assert not (absent | {"todo", "news", "tries", "retryAt"}) & item.keys()


def test_an_address_without_a_name_is_stored_as_all_were_before() -> None:
    item = order_to_item(order())

    assert from_dynamodb(item)["address"] == ["123 Main St", "Anytown", "CA", "12345", "US"]
    assert "addressMore" not in item


def test_what_an_address_has_more_is_an_attribute_that_an_older_version_passes_over() -> None:
    address = Address("123 Main St", "Anytown", "CA", "12345", "US", name="Ann Smith", street2="2nd floor")
    placed = order(shipping_address=address)

    item = order_to_item(placed)

    assert from_dynamodb(item)["address"] == ["123 Main St", "Anytown", "CA", "12345", "US"]
    assert from_dynamodb(item)["addressMore"] == ["Ann Smith", "", "2nd floor"]
    assert order_from_item(item) == placed


@pytest.mark.parametrize(
    ("titles", "stored"),
    [
        (("Laptop", "Mouse"), {"BOOL": True}),
        (("Gaming Laptop", "Mouse"), {"L": [{"S": "Gaming Laptop"}, {"S": "Mouse"}]}),
        (("", "Mouse"), {"L": [{"S": ""}, {"S": "Mouse"}]}),
        (("", ""), None),
    ],
    ids=str,
)
def test_titles_cost_next_to_nothing_where_lines_are_called_by_them(titles: tuple[str, str], stored: object) -> None:
    called = zip(("Laptop", "Mouse"), titles, strict=True)
    placed = order(lines=tuple(Line(name, name, 1, Decimal("649.99"), title) for name, title in called))

    item = order_to_item(placed)

    assert item.get("titles") == stored
    assert order_from_item(item) == placed
    assert all(len(line["L"]) == 4 for line in item["lines"]["L"])  # an older version reads these, and no others


def test_an_order_has_no_field_that_is_not_stored() -> None:
    """Whoever adds a field must store it: then the round trips of `tests/contract` are to be extended, and this."""
    stored = {
        *("order_id", "owner", "customer_id", "customer_email", "lines", "currency", "total_amount", "created_at"),
        *("history", "payment_method", "phone_number", "shipping_address", "workflow", "fulfilment", "reservation"),
        *("payment", "failure", "correlation_id", "fingerprint", "handovers", "tries", "duties", "unpublished"),
        *("retry_at", "shipments", "feedback", "from_cart", "cart_version", "attention", "revision", "tags"),
        *("order_number", "reference", "note", "metadata", "locale", "billing_address"),
    }

    assert {field.name for field in fields(Order)} == stored


def test_only_an_open_order_has_a_place_in_the_open_index() -> None:
    placed = order()

    assert order_to_item(placed)["openShard"] == {"S": shard_of(placed.order_id)}
    cancelled = placed.moved(Status.CANCELLED, NOW)
    assert "openShard" not in order_to_item(cancelled)
    for left in (replace(cancelled, duties=frozenset({Duty.REFUND})), replace(cancelled, unpublished=("OrderFailed",))):
        assert "openShard" in order_to_item(left)
        assert order_from_item(order_to_item(left)) == left


@pytest.mark.parametrize(
    ("order_as_it_was", "duties"),
    [
        (order(workflow="queue").moved(Status.CANCELLED, NOW), {Duty.REFUND}),
        (order(history=COMPLETED, workflow="stepfunctions", from_cart=True), {Duty.CART, Duty.RECEIPT}),
        (order(history=COMPLETED), set()),
    ],
    ids=["cancelled", "from a cart", "completed"],
)
def test_an_order_stored_as_open_without_a_word_of_why_has_everything_left_to_do(
    order_as_it_was: Order, duties: set[Duty]
) -> None:
    item = order_to_item(order_as_it_was) | to_dynamodb({"openShard": "3"})

    read = order_from_item(item)

    assert (read.duties, read.unpublished, read.open) == (duties, ALL_EVENTS, True)


def test_what_an_index_holds_never_changes_while_an_order_goes_on() -> None:
    """A changed key would cost a write of each index more."""
    placed = order()
    moved = placed.moved(placed.status.VALIDATING, "2026-11-21T14:30:26.000Z")

    for name in ("orderId", "customerKey", "owner", "createdAt", "openShard"):
        assert order_to_item(moved)[name] == order_to_item(placed)[name]


@pytest.mark.parametrize("detail", ["", "Ready for shipping"])
def test_the_details_of_the_history_come_back(detail: str) -> None:
    moved = order().moved(Status.VALIDATING, NOW, detail)

    assert order_from_item(order_to_item(moved)).history == moved.history


def test_open_orders_spread_over_all_shards() -> None:
    shards = {shard_of(f"order-{n}") for n in range(200)}

    assert shards == {str(n) for n in range(8)}


def test_an_owner_that_could_pass_for_another_is_refused() -> None:
    assert customer_key("p-a", "b|c") != customer_key("p-a", "b")
    with pytest.raises(ValueError, match="can't own orders"):
        customer_key("p-a|b", "c")


def test_none_is_left_out_and_everything_else_comes_back() -> None:
    values = {"text": "é", "number": 7, "yes": True, "list": ["a", 1], "empty": ""}

    assert from_dynamodb(to_dynamodb({**values, "none": None})) == values


def test_deferred_stock_updates_keep_an_order_open_and_are_no_word_of_its_own() -> None:
    done = order(history=COMPLETED)
    item = order_to_item(done) | to_dynamodb({"openShard": "3", "owes": ["token"]})

    read = order_from_item(item)

    assert (read.duties, read.unpublished, read.open) == ({Duty.STOCK}, (), True)
    assert "todo" not in order_to_item(read)
