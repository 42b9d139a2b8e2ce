"""Walks through all points at which a function can be cut off, and judges the simulation that is left each time."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator

from chalicelib.orders.model import Order

from tests.reliability.faults import Call, Fault, Kind
from tests.reliability.queues import order_message
from tests.reliability.simulation import Simulation, Story
from tests.support import combinations

Play = Callable[[Story, Simulation], None]

_SHORT = 24
"""So many calls are not worth looking for rounds in them."""
_AROUND = 8
_ROUNDS = 2


def place_and_rest(story: Story, sim: Simulation) -> None:
    """The whole of a good day."""
    sim.accept(story.command())
    sim.come_to_rest()


def every_point(
    story: Story, role: str, kind: Kind, play: Play = place_and_rest, times: int = 1
) -> Iterator[Simulation]:
    """The simulations after `play` went wrong at the first call of `role`, at the second, and so on until it makes no
    call of that number any more. In each of them the promises hold, also after every message came again, much later.

    Of rounds that make the same calls again, as of tries of a gateway that never answers, the first two are walked
    through, and all with --all-combinations."""
    repeated: frozenset[int] = frozenset()
    for number in itertools.count(1):
        if number == _SHORT and not combinations.everything:
            repeated = _repeated(story, role, play)
        if number in repeated:
            continue
        fault = Fault(number, kind, times)
        sim = Simulation({role: fault}, disorder=number % 2 == 0)
        play(story, sim)
        if not fault.hit:
            return
        assert_at_rest(sim, f"{story}; {role} {fault}")
        yield sim


def _repeated(story: Story, role: str, play: Play) -> frozenset[int]:
    """Numbers of calls that stand between the same ones as two before, when nothing goes wrong."""
    made: list[str] = []

    def note(call: Call) -> object:
        made.append(str(call))
        return call.do()

    play(story, Simulation({role: note}))
    met: Counter[tuple[str, ...]] = Counter()
    found = set()
    for number in range(1 + _AROUND, len(made) - _AROUND):
        calls = tuple(made[number - 1 - _AROUND : number + _AROUND])
        met[calls] += 1
        if number > _SHORT and met[calls] > _ROUNDS:
            found.add(number)
    return frozenset(found)


def assert_at_rest(sim: Simulation, circumstances: str) -> None:
    """The promises hold, and go on holding when every message comes late."""
    _assert_kept(sim, circumstances)
    sim.clock.advance(1000)
    for order in sim.orders:
        for queue in sim.bus.queues.values() if order.workflow == "events" else [sim.order_queue]:
            queue.send(order_message(order.order_id))
    sim.bus.come_late()
    sim.come_to_rest()
    _assert_kept(sim, f"{circumstances}; and then delivered late")


def _assert_kept(sim: Simulation, circumstances: str) -> None:
    broken = sim.broken_promises()
    assert not broken, f"{circumstances}: {broken}"


def assert_ends_as(story: Story, order: Order, *, late: bool = False) -> None:
    """The order ended as it would have on a good day. One that was redriven may be too `late` for a gateway that never
    answers: two rounds of tries can take longer than the housekeeper waits."""
    codes = {story.error, "EXPIRED"} if late and story.error == "PAYMENT_UNAVAILABLE" else {story.error}
    assert order.status.value == story.ends
    assert (order.failure and order.failure.code) in codes


def notified(sim: Simulation) -> set[str]:
    """The occasions on which the customer was notified."""
    return {occasion for _, occasion in sim.facts().notified}
