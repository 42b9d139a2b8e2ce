"""What there is to count about an order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from chalicelib.orders.model import Failure, Feedback, HistoryRow, Order, Payment, PaymentStatus, Status
from chalicelib.reporting.counts import added
from chalicelib.reporting.facts import COUNTED, Fact, facts_of, new_facts
from hypothesis import given

from tests.support.builders.examples import order
from tests.support.builders.generated_histories import histories

_TIMES = {
    Status.PENDING: "2026-11-21T14:00:00.000Z",
    Status.VALIDATING: "2026-11-21T14:00:01.000Z",
    Status.INVENTORY_CHECK: "2026-11-21T14:00:01.000Z",
    Status.PAYMENT_PROCESSING: "2026-11-21T14:00:01.100Z",
    Status.CONFIRMED: "2026-11-21T14:00:02.000Z",
    Status.FULFILLMENT: "2026-11-21T15:10:00.000Z",
    Status.COMPLETED: "2026-11-21T15:20:00.000Z",
    Status.FAILED: "2026-11-21T16:00:00.000Z",
    Status.CANCELLED: "2026-11-21T16:00:00.000Z",
    Status.REFUNDED: "2026-11-21T16:00:00.000Z",
}
_TO_PAYMENT = [Status.PENDING, Status.VALIDATING, Status.INVENTORY_CHECK, Status.PAYMENT_PROCESSING]
_SHIPPED = [*_TO_PAYMENT, Status.CONFIRMED, Status.FULFILLMENT, Status.COMPLETED]


def at(*statuses: Status, **changes: Any) -> Order:
    """An order that went this way, each status at its time."""
    rows = tuple(HistoryRow(status, _TIMES[status]) for status in statuses)
    return order(history=rows, created_at=rows[0].at, **changes)


def paid_back(amount: str) -> Payment:
    return Payment(PaymentStatus.REFUNDED, "ch_1", Decimal(amount), Decimal(amount))


def counts(one: Order) -> dict[str, Any]:
    return added(dict(fact.counts) for fact in facts_of(one).values())


def test_an_order_is_placed_in_the_hour_it_was_created() -> None:
    [placed] = facts_of(at(Status.PENDING, workflow="events")).values()

    assert (placed.name, placed.at) == ("placed", _TIMES[Status.PENDING])
    assert dict(placed.counts) == {"placed": 1, "placed/events": 1, "value/EUR": Decimal("1299.99")}


@pytest.mark.parametrize("status", _TO_PAYMENT)
def test_an_order_on_its_way_to_payment_is_only_placed(status: Status) -> None:
    way = _TO_PAYMENT[: _TO_PAYMENT.index(status) + 1]

    assert list(facts_of(at(*way))) == ["placed"]


def test_an_order_that_completes_is_sold_and_has_been_in_each_stage() -> None:
    completed = at(*_TO_PAYMENT, Status.FULFILLMENT, Status.COMPLETED)

    found = counts(completed)

    assert (found["completed"], found["sold"], found["sold/EUR"]) == (1, 1, 1)
    assert found["revenue/EUR"] == Decimal("1299.99")
    assert sorted(name.split("/")[1] for name in found if name.startswith("time/")) == [
        *("fulfillment", "inventory_check", "payment_processing", "pending", "total", "validating"),
    ]


def test_an_order_that_staff_ship_is_sold_when_it_is_paid_and_completes_when_it_is_shipped() -> None:
    facts = facts_of(at(*_SHIPPED))

    assert list(facts) == ["placed", "confirmed", "fulfillment", "completed"]
    assert dict(facts["confirmed"].counts)["sold"] == 1
    assert "sold" not in dict(facts["completed"].counts)
    assert facts["completed"].at == _TIMES[Status.COMPLETED]
    assert {name.rpartition("/")[0] for name, _ in facts["fulfillment"].counts} == {"time/confirmed"}


def test_a_failure_is_counted_with_its_reason() -> None:
    failed = at(*_TO_PAYMENT, Status.FAILED, failure=Failure("CARD_DECLINED", "No."))

    found = counts(failed)

    assert (found["failed"], found["failed/CARD_DECLINED"], found.get("sold")) == (1, 1, None)


def test_a_failure_without_a_reason_is_counted_as_unknown() -> None:
    assert counts(at(Status.PENDING, Status.FAILED))["failed/UNKNOWN"] == 1


def test_money_given_back_of_a_sale_is_a_refund_of_the_hour_it_was_cancelled() -> None:
    refunded = at(*_SHIPPED, Status.REFUNDED, payment=paid_back("1299.99"))

    facts = facts_of(refunded)

    assert dict(facts["refund"].counts) == {"refunds": 1, "refund/EUR": Decimal("1299.99")}
    assert facts["refund"].at == _TIMES[Status.REFUNDED]
    assert counts(refunded)["refunded"] == 1


def test_money_given_back_of_what_was_never_sold_is_no_refund() -> None:
    cancelled = at(*_TO_PAYMENT, Status.CANCELLED, payment=paid_back("1299.99"))

    assert "refund" not in facts_of(cancelled)


def test_a_sale_that_was_cancelled_keeps_its_revenue_and_has_no_refund_until_the_money_is_back() -> None:
    cancelled = at(*_TO_PAYMENT, Status.CONFIRMED, Status.CANCELLED)

    assert counts(cancelled)["revenue/EUR"] == Decimal("1299.99")
    assert "refund" not in facts_of(cancelled)


def test_how_long_it_took_in_all_is_told_at_the_first_end() -> None:
    completed, refunded = facts_of(at(*_SHIPPED)), facts_of(at(*_SHIPPED, Status.REFUNDED))

    assert any(name.startswith("time/total/") for name, _ in completed["completed"].counts)
    assert dict(refunded["refunded"].counts) == {"refunded": 1}


def test_feedback_is_a_score() -> None:
    judged = at(*_SHIPPED, feedback=Feedback(4, "Fine", "2026-12-01T08:00:00.000Z"))

    assert facts_of(judged)["score"] == Fact(judged.order_id, "score", "2026-12-01T08:00:00.000Z", (("score/4", 1),))


@given(histories())
def test_a_fact_stays_as_it_is(states: list[Order]) -> None:
    for before, after in pairwise(states):
        assert facts_of(before).items() <= facts_of(after).items()


@given(histories())
def test_changes_add_up_to_the_last_state(states: list[Order]) -> None:
    changes = zip([None, *states], states, strict=False)

    found = [fact for before, after in changes for fact in new_facts(before, after)]

    assert sorted(found, key=lambda f: f.name) == sorted(facts_of(states[-1]).values(), key=lambda f: f.name)


@given(histories())
def test_a_change_to_a_status_that_is_not_told_brings_nothing(states: list[Order]) -> None:
    for before, after in pairwise(states):
        assert after.status in COUNTED or new_facts(before, after) == []


def test_each_change_of_an_order_that_took_a_crooked_way_is_counted_once() -> None:
    now = at(*_TO_PAYMENT)
    confirmed = now.moved(Status.CONFIRMED, _TIMES[Status.CONFIRMED])
    judged = replace(confirmed, feedback=Feedback(1, "", _TIMES[Status.CONFIRMED]))
    cancelled = judged.moved(Status.CANCELLED, _TIMES[Status.CANCELLED])
    settled = replace(cancelled, payment=paid_back("1299.99"))

    states = [now, confirmed, judged, cancelled, settled]
    news = [[fact.name for fact in new_facts(before, after)] for before, after in pairwise(states)]

    assert news == [["confirmed"], ["score"], ["cancelled"], ["refund"]]
