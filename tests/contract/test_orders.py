"""Orders: stored once, replaced only from the status they were read in, and found again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from chalicelib.kit.errors import StaleOrder
from chalicelib.orders.model import (
    Address,
    Duty,
    Failure,
    HistoryRow,
    Line,
    Order,
    Payment,
    PaymentStatus,
    Reservation,
    Status,
)

from tests.contract.adapters import Storage, order
from tests.contract.threads import concurrently

LATER = "2026-11-21T14:30:26.000Z"


def test_a_new_order_is_stored_and_found(storage: Storage) -> None:
    placed = order()

    assert storage.orders.add(placed) is None

    assert storage.orders.get(placed.order_id) == placed


def test_an_order_nobody_stored_is_none(storage: Storage) -> None:
    assert storage.orders.get("no-such-order") is None


def test_the_second_to_add_an_id_gets_the_first_ones_order_back_untouched(storage: Storage) -> None:
    first = order(customer_email="first@example.com")
    storage.orders.add(first)

    stored = storage.orders.add(replace(first, customer_email="second@example.com"))

    assert stored == first
    assert storage.orders.get(first.order_id) == first


def test_of_twenty_who_add_one_id_at_once_one_wins_and_all_others_get_its_order(storage: Storage) -> None:
    base = order()
    rivals = [replace(base, customer_email=f"rival{n}@example.com") for n in range(20)]

    answers = concurrently(20, lambda n: storage.orders.add(rivals[n]))

    winners = [rival for rival, answer in zip(rivals, answers, strict=True) if answer is None]
    assert len(winners) == 1
    assert all(answer == winners[0] for answer in answers if answer is not None)


def test_save_replaces_an_order_that_has_the_expected_status(storage: Storage) -> None:
    placed = order()
    storage.orders.add(placed)
    moved = placed.moved(Status.VALIDATING, LATER, "looking")

    storage.orders.save(moved, Status.PENDING)

    assert storage.orders.get(placed.order_id) == moved


def test_save_refuses_when_the_status_is_another_by_now(storage: Storage) -> None:
    placed = order()
    storage.orders.add(placed)
    cancelled = placed.moved(Status.CANCELLED, LATER)
    storage.orders.save(cancelled, Status.PENDING)

    with pytest.raises(StaleOrder):
        storage.orders.save(placed.moved(Status.VALIDATING, LATER), Status.PENDING)

    assert storage.orders.get(placed.order_id) == cancelled


def test_save_refuses_an_order_that_was_never_added(storage: Storage) -> None:
    with pytest.raises(StaleOrder):
        storage.orders.save(order(), Status.PENDING)


def test_of_twenty_who_save_from_one_status_at_once_one_wins(storage: Storage) -> None:
    placed = order()
    storage.orders.add(placed)

    def cancel(n: int) -> bool:
        try:
            storage.orders.save(placed.moved(Status.CANCELLED, LATER, f"by {n}"), Status.PENDING)
        except StaleOrder:
            return False
        return True

    won = concurrently(20, cancel)

    assert won.count(True) == 1
    stored = storage.orders.get(placed.order_id)
    assert stored is not None
    assert stored.history[-1].detail == f"by {won.index(True)}"


ADDRESS = Address("Ünter den Linden 1\n2. Stock", "東京", "", "00-950 Łódź", "🇳🇱")
WHOLE = {
    "plain": {},
    "without what is optional": {"phone_number": None, "shipping_address": None},
    "of nobody we know, and of nothing": {
        "customer_id": "",
        "customer_email": "",
        "shipping_address": None,
        "lines": (),
        "total_amount": Decimal("0.00"),
        "workflow": "events",
    },
    "unicode": {
        "customer_id": "Ζωή|Łucja 東京 🎁",
        "customer_email": "ünï@exämple.com",
        "shipping_address": ADDRESS,
        "lines": (Line("A-1", 'Größe "XL" — 大きい 🎁\u2028', 3, Decimal("0.10")),),
        "total_amount": Decimal("0.30"),
        "correlation_id": "Kørrelation",
    },
    "empty name and detail": {"lines": (Line("A-1", "", 1, Decimal("0.00")),), "total_amount": Decimal("0.00")},
    "no digits": {
        "currency": "JPY",
        "lines": (Line("A-1", "Tea", 10_000, Decimal(99999)),),
        "total_amount": Decimal(999990000),
    },
    "three digits": {
        "currency": "KWD",
        "lines": (Line("A-1", "Oil", 7, Decimal("1.010")),),
        "total_amount": Decimal("7.070"),
    },
    "with all that an order may say besides": {
        "shipping_address": replace(ADDRESS, name="Zoë 東", company="Müller & Söhne", street2="c/o 🎁"),
        "billing_address": Address("Postbus 1", "Delft", "", "2600 AA", "NL", company="Zoë BV"),
        "order_number": "100482",
        "reference": "PO-2026/7 ü",
        "note": "Ring twice.\nThen wait. 🎁",
        "metadata": (("zebra", "1"), ("a", ""), ("ключ", "  as sent \n ")),
        "locale": "nl",
    },
    "a billing address without more": {"billing_address": ADDRESS, "order_number": "999999999999"},
    "an end with everything in it": {
        "history": (
            HistoryRow(Status.PENDING, "2026-11-21T14:30:25.001Z"),
            HistoryRow(Status.VALIDATING, "2026-11-21T14:30:25.999Z", "ünïcode"),
            HistoryRow(Status.CANCELLED, "2027-01-01T00:00:00.000Z", "Cancelled by the customer."),
        ),
        "payment_method": "pm_sim_timeoutOnce",
        "workflow": "stepfunctions",
        "fulfilment": "manual",
        "reservation": Reservation.RELEASED,
        "payment": Payment(PaymentStatus.REFUNDED, "ch_1", Decimal("1299.99"), Decimal("1299.90")),
        "failure": Failure("CANCELLED_BY_CUSTOMER", "Zurückgezogen"),
        "correlation_id": "c-1",
        "fingerprint": bytes(range(240, 256)),
        "duties": frozenset({Duty.REFUND, Duty.CART, Duty.RECEIPT}),
        "unpublished": ("OrderCancelled", "OrderShipped:DHL:JD 1"),
        "handovers": 3,
        "tries": 2,
        "retry_at": "2027-01-01T00:04:00.000Z",
    },
}


@pytest.mark.parametrize("changes", WHOLE.values(), ids=WHOLE.keys())
def test_every_field_comes_back_as_it_was_stored(storage: Storage, changes: dict[str, object]) -> None:
    placed = order(**changes)

    storage.orders.add(placed)

    stored = storage.orders.get(placed.order_id)
    assert stored == placed
    assert stored is not None
    assert [str(n.price) for n in stored.lines] == [str(n.price) for n in placed.lines]  # 20.00 is not 20
    assert str(stored.total_amount) == str(placed.total_amount)


def test_every_way_to_hold_stock_comes_back(storage: Storage) -> None:
    placed = [order(reservation=reservation) for reservation in Reservation]

    for one in placed:
        storage.orders.add(one)

    assert [storage.orders.get(one.order_id) for one in placed] == placed


def test_an_order_that_gets_another_owner_is_in_that_ones_lists_and_in_no_others(storage: Storage) -> None:
    before = order(owner="guest", customer_id="noor@example.com")
    storage.orders.add(before)
    storage.orders.add(order(owner="guest", customer_id="noor@example.com"))

    after = storage.orders.save(replace(before, owner="c-noor", customer_id="noor"), before.status)

    assert storage.orders.get(before.order_id) == after
    assert storage.orders.by_owner("c-noor", None, 5, None).items == [after]
    assert storage.orders.by_owner("c-noor", "noor", 5, None).items == [after]
    assert before.order_id not in storage.orders.newest_ids("guest", None)[0]
    assert before.order_id not in storage.orders.newest_ids("guest", "noor@example.com")[0]


def test_the_open_index_lists_open_orders_created_before_a_time(storage: Storage) -> None:
    placed = [_created(f"1999-01-01T00:00:0{n}.000Z") for n in range(5)]
    for one in placed:
        storage.orders.add(one)

    found = list(storage.orders.open_before("1999-01-01T00:00:03.000Z"))

    assert _ids(found) == _ids(placed[:3])


def test_an_order_leaves_the_open_index_when_it_is_saved_as_closed(storage: Storage) -> None:
    stays, goes = _created("1999-02-01T00:00:00.000Z"), _created("1999-02-01T00:00:00.000Z")
    storage.orders.add(stays)
    storage.orders.add(goes)

    storage.orders.save(goes.moved(Status.CANCELLED, LATER), Status.PENDING)

    found = [o for o in storage.orders.open_before("1999-02-01T00:00:00.001Z") if o.created_at[:7] == "1999-02"]
    assert found == [stays]


def test_the_open_index_is_read_to_its_end_however_many_stay_in_front(storage: Storage) -> None:
    placed = [_created(f"1998-01-{n % 28 + 1:02d}T00:00:00.000Z") for n in range(900)]  # more than a page a shard
    for one in placed:
        storage.orders.add(one)

    found = list(storage.orders.open_before("1998-12-31T00:00:00.000Z"))

    assert _ids(found) == _ids(placed)


def _created(at: str) -> Order:
    return order(created_at=at, history=(HistoryRow(Status.PENDING, at),))


def _ids(orders: list[Order]) -> list[str]:
    return sorted(o.order_id for o in orders)
