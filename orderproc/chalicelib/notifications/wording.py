"""What customers read when an order failed or was cancelled: why, what it means for their money, what they can do; and
where their shipments are.

One entry per error code of the contract, §4; codes that are not here get the general one."""

from __future__ import annotations

from dataclasses import dataclass

from ..kit.money import display
from ..orders.model import Order, ShipmentStatus, Status


@dataclass(frozen=True, slots=True)
class Explanation:
    """`reason` is one sentence, short enough for an SMS; `advice` is for the mail."""

    reason: str
    advice: str


_LATER = "Nothing is wrong on your side: please order again in a little while."
_ORDER_AGAIN = "You are welcome to order again at any time."
_BY_CODE = {
    "INVALID_ORDER": Explanation(
        "Your order reached us incomplete, or with something in it that can not be right.",
        "Please order again. If that fails too, tell the shop where you ordered.",
    ),
    "PRODUCT_NOT_FOUND": Explanation(
        "A product you ordered is no longer in our shop.",
        "Please look for something similar in our shop, and order the other things again if you still want them.",
    ),
    "PRICE_MISMATCH": Explanation(
        "The price of a product changed before we could take your order.",
        "Please check today's price, and order again if it suits you.",
    ),
    "OUT_OF_STOCK": Explanation(
        "We are sorry: something you ordered has just sold out.",
        "You can order fewer units or only the other things, or try again in a few days.",
    ),
    "CARD_DECLINED": Explanation(
        "Your bank declined the payment.",
        "Please order again with another card. Your bank can tell you why it declined this one.",
    ),
    "INSUFFICIENT_FUNDS": Explanation(
        "Your bank declined the payment: there is not enough money in the account.",
        "Please order again with another card, or once there is enough in the account.",
    ),
    "PAYMENT_UNAVAILABLE": Explanation("We could not reach our payment provider.", _LATER),
    "EXPIRED": Explanation("We are sorry: we could not complete your order in time.", _LATER),
    "CANCELLED_BY_CUSTOMER": Explanation("As you asked, we have cancelled your order.", _ORDER_AGAIN),
}
_GENERAL = {
    Status.CANCELLED: Explanation("Your order was cancelled.", _ORDER_AGAIN),
    Status.REFUNDED: Explanation("We have cancelled your order and refunded it.", _ORDER_AGAIN),
}
_UNKNOWN = Explanation("We are sorry: something went wrong on our side.", _LATER)
_NO_ANSWER = frozenset({"PAYMENT_UNAVAILABLE", "EXPIRED"})
_TITLES = {
    Status.CANCELLED: "Your order was cancelled",
    Status.REFUNDED: "Your order was refunded",
}


@dataclass(frozen=True, slots=True)
class ShipmentNews:
    """`news` has a place for the carrier's name and one for the time."""

    title: str
    news: str
    advice: str


SHIPMENTS = {
    ShipmentStatus.SHIPPED: ShipmentNews(
        "Your parcel is on its way",
        "We handed your parcel to {carrier} on {at}.",
        "With the tracking number you can see at {carrier} where it is.",
    ),
    ShipmentStatus.DELIVERED: ShipmentNews(
        "Your parcel has arrived",
        "{carrier} delivered your parcel on {at}.",
        "If you can not find it, please ask your neighbours, and then us.",
    ),
    ShipmentStatus.LOST: ShipmentNews(
        "Your parcel was lost",
        "We are sorry: {carrier} told us on {at} that your parcel will not arrive.",
        "Please write to us whether you would like the things again or your money back.",
    ),
}


def title(order: Order) -> str:
    """The headline of the notice about an unsuccessful order."""
    return _TITLES.get(order.status, "We could not complete your order")


def explanation(order: Order) -> Explanation:
    """Why an order was unsuccessful, and what to do next."""
    code = order.failure.code if order.failure else ""
    return _BY_CODE.get(code) or _GENERAL.get(order.status, _UNKNOWN)


def money(order: Order) -> str:
    """What an unsuccessful order means for the customer's money."""
    payment = order.payment
    if payment and payment.refunded >= payment.amount:
        amount = display(payment.refunded, order.currency)
        return f"We have refunded {amount}. Banks take up to ten days to show it in your account."
    if payment:
        amount = display(payment.amount - payment.refunded, order.currency)
        return f"We are refunding {amount}. Banks take up to ten days to show it in your account."
    if order.failure and order.failure.code in _NO_ANSWER:
        return "You owe us nothing. If your bank shows a payment anyway, it is refunded automatically."
    return "You have not been charged. Should your bank show the amount as reserved, it frees it within days."
