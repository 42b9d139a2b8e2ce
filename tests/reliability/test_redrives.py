"""Whatever is sent back from a dead-letter queue makes no second charge, mail or stock movement: after its work was
done, half done at any point, twice, and when whoever sends it back dies at any call (contract §6, 5)."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from chalicelib.kit.jsonio import dumps
from chalicelib.operations.audit import audit_view
from chalicelib.orders.model import Order

from tests.reliability.faults import Call, Fault, Kind, as_asked
from tests.reliability.points import assert_at_rest, assert_ends_as, notified
from tests.reliability.queues import MAX_RECEIVES, SimulatedQueue, order_message
from tests.reliability.simulation import Simulation, Story
from tests.reliability.stories import PAYS, every_charge, every_kind, every_story
from tests.support.builders.examples import command
from tests.support.combinations import each_value

MAIL_DLQ = "https://sqs.test/mail-dlq"
WHO = "anna"


def redrive(sim: Simulation, queue: str, ids: list[str] | None = None) -> Any:
    """As staff do, in a process of its own; None if it was cut off."""
    return sim._attempt(lambda: sim.process("staff").operations.dead_letters.redrive(WHO, queue, ids))


def dies(queue: SimulatedQueue, *bodies: str) -> None:
    """The messages are in the dead-letter queue, however they came there."""
    for body in bodies:
        queue.send(body)
    queue.bury_all()


def moved(sim: Simulation) -> Any:
    """All that must not happen twice."""
    facts = sim.facts()
    # That its events were noted once more, and published, counts as revisions of the order.
    orders = [replace(order, revision=0) for order in facts.orders]
    return facts.stock, facts.gateway, sorted(facts.notified), sorted(facts.documents), orders


def everything_ever_delivered(sim: Simulation) -> tuple[list[str], list[str]]:
    """The messages of both queues, as they were on their way."""
    orders = [order_message(order.order_id) for order in sim.orders]
    return orders, [dumps(event.detail) for event in sim.fakes.events.published]


# Done


@every_story
def test_what_was_done_and_is_sent_back_moves_nothing(story: Story) -> None:
    sim = Simulation()
    sim.accept(story.command())
    sim.come_to_rest()
    before = moved(sim)
    orders, notifications = everything_ever_delivered(sim)

    for _ in range(2):
        dies(sim.order_queue, *orders, *orders)
        dies(sim.notifications, *notifications, *notifications)
        assert redrive(sim, "orders").redriven == 2 * len(orders)
        assert redrive(sim, "notifications").redriven == 2 * len(notifications)
        sim.come_to_rest()

    assert moved(sim) == before
    assert not sim.order_queue.dead
    assert not sim.notifications.dead
    assert_at_rest(sim, "after the redrive")


@every_charge
def test_a_call_about_a_receipt_that_is_made_again_mails_nothing_more(story: Story) -> None:
    sim = Simulation()
    sim.accept(story.command())
    sim.come_to_rest()
    before = moved(sim)

    for key in before[3]:
        _given_up(sim, key)
    redrive(sim, "mail")
    for _, event in sim.dead_letters.invoked * 2:
        sim.process("mail").customers.notifications.on_receipt(event["Records"][0]["s3"]["object"]["key"])

    assert len(sim.dead_letters.invoked) == len(before[3])
    assert moved(sim) == before


# Half done


def cut_off(story: Story, role: str, kind: Kind) -> Iterator[Simulation]:
    """The simulations in which the work of `role` was cut off each time at its first call, its second, …, so that its
    message is among the dead letters."""
    for number in itertools.count(1):
        fault = Fault(number, kind, times=MAX_RECEIVES)
        sim = Simulation({role: fault})
        sim.accept(story.command())
        sim.work_orders()
        sim.tell()
        sim.order_queue.bury()
        sim.notifications.bury()
        if not fault.hit:
            return
        yield sim


@each_value
@every_kind
@every_charge
@pytest.mark.parametrize("role", ["orders", "notify"])
def test_what_was_half_done_and_is_sent_back_is_done_once(story: Story, role: str, kind: Kind) -> None:
    for sim in cut_off(story, role, kind):
        dead = len(sim.order_queue.dead) + len(sim.notifications.dead)

        assert redrive(sim, "orders").redriven + redrive(sim, "notifications").redriven == dead
        sim.come_to_rest()

        assert_ends_as(story, sim.order, late=True)
        assert_at_rest(sim, f"{story}: {role} {kind}, redriven")


@pytest.mark.parametrize("kind", [Kind.DIES_AFTER, Kind.REPLY_LOST])
@every_charge
def test_what_was_half_done_and_is_sent_back_twice_is_done_once(story: Story, kind: Kind) -> None:
    for sim in cut_off(story, "orders", kind):
        copies = [message.body for message in sim.order_queue.dead]
        redrive(sim, "orders")
        dies(sim.order_queue, *copies)
        redrive(sim, "orders")
        sim.come_to_rest()

        assert_ends_as(story, sim.order, late=True)
        assert_at_rest(sim, f"{story}: {kind}, redriven twice")


# Whoever sends back is cut off


def three_dead(plan: Any) -> Simulation:
    """Three orders whose messages died before anything was done."""
    sim = Simulation({"staff": plan})
    for _ in range(3):
        sim.placed(command())
    sim.order_queue.bury_all()
    return sim


def every_cut(kind: Kind, act: Any) -> Iterator[Simulation]:
    for number in itertools.count(1):
        fault = Fault(number, kind)
        sim = three_dead(fault)
        act(sim)
        if not fault.hit:
            assert number > 4, "a redrive takes, sends, deletes, and is on record"
            return
        yield sim


@every_kind
def test_a_redrive_that_is_cut_off_anywhere_loses_nothing_and_doubles_nothing(kind: Kind) -> None:
    for sim in every_cut(kind, lambda sim: redrive(sim, "orders")):
        sim.clock.advance(61)  # what it held is back
        redrive(sim, "orders")
        sim.come_to_rest()

        assert {order.status.value for order in sim.orders} == {"COMPLETED"}
        assert not sim.order_queue.dead
        assert all(notified_of(sim, order) for order in sim.orders)
        assert_at_rest(sim, f"a redrive: {kind}")


@every_kind
def test_nothing_was_ever_moved_that_is_not_on_record(kind: Kind) -> None:
    for sim in every_cut(kind, lambda sim: redrive(sim, "orders")):
        moved_on = bool(sim.order_queue.messages)

        records = sim.fakes.audit_records.all
        assert records or not moved_on
        assert all((record.who, record.action) == (WHO, "redrive") for record in records)


@every_kind
def test_nothing_was_ever_discarded_that_is_not_on_record(kind: Kind) -> None:
    def discard(sim: Simulation) -> None:
        ids = [f"m-{message.number}" for message in sim.order_queue.dead]
        services = sim.process("staff")
        sim._attempt(lambda: services.operations.dead_letters.discard(WHO, "orders", ids, "Nobody needs them."))

    for sim in every_cut(kind, discard):
        gone = {order.order_id for order in sim.orders} - {
            json.loads(message.body)["orderId"] for message in sim.order_queue.dead
        }
        on_record = dumps([audit_view(record) for record in sim.fakes.audit_records.all])
        assert all(order_id in on_record for order_id in gone)


def test_a_poison_that_is_sent_back_too_early_dies_again_and_alone() -> None:
    """Its neighbours are processed once; it is there again with its reason, and ends once it is repaired."""
    repaired = False

    def until_repaired(call: Call) -> Any:
        if call.method == "capture" and not repaired and "pm_poison" in call.arguments:
            raise KeyError("price")
        return call.do()

    sim = Simulation({"orders": until_repaired})
    poison = sim.accept(command(payment_method="pm_poison"))
    neighbours = [sim.accept(command()) for _ in range(2)]
    sim.work_orders()
    sim.order_queue.bury()
    first = sim.process_with(as_asked).operations.dead_letters.peek("orders", 10)
    redrive(sim, "orders")
    sim.work_orders()
    sim.order_queue.bury()
    second = sim.process_with(as_asked).operations.dead_letters.peek("orders", 10)
    repaired = True
    redrive(sim, "orders")
    sim.come_to_rest()

    assert poison is not None
    for [letter] in (first, second):
        assert (letter.order_id, letter.reason) == (poison.order_id, "KeyError: 'price'")
    assert first[0].message_id != second[0].message_id
    assert {order.status.value for order in sim.orders} == {"COMPLETED"}
    ends = [order_id for order_id, event in sim.facts().events if event == "OrderCompleted"]
    assert all(order is not None and ends.count(order.order_id) == 1 for order in neighbours)
    assert_at_rest(sim, "after the redrive")


def test_the_walk_visits_every_call_of_an_order_and_finds_dead_letters() -> None:
    """Else an empty walk would prove the promises."""
    assert sum(len(sim.order_queue.dead) for sim in cut_off(PAYS, "orders", Kind.REFUSED)) >= 3
    assert sum(len(sim.notifications.dead) for sim in cut_off(PAYS, "notify", Kind.REFUSED)) >= 3


def notified_of(sim: Simulation, order: Order) -> set[str]:
    assert notified(sim)
    return {occasion for order_id, occasion in sim.facts().notified if order_id == order.order_id}


def _given_up(sim: Simulation, key: str) -> None:
    record = {
        "requestContext": {"functionArn": "arn:aws:lambda:us-east-1:000000000000:function:orderproc-test-mail_receipt"},
        "requestPayload": {"Records": [{"s3": {"object": {"key": key}}}]},
        "responsePayload": {},
    }
    letters = sim.dead_letters.given_up.setdefault(MAIL_DLQ, {})
    letters[f"g-{len(letters)}"] = json.dumps(record)
