"""What may happen once only is claimed first."""

from __future__ import annotations

from tests.contract.threads import at_once
from tests.contract.worlds import Storage, unique

DAY = 24 * 3600


def test_the_first_to_claim_gets_it_and_nobody_after(storage: Storage) -> None:
    occasion = unique("order") + "#mail"

    assert [storage.claims.claim(occasion) for _ in range(3)] == [True, False, False]


def test_two_occasions_of_one_order_are_claimed_apart(storage: Storage) -> None:
    order_id = unique("order")

    assert storage.claims.claim(f"{order_id}#mail")
    assert storage.claims.claim(f"{order_id}#sms")


def test_of_twenty_who_claim_at_once_one_gets_it(storage: Storage) -> None:
    occasion = unique("occasion")

    assert at_once(20, lambda _: storage.claims.claim(occasion)).count(True) == 1


def test_what_was_given_back_can_be_claimed_again_once(storage: Storage) -> None:
    occasion = unique("occasion")
    storage.claims.claim(occasion)

    storage.claims.give_back(occasion)

    assert [storage.claims.claim(occasion) for _ in range(2)] == [True, False]


def test_giving_back_what_nobody_claimed_is_harmless(storage: Storage) -> None:
    storage.claims.give_back(unique("occasion"))


def test_a_claim_outlives_everything_a_queue_could_deliver_late(storage: Storage) -> None:
    occasion = unique("occasion")
    storage.claims_at(lambda: 1_000_000.0).claim(occasion)

    assert not storage.claims_at(lambda: 1_000_000.0 + 29 * DAY).claim(occasion)


def test_an_expired_claim_can_be_claimed_again_once_before_anybody_tidied_it_away(storage: Storage) -> None:
    occasion = unique("occasion")
    storage.claims_at(lambda: 1_000_000.0).claim(occasion)

    later = storage.claims_at(lambda: 1_000_000.0 + 31 * DAY)

    assert [later.claim(occasion) for _ in range(2)] == [True, False]
