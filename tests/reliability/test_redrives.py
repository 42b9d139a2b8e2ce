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
from tests.reliability.points import assert_at_rest, assert_ends_as, told
from tests.reliability.queues import MAX_RECEIVES, SimulatedQueue, order_message
from tests.reliability.stories import PAYS, every_charge, every_kind, every_story
from tests.reliability.world import Story, World
from tests.support.builders.examples import command
from tests.support.combinations import each_pair

MAIL_DLQ = "https://sqs.test/mail-dlq"
WHO = "anna"


def redrive(world: World, queue: str, ids: list[str] | None = None) -> Any:
    """As staff do, in a process of its own; None if it was cut off."""
    return world._attempt(lambda: world.process("staff").operations.dead_letters.redrive(WHO, queue, ids))


def dies(queue: SimulatedQueue, *bodies: str) -> None:
    """The messages are in the dead-letter queue, however they came there."""
    for body in bodies:
        queue.send(body)
    queue.bury_all()


def moved(world: World) -> Any:
    """All that must not happen twice."""
    facts = world.facts()
    # That its events were noted once more, and published, counts as revisions of the order.
    orders = [replace(order, revision=0) for order in facts.orders]
    return facts.stock, facts.gateway, sorted(facts.told), sorted(facts.documents), orders


def everything_ever_delivered(world: World) -> tuple[list[str], list[str]]:
    """The messages of both queues, as they were on their way."""
    orders = [order_message(order.order_id) for order in world.orders]
    return orders, [dumps(event.detail) for event in world.fakes.events.published]


# Done


@every_story
def test_what_was_done_and_is_sent_back_moves_nothing(story: Story) -> None:
    world = World()
    world.accept(story.command())
    world.come_to_rest()
    before = moved(world)
    orders, notifications = everything_ever_delivered(world)

    for _ in range(2):
        dies(world.order_queue, *orders, *orders)
        dies(world.notifications, *notifications, *notifications)
        assert redrive(world, "orders").redriven == 2 * len(orders)
        assert redrive(world, "notifications").redriven == 2 * len(notifications)
        world.come_to_rest()

    assert moved(world) == before
    assert not world.order_queue.dead
    assert not world.notifications.dead
    assert_at_rest(world, "after the redrive")


@every_charge
def test_a_call_about_a_receipt_that_is_made_again_mails_nothing_more(story: Story) -> None:
    world = World()
    world.accept(story.command())
    world.come_to_rest()
    before = moved(world)

    for key in before[3]:
        _given_up(world, key)
    redrive(world, "mail")
    for _, event in world.dead_letters.invoked * 2:
        world.process("mail").customers.notifications.on_receipt(event["Records"][0]["s3"]["object"]["key"])

    assert len(world.dead_letters.invoked) == len(before[3])
    assert moved(world) == before


# Half done


def cut_off(story: Story, role: str, kind: Kind) -> Iterator[World]:
    """The worlds in which the work of `role` was cut off each time at its first call, at its second, …, so that its
    message is among the dead letters."""
    for number in itertools.count(1):
        fault = Fault(number, kind, times=MAX_RECEIVES)
        world = World({role: fault})
        world.accept(story.command())
        world.work_orders()
        world.tell()
        world.order_queue.bury()
        world.notifications.bury()
        if not fault.hit:
            return
        yield world


@each_pair
@every_kind
@every_charge
@pytest.mark.parametrize("role", ["orders", "notify"])
def test_what_was_half_done_and_is_sent_back_is_done_once(story: Story, role: str, kind: Kind) -> None:
    for world in cut_off(story, role, kind):
        dead = len(world.order_queue.dead) + len(world.notifications.dead)

        assert redrive(world, "orders").redriven + redrive(world, "notifications").redriven == dead
        world.come_to_rest()

        assert_ends_as(story, world.order, late=True)
        assert_at_rest(world, f"{story}: {role} {kind}, redriven")


@pytest.mark.parametrize("kind", [Kind.DIES_AFTER, Kind.REPLY_LOST])
@every_charge
def test_what_was_half_done_and_is_sent_back_twice_is_done_once(story: Story, kind: Kind) -> None:
    for world in cut_off(story, "orders", kind):
        copies = [message.body for message in world.order_queue.dead]
        redrive(world, "orders")
        dies(world.order_queue, *copies)
        redrive(world, "orders")
        world.come_to_rest()

        assert_ends_as(story, world.order, late=True)
        assert_at_rest(world, f"{story}: {kind}, redriven twice")


# Whoever sends back is cut off


def three_dead(plan: Any) -> World:
    """Three orders whose messages died before anything was done."""
    world = World({"staff": plan})
    for _ in range(3):
        world.placed(command())
    world.order_queue.bury_all()
    return world


def every_cut(kind: Kind, act: Any) -> Iterator[World]:
    for number in itertools.count(1):
        fault = Fault(number, kind)
        world = three_dead(fault)
        act(world)
        if not fault.hit:
            assert number > 4, "a redrive takes, sends, deletes, and is on record"
            return
        yield world


@every_kind
def test_a_redrive_that_is_cut_off_anywhere_loses_nothing_and_doubles_nothing(kind: Kind) -> None:
    for world in every_cut(kind, lambda world: redrive(world, "orders")):
        world.clock.advance(61)  # what it held is back
        redrive(world, "orders")
        world.come_to_rest()

        assert {order.status.value for order in world.orders} == {"COMPLETED"}
        assert not world.order_queue.dead
        assert all(told_of(world, order) for order in world.orders)
        assert_at_rest(world, f"a redrive: {kind}")


@every_kind
def test_nothing_was_ever_moved_that_is_not_on_record(kind: Kind) -> None:
    for world in every_cut(kind, lambda world: redrive(world, "orders")):
        moved_on = bool(world.order_queue.messages)

        records = world.fakes.audit_records.all
        assert records or not moved_on
        assert all((record.who, record.action) == (WHO, "redrive") for record in records)


@every_kind
def test_nothing_was_ever_discarded_that_is_not_on_record(kind: Kind) -> None:
    def discard(world: World) -> None:
        ids = [f"m-{message.number}" for message in world.order_queue.dead]
        services = world.process("staff")
        world._attempt(lambda: services.operations.dead_letters.discard(WHO, "orders", ids, "Nobody needs them."))

    for world in every_cut(kind, discard):
        gone = {order.order_id for order in world.orders} - {
            json.loads(message.body)["orderId"] for message in world.order_queue.dead
        }
        on_record = dumps([audit_view(record) for record in world.fakes.audit_records.all])
        assert all(order_id in on_record for order_id in gone)


def test_a_poison_that_is_sent_back_too_early_dies_again_and_alone() -> None:
    """Its neighbours are worked off once; it is there again with its reason, and ends once it is repaired."""
    repaired = False

    def until_repaired(call: Call) -> Any:
        if call.method == "capture" and not repaired and "pm_poison" in call.arguments:
            raise KeyError("price")
        return call.do()

    world = World({"orders": until_repaired})
    poison = world.accept(command(payment_method="pm_poison"))
    neighbours = [world.accept(command()) for _ in range(2)]
    world.work_orders()
    world.order_queue.bury()
    first = world.process_with(as_asked).operations.dead_letters.peek("orders", 10)
    redrive(world, "orders")
    world.work_orders()
    world.order_queue.bury()
    second = world.process_with(as_asked).operations.dead_letters.peek("orders", 10)
    repaired = True
    redrive(world, "orders")
    world.come_to_rest()

    assert poison is not None
    for [letter] in (first, second):
        assert (letter.order_id, letter.reason) == (poison.order_id, "KeyError: 'price'")
    assert first[0].message_id != second[0].message_id
    assert {order.status.value for order in world.orders} == {"COMPLETED"}
    ends = [order_id for order_id, event in world.facts().events if event == "OrderCompleted"]
    assert all(order is not None and ends.count(order.order_id) == 1 for order in neighbours)
    assert_at_rest(world, "after the redrive")


def test_the_walk_visits_every_call_of_an_order_and_finds_dead_letters() -> None:
    """Else an empty walk would prove the promises."""
    assert sum(len(world.order_queue.dead) for world in cut_off(PAYS, "orders", Kind.REFUSED)) >= 3
    assert sum(len(world.notifications.dead) for world in cut_off(PAYS, "notify", Kind.REFUSED)) >= 3


def told_of(world: World, order: Order) -> set[str]:
    assert told(world)
    return {occasion for order_id, occasion in world.facts().told if order_id == order.order_id}


def _given_up(world: World, key: str) -> None:
    record = {
        "requestContext": {"functionArn": "arn:aws:lambda:us-east-1:000000000000:function:orderproc-test-mail_receipt"},
        "requestPayload": {"Records": [{"s3": {"object": {"key": key}}}]},
        "responsePayload": {},
    }
    letters = world.dead_letters.given_up.setdefault(MAIL_DLQ, {})
    letters[f"g-{len(letters)}"] = json.dumps(record)
