"""Counts to test with: what a shop's hour may bring."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from chalicelib.orders.model import Order
from chalicelib.reporting.counts import Number, added, time_step
from chalicelib.reporting.facts import facts_of
from chalicelib.reporting.hours import hour_of, hours_between
from chalicelib.reporting.ports import Counters

from tests.support.fakes.metrics import FakeCounters

STAGES = ("pending", "validating", "inventory_check", "payment_processing", "fulfillment", "total")


def count(counters: FakeCounters, orders: Iterable[Order]) -> None:
    """As the counting does it, each fact in its quarter of its hour."""
    for order in orders:
        for fact in facts_of(order).values():
            moment = datetime.fromisoformat(fact.at)
            counters.count(hour_of(moment), dict(fact.counts), moment.minute // 15)


def sold(orders: int, amount: str = "10.00", currency: str = "EUR") -> dict[str, Number]:
    """So many orders placed and paid for, of this amount each."""
    total = Decimal(amount) * orders
    return {
        "placed": orders,
        "placed/queue": orders,
        f"value/{currency}": total,
        "sold": orders,
        f"sold/{currency}": orders,
        f"revenue/{currency}": total,
        "completed": orders,
    }


def busy_hour(chance: random.Random) -> list[dict[str, Number]]:
    """The quarters of an hour of a shop with some thousand orders a month: all kinds of names, many steps of times."""
    quarters = []
    for _ in range(4):
        parts: list[dict[str, Number]] = [
            sold(chance.randint(1, 400), "59.99"),
            sold(chance.randint(0, 20), "1500", "JPY"),
        ]
        parts.append({"failed": 7, "failed/OUT_OF_STOCK": 4, "failed/CARD_DECLINED": 3, "score/5": 3, "score/1": 1})
        for stage in STAGES:
            parts += [{f"time/{stage}/{time_step(round(chance.lognormvariate(5, 1)))}": 1} for _ in range(40)]
        quarters.append(added(parts))
    return quarters


def summed(
    counters: Counters, first: str, last: str, quarters: Sequence[list[dict[str, Number]]]
) -> list[list[dict[str, Number]]]:
    """Sums of all hours from one to the other, of these quarters in turn; returns them."""
    found = []
    for n, hour in enumerate(hours_between(first, last)):
        found.append(quarters[n % len(quarters)])
        counters.put_sums(hour, found[-1], 1)
    return found
