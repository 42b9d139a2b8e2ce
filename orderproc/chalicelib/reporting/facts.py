"""What there is to count about an order: facts, made from the order alone.

A fact never changes and never goes away once an order has it, so what the changes of an order add up to, each counted
as it came, is what its last state shows: `facts_of(new) - facts_of(old)`, summed over all changes, is
`facts_of(last)`. That is why counters can be rebuilt from an archive of last states and then equal what was counted.

One fact holds all that one change of status brought, for each fact leaves a digest with the counters: an order of the
workflow `queue` has three. The statuses before an order is paid or unsuccessful bring none: how long it stayed in them
is counted with what followed. So a change to one of them has nothing to count, and needs no invocation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ..kit.clock import to_millis
from ..kit.wiring import dataclass
from ..orders.model import UNSUCCESSFUL, HistoryRow, Order, Status
from .counts import Number, time_step

COUNTED = UNSUCCESSFUL | {Status.CONFIRMED, Status.FULFILLMENT, Status.COMPLETED}
"""Only these statuses bring facts, beside the placing itself. Once an order is in one it never leaves them."""
_ENDS = UNSUCCESSFUL | {Status.COMPLETED}
_SOLD = (Status.CONFIRMED, Status.COMPLETED)


@dataclass(frozen=True)
class Fact:
    """`name` is its own among the facts of its order; it belongs to the hour of `at`."""

    order_id: str
    name: str
    at: str
    counts: tuple[tuple[str, Number], ...]


def facts_of(order: Order) -> dict[str, Fact]:
    """All facts of the order so far, by name: `placed`, each status of COUNTED that it reached, `refund`, `score`."""
    found = [_placed(order), *_reached(order), *_refund(order)]
    if order.feedback:
        found.append(_fact(order, "score", order.feedback.at, {f"score/{order.feedback.score}": 1}))
    return {fact.name: fact for fact in found}


def new_facts(before: Order | None, after: Order) -> list[Fact]:
    """What a change of the order added; `before` is None for an order just stored."""
    known = facts_of(before) if before else {}
    return [fact for name, fact in facts_of(after).items() if name not in known]


def sold_at(order: Order) -> str | None:
    """When it was paid for and kept, or None."""
    return next((row.at for row in order.history if row.status in _SOLD), None)


def _placed(order: Order) -> Fact:
    counts: dict[str, Number] = {
        "placed": 1,
        f"placed/{order.workflow}": 1,
        f"value/{order.currency}": order.total_amount,
    }
    return _fact(order, "placed", order.created_at, counts)


def _reached(order: Order) -> Iterator[Fact]:
    timed_up_to = 0
    for n, row in enumerate(order.history):
        if row.status in COUNTED:
            earlier = order.history[:n]
            counts = {**_sold(order, earlier, row), **_end(order, row), **_times(order.history[timed_up_to : n + 1])}
            if row.status in _ENDS and not any(before.status in _ENDS for before in earlier):
                counts[_time("total", order.created_at, row.at)] = 1
            timed_up_to = n
            yield _fact(order, row.status.value.lower(), row.at, counts)


def _sold(order: Order, earlier: Sequence[HistoryRow], row: HistoryRow) -> dict[str, Number]:
    first = row.status in _SOLD and not any(before.status in _SOLD for before in earlier)
    currency = order.currency
    return {"sold": 1, f"sold/{currency}": 1, f"revenue/{currency}": order.total_amount} if first else {}


def _end(order: Order, row: HistoryRow) -> dict[str, Number]:
    if row.status not in _ENDS:
        return {}
    failed = row.status is Status.FAILED
    code = order.failure.code if order.failure else "UNKNOWN"
    return {row.status.value.lower(): 1, **({f"failed/{code}": 1} if failed else {})}


def _times(rows: Sequence[HistoryRow]) -> dict[str, Number]:
    """How long it was in each status but the last of these; how long until a refund is no stage."""
    return {
        _time(row.status.value.lower(), row.at, following.at): 1
        for row, following in pairwise(rows)
        if row.status is not Status.COMPLETED
    }


def _refund(order: Order) -> list[Fact]:
    """The refund of what was revenue: what was captured for an order that failed was never any."""
    unsuccessful = next((row.at for row in order.history if row.status in UNSUCCESSFUL), None)
    if not unsuccessful or not sold_at(order) or not order.payment or not order.payment.refunded:
        return []
    return [_fact(order, "refund", unsuccessful, {"refunds": 1, f"refund/{order.currency}": order.payment.refunded})]


def _time(stage: str, since: str, until: str) -> str:
    return f"time/{stage}/{time_step(max(0, to_millis(until) - to_millis(since)))}"


def _fact(order: Order, name: str, at: str, counts: dict[str, Number]) -> Fact:
    return Fact(order.order_id, name, at, tuple(counts.items()))
