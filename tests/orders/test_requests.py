"""The limits of an order's request: the last value that is accepted, and the first that is not."""

from __future__ import annotations

from typing import Any

import pytest
from chalicelib.kit.validation import read
from chalicelib.orders import requests
from chalicelib.orders.schema import CLAIM_REQUEST, FLAT_ORDER, ORDER_REQUEST

from tests.support.builders.examples import body

ITEM = {"productId": "MUG001", "quantity": 1}
LIMITS: list[tuple[str, list[Any], list[Any]]] = [
    ("reference", ["x", "x" * 64], ["", "x" * 65]),
    ("note", ["", "x" * 500], ["x" * 501]),
    ("items", [[ITEM], [ITEM] * 100], [[], [ITEM] * 101]),
]
OF_A_LINE: list[tuple[str, list[Any], list[Any]]] = [
    ("name", ["x", "x" * 200], ["", "x" * 201]),
    ("quantity", [1, 10_000], [0, 10_001]),
]


def wrong(**changes: Any) -> list[str]:
    return [error.field for error in read(body(**changes), ORDER_REQUEST)[1]]


@pytest.mark.parametrize(("field", "accepted", "refused"), LIMITS, ids=lambda value: str(value)[:20])
def test_the_last_value_is_accepted_and_the_next_refused(field: str, accepted: list[Any], refused: list[Any]) -> None:
    assert [wrong(**{field: value}) for value in accepted] == [[]] * len(accepted)
    assert [wrong(**{field: value}) for value in refused] == [[field]] * len(refused)


@pytest.mark.parametrize(("field", "accepted", "refused"), OF_A_LINE, ids=lambda value: str(value)[:20])
def test_so_it_is_in_a_line(field: str, accepted: list[Any], refused: list[Any]) -> None:
    for value in accepted:
        assert wrong(items=[{**ITEM, field: value}]) == []
    for value in refused:
        assert wrong(items=[ITEM, {**ITEM, field: value}]) == [f"items[1].{field}"]


@pytest.mark.parametrize(
    ("field", "accepted", "refused"),
    [("Product", ["x", "x" * 200], ["", "x" * 201]), ("Quantity", [1, 10_000], [0, 10_001])],
    ids=lambda value: str(value)[:20],
)
def test_so_it_is_in_an_announced_order(field: str, accepted: list[Any], refused: list[Any]) -> None:
    flat = {"Product": "MUG001", "Quantity": 1}

    assert [read({**flat, field: value}, FLAT_ORDER)[1] for value in accepted] == [[]] * len(accepted)
    for value in refused:
        assert [error.field for error in read({**flat, field: value}, FLAT_ORDER)[1]] == [field]


@pytest.mark.parametrize(("length", "fits"), [(1, True), (512, True), (0, False), (513, False)])
def test_an_order_token_has_up_to_512_characters(length: int, fits: bool) -> None:
    assert (read({"orderToken": "x" * length}, CLAIM_REQUEST)[1] == []) == fits


@pytest.mark.parametrize("named", [("currency",), ("price",), ("currency", "price")])
def test_an_order_that_names_a_currency_or_a_price_is_in_no_other(named: tuple[str, ...]) -> None:
    item = {**ITEM, "price": 5} if "price" in named else ITEM
    sent = {"items": [item, ITEM], **({"currency": "EUR"} if "currency" in named else {})}
    whole = body(**sent)
    for name in {"currency", "totalAmount"} - set(sent):
        whole.pop(name, None)

    command = requests.place_order(whole, owner="o", default_currency="EUR", idempotency_key=None, correlation_id="c")

    assert not command.currency_open
    assert command.total_open
