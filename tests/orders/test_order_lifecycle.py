"""An order's life: whatever is tried, only the contract's changes of status happen, and history only grows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from chalicelib.kit.errors import IllegalTransition
from chalicelib.orders.model import PROCESSING_DONE, Failure, Line, Order, Status, may_become, total_of
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.support.builders.examples import order

ENDS = {Status.FAILED, Status.CANCELLED, Status.REFUNDED}
AUTO = ["PENDING", "VALIDATING", "INVENTORY_CHECK", "PAYMENT_PROCESSING", "FULFILLMENT", "COMPLETED"]
MANUAL = [*AUTO[:4], "CONFIRMED", "FULFILLMENT", "COMPLETED"]
TIMES = st.integers(0, 999).map(lambda n: f"2026-11-21T14:30:25.{n:03d}Z")  # the clock may step back


class OrderLife(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.order: Order = order(history=order().history)
        self.before = self.order.history

    @rule(to=st.sampled_from(Status), at=TIMES, detail=st.text(max_size=20))
    def try_any_change(self, to: Status, at: str, detail: str) -> None:
        allowed = may_become(self.order.status)
        try:
            moved = self.order.moved(to, at, detail)
        except IllegalTransition:
            assert to not in allowed
            return
        assert to in allowed
        assert (moved.status, moved.history[-1].detail) == (to, detail)
        self.order = moved

    @rule(at=TIMES)
    def try_to_fail(self, at: str) -> None:
        failure = Failure("OUT_OF_STOCK", "None left.")
        try:
            self.order = self.order.failed(failure, at)
        except IllegalTransition:
            assert Status.FAILED not in may_become(self.order.status)
            return
        assert self.order.failure == failure

    @invariant()
    def history_only_grows_and_never_goes_back_in_time(self) -> None:
        rows = self.order.history
        assert rows[: len(self.before)] == self.before
        assert [row.at for row in rows] == sorted(row.at for row in rows)
        self.before = rows

    @invariant()
    def no_status_is_reached_twice(self) -> None:
        statuses = [row.status for row in self.order.history]
        assert len(statuses) == len(set(statuses))

    @invariant()
    def an_end_is_an_end(self) -> None:
        assert not any(row.status in ENDS for row in self.order.history[:-1])
        assert (may_become(self.order.status) == frozenset()) == (self.order.status in ENDS)

    @invariant()
    def what_it_says_of_itself_comes_from_its_history(self) -> None:
        last = self.order.history[-1]
        assert (self.order.status, self.order.updated_at) == (last.status, last.at)
        for status in Status:
            reached = self.order.reached(status)
            assert (reached is not None) == (status in {row.status for row in self.order.history})


TestOrderLife = OrderLife.TestCase
TestOrderLife.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


@pytest.mark.parametrize("way", [AUTO, MANUAL])
def test_the_contracts_way_can_be_gone(way: list[str]) -> None:
    now = order()

    for status in way[1:]:
        now = now.moved(Status(status), "2026-11-21T14:30:26.000Z")

    assert [row.status.value for row in now.history] == way


@pytest.mark.parametrize("status", [s for s in Status if s not in PROCESSING_DONE])
def test_an_order_that_is_being_worked_on_can_fail_and_be_cancelled(status: Status) -> None:
    assert {Status.FAILED, Status.CANCELLED} <= may_become(status)


def test_what_was_paid_for_can_be_refunded_and_what_was_not_can_not() -> None:
    refundable = {status for status in Status if Status.REFUNDED in may_become(status)}

    assert refundable == {Status.CONFIRMED, Status.COMPLETED}


@given(st.lists(st.tuples(st.sampled_from("ABCD"), st.integers(1, 10_000)), min_size=1, max_size=100))
def test_equal_lines_are_merged_and_sorted_and_none_is_lost(lines: list[tuple[str, int]]) -> None:
    merged = order(lines=tuple(Line(p, "", q, Decimal("0.01")) for p, q in lines)).quantities()

    assert list(merged) == sorted({p for p, _ in lines})
    assert merged == {p: sum(q for other, q in lines if other == p) for p, _ in lines}


def test_the_total_is_the_sum_of_the_lines_to_the_cent() -> None:
    lines = [Line("A", "", 3, Decimal("0.10")), Line("B", "", 100, Decimal("19.99"))]

    assert str(total_of(lines)) == "1999.30"
    assert total_of([]) == 0
