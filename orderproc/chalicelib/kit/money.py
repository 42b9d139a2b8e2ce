"""Money: exact decimals in the currency's own digits (ISO 4217), never binary floating point."""

from __future__ import annotations

from decimal import Decimal

from . import codes

_ACTIVE: dict[str, int] = {code: digits for digits, some in codes.CURRENCIES.items() for code in some.split()}
_DIGITS: dict[str, int] = {**dict.fromkeys(codes.WITHDRAWN.split(), 2), **_ACTIVE}
"""A withdrawn currency has the most digits that any of them had, so that every old amount in it can be read."""
_QUANTA: dict[str, Decimal] = {code: Decimal(1).scaleb(-digits) for code, digits in _DIGITS.items()}
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CNY": "CN¥", "INR": "₹", "PLN": "zł", "UAH": "₴"}

MAX_AMOUNT = Decimal("999999999.99")
"""The largest amount that is accepted, in any currency: of a price, of a line, and of a total."""
_MAX_STORED = Decimal("999999999999.999")
"""The largest amount that is read back: orders from before MAX_AMOUNT was judged on every way in must still end."""


def is_currency(code: str) -> bool:
    """Whether `code` is an active ISO 4217 currency: new prices and orders are in one."""
    return code in _ACTIVE


def digits(currency: str) -> int:
    """How many digits the currency has behind the point: 2 for EUR, 0 for JPY, 3 for KWD. Raises KeyError."""
    return _DIGITS[currency]


def is_exact(amount: Decimal, currency: str) -> bool:
    """Whether `amount` can be paid in `currency`: finite, not absurdly large, no digits beyond the currency's."""
    if not amount.is_finite() or abs(amount) > _MAX_STORED:
        return False
    return amount == amount.quantize(_quantum(currency))


def exact(amount: Decimal | int, currency: str) -> Decimal:
    """`amount` with exactly the currency's digits (`1200` EUR → `1200.00`).

    Raises ValueError where that would change the value: an amount is never rounded silently."""
    value = Decimal(amount)
    if not is_exact(value, currency):
        raise ValueError(f"{amount} is not an amount in {currency}")
    rounded = value.quantize(_quantum(currency))
    return rounded or abs(rounded)  # no amount is `-0.00`


def display(amount: Decimal, currency: str) -> str:
    """For people: `€149.99`, `¥1500`, `CHF 20.00`."""
    symbol = _SYMBOLS.get(currency)
    number = f"{exact(amount, currency)}"
    return f"{symbol}{number}" if symbol else f"{currency} {number}"


def _quantum(currency: str) -> Decimal:
    try:
        return _QUANTA[currency]
    except KeyError:
        raise ValueError(f"{currency} is not an ISO 4217 currency") from None
