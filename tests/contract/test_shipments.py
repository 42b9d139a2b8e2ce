"""Whose shipment a carrier's number is: one order's, until nothing came of it or 400 days are over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from chalicelib.fulfilment.ports import ShipmentNumber, ShipmentNumbers
from chalicelib.kit.observability import log
from chalicelib.kit.secrets_manager import ManagedSecrets

from tests.contract.adapters import Storage, unique
from tests.contract.engines import client
from tests.support.builders.examples import NOW
from tests.support.fakes.clock import FakeClock

LATER = "2026-11-21T15:30:25.123Z"
DAY = 24 * 3600


@pytest.fixture
def shipments(storage: Storage, clock: FakeClock) -> ShipmentNumbers:
    return storage.shipments_at(clock)


def number(order_id: str = "one", at: str = NOW) -> ShipmentNumber:
    """One that no other test uses."""
    return ShipmentNumber("DHL", unique("JD"), order_id, at)


def owner(shipments: ShipmentNumbers, of: ShipmentNumber) -> str | None:
    return shipments.order_of(of.carrier, of.tracking_number)


def test_a_number_is_found_once_it_was_noted(shipments: ShipmentNumbers) -> None:
    one = number()
    assert owner(shipments, one) is None

    assert shipments.note(one) is None

    assert owner(shipments, one) == "one"


def test_the_same_order_may_note_it_again_and_later(shipments: ShipmentNumbers) -> None:
    one = number()
    shipments.note(one)

    assert shipments.note(one) is None
    assert shipments.note(replace(one, at=LATER)) is None

    assert shipments.note(replace(one, order_id="two")) == replace(one, at=LATER)


def test_another_order_sees_whose_it_is(shipments: ShipmentNumbers) -> None:
    one = number()
    shipments.note(one)

    assert shipments.note(replace(one, order_id="two", at=LATER)) == one
    assert owner(shipments, one) == "one"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("A#B", "C"), ("A", "B#C")),
        (("A%23B", "C"), ("A#B", "C")),
        (("DHL", "x"), ("dhl", "x")),
        (("東", "x"), ("", "x")),
    ],
)
def test_names_are_told_apart(shipments: ShipmentNumbers, one: tuple[str, str], other: tuple[str, str]) -> None:
    number = unique("")
    shipments.note(ShipmentNumber(one[0], one[1] + number, "one", NOW))

    assert shipments.order_of(other[0], other[1] + number) is None
    assert shipments.note(ShipmentNumber(other[0], other[1] + number, "two", NOW)) is None
    assert shipments.order_of(one[0], one[1] + number) == "one"


def test_a_note_is_taken_over_by_who_has_seen_it(shipments: ShipmentNumbers) -> None:
    one = number()
    shipments.note(one)
    two = replace(one, order_id="two", at=LATER)

    assert shipments.take_over(two, one)

    assert owner(shipments, one) == "two"
    assert shipments.take_over(two, one)  # our own write, repeated by the SDK


def test_a_note_that_was_renewed_is_not_taken_over(shipments: ShipmentNumbers) -> None:
    one = number()
    shipments.note(one)
    shipments.note(replace(one, at=LATER))

    assert not shipments.take_over(replace(one, order_id="two", at=LATER), one)

    assert owner(shipments, one) == "one"


def test_after_400_days_the_carrier_may_use_it_again(shipments: ShipmentNumbers, clock: FakeClock) -> None:
    one = number()
    shipments.note(one)

    clock.advance(399 * DAY)
    assert owner(shipments, one) == "one"
    clock.advance(2 * DAY)

    assert owner(shipments, one) is None
    assert shipments.note(replace(one, order_id="two", at=LATER)) is None
    assert owner(shipments, one) == "two"


def test_of_many_at_once_one_has_it(shipments: ShipmentNumbers) -> None:
    one = number()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: shipments.note(replace(one, order_id=str(n))), range(16)))

    assert answers.count(None) == 1
    assert {a.order_id for a in answers if a} == {owner(shipments, one)}


def test_of_many_who_take_it_over_at_once_one_has_it(shipments: ShipmentNumbers) -> None:
    one = number()
    shipments.note(one)

    with ThreadPoolExecutor(8) as pool:
        takers = [replace(one, order_id=str(n), at=LATER) for n in range(16)]
        done = list(pool.map(lambda taker: shipments.take_over(taker, one), takers))

    assert [t.order_id for t, took in zip(takers, done, strict=True) if took] == [owner(shipments, one)]


def test_secrets_manager_keeps_the_secret_before_the_last(ministack: str) -> None:
    manager = client("secretsmanager", ministack)
    arn = manager.create_secret(Name=unique("carrier"), SecretString="first")["ARN"]

    def read() -> list[bytes]:
        return list(ManagedSecrets(manager, arn, log).accepted())

    assert read() == [b"first"]
    manager.put_secret_value(SecretId=arn, SecretString="second")
    assert read() == [b"second", b"first"]
    manager.put_secret_value(SecretId=arn, SecretString="third")
    assert read() == [b"third", b"second"]
