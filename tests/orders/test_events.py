"""The events of an order, made from the order alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from chalicelib.kit.jsonio import dumps
from chalicelib.orders.events import events_of, unpublished, with_news
from chalicelib.orders.model import (
    Failure,
    Line,
    Order,
    Payment,
    PaymentStatus,
    Reservation,
    Shipment,
    ShipmentStatus,
    Status,
)

from tests.support.builders.examples import NOW, order

PAID = Payment(PaymentStatus.CAPTURED, "ch_1", Decimal("1299.99"), Decimal("0.00"))
REFUNDED = replace(PAID, status=PaymentStatus.REFUNDED, refunded=Decimal("1299.99"))
RESERVED = ["VALIDATING", "INVENTORY_CHECK", "PAYMENT_PROCESSING"]


def having(*statuses: str, **changes: object) -> Order:
    """An order that went through these statuses, a second each."""
    now = order()
    for n, status in enumerate(statuses):
        now = now.moved(Status(status), f"2026-11-21T14:31:{n:02d}.000Z")
    return replace(now, **changes)


ENDS = {
    "just placed": (having(), ["OrderPlaced"]),
    "failed before anything was reserved": (
        having("VALIDATING", "FAILED", failure=Failure("PRICE_MISMATCH", "…")),
        ["OrderPlaced", "OrderFailed"],
    ),
    "declined": (
        having(*RESERVED, "FAILED", reservation=Reservation.RELEASED, failure=Failure("CARD_DECLINED", "…")),
        ["OrderPlaced", "InventoryReserved", "OrderFailed"],
    ),
    "failed, the money given back": (
        having(*RESERVED, "FAILED", reservation=Reservation.RELEASED, payment=REFUNDED),
        ["OrderPlaced", "InventoryReserved", "PaymentCaptured", "OrderFailed", "OrderRefunded"],
    ),
    "cancelled at once": (having("CANCELLED"), ["OrderPlaced", "OrderCancelled"]),
    "cancelled after it was paid": (
        having(*RESERVED, "FULFILLMENT", "COMPLETED", "CANCELLED", reservation=Reservation.RESTOCKED, payment=REFUNDED),
        ["OrderPlaced", "InventoryReserved", "PaymentCaptured", "OrderCompleted", "OrderCancelled", "OrderRefunded"],
    ),
    "completed": (
        having(*RESERVED, "FULFILLMENT", "COMPLETED", reservation=Reservation.COMMITTED, payment=PAID),
        ["OrderPlaced", "InventoryReserved", "PaymentCaptured", "OrderCompleted"],
    ),
    "confirmed": (
        having(*RESERVED, "CONFIRMED", reservation=Reservation.COMMITTED, payment=PAID),
        ["OrderPlaced", "InventoryReserved", "PaymentCaptured"],
    ),
    "refunded by staff": (
        having(*RESERVED, "CONFIRMED", "REFUNDED", reservation=Reservation.RESTOCKED, payment=REFUNDED),
        ["OrderPlaced", "InventoryReserved", "PaymentCaptured", "OrderRefunded"],
    ),
}


@pytest.mark.parametrize(("ended", "types"), ENDS.values(), ids=ENDS.keys())
def test_every_end_tells_its_whole_story(ended: Order, types: list[str]) -> None:
    assert [event.type for event in events_of(ended)] == types


@pytest.mark.parametrize(("ended", "_types"), ENDS.values(), ids=ENDS.keys())
def test_telling_it_again_is_the_same_events_with_the_same_ids(ended: Order, _types: list[str]) -> None:
    assert events_of(ended) == events_of(ended)
    ids = [event.detail["eventId"] for event in events_of(ended)]
    assert len(set(ids)) == len(ids)


def test_two_orders_have_no_event_id_in_common() -> None:
    ids = [event.detail["eventId"] for placed in (order(), order()) for event in events_of(placed)]

    assert len(set(ids)) == len(ids)


def test_an_event_keeps_its_words_when_the_order_goes_on() -> None:
    """Whoever heard it the first time and whoever hears it later must have heard the same."""
    now, later = having(*RESERVED, reservation=Reservation.HELD), having()
    later = replace(ENDS["completed"][0], order_id=now.order_id)

    assert events_of(later)[: len(events_of(now))] == events_of(now)


def test_each_event_says_when_it_happened_and_in_which_status() -> None:
    told = {event.type: event.detail for event in events_of(ENDS["completed"][0])}

    assert [(d["status"], d["occurredAt"][17:23]) for d in told.values()] == [
        ("PENDING", "25.123"),
        ("PAYMENT_PROCESSING", "02.000"),
        ("FULFILLMENT", "03.000"),
        ("COMPLETED", "04.000"),
    ]


def test_a_payment_that_was_found_late_happened_in_a_status_that_the_order_had() -> None:
    refunded = ENDS["failed, the money given back"][0]

    (captured,) = (event for event in events_of(refunded) if event.type == "PaymentCaptured")

    assert captured.detail["status"] == "PAYMENT_PROCESSING"


def test_a_total_of_nothing_is_paid_once_the_order_goes_on() -> None:
    """The event brings the shipping step of the workflow `events`, and the documents of one that staff ship."""
    free = {"total_amount": Decimal("0.00")}

    assert "PaymentCaptured" not in [event.type for event in events_of(having(*RESERVED, **free))]
    assert "PaymentCaptured" in [event.type for event in events_of(having(*RESERVED, "FULFILLMENT", **free))]
    assert "PaymentCaptured" in [event.type for event in events_of(having(*RESERVED, "CONFIRMED", **free))]


@pytest.mark.parametrize("before", ["just placed", "confirmed"])
def test_what_a_change_brings_is_noted_as_unpublished(before: str) -> None:
    """Of an order whose driver has not finished, nothing counts as published."""
    order = ENDS[before][0]
    after = replace(order.moved(Status.CANCELLED, "2026-11-21T14:40:00.000Z"), payment=None)

    noted = with_news(after, order)

    types = [event.type for event in unpublished(noted)]
    assert types == (["OrderPlaced", "OrderCancelled"] if before == "just placed" else ["OrderCancelled"])


def test_what_was_unpublished_before_a_change_still_is() -> None:
    order = replace(ENDS["confirmed"][0], unpublished=("PaymentCaptured",))
    after = order.moved(Status.CANCELLED, "2026-11-21T14:40:00.000Z")

    assert with_news(after, order).unpublished == ("PaymentCaptured", "OrderCancelled")


def test_only_the_end_says_what_went_wrong() -> None:
    placed, failed = events_of(ENDS["failed before anything was reserved"][0])

    assert "error" not in placed.detail
    assert failed.detail["error"] == {"code": "PRICE_MISMATCH", "message": "…"}


@pytest.mark.parametrize(("phone", "has"), [("+31612345678", True), (None, False)])
def test_filters_learn_whether_there_is_a_phone_number_and_never_which(phone: str | None, has: bool) -> None:
    (placed,) = events_of(order(phone_number=phone))

    assert placed.detail["hasPhoneNumber"] is has


def test_nothing_of_a_person_but_the_customer_id_goes_out() -> None:
    text = dumps([event.detail for event in events_of(ENDS["cancelled after it was paid"][0])])

    assert "customer123" in text
    for personal in ("customer@example.com", "31612345678", "Main St", "Anytown", "pm_card_visa", "ch_1"):
        assert personal not in text


def test_the_shipment_that_leaves_nothing_to_ship_completes_the_order_and_none_before() -> None:
    lines = (Line("LAPTOP001", "", 2, Decimal("10.00")), Line("MOUSE001", "", 1, Decimal("5.00")))
    shipments = tuple(
        Shipment("DHL", number, items, ShipmentStatus.SHIPPED, NOW)
        for number, items in (("1", (("LAPTOP001", 1),)), ("2", (("LAPTOP001", 1),)), ("3", (("MOUSE001", 1),)))
    )
    shipped = having(
        *RESERVED, "CONFIRMED", "FULFILLMENT", "COMPLETED", fulfilment="manual", lines=lines, shipments=shipments
    )

    told = [event.detail["status"] for event in events_of(shipped) if event.type == "OrderShipped"]

    assert told == ["FULFILLMENT", "FULFILLMENT", "COMPLETED"]
