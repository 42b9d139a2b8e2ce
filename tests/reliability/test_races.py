"""Two at once on one order: whoever of them stops after whichever of its calls for the other to go on, and whether or
not one of them dies there, the promises of the contract (§6) hold, and what a customer was answered is true."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from chalicelib.domain.errors import Conflict
from chalicelib.domain.order import Order

from tests.reliability.faults import Died, Fault, Kind
from tests.reliability.hands import Hand, Work
from tests.reliability.points import assert_at_rest, told
from tests.reliability.queues import MAX_RECEIVES, order_message
from tests.reliability.stories import CHARGED, OUT_OF_STOCK, PAYS, TIMES_OUT, UNAVAILABLE
from tests.reliability.world import Story, World

AN_HOUR_AND_A_BIT = 3700
Begin = Callable[[World, Order], Work]


def the_workflow(world: World, order: Order) -> Work:
    records = world.order_queue.receive()
    return lambda hand: world.work_batch(world.process_with(hand), records)


def a_second_delivery(world: World, order: Order) -> Work:
    world.order_queue.send(order_message(order.order_id))
    return the_workflow(world, order)


def a_cancellation(world: World, order: Order) -> Work:
    def cancel(hand: Hand) -> Order:
        services = world.process_with(hand)
        return services.cancel_order(services.queries.get(order.owner, order.order_id))

    return cancel


def the_housekeeper_handing_over(world: World, order: Order) -> Work:
    world.clock.advance(61)
    return lambda hand: world.process_with(hand).housekeeping()


def the_housekeeper_giving_up(world: World, order: Order) -> Work:
    world.clock.advance(AN_HOUR_AND_A_BIT)
    return lambda hand: world.process_with(hand).housekeeping()


def the_telling(world: World, order: Order) -> Work:
    world.forward_events()
    records = world.notifications.receive()
    return lambda hand: world.tell_batch(world.process_with(hand), records)


class Meeting:
    """Two hands on one order. `first` is the one that started; the calls they made are counted as they met."""

    def __init__(self, world: World, one: Begin, other: Begin, *, other_first: bool) -> None:
        (order,) = world.orders
        self.world = world
        self.one, self.other = Hand(one(world, order)), Hand(other(world, order))
        self.first, self.second = (self.other, self.one) if other_first else (self.one, self.other)
        self._names = (other, one) if other_first else (one, other)

    def stop_after(self, first_calls: int, second_calls: int) -> None:
        self.first.run(first_calls)
        self.second.run(second_calls)
        first, second = map(spoken, self._names)
        self.at = f"{first} after {self.first.made} calls, {second} after {self.second.made}"
        self.was_last = self.first.finished, self.second.finished

    def end(self) -> None:
        """Nobody comes any more, and staff have replayed what was given up."""
        self.world.come_to_rest()
        assert (self.at, self.world.lost_from_sight()) == (self.at, [])
        self.world.redrive()
        assert_at_rest(self.world, self.at)
        for hand, name in zip((self.first, self.second), self._names, strict=True):
            if name is a_cancellation:
                self._assert_answer_is_true(hand)

    def _assert_answer_is_true(self, hand: Hand) -> None:
        (order,) = self.world.orders
        if isinstance(hand.answer, Order):
            assert (hand.answer.status, order.status) == ("CANCELLED", "CANCELLED"), self.at
        elif not isinstance(hand.answer, Died):
            assert isinstance(hand.answer, Conflict), self.at
            assert order.status == "FAILED", self.at


def every_meeting(new_world: Callable[[], World], one: Begin, other: Begin) -> Iterator[Meeting]:
    """Both hands stopped after every pair of numbers of calls, each of them having been first."""
    for other_first in (False, True):
        for first_calls in itertools.count():
            for second_calls in itertools.count(1):
                meeting = Meeting(new_world(), one, other, other_first=other_first)
                meeting.stop_after(first_calls, second_calls)
                yield meeting
                if meeting.was_last[1]:
                    break
            if meeting.was_last[0]:
                break


def both_go_on(meeting: Meeting) -> None:
    meeting.first.run()
    meeting.second.run()


def the_first_dies(meeting: Meeting) -> None:
    meeting.first.die()
    meeting.second.run()


def the_second_dies(meeting: Meeting) -> None:
    meeting.second.die()
    meeting.first.run()


def spoken(function: Callable[..., object]) -> str:
    return function.__name__.replace("_", " ")


whatever_then = pytest.mark.parametrize("then", [both_go_on, the_first_dies, the_second_dies], ids=spoken)
FIRST_TRY, LAST_TRY = 0, MAX_RECEIVES - 1


@whatever_then
@pytest.mark.parametrize(
    "rival", [a_cancellation, a_second_delivery, the_housekeeper_handing_over, the_housekeeper_giving_up], ids=spoken
)
@pytest.mark.parametrize(
    ("story", "receives"),
    [
        *[pytest.param(story, FIRST_TRY, id=f"{story}, first try") for story in [*CHARGED, OUT_OF_STOCK]],
        *[pytest.param(story, LAST_TRY, id=f"{story}, last try") for story in [TIMES_OUT, UNAVAILABLE]],
    ],
)
def test_the_workflow_and_another_on_one_order(
    story: Story, receives: int, rival: Begin, then: Callable[[Meeting], None]
) -> None:
    def new_world() -> World:
        world = World()
        world.accept(story.command())
        world.order_queue.messages[0].receives = receives
        world.fakes.tries.counted["orders", "m-1"] = receives
        return world

    for meeting in every_meeting(new_world, the_workflow, rival):
        then(meeting)
        meeting.end()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (a_cancellation, a_cancellation),
        (a_cancellation, the_housekeeper_giving_up),
        (the_housekeeper_giving_up, the_housekeeper_giving_up),
    ],
    ids=spoken,
)
def test_two_who_call_off_an_order_that_was_left_anywhere(one: Begin, other: Begin) -> None:
    for left_at in itertools.count(1):
        death = Fault(left_at, Kind.DIES_AFTER)

        def new_world(left_at: int = left_at, death: Fault = death) -> World:
            death.number, death.made = left_at, 0
            world = World()
            world.accept(PAYS.command())
            world.work_batch(world.process_with(death), world.order_queue.receive())
            return world

        for meeting in every_meeting(new_world, one, other):
            both_go_on(meeting)
            meeting.end()
        if not death.hit:
            return


@whatever_then
@pytest.mark.parametrize("story", CHARGED, ids=str)
def test_the_customer_is_told_while_the_order_is_cancelled(story: Story, then: Callable[[Meeting], None]) -> None:
    def new_world() -> World:
        world = World()
        world.accept(story.command())
        world.work_orders()
        return world

    for meeting in every_meeting(new_world, the_telling, a_cancellation):
        then(meeting)
        meeting.end()


def test_an_order_cancelled_before_its_receipt_is_mailed_brings_no_news_of_success() -> None:
    world = World()
    order = world.accept(PAYS.command())
    assert order is not None
    world.work_orders()
    world.tell()

    world.cancel(order.order_id)
    world.come_to_rest()

    assert "mail-confirmation" not in told(world)
    assert "mail-notice" in told(world)
    assert_at_rest(world, "after the cancellation")
