"""Money: exact decimals in the currency's own digits (ISO 4217), never binary floating point."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

# ISO 4217 list one, active currencies with their minor units (https://www.iso.org/iso-4217-currency-codes.html).
_TWO_DIGITS = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP "
    "CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS "
    "INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN "
    "MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE "
    "SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG"
)
_DIGITS: dict[str, int] = {
    **dict.fromkeys(_TWO_DIGITS.split(), 2),
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CNY": "CN¥", "INR": "₹", "PLN": "zł", "UAH": "₴"}

MAX_AMOUNT = Decimal("999999999.99")
"""The largest amount that is taken, in any currency: of a price, of a line, and of a total."""
_MAX_STORED = Decimal("999999999999.999")
"""The largest amount that is read back: orders from before MAX_AMOUNT was judged on every way in must still end."""


def is_currency(code: str) -> bool:
    """Whether `code` is an active ISO 4217 currency."""
    return code in _DIGITS


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

    Raises ValueError where that would change the value: an amount is never rounded in silence."""
    value = Decimal(amount)
    if not is_exact(value, currency):
        raise ValueError(f"{amount} is not an amount in {currency}")
    rounded = value.quantize(_quantum(currency))
    return rounded or abs(rounded)  # nobody has `-0.00`


def display(amount: Decimal, currency: str) -> str:
    """For people: `€149.99`, `¥1500`, `CHF 20.00`."""
    symbol = _SYMBOLS.get(currency)
    number = f"{exact(amount, currency)}"
    return f"{symbol}{number}" if symbol else f"{currency} {number}"


def _quantum(currency: str) -> Decimal:
    try:
        return Decimal(1).scaleb(-_DIGITS[currency])
    except (KeyError, InvalidOperation):
        raise ValueError(f"{currency} is not an ISO 4217 currency") from None
