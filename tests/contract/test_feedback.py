"""Feedback on real engines: once, however many give it at the same moment, and nothing else is lost by it."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.feedback.give import GiveFeedback
from chalicelib.kit.errors import Conflict, StaleOrder
from chalicelib.kit.observability import log
from chalicelib.orders.model import HistoryRow, Order, Status

from tests.contract.adapters import Storage, order
from tests.contract.threads import concurrently
from tests.support.builders.examples import NOW
from tests.support.fakes.clock import FakeClock


def finished(storage: Storage) -> Order:
    done = order(history=(HistoryRow(Status.PENDING, NOW), HistoryRow(Status.COMPLETED, NOW)))
    assert storage.orders.add(done) is None
    return done


def test_of_many_at_once_one_is_kept(storage: Storage) -> None:
    done = finished(storage)
    give = GiveFeedback(storage.orders, FakeClock(), log)

    def attempt(n: int) -> str:
        try:
            return give(done, n % 5 + 1, "The very same words").mark
        except Conflict:
            return ""

    taken = [mark for mark in concurrently(8, attempt) if mark]

    kept = storage.orders.get(done.order_id)
    assert kept is not None
    assert kept.feedback is not None
    assert taken == [kept.feedback.mark]


def test_feedback_and_staffs_changes_at_once_are_both_kept(storage: Storage) -> None:
    done = finished(storage)
    give = GiveFeedback(storage.orders, FakeClock(), log)

    def mark() -> None:
        now = storage.orders.get(done.order_id) or done
        try:
            storage.orders.save(replace(now, attention="Call the customer."), Status.COMPLETED)
        except StaleOrder:
            mark()  # as staff do who look again

    concurrently(2, lambda n: mark() if n else give(done, 4, "🎉" * 1000))

    kept = storage.orders.get(done.order_id)
    assert kept is not None
    assert kept.attention == "Call the customer."
    assert kept.feedback is not None
    assert (kept.feedback.score, kept.feedback.comment) == (4, "🎉" * 1000)
