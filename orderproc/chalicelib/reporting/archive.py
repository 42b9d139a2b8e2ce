"""What became of orders, by the day: with the orders themselves, all that counters can be made of again.

| folder | holds | written by |
|---|---|---|
| `orders/<yyyy>/<mm>/<dd>/` | each sale, by the day the order was placed | receipts |
| `ended/<yyyy>/<mm>/<dd>/` | every other end, and what happened after a sale, by the day it happened | counting |

A day's facts are those in its two folders and of the orders that are still open; no other day need be read. (What was
never counted is missing here, and read from the table.) So what happens to an order on another day than it was placed
on is in that day's folder `ended`; and how an order became unsuccessful is in the folder of the day it
was placed on, too, for a sale that ended before its receipt was written is in no folder `orders`, and so is a sale of a
later day, whose receipt may be written when that day's counters are compared already.

A key ends in the number of the order's facts, so that an old record that comes once more never replaces a newer state;
and as facts never go away, of two states of an order both may be read, in any order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ..documents.ports import Documents
from ..kit.concurrency import Few
from ..kit.errors import Damaged
from ..kit.jsonio import dumps, loads
from ..kit.money import exact
from ..kit.wiring import service
from ..orders.model import UNSUCCESSFUL, Failure, Feedback, HistoryRow, Order, Payment, PaymentStatus, Status
from ..orders.views import order_view
from .facts import Fact, facts_of, new_facts, sold_at
from .ports import Change

FOLDERS = ("orders", "ended")


@service
class OrderArchive:
    documents: Documents
    few: Few

    def keep(self, changes: list[Change]) -> None:
        """Store what counting alone knows of. Again is harmless."""
        wanted = {key: change.after for change in changes for key in _keys(change)}

        def put(entry: tuple[str, Order]) -> None:
            self.documents.put(entry[0], archived(entry[1]), "application/json")

        self.few(put, wanted.items())

    def facts_on(self, day: str) -> Iterator[Fact]:
        """Facts of the orders in the day's folders (`2026-11-21`), of other days among them and some twice.

        Raises Damaged for an entry that can't be read."""
        for folder in FOLDERS:
            keys = self.documents.keys(f"{folder}/{day.replace('-', '/')}/")
            for facts in self.few(self._facts_in, keys):
                yield from facts

    def _facts_in(self, key: str) -> list[Fact]:
        content = self.documents.get(key)
        if content is None:  # removed since it was listed
            return []
        try:
            return list(facts_of(order_in(loads(content))).values())
        except (ValueError, KeyError, TypeError) as error:
            raise Damaged(f"{key} can't be read as an order of the archive ({error!r}).") from error


def archived(order: Order) -> bytes:
    """As the archive keeps it."""
    return dumps(archive_view(order)).encode()


def archive_view(order: Order) -> dict[str, Any]:
    """The order as everybody sees it, with what the customer thought of it."""
    return order_view(order)


def order_in(view: Mapping[str, Any]) -> Order:
    """The order of an `archive_view` or `order_view`, as far as its facts go: without lines, addresses, shipments."""
    currency = view["currency"]
    payment, failure, feedback = view.get("payment"), view.get("error"), view.get("feedback")
    return Order(
        order_id=view["orderId"],
        owner="",
        customer_id=view["customerId"],
        customer_email="",
        lines=(),
        currency=currency,
        total_amount=exact(Decimal(view["totalAmount"]), currency),
        created_at=view["createdAt"],
        history=tuple(HistoryRow(Status(row["status"]), row["at"]) for row in view["history"]),
        payment_method=view["paymentMethod"],
        workflow=view["workflow"],
        payment=_payment(payment, currency) if payment else None,
        failure=Failure(failure["code"], failure["message"]) if failure else None,
        feedback=Feedback(int(feedback["score"]), feedback["comment"], feedback["at"]) if feedback else None,
    )


def _payment(view: Mapping[str, Any], currency: str) -> Payment:
    amount, refunded = (exact(Decimal(view[name]), currency) for name in ("amount", "refunded"))
    return Payment(PaymentStatus(view["status"]), view["reference"], amount, refunded)


def _keys(change: Change) -> list[str]:
    """Where this change is kept. A sale on the day the order was placed is in `orders`: its receipt puts it there."""
    after, placed_on = change.after, change.after.created_at[:10]
    new = new_facts(change.before, after)
    days = {fact.at[:10] for fact in new}
    if not days:
        return []
    sold_on = (sold_at(after) or placed_on)[:10]
    if after.status in UNSUCCESSFUL or (sold_on != placed_on and sold_on in days):
        days.add(placed_on)
    elif (change.before is None or not sold_at(change.before)) and not any(fact.name == "score" for fact in new):
        days.discard(placed_on)  # still open, or sold just now; its receipt is written without what was thought of it
    number = len(facts_of(after))
    return [f"ended/{day.replace('-', '/')}/{after.order_id}.{number}.json" for day in sorted(days)]
