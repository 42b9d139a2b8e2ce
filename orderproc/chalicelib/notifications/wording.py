"""Which texts hold when an order failed or was cancelled: why, what it means for the customer's money, what they can
do; and where their shipments are. The texts themselves are in `assets/texts`.

There is one reason and one piece of advice per error code of the contract, §4; codes without get the general ones."""

from __future__ import annotations

from dataclasses import dataclass

from ..kit.language import Language
from ..orders.model import Order, Status


@dataclass(frozen=True, slots=True)
class Explanation:
    """`reason` is one sentence, short enough for an SMS; `advice` is for the mail."""

    reason: str
    advice: str


CODES = (
    *("INVALID_ORDER", "PRODUCT_NOT_FOUND", "PRICE_MISMATCH", "OUT_OF_STOCK", "CARD_DECLINED", "INSUFFICIENT_FUNDS"),
    *("PAYMENT_UNAVAILABLE", "EXPIRED", "CANCELLED_BY_CUSTOMER"),
)
_NO_ANSWER = frozenset({"PAYMENT_UNAVAILABLE", "EXPIRED"})


def title(order: Order, language: Language) -> str:
    """The headline of the notice about an unsuccessful order."""
    ended = {Status.CANCELLED: "cancelled", Status.REFUNDED: "refunded"}.get(order.status, "failed")
    return language.say(f"notice.{ended}")


def explanation(order: Order, language: Language) -> Explanation:
    """Why an order was unsuccessful, and what to do next."""
    code = order.failure.code if order.failure else ""
    if code not in CODES:
        code = order.status.value if order.status in (Status.CANCELLED, Status.REFUNDED) else "OTHER"
    return Explanation(language.say(f"reason.{code}"), language.say(f"advice.{code}"))


def money(order: Order, language: Language) -> str:
    """What an unsuccessful order means for the customer's money."""
    payment = order.payment
    if payment and payment.refunded >= payment.amount:
        return language.say("money.refunded", amount=language.money(payment.refunded, order.currency))
    if payment:
        left = payment.amount - payment.refunded
        return language.say("money.refunding", amount=language.money(left, order.currency))
    if order.failure and order.failure.code in _NO_ANSWER:
        return language.say("money.unknown")
    return language.say("money.none")
