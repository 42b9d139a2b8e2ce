"""Whole lives of orders, state by state as they are stored, for Hypothesis: on any day, in any workflow, some statuses
passed in one write with the next, some writes that leave the status, and up to some days between."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from chalicelib.kit.clock import from_millis
from chalicelib.orders.model import UNSUCCESSFUL, Failure, Feedback, Order, Payment, PaymentStatus, Status, may_become
from hypothesis import strategies as st

from tests.support.builders.examples import order

START = 1_795_219_200_000
"""2026-11-21T00:00:00.000Z, in milliseconds."""
_DAY = 24 * 3600 * 1000
_GAPS = st.sampled_from([0, 1, 40, 900, 60_000, 20 * 60_000, 3 * 3_600_000, _DAY, 6 * _DAY])
_AMOUNTS = {"EUR": "19.99", "JPY": "1500", "KWD": "3.125"}
_JUDGED = UNSUCCESSFUL | {Status.CONFIRMED, Status.FULFILLMENT, Status.COMPLETED}


@st.composite
def histories(draw: st.DrawFn, hours: int = 48) -> list[Order]:
    """The states of one order as they were stored, oldest first; it is placed within so many hours of START."""
    currency = draw(st.sampled_from(sorted(_AMOUNTS)))
    at = START + draw(st.integers(0, hours * 3_600_000 - 1))
    now = order(
        order_id=str(draw(st.uuids())),
        currency=currency,
        total_amount=Decimal(_AMOUNTS[currency]),
        created_at=from_millis(at),
        history=(replace(order().history[0], at=from_millis(at)),),
        workflow=draw(st.sampled_from(["queue", "stepfunctions", "events"])),
        lines=(),
    )
    states = [now]
    for _ in range(draw(st.integers(0, 9) | st.just(9))):
        at += draw(_GAPS)
        now = draw(_changed(now, from_millis(at)))
        if draw(st.booleans()) or now.status in UNSUCCESSFUL or now.feedback != states[-1].feedback:
            states.append(now)
    return states if states[-1] == now else [*states, now]


@st.composite
def _changed(draw: st.DrawFn, now: Order, at: str) -> Order:
    following = sorted(may_become(now.status))
    onwards = [status for status in following if status not in UNSUCCESSFUL]
    # Mostly onwards, or hardly any order would be sold.
    what = draw(st.sampled_from([*(onwards * 5), *following, "feedback", "money back", "touched"]))
    if isinstance(what, Status):
        return _moved(now, what, at, draw(st.sampled_from(["OUT_OF_STOCK", "CARD_DECLINED"])))
    if what == "feedback" and now.status in _JUDGED and not now.feedback:
        return replace(now, feedback=Feedback(draw(st.integers(1, 5)), "", at))
    if what == "money back" and now.status in UNSUCCESSFUL and now.payment:
        return replace(now, payment=replace(now.payment, status=PaymentStatus.REFUNDED, refunded=now.payment.amount))
    return replace(now, revision=now.revision + 1)


def _moved(now: Order, to: Status, at: str, code: str) -> Order:
    moved = now.moved(to, at)
    if to in UNSUCCESSFUL:
        moved = replace(moved, failure=Failure(code, ""))
    if to in (Status.CONFIRMED, Status.FULFILLMENT) and not moved.payment:
        moved = replace(moved, payment=Payment(PaymentStatus.CAPTURED, "ch_1", now.total_amount, now.total_amount * 0))
    return moved
