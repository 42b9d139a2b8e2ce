"""Walks through all points at which a function can be cut off, and judges the world that is left each time."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from chalicelib.orders.model import Order

from tests.reliability.faults import Fault, Kind
from tests.reliability.queues import order_message
from tests.reliability.world import Story, World

Play = Callable[[Story, World], None]


def place_and_rest(story: Story, world: World) -> None:
    """The whole of a good day."""
    world.accept(story.command())
    world.come_to_rest()


def every_point(story: Story, role: str, kind: Kind, play: Play = place_and_rest, times: int = 1) -> Iterator[World]:
    """The worlds after `play` went wrong at the first call of `role`, at the second, and so on until it makes no call
    of that number any more. In each of them the promises hold, also after every message came once more, much later."""
    for number in itertools.count(1):
        fault = Fault(number, kind, times)
        world = World({role: fault}, disorder=number % 2 == 0)
        play(story, world)
        if not fault.hit:
            return
        assert_at_rest(world, f"{story}; {role} {fault}")
        yield world


def assert_at_rest(world: World, circumstances: str) -> None:
    """The promises hold, and go on holding when every message comes late."""
    _assert_kept(world, circumstances)
    world.clock.advance(1000)
    for order in world.orders:
        for queue in world.bus.queues.values() if order.workflow == "events" else [world.order_queue]:
            queue.send(order_message(order.order_id))
    world.bus.come_late()
    world.come_to_rest()
    _assert_kept(world, f"{circumstances}; and then delivered late")


def _assert_kept(world: World, circumstances: str) -> None:
    broken = world.broken_promises()
    assert not broken, f"{circumstances}: {broken}"


def assert_ends_as(story: Story, order: Order, *, late: bool = False) -> None:
    """The order ended as it would have on a good day. One that was redriven may be too `late` for a gateway that never
    answers: two rounds of tries can take longer than the housekeeper waits."""
    codes = {story.error, "EXPIRED"} if late and story.error == "PAYMENT_UNAVAILABLE" else {story.error}
    assert order.status.value == story.ends
    assert (order.failure and order.failure.code) in codes


def told(world: World) -> set[str]:
    """The occasions on which the customer was told something."""
    return {occasion for _, occasion in world.facts().told}
