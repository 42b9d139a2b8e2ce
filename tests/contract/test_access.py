"""Staff in the user pool, partners' keys at API Gateway, and the turn of who changes them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from chalicelib.access.api_keys import GatewayKeys
from chalicelib.access.cognito import CognitoStaff
from chalicelib.access.model import KeyEnd, PartnerKey
from chalicelib.access.ports import ApiKeys, StaffUsers
from chalicelib.access.roles import Role
from chalicelib.kit.errors import TemporarilyUnavailable

from tests.contract.adapters import Storage
from tests.contract.engines import client
from tests.contract.threads import concurrently
from tests.support.fakes.access import FakeApiKeys, FakeStaffUsers

_numbers = itertools.count(1)


@dataclass
class Seconds:
    """Time that passes only when told to."""

    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module", params=["fakes", "ministack"])
def users(request: pytest.FixtureRequest) -> Iterator[StaffUsers]:
    if request.param == "fakes":
        yield FakeStaffUsers()
        return
    cognito = client("cognito-idp", request.getfixturevalue("ministack"))
    pool = cognito.create_user_pool(PoolName="staff", UsernameAttributes=["email"])["UserPool"]["Id"]
    for role in Role:
        cognito.create_group(UserPoolId=pool, GroupName=role.value)
    yield CognitoStaff(cognito, pool)


def an_address() -> str:
    return f"sam{next(_numbers)}@shop.example"


def test_somebody_new_is_invited_without_a_role(users: StaffUsers) -> None:
    address = an_address()

    invited = users.invite(address)

    assert (invited.email, invited.roles, invited.enabled) == (address, frozenset(), True)
    assert (invited.has_signed_in, invited.verified) == (False, True)
    assert users.get(invited.user_id) == invited


def test_who_is_invited_again_is_the_same_user(users: StaffUsers) -> None:
    address = an_address()

    assert users.invite(address) == users.invite(address)


def test_roles_are_joined_and_left_and_both_can_be_repeated(users: StaffUsers) -> None:
    user = users.invite(an_address())

    for role in (Role.FINANCE, Role.VIEWER, Role.VIEWER):
        users.join(user.user_id, role)
    assert users.get(user.user_id) == replace(user, roles=frozenset({Role.FINANCE, Role.VIEWER}))

    for role in (Role.FINANCE, Role.FINANCE, Role.ADMIN):
        users.leave(user.user_id, role)
    assert users.get(user.user_id) == replace(user, roles=frozenset({Role.VIEWER}))


def test_staff_are_listed_once_and_nobody_else_is(users: StaffUsers) -> None:
    member, customer = users.invite(an_address()), users.invite(an_address())
    users.join(member.user_id, Role.ADMIN)
    users.join(member.user_id, Role.SUPPORT)

    listed = [user for user in users.all() if user.user_id in (member.user_id, customer.user_id)]

    assert listed == [replace(member, roles=frozenset({Role.ADMIN, Role.SUPPORT}))]


def test_a_user_is_disabled_and_enabled(users: StaffUsers) -> None:
    user = users.invite(an_address())

    users.set_enabled(user.user_id, False)
    assert users.get(user.user_id) == replace(user, enabled=False)
    users.set_enabled(user.user_id, True)
    assert users.get(user.user_id) == user


def test_who_never_signed_in_can_be_signed_out(users: StaffUsers) -> None:
    user = users.invite(an_address())

    users.sign_out(user.user_id)

    assert users.get(user.user_id) == user


def test_nobody_is_no_user(users: StaffUsers) -> None:
    assert users.get("00000000-0000-4000-8000-000000000000") is None


def test_one_at_a_time_has_the_turn(storage: Storage) -> None:
    turn = storage.turn_at(Seconds())

    with turn(), pytest.raises(TemporarilyUnavailable), turn():
        pass
    with turn():
        pass


def test_the_turn_is_given_back_by_who_fails(storage: Storage) -> None:
    turn = storage.turn_at(Seconds())

    with pytest.raises(KeyError), turn():
        raise KeyError
    with turn():
        pass


def test_the_turn_of_who_died_ends_and_giving_it_back_late_takes_nobodys(storage: Storage) -> None:
    seconds = Seconds()
    turn = storage.turn_at(seconds)
    died, other = turn(), turn()

    died.__enter__()
    seconds.now += 61
    other.__enter__()
    died.__exit__(None, None, None)

    with pytest.raises(TemporarilyUnavailable), turn():
        pass
    other.__exit__(None, None, None)
    with turn():
        pass


def test_of_many_at_once_one_has_the_turn(storage: Storage) -> None:
    turn = storage.turn_at(Seconds())
    stack = [turn() for _ in range(8)]

    def enter(number: int) -> bool:
        try:
            stack[number].__enter__()
        except TemporarilyUnavailable:
            return False
        return True

    inside = concurrently(len(stack), enter)

    assert sum(inside) == 1
    stack[inside.index(True)].__exit__(None, None, None)


def test_ends_of_keys_come_the_earliest_first_until_they_are_removed(storage: Storage) -> None:
    late, early = KeyEnd("k1", "acme", "2026-11-22T10:00:00.000Z"), KeyEnd("k2", "acme", "2026-11-21T10:00:00.000Z")

    storage.key_ends.add(late)
    storage.key_ends.add(early)
    storage.key_ends.add(early)
    assert storage.key_ends.all() == [early, late]

    storage.key_ends.remove(early)
    storage.key_ends.remove(early)
    assert storage.key_ends.all() == [late]
    storage.key_ends.remove(late)
    assert storage.key_ends.all() == []


@pytest.fixture(scope="module", params=["fakes", "ministack"])
def keys(request: pytest.FixtureRequest) -> ApiKeys:
    if request.param == "fakes":
        fake = FakeApiKeys()
        fake.known("legacy", "partner", "partner")
        return fake
    gateway = client("apigateway", request.getfixturevalue("ministack"))
    plans = {
        name: gateway.create_usage_plan(name=name)["id"]
        for name in (
            "orderproc-x-partner",
            "orderproc-x-other-partner",
            "orderproc-x-publishable",
            "orderproc-xy-partner",
        )
    }
    page = gateway.create_api_key(name="orderproc-x-publishable", enabled=True)["id"]
    gateway.create_api_key(name="orderproc-xy-key-acme-01234567", enabled=True)
    partner = gateway.create_api_key(name="orderproc-x-partner", enabled=True)["id"]
    gateway.create_usage_plan_key(usagePlanId=plans["orderproc-x-partner"], keyId=partner, keyType="API_KEY")
    return GatewayKeys(gateway, "orderproc-x-", page)


def of(keys: ApiKeys, partner_id: str) -> list[PartnerKey]:
    return [key for key in keys.all() if key.partner_id == partner_id]


def test_a_stages_own_keys_are_listed_without_the_pages(keys: ApiKeys) -> None:
    [legacy] = [key for key in keys.all() if key.partner_id == key.key_id]

    assert (legacy.name, legacy.enabled, legacy.plan) == ("partner", True, "partner")
    assert sorted(keys.plans()) == ["other-partner", "partner"]


def test_a_key_is_made_on_its_plan_with_the_value_that_was_asked_for(
    keys: ApiKeys, request: pytest.FixtureRequest
) -> None:
    value = f"op_acme-shop_{'0' * 40}"

    made = keys.make("acme-shop", "ACME Ltd", "other-partner", value)

    assert (made.partner_id, made.name, made.enabled, made.plan) == ("acme-shop", "ACME Ltd", True, "other-partner")
    assert of(keys, "acme-shop") == [made]
    if isinstance(keys, GatewayKeys):
        assert keys.client.get_api_key(apiKey=made.key_id, includeValue=True)["value"] == value


def test_a_disabled_key_stays_listed_as_such(keys: ApiKeys) -> None:
    made = keys.make("gone", "Gone Ltd", "partner", f"op_gone_{'0' * 40}")

    keys.disable(made.key_id)
    keys.disable(made.key_id)

    assert of(keys, "gone") == [replace(made, enabled=False)]


def test_a_key_that_is_not_there_is_disabled(keys: ApiKeys) -> None:
    before = keys.all()

    keys.disable("nosuchkey0")

    assert keys.all() == before
