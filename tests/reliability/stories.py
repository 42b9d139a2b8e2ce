"""The orders whose every crash point is tried, and how each ends when nothing goes wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from chalicelib.orders.model import Line

from tests.reliability.faults import Kind
from tests.reliability.simulation import IN_STOCK, Story

_LAPTOP_AT_A_EURO = Line("LAPTOP001", "", 1, Decimal("1.00"))
_TOO_MANY = Line("LAPTOP001", "", IN_STOCK + 1, Decimal("1299.99"))
_NOTHING_WE_KNOW = Line("NOTHING", "", 1, Decimal("1.00"))
_SEVERAL = (
    Line("LAPTOP001", "", 1, Decimal("1299.99")),
    Line("MOUSE001", "", 2, Decimal("20.00")),
    Line("LAPTOP001", "", 1, Decimal("1299.99")),
)


def _of(line: Line) -> dict[str, Any]:
    return {"lines": (line,), "total_amount": line.total}


def paying_with(method: str) -> dict[str, str]:
    return {"payment_method": method}


PAYS = Story("an order that is paid")
SEVERAL = Story("an order of several lines", order={"lines": _SEVERAL, "total_amount": Decimal("2639.98")})
TIMES_OUT = Story("a payment that times out once", order=paying_with("pm_sim_timeoutOnce"))
MANUAL = Story("an order that staff will ship", "CONFIRMED", order={"fulfilment": "manual"})
MANUAL_TIMES_OUT = Story(
    "an order that staff will ship, whose payment times out once",
    "CONFIRMED",
    order={"fulfilment": "manual", **paying_with("pm_sim_timeoutOnce")},
)
DECLINED = Story("a declined card", "FAILED", "CARD_DECLINED", paying_with("pm_card_chargeDeclined"))
INSUFFICIENT = Story(
    "a card without funds", "FAILED", "INSUFFICIENT_FUNDS", paying_with("pm_card_chargeDeclinedInsufficientFunds")
)
UNAVAILABLE = Story("a gateway that never answers", "FAILED", "PAYMENT_UNAVAILABLE", paying_with("pm_sim_unavailable"))
MANUAL_DECLINED = Story(
    "an order that staff will ship, with a declined card",
    "FAILED",
    "CARD_DECLINED",
    {"fulfilment": "manual", **paying_with("pm_card_chargeDeclined")},
)
OUT_OF_STOCK = Story("an order of too many", "FAILED", "OUT_OF_STOCK", _of(_TOO_MANY))
MISPRICED = Story("a wrong price", "FAILED", "PRICE_MISMATCH", _of(_LAPTOP_AT_A_EURO))
UNKNOWN = Story("a product we do not have", "FAILED", "PRODUCT_NOT_FOUND", _of(_NOTHING_WE_KNOW))

ALL = [
    PAYS,
    SEVERAL,
    TIMES_OUT,
    MANUAL,
    MANUAL_TIMES_OUT,
    DECLINED,
    INSUFFICIENT,
    UNAVAILABLE,
    MANUAL_DECLINED,
    OUT_OF_STOCK,
    MISPRICED,
    UNKNOWN,
]
CHARGED = [PAYS, TIMES_OUT, MANUAL, DECLINED, UNAVAILABLE]
"""Those that get as far as the gateway, one of each sort: for what is tried in pairs."""

NOTIFIED = {
    "COMPLETED": {"sms-created", "sms-completed", "mail-confirmation"},
    "CONFIRMED": {"sms-created", "mail-confirmation"},
    "FAILED": {"sms-created", "sms-failed", "mail-notice"},
}
"""The occasions on which the customer is notified, by how the order ends."""

every_kind = pytest.mark.parametrize("kind", Kind)
every_story = pytest.mark.parametrize("story", ALL, ids=str)
every_charge = pytest.mark.parametrize("story", CHARGED, ids=str)
