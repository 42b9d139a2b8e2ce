"""Money is exact, in the currency's own digits, and never rounded in silence."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from chalicelib.kit.money import MAX_AMOUNT, digits, display, exact, is_currency, is_exact
from hypothesis import given
from hypothesis import strategies as st

CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "KRW", "KWD", "TND", "CHF", "PLN"])
ANY_NUMBER = st.decimals(allow_nan=True, allow_infinity=True)
FINITE = st.decimals(allow_nan=False, allow_infinity=False, min_value=-MAX_AMOUNT, max_value=MAX_AMOUNT)


@st.composite
def amounts(draw: st.DrawFn) -> tuple[Decimal, str]:
    """A payable amount and its currency."""
    currency = draw(CURRENCIES)
    units = draw(st.integers(min_value=0, max_value=10**12 - 1))
    return Decimal(units).scaleb(-digits(currency)), currency


@given(ANY_NUMBER, CURRENCIES)
def test_an_amount_keeps_its_value_or_is_refused(number: Decimal, currency: str) -> None:
    if is_exact(number, currency):
        assert exact(number, currency) == number
        assert -exact(number, currency).as_tuple().exponent == digits(currency)
    else:
        with pytest.raises(ValueError, match=currency):
            exact(number, currency)


@given(FINITE, CURRENCIES)
def test_what_is_exact_is_what_rounding_would_not_change(number: Decimal, currency: str) -> None:
    rounded = number.quantize(Decimal(1).scaleb(-digits(currency)), ROUND_HALF_EVEN)

    assert is_exact(number, currency) == (rounded == number)


@given(amounts())
def test_making_an_amount_exact_twice_changes_nothing(amount: tuple[Decimal, str]) -> None:
    number, currency = amount

    once = exact(number, currency)

    assert str(exact(once, currency)) == str(once)


@given(amounts(), st.integers(min_value=0, max_value=20))
def test_zeros_at_the_end_do_not_make_an_amount_inexact(amount: tuple[Decimal, str], zeros: int) -> None:
    number, currency = amount

    longer = Decimal(f"{number:f}{'' if '.' in f'{number:f}' else '.'}{'0' * zeros}")

    assert str(exact(longer, currency)) == str(exact(number, currency))


@given(st.lists(st.tuples(st.integers(1, 10_000), st.integers(0, 99_999_999_999)), min_size=1, max_size=100))
def test_a_hundred_lines_add_up_exactly(lines: list[tuple[int, int]]) -> None:
    total = sum((Decimal(cents).scaleb(-2) * quantity for quantity, cents in lines), Decimal(0))

    assert int(total.scaleb(2)) == sum(quantity * cents for quantity, cents in lines)


@pytest.mark.parametrize(
    "number",
    ["NaN", "sNaN", "Infinity", "-Infinity", "1e12", "0.001", f"0.{'0' * 30}1", "1e999999", "1e-999999"],
)
def test_what_nobody_can_pay_is_not_exact(number: str) -> None:
    assert not is_exact(Decimal(number), "EUR")


@pytest.mark.parametrize("code", ["DEM", "BGN", "HRK", "ANG", "SLL", "ITL"])
def test_an_amount_in_a_withdrawn_currency_can_be_read_and_no_new_one_is_made(code: str) -> None:
    assert not is_currency(code)
    assert [str(exact(Decimal(text), code)) for text in ("1500", "9.5", "9.55")] == ["1500.00", "9.50", "9.55"]
    assert display(Decimal("9.50"), code) == f"{code} 9.50"


@pytest.mark.parametrize(
    ("number", "currency", "text"),
    [
        (Decimal(1200), "EUR", "1200.00"),
        (1200, "EUR", "1200.00"),
        (Decimal("1E+3"), "EUR", "1000.00"),
        (Decimal("1500.00"), "JPY", "1500"),
        (Decimal("1.5"), "KWD", "1.500"),
        (Decimal("0.00"), "EUR", "0.00"),
        (Decimal("999999999999.99"), "EUR", "999999999999.99"),
    ],
)
def test_an_amount_has_its_currencys_digits(number: Decimal | int, currency: str, text: str) -> None:
    assert str(exact(number, currency)) == text


@pytest.mark.parametrize(("currency", "count"), [("EUR", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("HUF", 2)])
def test_currencies_have_the_digits_of_iso_4217(currency: str, count: int) -> None:
    assert digits(currency) == count


@pytest.mark.parametrize("code", ["", "eur", "EURO", "XXX", "EU", "€"])
def test_what_is_no_currency_is_refused(code: str) -> None:
    assert not is_currency(code)
    with pytest.raises(ValueError, match="not an ISO 4217 currency"):
        exact(Decimal(1), code)


@pytest.mark.parametrize(
    ("number", "currency", "text"),
    [
        (Decimal("149.99"), "EUR", "€149.99"),
        (Decimal(20), "EUR", "€20.00"),
        (Decimal(1500), "JPY", "¥1500"),
        (Decimal(20), "CHF", "CHF 20.00"),
        (Decimal("1.5"), "KWD", "KWD 1.500"),
    ],
)
def test_amounts_are_shown_to_people_with_symbol_or_code(number: Decimal, currency: str, text: str) -> None:
    assert display(number, currency) == text
