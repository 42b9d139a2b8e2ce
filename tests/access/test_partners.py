"""Partners' keys: a partner's orders stay theirs, and the new key works before the old one ends."""

from __future__ import annotations

import itertools

import pytest
from chalicelib.access.key_values import partner_of, value_for
from chalicelib.access.model import KeyEnd, Partner, PartnerKey
from chalicelib.access.partners import PartnerKeys
from chalicelib.kit.errors import Conflict, InvalidRequest, NotFound, TemporarilyUnavailable

from tests.support.fakes.access import FakeApiKeys, FakeKeyEnds, FakeTurn
from tests.support.fakes.adapters import FakeClock
from tests.support.fakes.log import FakeLog

LEGACY = "a1b2c3d4e5"
DAY_LATER = "2026-11-22T14:30:25.123Z"


class Shop:
    def __init__(self) -> None:
        self.keys, self.ends, self.clock, self.log = FakeApiKeys(), FakeKeyEnds(), FakeClock(), FakeLog()
        self.turn = FakeTurn()
        self.keys.known(LEGACY, plan="other-partner")
        number = itertools.count(1)
        self.partners = PartnerKeys(
            self.keys, self.ends, self.turn, self.clock, self.log, lambda: f"{next(number):040}"
        )

    def logged(self, event: str) -> list[str]:
        return [line["keyId"] for line in self.log.lines if line["event"] == event]


@pytest.fixture
def shop() -> Shop:
    return Shop()


def working(partner: Partner) -> list[str]:
    return [key.key_id for key in partner.keys if key.enabled]


@pytest.mark.parametrize("partner", ["acme", "a", "a-1-b", LEGACY, "a" * 40])
def test_a_value_names_its_partner(partner: str) -> None:
    assert partner_of("id", value_for(partner, "0" * 40)) == partner


@pytest.mark.parametrize(
    "value",
    [
        "",
        "d41d8cd98f00b204e9800998ecf8427e01234567",
        f"op_acme_{'0' * 39}",
        f"op_acme_{'0' * 41}",
        f"op_Acme_{'0' * 40}",
        f"op_-acme_{'0' * 40}",
        f"op__{'0' * 40}",
        f"op_a_b_{'0' * 40}",
        f"op_{'a' * 41}_{'0' * 40}",
        f"op_acme_{'0' * 40}\n",
        f" op_acme_{'0' * 40}",
        f"OP_acme_{'0' * 40}",
    ],
)
def test_any_other_value_is_its_keys_own_partner(value: str) -> None:
    assert partner_of("id", value) == "id"


@pytest.mark.parametrize(("partner", "random"), [("a_b", "0" * 40), ("A", "0" * 40), ("a", "0"), ("", "0" * 40)])
def test_no_value_is_made_that_would_name_another(partner: str, random: str) -> None:
    with pytest.raises(ValueError, match="no key"):
        value_for(partner, random)


def test_a_key_that_was_made_otherwise_is_its_own_partner(shop: Shop) -> None:
    assert [(partner.partner_id, working(partner)) for partner in shop.partners.all()] == [(LEGACY, [LEGACY])]


def test_a_new_partner_gets_a_key_that_names_it(shop: Shop) -> None:
    partner, key, value = shop.partners.add("acme", "ACME Ltd", None)

    assert (partner.partner_id, partner.name, partner.plan) == ("acme", "ACME Ltd", "partner")
    assert partner_of(key.key_id, value) == "acme"
    assert shop.keys.values[key.key_id] == value
    assert shop.logged("partner_key_made") == [key.key_id]


def test_a_partner_is_added_once(shop: Shop) -> None:
    shop.partners.add("acme", "ACME Ltd", None)

    for taken in ("acme", LEGACY):
        with pytest.raises(Conflict) as caught:
            shop.partners.add(taken, "Another", None)
        assert caught.value.code == "PARTNER_EXISTS"
    assert len(shop.keys.keys) == 2


def test_a_partner_whose_keys_were_revoked_is_not_made_anew_by_another(shop: Shop) -> None:
    """Its orders would be the newcomer's."""
    _, key, _ = shop.partners.add("acme", "ACME Ltd", None)
    shop.partners.revoke("acme", key.key_id)

    with pytest.raises(Conflict):
        shop.partners.add("acme", "Somebody else", None)


def test_a_plan_is_one_of_the_stages(shop: Shop) -> None:
    with pytest.raises(InvalidRequest) as caught:
        shop.partners.add("acme", "ACME Ltd", "publishable")

    assert [(error.field, error.message) for error in caught.value.errors] == [
        ("plan", "must be one of other-partner, partner")
    ]
    assert shop.partners.add("acme", "ACME Ltd", "other-partner")[0].plan == "other-partner"


def test_a_new_key_opens_what_the_old_one_did_and_both_work_for_a_while(shop: Shop) -> None:
    partner, key, value = shop.partners.rotate(LEGACY, 24)

    assert partner_of(key.key_id, value) == LEGACY
    assert working(partner) == [LEGACY, key.key_id]
    assert (partner.plan, partner.name) == ("other-partner", "partner")
    assert [partner.ends_at(key_id) for key_id in working(partner)] == [DAY_LATER, None]


def test_the_old_key_ends_when_its_time_has_come_and_not_before(shop: Shop) -> None:
    shop.partners.rotate(LEGACY, 24)

    shop.clock.advance(24 * 3600 - 1)
    shop.partners.end_due()
    assert working(shop.partners.get(LEGACY))[0] == LEGACY

    shop.clock.advance(1)
    shop.partners.end_due()
    shop.partners.end_due()
    assert working(shop.partners.get(LEGACY)) == ["key1"]
    assert not shop.ends.ends
    assert shop.logged("partner_key_ended") == [LEGACY]


def test_at_once_ends_the_others_now(shop: Shop) -> None:
    partner, key, _ = shop.partners.rotate(LEGACY, 0)

    assert working(partner) == [key.key_id]
    assert not shop.ends.ends
    assert shop.logged("partner_key_ended") == [LEGACY]


def test_the_new_key_works_before_the_old_one_ends(shop: Shop) -> None:
    made: list[bool] = []
    disable = shop.keys.disable

    def look(key_id: str) -> None:
        made.append(any(key.enabled for key in shop.keys.all() if key.key_id != LEGACY))
        disable(key_id)

    shop.keys.disable = look  # type: ignore[method-assign]
    shop.partners.rotate(LEGACY, 0)

    assert made == [True]


def test_rotating_twice_postpones_no_end(shop: Shop) -> None:
    shop.partners.rotate(LEGACY, 24)
    partner, _, _ = shop.partners.rotate(LEGACY, 720)

    assert partner.ends_at(LEGACY) == DAY_LATER
    assert len(working(partner)) == 3


def test_an_end_that_died_half_way_is_done_again(shop: Shop) -> None:
    shop.partners.rotate(LEGACY, 24)
    shop.clock.advance(24 * 3600)
    shop.ends.remove = lambda end: (_ for _ in ()).throw(TemporarilyUnavailable())  # type: ignore[method-assign, assignment]

    with pytest.raises(TemporarilyUnavailable):
        shop.partners.end_due()
    del shop.ends.remove
    shop.partners.end_due()

    assert working(shop.partners.get(LEGACY)) == ["key1"]
    assert not shop.ends.ends


def test_a_key_is_revoked_and_can_be_again(shop: Shop) -> None:
    assert working(shop.partners.revoke(LEGACY, LEGACY)) == []
    assert working(shop.partners.revoke(LEGACY, LEGACY)) == []


def test_a_partner_without_a_key_gets_one_again(shop: Shop) -> None:
    shop.partners.revoke(LEGACY, LEGACY)

    partner, key, value = shop.partners.rotate(LEGACY, 24)

    assert working(partner) == [key.key_id]
    assert partner_of(key.key_id, value) == LEGACY
    assert not shop.ends.ends


def test_what_is_not_there_is_not_found(shop: Shop) -> None:
    shop.partners.add("acme", "ACME Ltd", None)

    for act, code in (
        (lambda: shop.partners.rotate("nobody", 1), "PARTNER_NOT_FOUND"),
        (lambda: shop.partners.revoke("nobody", LEGACY), "PARTNER_NOT_FOUND"),
        (lambda: shop.partners.revoke("acme", LEGACY), "KEY_NOT_FOUND"),
    ):
        with pytest.raises(NotFound) as caught:
            act()
        assert caught.value.code == code
    assert working(shop.partners.get(LEGACY)) == [LEGACY]


def test_two_who_add_the_same_partner_at_once_make_one(shop: Shop) -> None:
    with shop.turn(), pytest.raises(TemporarilyUnavailable):
        shop.partners.add("acme", "ACME Ltd", None)

    assert "acme" not in [partner.partner_id for partner in shop.partners.all()]


def test_the_name_is_the_newest_keys() -> None:
    old = PartnerKey("1", "acme", "Old name", False, "2026-01-01T00:00:00.000Z", "partner")
    new = PartnerKey("2", "acme", "New name", True, "2026-02-01T00:00:00.000Z")

    assert (Partner("acme", (old, new)).name, Partner("acme", (old, new)).plan) == ("New name", "partner")


def test_an_end_of_another_key_is_not_this_ones() -> None:
    key = PartnerKey("1", "acme", "ACME", True, "2026-01-01T00:00:00.000Z")

    assert Partner("acme", (key,), (KeyEnd("2", "acme", DAY_LATER),)).ends_at("1") is None
