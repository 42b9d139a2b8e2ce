"""What there is to count about an order: facts, made from the order alone.

A fact never changes and never goes away once an order has it, so what the changes of an order add up to, each counted
as it came, is what its last state shows: `facts_of(new) - facts_of(old)`, summed over all changes, is
`facts_of(last)`. That is why counters can be rebuilt from an archive of last states and then equal what was counted."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from .clock import to_millis
from .counts import Number, time_step
from .order import Order, Status

_ENDS = (Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.REFUNDED)


@dataclass(frozen=True)
class Fact:
    """`name` tells it from the other facts of its order; it belongs into the hour of `at`."""

    order_id: str
    name: str
    at: str
    counts: tuple[tuple[str, Number], ...]


def facts_of(order: Order) -> dict[str, Fact]:
    """All facts about the order so far, by name."""
    found = [_placed(order), *_ends(order), *_stages(order)]
    if sold := order.reached(Status.CONFIRMED) or order.reached(Status.COMPLETED):
        of = order.currency
        found.append(_fact(order, "sold", sold, {"sold": 1, f"sold/{of}": 1, f"revenue/{of}": order.total_amount}))
        found += _refund(order)
    if order.feedback:
        found.append(_fact(order, "score", order.feedback.at, {f"score/{order.feedback.score}": 1}))
    return {fact.name: fact for fact in found}


def new_facts(before: Order | None, after: Order) -> list[Fact]:
    """What a change of the order added; `before` is None for an order just stored."""
    known = facts_of(before) if before else {}
    return [fact for name, fact in facts_of(after).items() if name not in known]


def _placed(order: Order) -> Fact:
    return _fact(
        order,
        "placed",
        order.created_at,
        {"placed": 1, f"placed/{order.workflow}": 1, f"value/{order.currency}": order.total_amount},
    )


def _refund(order: Order) -> list[Fact]:
    """Of what was revenue: money that went back because an order failed halfway was never any."""
    called_off = next((row.at for row in order.history if row.status in _ENDS[1:]), None)
    if not called_off or not order.payment or not order.payment.refunded:
        return []
    return [_fact(order, "refund", called_off, {"refunds": 1, f"refund/{order.currency}": order.payment.refunded})]


def _ends(order: Order) -> list[Fact]:
    found = []
    for row in order.history:
        if row.status in _ENDS:
            counts: dict[str, Number] = {row.status.value.lower(): 1}
            if row.status is Status.FAILED:
                counts[f"failed/{order.failure.code if order.failure else 'UNKNOWN'}"] = 1
            found.append(_fact(order, row.status.value.lower(), row.at, counts))
    return found


def _stages(order: Order) -> list[Fact]:
    """How long it was in each status it left, counted when it left; and `total`, from its placing to its first end."""
    found = []
    for row, following in pairwise(order.history):
        stage = row.status.value.lower()
        found.append(_time(order, stage, row.at, following.at))
        if following.status in _ENDS and row.status not in _ENDS:
            found.append(_time(order, "total", order.created_at, following.at))
    return [fact for fact in found if fact.name != "time:completed"]  # how long until a refund is no stage


def _time(order: Order, stage: str, since: str, until: str) -> Fact:
    step = time_step(max(0, to_millis(until) - to_millis(since)))
    return _fact(order, f"time:{stage}", until, {f"time/{stage}/{step}": 1})


def _fact(order: Order, name: str, at: str, counts: dict[str, Number]) -> Fact:
    return Fact(order.order_id, name, at, tuple(counts.items()))
