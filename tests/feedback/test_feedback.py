"""What customers say of an order: once, when it is finished, whatever happens at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.feedback.give import GiveFeedback
from chalicelib.kit.dynamodb import to_dynamodb
from chalicelib.kit.errors import Conflict, TemporarilyUnavailable
from chalicelib.orders.items import order_from_item, order_to_item
from chalicelib.orders.model import Feedback, HistoryRow, Order, Status
from chalicelib.orders.views import staff_view

from tests.contract.threads import concurrently
from tests.support.builders.examples import NOW, command, order
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.log import FakeLog


class Meanwhile:
    """The orders, where something happens right before, or right after, a save."""

    def __init__(self, orders: Any, before: Callable[[], None] | None = None, lost_replies: int = 0) -> None:
        self._orders, self._before, self._lost = orders, before, lost_replies

    def get(self, order_id: str) -> Order | None:
        found: Order | None = self._orders.get(order_id)
        return found

    def save(self, order: Order, expected: Status) -> Order:
        if self._before:
            self._before()
        stored: Order = self._orders.save(order, expected)
        if self._lost:
            self._lost -= 1
            self._orders.save(order, expected)  # as the SDK does on a lost reply: the condition fails now
        return stored


def _next(changes: Iterator[Callable[[], Any]]) -> None:
    """Does the next of the changes, if there is one left."""
    for change in changes:
        change()
        break


def at(status: Status, **changes: Any) -> Order:
    return order(history=(HistoryRow(Status.PENDING, NOW), HistoryRow(status, NOW)), **changes)


def given(adapters: FakeAdapters, stored: Order, orders: Any = None) -> GiveFeedback:
    adapters.store.orders[stored.order_id] = stored
    return GiveFeedback(orders or adapters.orders, adapters.clock, FakeLog())


@pytest.mark.parametrize(
    ("status", "fulfilment"),
    [
        (Status.COMPLETED, "auto"),
        (Status.FAILED, "auto"),
        (Status.CANCELLED, "auto"),
        (Status.REFUNDED, "auto"),
        (Status.CONFIRMED, "manual"),
        (Status.FULFILLMENT, "manual"),
    ],
)
def test_it_is_taken_once_nothing_is_left_for_the_machine(
    adapters: FakeAdapters, status: Status, fulfilment: str
) -> None:
    stored = at(status, fulfilment=fulfilment)

    given(adapters, stored)(stored, 4, "Good")

    kept = adapters.store.orders[stored.order_id].feedback
    assert kept is not None
    assert (kept.score, kept.comment, kept.at) == (4, "Good", NOW)


@pytest.mark.parametrize(
    "status",
    [Status.PENDING, Status.VALIDATING, Status.INVENTORY_CHECK, Status.PAYMENT_PROCESSING, Status.FULFILLMENT],
)
def test_it_waits_while_the_order_is_worked_on(adapters: FakeAdapters, status: Status) -> None:
    stored = at(status)

    with pytest.raises(Conflict, match="once the order is finished"):
        given(adapters, stored)(stored, 4, "")


def test_of_many_at_once_one_is_taken(services: Services, adapters: FakeAdapters) -> None:
    finished = services.workflow.steps.run_all(services.orders.accept(command()).order_id)

    def give(n: int) -> str:
        try:
            services.customers.give_feedback(finished, 5, "The very same words")
        except Conflict:
            return "refused"
        return "taken"

    assert sorted(concurrently(8, give)) == ["refused"] * 7 + ["taken"]


def test_a_change_by_staff_meanwhile_is_kept_and_so_is_the_feedback(adapters: FakeAdapters) -> None:
    stored = at(Status.COMPLETED)
    changes = iter([lambda: adapters.orders.save(replace(stored, attention="looked at"), Status.COMPLETED)])
    orders = Meanwhile(adapters.orders, before=lambda: _next(changes))

    given(adapters, stored, orders)(stored, 5, "")

    kept = adapters.store.orders[stored.order_id]
    assert (kept.attention, kept.feedback and kept.feedback.score) == ("looked at", 5)


def test_an_order_that_is_cancelled_meanwhile_takes_it_all_the_same(adapters: FakeAdapters) -> None:
    stored = at(Status.COMPLETED)
    changes = iter([lambda: adapters.orders.save(stored.moved(Status.REFUNDED, NOW), Status.COMPLETED)])
    orders = Meanwhile(adapters.orders, before=lambda: _next(changes))

    given(adapters, stored, orders)(stored, 1, "Broken")

    kept = adapters.store.orders[stored.order_id]
    assert kept.status is Status.REFUNDED
    assert kept.feedback is not None


def test_a_lost_reply_is_no_refusal(adapters: FakeAdapters) -> None:
    stored = at(Status.COMPLETED)

    feedback = given(adapters, stored, Meanwhile(adapters.orders, lost_replies=1))(stored, 5, "Splendid")

    assert adapters.store.orders[stored.order_id].feedback == feedback


def test_a_lost_reply_is_told_from_somebody_elses_same_words(adapters: FakeAdapters) -> None:
    stored = at(Status.COMPLETED)
    give = given(adapters, stored)
    orders = Meanwhile(adapters.orders, before=lambda: give(stored, 5, "Splendid"))  # in the same millisecond

    with pytest.raises(Conflict):
        given(adapters, stored, orders)(stored, 5, "Splendid")


def test_an_order_that_changes_all_the_time_is_to_be_tried_again(adapters: FakeAdapters) -> None:
    stored = at(Status.COMPLETED)

    def change() -> None:
        now = adapters.store.orders[stored.order_id]
        adapters.orders.save(now, now.status)

    with pytest.raises(TemporarilyUnavailable):
        given(adapters, stored, Meanwhile(adapters.orders, before=change))(stored, 5, "")


def test_the_comment_is_not_logged(adapters: FakeAdapters) -> None:
    stored = at(Status.COMPLETED)
    give = given(adapters, stored)

    give(stored, 2, "I am Jane Doe, call me at +31612345678")

    assert give.log.lines == [  # type: ignore[attr-defined]
        {"event": "feedback_given", "orderId": stored.order_id, "score": 2}
    ]


def test_what_tells_two_apart_is_stored_and_not_shown() -> None:
    finished = at(Status.COMPLETED, feedback=Feedback(5, "Quick.", NOW, "5f2a90c1"))

    assert order_from_item(order_to_item(finished)) == finished
    assert staff_view(finished)["feedback"] == {"score": 5, "comment": "Quick.", "at": NOW}


def test_feedback_of_before_is_read() -> None:
    item = order_to_item(at(Status.COMPLETED))
    item |= to_dynamodb({"feedback": [3, "So so", 1795271425123]})

    assert order_from_item(item).feedback == Feedback(3, "So so", NOW)
