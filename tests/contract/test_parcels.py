"""Whose parcel a carrier's number is: one order's, until nothing came of it or 400 days are over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from chalicelib.fulfilment.ports import ParcelNumber, Parcels
from chalicelib.kit.observability import log
from chalicelib.kit.secrets_manager import ManagedSecrets

from tests.contract.engines import client
from tests.contract.worlds import Storage, unique
from tests.support.builders.examples import NOW
from tests.support.fakes.adapters import FakeClock

LATER = "2026-11-21T15:30:25.123Z"
DAY = 24 * 3600


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def parcels(storage: Storage, clock: FakeClock) -> Parcels:
    return storage.parcels_at(clock)


def number(order_id: str = "one", at: str = NOW) -> ParcelNumber:
    """One that no other test uses."""
    return ParcelNumber("DHL", unique("JD"), order_id, at)


def owner(parcels: Parcels, of: ParcelNumber) -> str | None:
    return parcels.order_of(of.carrier, of.tracking_number)


def test_a_number_is_found_once_it_was_noted(parcels: Parcels) -> None:
    one = number()
    assert owner(parcels, one) is None

    assert parcels.note(one) is None

    assert owner(parcels, one) == "one"


def test_the_same_order_may_note_it_again_and_later(parcels: Parcels) -> None:
    one = number()
    parcels.note(one)

    assert parcels.note(one) is None
    assert parcels.note(replace(one, at=LATER)) is None

    assert parcels.note(replace(one, order_id="two")) == replace(one, at=LATER)


def test_another_order_sees_whose_it_is(parcels: Parcels) -> None:
    one = number()
    parcels.note(one)

    assert parcels.note(replace(one, order_id="two", at=LATER)) == one
    assert owner(parcels, one) == "one"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("A#B", "C"), ("A", "B#C")),
        (("A%23B", "C"), ("A#B", "C")),
        (("DHL", "x"), ("dhl", "x")),
        (("東", "x"), ("", "x")),
    ],
)
def test_names_are_told_apart(parcels: Parcels, one: tuple[str, str], other: tuple[str, str]) -> None:
    number = unique("")
    parcels.note(ParcelNumber(one[0], one[1] + number, "one", NOW))

    assert parcels.order_of(other[0], other[1] + number) is None
    assert parcels.note(ParcelNumber(other[0], other[1] + number, "two", NOW)) is None
    assert parcels.order_of(one[0], one[1] + number) == "one"


def test_a_note_is_taken_over_by_who_has_seen_it(parcels: Parcels) -> None:
    one = number()
    parcels.note(one)
    two = replace(one, order_id="two", at=LATER)

    assert parcels.take_over(two, one)

    assert owner(parcels, one) == "two"
    assert parcels.take_over(two, one)  # our own write, repeated by the SDK


def test_a_note_that_was_renewed_is_not_taken_over(parcels: Parcels) -> None:
    one = number()
    parcels.note(one)
    parcels.note(replace(one, at=LATER))

    assert not parcels.take_over(replace(one, order_id="two", at=LATER), one)

    assert owner(parcels, one) == "one"


def test_after_400_days_the_carrier_may_use_it_again(parcels: Parcels, clock: FakeClock) -> None:
    one = number()
    parcels.note(one)

    clock.advance(399 * DAY)
    assert owner(parcels, one) == "one"
    clock.advance(2 * DAY)

    assert owner(parcels, one) is None
    assert parcels.note(replace(one, order_id="two", at=LATER)) is None
    assert owner(parcels, one) == "two"


def test_of_many_at_once_one_has_it(parcels: Parcels) -> None:
    one = number()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: parcels.note(replace(one, order_id=str(n))), range(16)))

    assert answers.count(None) == 1
    assert {a.order_id for a in answers if a} == {owner(parcels, one)}


def test_of_many_who_take_it_over_at_once_one_has_it(parcels: Parcels) -> None:
    one = number()
    parcels.note(one)

    with ThreadPoolExecutor(8) as pool:
        takers = [replace(one, order_id=str(n), at=LATER) for n in range(16)]
        done = list(pool.map(lambda taker: parcels.take_over(taker, one), takers))

    assert [t.order_id for t, took in zip(takers, done, strict=True) if took] == [owner(parcels, one)]


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
