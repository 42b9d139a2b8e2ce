"""The simulated payment gateway: one answer per key for ever, and what the payment methods of the contract do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from chalicelib.kit.errors import GatewayTimeout

from tests.contract.adapters import Storage, unique
from tests.contract.threads import concurrently

AMOUNT = Decimal("1299.90")


def test_a_visa_card_pays(storage: Storage) -> None:
    answer = storage.gateway.capture(unique("key"), AMOUNT, "EUR", "pm_card_visa")

    assert answer.approved
    assert answer.reference
    assert answer.amount == AMOUNT
    assert (answer.code, answer.message) == ("", "")


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("pm_card_chargeDeclined", "CARD_DECLINED"),
        ("pm_card_chargeDeclinedInsufficientFunds", "INSUFFICIENT_FUNDS"),
    ],
)
def test_a_card_that_is_declined_says_why(storage: Storage, method: str, code: str) -> None:
    answer = storage.gateway.capture(unique("key"), AMOUNT, "EUR", method)

    assert not answer.approved
    assert answer.code == code
    assert answer.message


@pytest.mark.parametrize("method", ["pm_card_visa", "pm_card_chargeDeclined"])
def test_the_same_key_gets_the_same_answer(storage: Storage, method: str) -> None:
    key = unique("key")
    first = storage.gateway.capture(key, AMOUNT, "EUR", method)

    assert storage.gateway.capture(key, AMOUNT, "EUR", method) == first
    assert storage.gateway.find(key) == first


def test_another_key_is_another_charge(storage: Storage) -> None:
    answers = [storage.gateway.capture(unique("key"), AMOUNT, "EUR", "pm_card_visa") for _ in range(2)]

    assert answers[0].reference != answers[1].reference


def test_twenty_calls_with_one_key_at_once_are_one_charge(storage: Storage) -> None:
    key = unique("key")

    answers = concurrently(20, lambda _: storage.gateway.capture(key, AMOUNT, "EUR", "pm_card_visa"))

    assert len(set(answers)) == 1


def test_a_key_that_never_arrived_is_not_found(storage: Storage) -> None:
    assert storage.gateway.find(unique("key")) is None


def test_time_out_once_pays_at_the_second_call_for_an_order(storage: Storage) -> None:
    key, other = unique("key"), unique("key")

    with pytest.raises(GatewayTimeout):
        storage.gateway.capture(key, AMOUNT, "EUR", "pm_sim_timeoutOnce")
    assert storage.gateway.find(key) is None
    assert storage.gateway.capture(key, AMOUNT, "EUR", "pm_sim_timeoutOnce").approved
    assert storage.gateway.capture(key, AMOUNT, "EUR", "pm_sim_timeoutOnce").approved
    with pytest.raises(GatewayTimeout):
        storage.gateway.capture(other, AMOUNT, "EUR", "pm_sim_timeoutOnce")


def test_unavailable_never_answers_and_never_charges(storage: Storage) -> None:
    key = unique("key")

    for _ in range(3):
        with pytest.raises(GatewayTimeout):
            storage.gateway.capture(key, AMOUNT, "EUR", "pm_sim_unavailable")

    assert storage.gateway.find(key) is None


def test_a_refund_is_made_once_per_key(storage: Storage) -> None:
    charge = storage.gateway.capture(unique("key"), AMOUNT, "EUR", "pm_card_visa")
    key = unique("key")

    first = storage.gateway.refund(key, charge.reference, AMOUNT, "EUR")

    assert first.approved
    assert first.amount == AMOUNT
    assert first.reference != charge.reference
    assert storage.gateway.refund(key, charge.reference, AMOUNT, "EUR") == first
    assert storage.gateway.find(key) == first
