"""Staff and their roles: no admin is locked out, and a change takes effect at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from chalicelib.access.model import StaffMember
from chalicelib.access.roles import Role
from chalicelib.access.staff import StaffAccounts
from chalicelib.kit.errors import Conflict, NotFound, OrderProcError, TemporarilyUnavailable

from tests.contract.threads import concurrently
from tests.support.fakes.access import FakeStaffUsers, FakeTurn
from tests.support.fakes.log import FakeLog

ANNA, BEN, SAM = "anna", "ben", "sam"


class Died(Exception):
    """The process ended here."""


@pytest.fixture
def users() -> FakeStaffUsers:
    users = FakeStaffUsers()
    users.known(ANNA, Role.ADMIN)
    users.known(BEN, Role.ADMIN)
    users.known(SAM, Role.SUPPORT)
    users.known("customer")
    return users


@pytest.fixture
def accounts(users: FakeStaffUsers) -> StaffAccounts:
    return StaffAccounts(users, FakeTurn(), FakeLog())


def refused(act: Callable[[], object], kind: type[OrderProcError] = Conflict) -> str:
    with pytest.raises(kind) as caught:
        act()
    return caught.value.code


def test_staff_are_those_with_a_role(accounts: StaffAccounts) -> None:
    assert [member.user_id for member in accounts.all()] == [ANNA, BEN, SAM]


def test_somebody_new_is_invited_once_with_their_roles(accounts: StaffAccounts, users: FakeStaffUsers) -> None:
    invited = accounts.invite(ANNA, "new@shop.example", [Role.FINANCE, Role.VIEWER])

    assert (invited.roles, invited.has_signed_in) == ({Role.FINANCE, Role.VIEWER}, False)
    assert users.invited == ["new@shop.example"]


def test_an_invitation_that_died_half_way_can_be_repeated(accounts: StaffAccounts, users: FakeStaffUsers) -> None:
    join = users.join

    def die(user_id: str, role: Role) -> None:
        raise Died

    users.join = die  # type: ignore[method-assign]
    with pytest.raises(Died):
        accounts.invite(ANNA, "new@shop.example", [Role.VIEWER])
    users.join = join  # type: ignore[method-assign]

    assert accounts.invite(ANNA, "new@shop.example", [Role.VIEWER]).roles == {Role.VIEWER}
    assert users.invited == ["new@shop.example"]


def test_a_customer_with_a_confirmed_address_becomes_staff(accounts: StaffAccounts, users: FakeStaffUsers) -> None:
    invited = accounts.invite(ANNA, "customer@shop.example", [Role.WAREHOUSE])

    assert (invited.user_id, invited.roles) == ("customer", {Role.WAREHOUSE})
    assert not users.invited


def test_an_account_that_anybody_could_have_made_does_not_become_staff(
    accounts: StaffAccounts, users: FakeStaffUsers
) -> None:
    users.known("squatter", email="new@shop.example", verified=False)

    assert refused(lambda: accounts.invite(ANNA, "new@shop.example", [Role.ADMIN])) == "ACCOUNT_NOT_VERIFIED"
    assert not users.users["squatter"].roles


def test_who_is_staff_is_not_invited_again(accounts: StaffAccounts, users: FakeStaffUsers) -> None:
    assert refused(lambda: accounts.invite(ANNA, "sam@shop.example", [Role.ADMIN])) == "ALREADY_STAFF"
    assert users.users[SAM].roles == {Role.SUPPORT}


def test_roles_are_set_as_a_whole_and_the_user_signed_out(accounts: StaffAccounts, users: FakeStaffUsers) -> None:
    changed = accounts.set_roles(ANNA, SAM, [Role.WAREHOUSE, Role.FINANCE])

    assert changed.roles == {Role.WAREHOUSE, Role.FINANCE}
    assert users.signed_out == [SAM]


def test_roles_that_are_so_already_sign_out_all_the_same(accounts: StaffAccounts, users: FakeStaffUsers) -> None:
    """The time before may have died just before it did."""
    accounts.set_roles(ANNA, SAM, [Role.SUPPORT])

    assert users.signed_out == [SAM]


def test_a_change_that_died_half_way_can_be_repeated(accounts: StaffAccounts, users: FakeStaffUsers) -> None:
    leave = users.leave

    def die(user_id: str, role: Role) -> None:
        raise Died

    users.leave = die  # type: ignore[method-assign]
    with pytest.raises(Died):
        accounts.set_roles(ANNA, SAM, [Role.VIEWER])
    users.leave = leave  # type: ignore[method-assign]

    assert accounts.set_roles(ANNA, SAM, [Role.VIEWER]).roles == {Role.VIEWER}


def test_without_a_role_a_user_is_no_staff_any_more(accounts: StaffAccounts) -> None:
    accounts.set_roles(ANNA, SAM, [])

    assert refused(lambda: accounts.get(SAM), NotFound) == "STAFF_NOT_FOUND"
    assert refused(lambda: accounts.set_roles(ANNA, SAM, [Role.ADMIN]), NotFound) == "STAFF_NOT_FOUND"


@pytest.mark.parametrize("user_id", ["customer", "nobody"])
def test_who_is_no_staff_is_not_found(accounts: StaffAccounts, user_id: str) -> None:
    refused(lambda: accounts.set_roles(ANNA, user_id, [Role.VIEWER]), NotFound)
    refused(lambda: accounts.set_enabled(ANNA, user_id, False), NotFound)


def test_nobody_takes_their_own_access_away(accounts: StaffAccounts, users: FakeStaffUsers) -> None:
    assert refused(lambda: accounts.set_roles(ANNA, ANNA, [Role.VIEWER])) == "OWN_ACCESS"
    assert refused(lambda: accounts.set_roles(ANNA, ANNA, [])) == "OWN_ACCESS"
    assert refused(lambda: accounts.set_enabled(ANNA, ANNA, False)) == "OWN_ACCESS"
    assert (users.users[ANNA].roles, users.users[ANNA].enabled) == ({Role.ADMIN}, True)


def test_an_admin_may_add_a_role_to_their_own(accounts: StaffAccounts) -> None:
    assert accounts.set_roles(ANNA, ANNA, [Role.ADMIN, Role.SUPPORT]).roles == {Role.ADMIN, Role.SUPPORT}


def test_disabling_signs_out_and_enabling_gives_the_roles_back(accounts: StaffAccounts, users: FakeStaffUsers) -> None:
    disabled = accounts.set_enabled(ANNA, SAM, False)
    enabled = accounts.set_enabled(ANNA, SAM, True)

    assert (disabled.enabled, enabled.enabled, enabled.roles) == (False, True, {Role.SUPPORT})
    assert users.signed_out == [SAM]


@pytest.mark.parametrize("lost", ["the role", "the account"])
def test_who_is_no_admin_any_more_changes_nothing(accounts: StaffAccounts, users: FakeStaffUsers, lost: str) -> None:
    """Their token still says that they are."""
    if lost == "the role":
        accounts.set_roles(ANNA, BEN, [Role.VIEWER])
    else:
        accounts.set_enabled(ANNA, BEN, False)

    assert refused(lambda: accounts.set_roles(BEN, ANNA, [])) == "NO_ADMIN_ANY_MORE"
    assert refused(lambda: accounts.invite(BEN, "x@shop.example", [Role.ADMIN])) == "NO_ADMIN_ANY_MORE"
    assert users.users[ANNA].roles == {Role.ADMIN}


def test_two_admins_who_take_each_others_role_at_once_leave_one(users: FakeStaffUsers) -> None:
    accounts = StaffAccounts(users, FakeTurn(), FakeLog())
    pairs = [(ANNA, BEN), (BEN, ANNA)] * 5

    def take(number: int) -> None:
        who, other = pairs[number]
        try:
            accounts.set_roles(who, other, [Role.VIEWER])
        except (Conflict, TemporarilyUnavailable):
            return

    concurrently(len(pairs), take)

    assert [user for user in users.users.values() if Role.ADMIN in user.roles]


def test_a_change_waits_for_the_one_before_it(users: FakeStaffUsers) -> None:
    turn = FakeTurn()
    accounts = StaffAccounts(users, turn, FakeLog())

    with held(turn), pytest.raises(TemporarilyUnavailable):
        accounts.set_roles(ANNA, SAM, [Role.ADMIN])
    assert users.users[SAM].roles == {Role.SUPPORT}
    assert accounts.set_roles(ANNA, SAM, [Role.ADMIN]).roles == {Role.ADMIN}


def held(turn: FakeTurn) -> AbstractContextManager[None]:
    return turn()


def test_a_member_without_an_address_is_listed(accounts: StaffAccounts, users: FakeStaffUsers) -> None:
    users.users["odd"] = StaffMember("odd", "", frozenset({Role.VIEWER}), True, True, False)

    assert accounts.all()[0].user_id == "odd"
