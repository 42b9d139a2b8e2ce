"""What every order must be: one rule for all ways in, and a store that takes nothing it could not read back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import InvalidRequest
from chalicelib.kit.money import MAX_AMOUNT, digits
from chalicelib.kit.schemas import AMOUNT
from chalicelib.orders.items import order_from_item, order_to_item
from chalicelib.orders.model import Line, Order, Payment, PaymentStatus, Status, total_of
from chalicelib.orders.rules import order_errors
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders.examples import SETTINGS, command, order
from tests.support.fakes.adapters import FakeAdapters

A_CENT = Decimal("0.01")


def lines(*prices: str, quantity: int = 1) -> tuple[Line, ...]:
    return tuple(Line(f"P{n}", "", quantity, Decimal(price)) for n, price in enumerate(prices))


WRONG: dict[str, tuple[tuple[Line, ...], str, Decimal, set[str]]] = {
    "euros among yen": (lines("1000", "7.95"), "JPY", Decimal("1007.95"), {"items[1].price", "totalAmount"}),
    "no currency": (lines("1.00"), "XXX", Decimal("1.00"), {"currency"}),
    "none at all": (lines("1.00"), "", Decimal("1.00"), {"currency"}),
    "a total too large": (lines("999999999.99", "0.01"), "EUR", MAX_AMOUNT + A_CENT, {"totalAmount"}),
    "a line too large": (
        lines("999999999.99", quantity=10_000),
        "EUR",
        MAX_AMOUNT * 10_000,
        {"items[0].price", "totalAmount"},
    ),
    "a price too large": (lines("1000000000.00"), "EUR", Decimal(1000000000), {"items[0].price", "totalAmount"}),
    "a part of a cent": (lines("0.001"), "EUR", Decimal("0.001"), {"items[0].price", "totalAmount"}),
    "less than nothing": (lines("-1.00"), "EUR", Decimal("-1.00"), {"items[0].price", "totalAmount"}),
    "no number": (lines("NaN"), "EUR", Decimal("1.00"), {"items[0].price"}),
    "without end": (lines("Infinity"), "EUR", Decimal("Infinity"), {"items[0].price", "totalAmount"}),
    "no quantity": (lines("1.00", quantity=0), "EUR", Decimal("0.00"), {"items[0].quantity"}),
    "another sum": (lines("1.00", "2.00"), "EUR", Decimal("3.01"), {"totalAmount"}),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_an_orders_amounts_is_named(case: str) -> None:
    of, currency, total, fields = WRONG[case]

    assert {error.field for error in order_errors(of, currency, total)} == fields


@pytest.mark.parametrize(
    ("of", "currency"),
    [
        (lines("999999999.99"), "EUR"),
        (lines("499999999.99", "500000000.00"), "EUR"),
        (lines("999999999"), "JPY"),
        (lines("0.001"), "KWD"),
        (lines("0.00"), "EUR"),
        (lines("0", "0", quantity=7), "JPY"),
        ((), "EUR"),
    ],
)
def test_up_to_the_maximum_and_down_to_nothing_all_is_right(of: tuple[Line, ...], currency: str) -> None:
    assert order_errors(of, currency, total_of(of)) == []


def test_the_documented_maximum_is_the_one_that_is_judged_by() -> None:
    assert Decimal(str(AMOUNT["maximum"])) == MAX_AMOUNT


@pytest.mark.parametrize("case", WRONG)
def test_it_is_judged_before_it_is_stored(case: str) -> None:
    fakes = FakeAdapters()
    of, currency, total, fields = WRONG[case]
    accept = Services(SETTINGS, fakes).orders.accept

    with pytest.raises(InvalidRequest) as refused:
        accept(command(lines=of, currency=currency, total_amount=total))

    assert {error.field for error in refused.value.errors} == fields
    assert fakes.store.orders == {}
    assert fakes.queue.messages == []


UNSTORABLE: dict[str, dict[str, Any]] = {
    "another currency's digits": {"lines": lines("7.95"), "currency": "JPY", "total_amount": Decimal(8)},
    "a total with other digits": {"currency": "EUR", "total_amount": Decimal("1.001")},
    "a total beyond all reading": {"total_amount": Decimal("9999999999900.00")},
    "no currency": {"currency": "XXX"},
    "a payment with other digits": {"payment": Payment(PaymentStatus.CAPTURED, "r", Decimal("1.001"), Decimal(0))},
    "a refund with other digits": {"payment": Payment(PaymentStatus.CAPTURED, "r", Decimal(1), Decimal("0.001"))},
}


@pytest.mark.parametrize("case", UNSTORABLE)
def test_what_could_not_be_read_back_is_not_written(case: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        order_to_item(order(**UNSTORABLE[case]))


@st.composite
def accepted(draw: st.DrawFn) -> Order:
    """Any order whose amounts are right."""
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    price = st.decimals(0, 99_999, places=digits(currency))
    line = st.builds(Line, st.just("P"), st.just("Name"), st.integers(1, 99), price)
    of = tuple(draw(st.lists(line, min_size=1, max_size=5)))
    return order(
        lines=of, currency=currency, total_amount=total_of(of), cart_version=draw(st.sampled_from(["", "a.1"]))
    )


@given(accepted())
def test_an_accepted_order_is_read_back_as_it_was(placed: Order) -> None:
    assert order_errors(placed.lines, placed.currency, placed.total_amount) == []

    stored = order_from_item(order_to_item(placed))

    assert stored == replace(placed, from_cart=bool(placed.cart_version))


def test_an_order_of_before_the_maximum_was_judged_is_still_read() -> None:
    """It must end, and its money can be given back."""
    old = order(total_amount=Decimal("999999999999.99"))

    assert order_from_item(order_to_item(old)) == old


def test_the_cart_of_an_order_from_before_carts_had_versions_is_known() -> None:
    old = order(from_cart=True)

    assert order_to_item(old)["cart"] == {"BOOL": True}
    assert order_from_item(order_to_item(old)) == old


@pytest.mark.parametrize(
    ("through", "second"),
    [(["FULFILLMENT", "COMPLETED"], 5), (["CONFIRMED"], 4), (["CONFIRMED", "FULFILLMENT", "COMPLETED"], 4), ([], None)],
)
def test_an_order_succeeded_when_it_was_first_confirmed_or_completed(through: list[str], second: int | None) -> None:
    now = order()
    for n, status in enumerate(["VALIDATING", "INVENTORY_CHECK", "PAYMENT_PROCESSING", *through], 1):
        now = now.moved(Status(status), f"2026-11-21T14:31:{n:02d}.000Z")

    assert now.succeeded_at == (f"2026-11-21T14:31:{second:02d}.000Z" if second else None)
