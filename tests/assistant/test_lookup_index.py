"""Which of a customer's many orders are found by the search index: theirs and no others."""

from __future__ import annotations

from typing import Any

import pytest
from chalicelib.orders.model import Order, Shipment, ShipmentStatus
from chalicelib.orders.search_index import Indexed, place_of
from chalicelib.orders.search_tokens import tokens_of

from tests.assistant.asking import asked, behind
from tests.assistant.sample_orders import CUSTOMER, PARTNER
from tests.support.builders.examples import order
from tests.support.fakes.adapters import FakeAdapters

SHIPMENT = Shipment("PostNL", "3SOLD0042", (("LAPTOP001", 1),), ShipmentStatus.SHIPPED, "2026-11-02T00:00:00.000Z")
OLD: dict[str, Any] = {"order_number": "12345678", "created_at": "2026-11-01T00:00:00.000Z"}


def behind_many(*old: Order) -> FakeAdapters:
    """A shop where the customer placed a hundred and more orders after these, which the index has."""
    fakes = behind(101)
    for one in old:
        fakes.orders.add(one)
    fakes.order_index.add([Indexed(place_of(one), tokens_of(one)) for one in old])
    return fakes


def test_without_the_search_index_a_number_is_looked_for_among_the_latest_orders() -> None:
    answer, _ = asked(
        "Where is my order 12345678?", fakes=behind_many(order(owner=PARTNER, customer_id=CUSTOMER, **OLD))
    )

    assert answer.orders == ()
    assert "among the latest 100 of yours" in answer.answer


@pytest.mark.parametrize("question", ["Where is my order 12345678?", "12345678", "Where is #12345678?"])
def test_with_the_index_it_is_found_however_many_are_newer(question: str) -> None:
    old = order(owner=PARTNER, customer_id=CUSTOMER, **OLD)

    answer, calls = asked(question, fakes=behind_many(old), search="on")

    assert answer.orders == (old.order_id,)
    assert len(calls) <= 5


def test_so_is_one_by_its_tracking_number() -> None:
    old = order(owner=PARTNER, customer_id=CUSTOMER, shipments=(SHIPMENT,), **OLD)

    answer, _ = asked("Where is parcel #3SOLD0042?", fakes=behind_many(old), search="on")

    assert answer.orders == (old.order_id,)


@pytest.mark.parametrize("changes", [{"owner": "p-two"}, {"customer_id": "ben"}, {"owner": "c-anne"}], ids=str)
def test_anothers_number_in_the_index_is_answered_as_one_that_no_order_has(changes: dict[str, str]) -> None:
    another = order(**{"owner": PARTNER, "customer_id": CUSTOMER, **OLD, **changes})

    anothers, _ = asked("Where is my order 12345678?", fakes=behind_many(another), search="on")

    assert anothers == asked("Where is my order 12345678?", fakes=behind(101), search="on")[0]
    assert anothers.orders == ()
    assert "no such order among yours" in anothers.answer


def test_a_number_that_many_orders_have_is_denied_only_as_far_as_it_was_looked_for() -> None:
    others = [order(order_id=f"{n:08x}-bbbb-4000-8000-000000000000", owner="p-two", **OLD) for n in range(4)]

    answer, _ = asked("Where is my order 12345678?", fakes=behind_many(*others), search="on")

    assert "among the latest 100 of yours" in answer.answer
