"""The bus, the topic or both are down for an hour: every event of every order is out in the end, on both of them, and
whatever was published twice was the same event, to the letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace

import pytest
from chalicelib.kit.jsonio import dumps
from chalicelib.orders.events import events_of
from chalicelib.orders.model import Order

from tests.reliability.faults import as_asked
from tests.reliability.outage import HOUR, PASSING, Broadcast, How, Listener, Where
from tests.reliability.points import assert_at_rest, assert_ends_as
from tests.reliability.simulation import Simulation, Story
from tests.reliability.stories import DECLINED, MANUAL, MISPRICED, OUT_OF_STOCK, PAYS, SEVERAL, UNAVAILABLE
from tests.support.combinations import each_pair
from tests.support.fakes.link_secrets import pseudonyms

WORKFLOWS = ("queue", "stepfunctions", "events")
ENDS = (PAYS, MANUAL, DECLINED, UNAVAILABLE, OUT_OF_STOCK)
"""One for each way to end."""
SHIPPED_BY_STAFF = replace(SEVERAL, name="staff ship several lines", order={**SEVERAL.order, "fulfilment": "manual"})

every_workflow = pytest.mark.parametrize("workflow", WORKFLOWS)
anywhere = pytest.mark.parametrize("where", Where)
anyhow = pytest.mark.parametrize("how", PASSING)


class Shop:
    """A simulation that publishes by the real adapter."""

    def __init__(self, story: Story, workflow: str) -> None:
        self.story, self.workflow = story, workflow
        self.sim = Simulation()
        self.broadcast = self.sim.fakes.events = Broadcast(self.sim.clock)
        # The bus and the topic may hear different things here: what drives the steps is what the bus heard.
        self.sim.bus._fakes = SimpleNamespace(events=self.broadcast.bus)  # type: ignore[assignment]

    def accept(self) -> Order:
        return self.sim.placed(replace(self.story.command(), workflow=self.workflow))

    @property
    def order(self) -> Order:
        return self.sim.order

    def assert_all_was_told(self) -> None:
        expected = {event.detail["eventId"]: dumps(event.detail) for event in events_of(self.order)}
        for listener in (self.broadcast.bus, self.broadcast.topic):
            assert texts_by_id(listener) == {event_id: {text} for event_id, text in expected.items()}
        assert_at_rest(self.sim, f"{self.story} by {self.workflow}")


def texts_by_id(listener: Listener) -> dict[str, set[str]]:
    """Each event's texts: more than one would be two events of one id."""
    heard: dict[str, set[str]] = {}
    for event, text in zip(listener.published, listener.heard, strict=True):
        heard.setdefault(event.detail["eventId"], set()).add(text)
    return heard


@each_pair
@anyhow
@anywhere
@every_workflow
@pytest.mark.parametrize("story", ENDS, ids=str)
def test_an_hour_without_them_from_the_first_moment_on_loses_no_event(
    story: Story, workflow: str, where: Where, how: How
) -> None:
    shop = Shop(story, workflow)
    shop.broadcast.go_down(where, how)

    shop.accept()
    shop.sim.come_to_rest()

    shop.assert_all_was_told()
    if workflow == "events":  # the bus is what brings it on, and an order that gets nowhere for an hour expires
        assert shop.order.status in {story.ends, "FAILED"}
    else:
        assert_ends_as(story, shop.order)


@each_pair
@anyhow
@anywhere
@every_workflow
@pytest.mark.parametrize("story", [PAYS, MANUAL], ids=str)
@pytest.mark.parametrize("worked_off", [False, True], ids=["at once", "after it ended"])
def test_a_cancellation_is_told_when_they_are_back(
    story: Story, workflow: str, where: Where, how: How, worked_off: bool
) -> None:
    shop = Shop(story, workflow)
    placed = shop.accept()
    if worked_off:
        shop.sim.come_to_rest()
    shop.broadcast.go_down(where, how)

    cancelled = shop.sim.cancel(placed.order_id)
    shop.sim.come_to_rest()

    assert isinstance(cancelled, Order)  # the customer is not told of our trouble
    assert shop.order.status == "CANCELLED"
    shop.assert_all_was_told()


@each_pair
@anyhow
@anywhere
@every_workflow
@pytest.mark.parametrize("story", [SEVERAL, SHIPPED_BY_STAFF], ids=str)
@pytest.mark.parametrize("shipments", [[None], [{"LAPTOP001": 2}, {"MOUSE001": 1}, None]], ids=["one", "three"])
def test_every_shipment_is_told_when_they_are_back(
    story: Story, workflow: str, where: Where, how: How, shipments: Sequence[dict[str, int] | None]
) -> None:
    shop = Shop(story, workflow)
    shop.accept()
    shop.sim.come_to_rest()
    shop.broadcast.go_down(where, how)

    for number, shipment in enumerate(shipments):
        shop.sim.process_with(as_asked).workflow.ship.ship(shop.order, "DHL", f"JD{number}", shipment)
    shop.sim.come_to_rest()

    assert (shop.order.status, shop.order.attention) == ("COMPLETED", "")
    shop.assert_all_was_told()


@each_pair
@anyhow
@anywhere
@every_workflow
def test_every_arrival_is_told_when_they_are_back_and_repeats_nothing_in_other_words(
    workflow: str, where: Where, how: How
) -> None:
    shop = Shop(SHIPPED_BY_STAFF, workflow)
    shop.accept()
    shop.sim.come_to_rest()
    staff = shop.sim.process_with(as_asked).workflow.ship
    staff.ship(shop.order, "DHL", "JD1", {"LAPTOP001": 2})
    staff.ship(shop.order, "DHL", "JD2", None)
    shop.sim.come_to_rest()
    shop.sim.clock.advance(24 * HOUR)
    shop.broadcast.go_down(where, how)
    staff.deliver(shop.order, "JD1")
    shop.sim.come_to_rest()

    assert [event.type for event in events_of(shop.order)].count("ShipmentDelivered") == 1
    shop.assert_all_was_told()


@each_pair
@anyhow
@anywhere
@every_workflow
def test_nothing_is_told_of_what_did_not_happen(workflow: str, where: Where, how: How) -> None:
    shop = Shop(MISPRICED, workflow)
    shop.broadcast.go_down(where, how)

    shop.accept()
    shop.sim.come_to_rest()

    for listener in (shop.broadcast.bus, shop.broadcast.topic):
        assert {event.type for event in listener.published} == {"OrderPlaced", "OrderFailed"}


@each_pair
@anywhere
@every_workflow
@pytest.mark.parametrize("story", ENDS, ids=str)
def test_without_the_right_to_publish_staff_see_it_and_a_redrive_tells_all(
    story: Story, workflow: str, where: Where
) -> None:
    """What is wrong for good is no outage: nobody can know that it will pass."""
    shop = Shop(story, workflow)
    shop.broadcast.go_down(where, How.REFUSED, 24 * HOUR)
    shop.accept()
    for _ in range(3):
        shop.sim.work_orders()
        shop.sim.work_executions()
        shop.sim.work_steps()
        shop.sim.housekeeper()
    assert not shop.sim.lost_from_sight()

    shop.broadcast.is_repaired()
    shop.sim.redrive()

    shop.assert_all_was_told()
    assert_ends_as(story, shop.order)


@anyhow
@anywhere
def test_while_they_are_down_the_order_stays_where_the_housekeeper_looks(where: Where, how: How) -> None:
    shop = Shop(PAYS, "queue")
    shop.broadcast.go_down(where, how)

    shop.accept()
    shop.sim.work_orders()

    assert shop.order.status == "COMPLETED"  # whoever asks for the order is told how it is
    assert shop.order.open


def test_no_other_table_or_queue_takes_part() -> None:
    """An outbox would be one more write of each order."""
    calls: list[str] = []

    def noted(call: object) -> object:
        calls.append(str(call))
        return as_asked(call)  # type: ignore[arg-type]

    shop = Shop(PAYS, "queue")
    shop.accept()
    services = shop.sim.process_with(noted)
    shop.sim.work_batch(services, shop.sim.order_queue.receive())

    assert [call for call in calls if "events" in call] == ["events.publish"]
    assert calls[-1] == "events.publish"


@every_workflow
@pytest.mark.parametrize("story", [PAYS, DECLINED], ids=str)
def test_an_hour_in_which_no_customer_can_be_hidden_loses_no_event(story: Story, workflow: str) -> None:
    """It is like a bus that takes nothing, but for orders whose customer's id may name a person only."""
    address = {"customer_id": "petra@private.example"}
    shop = Shop(replace(story, order={**story.order, **address}), workflow)
    shop.broadcast.forgets_secrets()

    shop.accept()
    shop.sim.come_to_rest()

    expected = {event.detail["eventId"] for event in events_of(shop.order)}
    hidden = pseudonyms().of_id("petra@private.example")
    for listener in (shop.broadcast.bus, shop.broadcast.topic):
        assert texts_by_id(listener).keys() == expected
        assert {event.detail["customerId"] for event in listener.published} == {hidden}
    assert_at_rest(shop.sim, f"{story} by {workflow}")
    assert shop.order.status in ({story.ends, "FAILED"} if workflow == "events" else {story.ends})


@every_workflow
def test_orders_with_plain_ids_do_not_notice_it(workflow: str) -> None:
    shop = Shop(PAYS, workflow)
    shop.broadcast.forgets_secrets()
    began = shop.sim.clock.now()

    shop.accept()
    shop.sim.come_to_rest()

    shop.assert_all_was_told()
    assert_ends_as(PAYS, shop.order)
    assert {event.detail["occurredAt"][:13] for event in shop.broadcast.published} == {began[:13]}
