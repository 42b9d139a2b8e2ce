"""The contract's promises (§6), judged from the outside: by what lies in the stores, at the gateway, and in the hands
of the customer. Nothing here asks the code under test what it thinks; even the order of statuses is written anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from chalicelib.inventory.model import Stock
from chalicelib.orders.model import Order

_AUTO = ["PENDING", "VALIDATING", "INVENTORY_CHECK", "PAYMENT_PROCESSING", "FULFILLMENT", "COMPLETED"]
_MANUAL = [*_AUTO[:4], "CONFIRMED", "FULFILLMENT", "COMPLETED"]
_WORTH_SOMETHING = ("COMPLETED", "CONFIRMED")
_WORTH_NOTHING = ("FAILED", "CANCELLED", "REFUNDED")
_HOLDS = {"COMPLETED": "COMMITTED", "CONFIRMED": "COMMITTED"}
_ENDED_BY = {
    "COMPLETED": "OrderCompleted",
    "CONFIRMED": "PaymentCaptured",
    "FAILED": "OrderFailed",
    "CANCELLED": "OrderCancelled",
}


@dataclass(frozen=True)
class GatewayRow:
    """One row of the gateway's own ledger. `operation` is capture or refund; declined ones are not approved."""

    order_id: str
    operation: str
    approved: bool
    reference: str
    amount: Decimal


@dataclass(frozen=True)
class Facts:
    """All that can be seen. `events` are pairs of order id and type as they went out, repetitions included; `told` are
    pairs of order id and occasion, one for each mail and SMS that went out; `receipts` are keys of documents."""

    orders: Sequence[Order]
    stock: Mapping[str, Stock]
    stock_at_first: Mapping[str, int]
    gateway: Sequence[GatewayRow]
    events: Sequence[tuple[str, str]]
    notified: Sequence[tuple[str, str]]
    documents: Sequence[str]


def broken_at_any_time(facts: Facts) -> Iterator[str]:
    """What must hold after each single call, whoever is in the middle of what."""
    yield from _stock(facts)
    numbers = Counter(order.order_number for order in facts.orders)
    yield from (f"{times} orders have the number {number!r}" for number, times in numbers.items() if times > 1)
    for order in facts.orders:
        yield from _history(order)
        kept, captures = _money(facts, order)
        if not 0 <= kept <= order.total_amount:
            yield f"{order.order_id}: {kept} of {order.total_amount} taken"
        if captures > 1:
            yield f"{order.order_id}: charged {captures} times"


def broken_at_rest(facts: Facts) -> Iterator[str]:
    """What must hold when nothing is under way any more and nobody is waited for."""
    yield from broken_at_any_time(facts)
    for order in facts.orders:
        yield from _ended(order)
        yield from _paid(facts, order)
        yield from _published(facts, order)
        yield from _documents(facts, order)
    repeated = [notified for notified, times in Counter(facts.notified).items() if times > 1]
    if repeated:
        yield f"notified more than once: {repeated}"


def lost_from_sight(facts: Facts, dead_letters: Collection[str]) -> list[str]:
    """Orders for which something is left to be done although nobody will: neither the housekeeper, who looks after open
    orders, nor staff, who see the ids in `dead_letters`."""
    unseen = [order for order in facts.orders if not order.open and order.order_id not in dead_letters]
    judges = (_ended, partial(_paid, facts), partial(_published, facts))
    return [what for order in unseen for judge in judges for what in judge(order)]


def _stock(facts: Facts) -> Iterator[str]:
    for product_id, stock in facts.stock.items():
        units = {
            state: sum(o.quantities().get(product_id, 0) for o in facts.orders if o.reservation.value == state)
            for state in ("HELD", "COMMITTED")
        }
        if stock.available < 0 or stock.reserved != units["HELD"]:
            yield f"{product_id}: {stock}, but open reservations are {units['HELD']}"
        if stock.available + stock.reserved + units["COMMITTED"] != facts.stock_at_first[product_id]:
            yield f"{product_id}: {stock} and {units['COMMITTED']} sold are not {facts.stock_at_first[product_id]}"


def _history(order: Order) -> Iterator[str]:
    statuses = [row.status.value for row in order.history]
    times = [row.at for row in order.history]
    if times != sorted(times):
        yield f"{order.order_id}: history out of order, {times}"
    way = _AUTO if order.fulfilment == "auto" else _MANUAL
    passed = statuses[:-1] if statuses[-1] in _WORTH_NOTHING else statuses
    if passed != way[: len(passed)]:
        yield f"{order.order_id}: no legal history, {statuses}"
    if statuses[-1] == "FAILED" and statuses[-2] in _WORTH_SOMETHING:
        yield f"{order.order_id}: failed after it had succeeded"


def _ended(order: Order) -> Iterator[str]:
    status = order.status.value
    if status not in (*_WORTH_SOMETHING, *_WORTH_NOTHING):
        yield f"{order.order_id}: lost in {status}"
    if order.open:
        yield f"{order.order_id}: {status} and never closed"
    held = order.reservation.value
    if held != _HOLDS.get(status, held) or (status in _WORTH_NOTHING and held in ("HELD", "COMMITTED")):
        yield f"{order.order_id}: {status} with its reservation {held}"
    if (order.failure is None) == (status in _WORTH_NOTHING):
        yield f"{order.order_id}: {status} with error {order.failure}"


def _paid(facts: Facts, order: Order) -> Iterator[str]:
    kept, captures = _money(facts, order)
    worth = order.total_amount if order.status.value in _WORTH_SOMETHING else Decimal(0)
    if kept != worth:
        yield f"{order.order_id}: {order.status} is worth {worth}, but {kept} was kept"
    payment = order.payment
    if not captures:
        if payment is not None:
            yield f"{order.order_id}: shows {payment}, but nothing was captured"
        return
    if payment is None:
        yield f"{order.order_id}: a payment was captured, but the order shows none"
    elif (payment.amount, payment.amount - payment.refunded) != (order.total_amount, worth):
        yield f"{order.order_id}: shows {payment}, but {kept} of {order.total_amount} was kept"
    elif (payment.status.value == "REFUNDED") != (worth == 0):
        yield f"{order.order_id}: shows {payment.status}, but is {order.status}"


def _money(facts: Facts, order: Order) -> tuple[Decimal, int]:
    """What the gateway keeps of the order, and how many captures it made."""
    mine = [row for row in facts.gateway if row.order_id == order.order_id and row.approved]
    captured = [row.amount for row in mine if row.operation == "capture"]
    refunded = [row.amount for row in mine if row.operation == "refund"]
    return sum(captured, Decimal(0)) - sum(refunded, Decimal(0)), len(captured)


def _published(facts: Facts, order: Order) -> Iterator[str]:
    types = {event_type for order_id, event_type in facts.events if order_id == order.order_id}
    reached = {row.status.value for row in order.history}
    expected = {"OrderPlaced"} | {_ENDED_BY[status] for status in reached & _ENDED_BY.keys()}
    if order.shipments:
        expected.add("OrderShipped")
    if any(row.approved and row.operation == "refund" for row in facts.gateway if row.order_id == order.order_id):
        expected.add("OrderRefunded")
    if not expected <= types:
        yield f"{order.order_id}: {order.status}, but {expected - types} was never published"
    untrue = {event_type for status, event_type in _ENDED_BY.items() if status not in reached} - {"PaymentCaptured"}
    if untrue & types:
        yield f"{order.order_id}: {order.status}, but {untrue & types} was published"


def _documents(facts: Facts, order: Order) -> Iterator[str]:
    mine = [key for key in facts.documents if order.order_id in key]
    if len(mine) > 2 or len(mine) != len(set(mine)):
        yield f"{order.order_id}: too many documents, {mine}"
    if order.status.value in _WORTH_SOMETHING and len(mine) != 2:
        yield f"{order.order_id}: {order.status}, but its documents are {mine}"
    if mine and all(row.status.value not in _WORTH_SOMETHING for row in order.history):
        yield f"{order.order_id}: never succeeded, but has {mine}"
