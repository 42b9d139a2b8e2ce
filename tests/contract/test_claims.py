"""What may happen once only is claimed first."""

from __future__ import annotations

import time

from chalicelib.kit.claims import Claim, ClaimState
from chalicelib.kit.clock import from_millis

from tests.contract.adapters import Storage, unique
from tests.contract.threads import concurrently

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

    assert concurrently(20, lambda _: storage.claims.claim(occasion)).count(True) == 1


def test_what_was_released_can_be_claimed_again_once(storage: Storage) -> None:
    occasion = unique("occasion")
    storage.claims.claim(occasion)

    storage.claims.release(occasion)

    assert [storage.claims.claim(occasion) for _ in range(2)] == [True, False]


def test_giving_back_what_nobody_claimed_is_harmless(storage: Storage) -> None:
    storage.claims.release(unique("occasion"))


def test_a_claim_outlives_everything_a_queue_could_deliver_late(storage: Storage) -> None:
    occasion = unique("occasion")
    storage.claims_at(lambda: 1_000_000.0).claim(occasion)

    assert not storage.claims_at(lambda: 1_000_000.0 + 29 * DAY).claim(occasion)


def test_an_expired_claim_can_be_claimed_again_once_before_anybody_tidied_it_away(storage: Storage) -> None:
    occasion = unique("occasion")
    storage.claims_at(lambda: 1_000_000.0).claim(occasion)

    later = storage.claims_at(lambda: 1_000_000.0 + 31 * DAY)

    assert [later.claim(occasion) for _ in range(2)] == [True, False]


# How it ended, and asking again.

CLAIMED_AT = 1_000_000.0


def at(seconds: float) -> str:
    return from_millis(int(seconds * 1000))


def test_what_became_of_a_claim_can_be_looked_up(storage: Storage) -> None:
    claimed, sent, refused = (unique("occasion") for _ in range(3))
    claims = storage.claims_at(lambda: CLAIMED_AT)
    for occasion in (claimed, sent, refused):
        claims.claim(occasion)
    claims.sent(sent)
    claims.refused(refused, "opted out")

    assert claims.look_up([claimed, sent, refused, claimed, unique("nobody")]) == {
        claimed: Claim(ClaimState.CLAIMED, at(CLAIMED_AT)),
        sent: Claim(ClaimState.SENT, at(CLAIMED_AT)),
        refused: Claim(ClaimState.REFUSED, at(CLAIMED_AT), "opted out"),
    }
    assert claims.look_up([]) == {}


def test_more_claims_than_one_call_takes_are_looked_up(storage: Storage) -> None:
    occasions = [unique("occasion") for _ in range(130)]
    for occasion in occasions:
        storage.claims.claim(occasion)

    assert set(storage.claims.look_up(occasions)) == set(occasions)


def test_an_expired_claim_is_not_known_any_more(storage: Storage) -> None:
    occasion = unique("occasion")
    storage.claims_at(lambda: CLAIMED_AT).claim(occasion)

    assert storage.claims_at(lambda: CLAIMED_AT + 31 * DAY).look_up([occasion]) == {}


def test_what_is_completed_is_not_claimed_again(storage: Storage) -> None:
    sent, refused = unique("occasion"), unique("occasion")
    for occasion in (sent, refused):
        storage.claims.claim(occasion)
    storage.claims.sent(sent)
    storage.claims.refused(refused, "opted out")

    assert not any(storage.claims.claim(occasion) for occasion in (sent, refused))


def test_whoever_asks_takes_over_what_is_in_doubt_once(storage: Storage) -> None:
    claimed, refused = unique("occasion"), unique("occasion")
    before = storage.claims_at(lambda: CLAIMED_AT)
    for occasion in (claimed, refused):
        before.claim(occasion)
    before.refused(refused, "opted out")
    now = storage.claims_at(lambda: CLAIMED_AT + 200)

    for occasion in (claimed, refused):
        assert [now.claim(occasion, at(CLAIMED_AT + 190)) for _ in range(3)] == [True, False, False]


def test_of_twenty_who_ask_at_once_one_takes_over(storage: Storage) -> None:
    occasion = unique("occasion")
    storage.claims_at(lambda: time.time() - 1000).claim(occasion)
    asked_at = at(time.time())

    assert concurrently(20, lambda _: storage.claims.claim(occasion, asked_at)).count(True) == 1


def test_what_was_sent_is_never_taken_over(storage: Storage) -> None:
    occasion = unique("occasion")
    claims = storage.claims_at(lambda: CLAIMED_AT)
    claims.claim(occasion)
    claims.sent(occasion)

    assert not storage.claims_at(lambda: CLAIMED_AT + DAY).claim(occasion, at(CLAIMED_AT + DAY))


def test_what_may_just_be_on_its_way_is_not_taken_over(storage: Storage) -> None:
    occasion = unique("occasion")
    storage.claims_at(lambda: CLAIMED_AT).claim(occasion)

    later = storage.claims_at(lambda: CLAIMED_AT + 5000)

    assert not later.claim(occasion, at(CLAIMED_AT + 100))
    assert not later.claim(occasion, at(CLAIMED_AT + 120))
    assert later.claim(occasion, at(CLAIMED_AT + 121))


def test_asking_for_what_was_never_claimed_claims_it(storage: Storage) -> None:
    occasion = unique("occasion")

    assert [storage.claims.claim(occasion, at(time.time())) for _ in range(2)] == [True, False]


# A day's limit.


def test_the_first_are_counted_and_no_more(storage: Storage) -> None:
    scope = unique("scope")

    assert [storage.claims.count(f"o-{n}", scope, 3) for n in range(5)] == [True, True, True, False, False]


def test_what_was_counted_may_be_counted_again_without_counting_twice(storage: Storage) -> None:
    scope = unique("scope")

    assert all(storage.claims.count(f"o-{n % 2}", scope, 2) for n in range(6))
    assert not storage.claims.count("o-2", scope, 2)


def test_of_twenty_who_are_counted_at_once_there_are_as_many_as_may_be(storage: Storage) -> None:
    scope, claims = unique("scope"), storage.claims

    assert concurrently(20, lambda n: claims.count(f"o-{n}", scope, 5)).count(True) == 5


def test_a_limit_of_none_lets_none_pass(storage: Storage) -> None:
    assert not storage.claims.count("o-1", unique("scope"), 0)


def test_scopes_are_counted_apart(storage: Storage) -> None:
    assert all(storage.claims.count("o-1", unique("scope"), 1) for _ in range(3))
