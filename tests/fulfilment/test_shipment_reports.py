"""What carriers report of shipments: whatever comes twice, late, in any order or at once, the end is the same."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from chalicelib.bootstrap import Services
from chalicelib.bootstrap.workflow import IN_FLIGHT
from chalicelib.fulfilment.carrier_report import Report
from chalicelib.kit.clock import to_iso
from chalicelib.kit.errors import Conflict, NotFound, StaleOrder, TemporarilyUnavailable
from chalicelib.orders.model import Line, Order, Shipment, ShipmentStatus, Status
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders.examples import LAPTOP, MOUSE, SETTINGS, command
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.orders import FakeOrders

SHIPPED, DELIVERED, LOST = ShipmentStatus
EARLIER, LATER = "2026-11-20T08:00:00.000Z", "2026-11-20T09:00:00.000Z"
SHIPMENT = Shipment("DHL", "JD1", (("LAPTOP001", 1),), SHIPPED, "2026-11-20T12:00:00.000Z")
TIMES = st.integers(0, 3).map(lambda hour: f"2026-11-2{hour}T12:00:00.000Z")
REPORTS = st.lists(st.tuples(st.sampled_from(ShipmentStatus), TIMES), max_size=6)


@pytest.fixture
def adapters() -> FakeAdapters:
    fakes = FakeAdapters()
    fakes.catalogue.put(LAPTOP, 50)
    fakes.catalogue.put(MOUSE, 50)
    return fakes


def paid(services: Services, laptops: int = 2) -> Order:
    lines = (Line("LAPTOP001", "", laptops, Decimal("1299.99")),)
    placed = services.orders.accept(
        command(lines=lines, total_amount=laptops * Decimal("1299.99"), fulfilment="manual")
    )
    return services.workflow.steps.run_all(placed.order_id)


def shipped(services: Services, *numbers: str) -> Order:
    """A laptop in each shipment of DHL."""
    order = paid(services, len(numbers))
    for number in numbers:
        order = services.workflow.ship.ship(order, "DHL", number, {"LAPTOP001": 1})
    return order


def report(services: Services, number: str, status: ShipmentStatus, at: str = LATER, order_id: str = "") -> Shipment:
    return services.workflow.ship.report(Report("DHL", number, status, at, order_id))[1]


# In any order


def after(reports: list[tuple[ShipmentStatus, str]]) -> Shipment:
    shipment = SHIPMENT
    for status, at in reports:
        shipment = shipment.reported(status, at)
    return shipment


@given(REPORTS, st.randoms(use_true_random=False))
def test_the_order_and_the_number_of_reports_make_no_difference(
    reports: list[tuple[ShipmentStatus, str]], chance: random.Random
) -> None:
    again = reports + chance.choices(reports, k=3) if reports else []
    chance.shuffle(again)

    assert after(again) == after(reports)


@given(REPORTS)
def test_the_latest_end_counts_and_arrival_wins_a_tie(reports: list[tuple[ShipmentStatus, str]]) -> None:
    ends = [(at, status is DELIVERED) for status, at in reports if status is not SHIPPED]

    shipment = after(reports)

    assert (shipment.status, shipment.at) == (
        (DELIVERED if max(ends)[1] else LOST, max(ends)[0]) if ends else (SHIPPED, SHIPMENT.at)
    )
    assert shipment.shipped_at == SHIPMENT.at


REAL = [(SHIPPED, EARLIER), (LOST, EARLIER), (DELIVERED, LATER), (DELIVERED, LATER)]


@pytest.mark.parametrize("reports", sorted(set(itertools.permutations(REAL))))
def test_a_stored_shipment_ends_the_same_by_every_way(
    services: Services, reports: tuple[tuple[ShipmentStatus, str], ...]
) -> None:
    order = shipped(services, "JD1", "JD2")

    for status, at in reports:
        report(services, "JD1", status, at)

    one, other = services.orders.queries.any(order.order_id).shipments
    assert (one.status, one.at) == (DELIVERED, LATER)
    assert other.status is SHIPPED


def test_a_time_in_the_future_counts_as_now(services: Services, adapters: FakeAdapters) -> None:
    shipped(services, "JD1")

    wrong = report(services, "JD1", LOST, "2999-01-01T00:00:00.000Z")
    assert wrong.at == adapters.clock.now()

    adapters.clock.advance(60)
    assert report(services, "JD1", DELIVERED, adapters.clock.now()).status is DELIVERED


def test_a_replay_writes_nothing_and_tells_nobody(services: Services, adapters: FakeAdapters) -> None:
    order = shipped(services, "JD1")
    report(services, "JD1", DELIVERED)
    stored, told = services.orders.queries.any(order.order_id), list(adapters.events.types)

    report(services, "JD1", DELIVERED)
    report(services, "JD1", SHIPPED)

    assert services.orders.queries.any(order.order_id) == stored
    assert adapters.events.types == told


def test_staff_and_carrier_say_the_same_thing(services: Services) -> None:
    order = shipped(services, "JD1")
    report(services, "JD1", LOST, LATER)

    delivered = services.workflow.ship.deliver(order, "JD1")  # it stands here

    assert delivered.shipments[0].status is DELIVERED
    assert report(services, "JD1", LOST, LATER).status is DELIVERED


def test_a_report_tells_of_its_shipment_alone(services: Services, adapters: FakeAdapters) -> None:
    shipped(services, "JD1", "JD2")

    report(services, "JD2", LOST)

    lost = [event.detail for event in adapters.events.published if event.type == "ShipmentLost"]
    assert [(d["shipment"]["trackingNumber"], d["occurredAt"]) for d in lost] == [("JD2", LATER)]


def test_a_report_about_a_refunded_order_is_taken(services: Services, adapters: FakeAdapters) -> None:
    order = shipped(services, "JD1")
    moved = order.moved(Status.REFUNDED, adapters.clock.now())
    adapters.orders.save(moved, order.status)

    assert report(services, "JD1", DELIVERED).status is DELIVERED


# Which shipment


def test_a_shipment_that_nobody_shipped_is_unknown(services: Services) -> None:
    shipped(services, "JD1")

    with pytest.raises(NotFound):
        report(services, "JD9", DELIVERED)
    with pytest.raises(NotFound):
        services.workflow.ship.report(Report("UPS", "JD1", DELIVERED, LATER))


def test_a_carrier_that_names_the_order_must_be_right(services: Services) -> None:
    order, other = shipped(services, "JD1"), shipped(services, "JD2")

    assert report(services, "JD1", DELIVERED, order_id=order.order_id).status is DELIVERED
    with pytest.raises(NotFound):
        report(services, "JD1", DELIVERED, order_id=other.order_id)


@pytest.mark.parametrize("seconds", [0, IN_FLIGHT.total_seconds() + 1])
def test_the_number_of_another_orders_shipment_is_refused(
    services: Services, adapters: FakeAdapters, seconds: float
) -> None:
    shipped(services, "JD1")
    order = paid(services)
    adapters.clock.advance(seconds)  # a shipment that is there is no forgotten note

    with pytest.raises(Conflict):
        services.workflow.ship.ship(order, "DHL", "JD1", None)

    assert services.orders.queries.any(order.order_id) == order
    assert services.workflow.ship.ship(order, "UPS", "JD1", None).shipments  # another carrier's is another


class DiesOnSave(FakeOrders):
    """Fails each save until told otherwise."""

    works = False

    def save(self, order: Order, expected: Status) -> Order:
        if not self.works:
            raise StaleOrder("never")
        return super().save(order, expected)


def test_before_the_shipment_is_stored_its_report_is_to_be_sent_again(adapters: FakeAdapters) -> None:
    order = paid(Services(SETTINGS, adapters))
    adapters.orders = failing = DiesOnSave(adapters.store)
    services = Services(SETTINGS, adapters)
    with pytest.raises(TemporarilyUnavailable):
        services.workflow.ship.ship(order, "DHL", "JD1", None)

    with pytest.raises(NotFound):
        report(services, "JD1", DELIVERED)

    failing.works = True
    services.workflow.ship.ship(order, "DHL", "JD1", None)
    assert report(services, "JD1", DELIVERED).status is DELIVERED


def test_a_number_that_nothing_came_of_is_free_once_nobody_can_be_shipping(adapters: FakeAdapters) -> None:
    """Typed in for the wrong order, when all of that was shipped meanwhile."""
    services = Services(SETTINGS, adapters)
    wrong, right = paid(services), paid(services)
    adapters.orders = failing = DiesOnSave(adapters.store)
    services = Services(SETTINGS, adapters)
    with pytest.raises(TemporarilyUnavailable):
        services.workflow.ship.ship(wrong, "DHL", "JD1", None)
    failing.works = True

    with pytest.raises(Conflict):
        services.workflow.ship.ship(right, "DHL", "JD1", None)  # the other may just be about to
    adapters.clock.advance(IN_FLIGHT.total_seconds() + 1)

    assert services.workflow.ship.ship(right, "DHL", "JD1", None).shipments
    assert report(services, "JD1", DELIVERED).status is DELIVERED
    with pytest.raises(Conflict):
        services.workflow.ship.ship(wrong, "DHL", "JD1", None)


# At once


def until_taken(services: Services, number: str, status: ShipmentStatus, at: str) -> None:
    """As carriers do: a 503 is sent again."""
    for _ in range(100):
        try:
            report(services, number, status, at)
            return
        except TemporarilyUnavailable:
            pass
    raise AssertionError("never taken")


def test_reports_about_all_shipments_at_once_lose_nothing(services: Services, adapters: FakeAdapters) -> None:
    numbers = [f"JD{n}" for n in range(8)]
    order = shipped(services, *numbers)
    sent = [(number, status, at) for number in numbers for status, at in REAL]
    random.Random(4).shuffle(sent)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda one: until_taken(services, *one), sent))

    ended = services.orders.queries.any(order.order_id)
    assert [(s.tracking_number, s.status, s.at) for s in ended.shipments] == [(n, DELIVERED, LATER) for n in numbers]
    told = {
        (e.detail["shipment"]["trackingNumber"]) for e in adapters.events.published if e.type == "ShipmentDelivered"
    }
    assert told == set(numbers)


def test_two_who_ship_one_number_at_once_for_two_orders_ship_one(services: Services, adapters: FakeAdapters) -> None:
    for n in range(20):
        orders = [paid(services, 1), paid(services, 1)]

        def attempt(order: Order, number: str = f"JD-{n}") -> bool:
            try:
                return bool(services.workflow.ship.ship(order, "DHL", number, None))
            except Conflict:
                return False

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(attempt, orders)) == [False, True]
        having = [o for o in orders if services.orders.queries.any(o.order_id).shipments]
        assert len(having) == 1
        assert adapters.shipments.order_of("DHL", f"JD-{n}") == having[0].order_id


def moments(adapters: FakeAdapters) -> Iterator[str]:
    while True:
        adapters.clock.advance(1)
        yield to_iso(adapters.clock.moment)


def test_many_events_of_many_shipments_have_ids_of_their_own_and_keep_their_words(
    services: Services, adapters: FakeAdapters
) -> None:
    times = moments(adapters)
    order = paid(services, 6)
    for n in range(6):
        next(times)
        order = services.workflow.ship.ship(order, "DHL", f"JD{n}", {"LAPTOP001": 1})
    for n, status in enumerate([DELIVERED, LOST, DELIVERED]):
        report(services, f"JD{n}", status, next(times))

    words: dict[str, set[str]] = {}
    for event in adapters.events.published:
        words.setdefault(event.detail["eventId"], set()).add(repr(sorted(event.detail.items(), key=lambda i: i[0])))
    assert [len(texts) for texts in words.values()] == [1] * len(words)
    types = [next(iter(texts)).count("'OrderShipped'") for texts in words.values()]
    assert sum(types) == 6


def test_carriers_with_the_same_number_tell_of_shipments_of_their_own(
    services: Services, adapters: FakeAdapters
) -> None:
    order = services.workflow.ship.ship(paid(services), "DHL", "1", {"LAPTOP001": 1})
    services.workflow.ship.ship(order, "UPS", "1", {"LAPTOP001": 1})

    assert len({e.detail["eventId"] for e in adapters.events.published if e.type == "OrderShipped"}) == 2


def test_each_shipment_tells_what_it_made_of_the_order(services: Services, adapters: FakeAdapters) -> None:
    shipped(services, "JD1", "JD2")

    told = {
        e.detail["shipment"]["trackingNumber"]: e.detail["status"]
        for e in adapters.events.published
        if e.type == "OrderShipped"
    }
    assert told == {"JD1": "FULFILLMENT", "JD2": "COMPLETED"}


def test_a_shipment_is_never_shipped_before_its_order_was_paid(services: Services, adapters: FakeAdapters) -> None:
    order = paid(services)
    adapters.clock.advance(-3600)

    shipment = services.workflow.ship.ship(order, "DHL", "JD1", None).shipments[0]

    assert shipment.at == order.updated_at
