"""What Cognito is asked, and what its answers mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from chalicelib.access.cognito import CognitoStaff
from chalicelib.access.model import StaffMember
from chalicelib.access.roles import Role
from chalicelib.kit.errors import TemporarilyUnavailable

POOL = "eu-west-1_Ab12Cd34E"
SUB = "9f8b1c2e-30a1-70d4-b0f5-6d2a41c7e8b3"
OF_POOL = {"UserPoolId": POOL}
NAMED = {**OF_POOL, "Username": SUB}


def attributes(**more: str) -> list[dict[str, str]]:
    known = {"sub": SUB, "email": "sam@shop.example", "email_verified": "true", **more}
    return [{"Name": name, "Value": value} for name, value in known.items()]


def user(status: str = "CONFIRMED", **more: str) -> dict[str, Any]:
    return {"Username": SUB, "Enabled": True, "UserStatus": status, "UserAttributes": attributes(**more)}


def groups(*names: str) -> dict[str, Any]:
    return {"Groups": [{"GroupName": name} for name in names]}


@pytest.fixture
def client() -> Any:
    return boto3.client("cognito-idp", region_name="eu-west-1")


@pytest.fixture
def cognito(client: Any) -> Iterator[Stubber]:
    with Stubber(client) as stub:
        yield stub
        stub.assert_no_pending_responses()


@pytest.fixture
def staff(client: Any) -> CognitoStaff:
    return CognitoStaff(client, POOL)


def test_a_user_has_the_roles_of_the_groups_that_are_roles(cognito: Stubber, staff: CognitoStaff) -> None:
    cognito.add_response("admin_get_user", user(), NAMED)
    cognito.add_response("admin_list_groups_for_user", {**groups("finance", "vip"), "NextToken": "more"}, NAMED)
    cognito.add_response("admin_list_groups_for_user", groups("viewer"), {**NAMED, "NextToken": "more"})

    roles = frozenset({Role.FINANCE, Role.VIEWER})
    assert staff.get(SUB) == StaffMember(SUB, "sam@shop.example", roles, True, True, True)


def test_who_is_no_user_is_none(cognito: Stubber, staff: CognitoStaff) -> None:
    cognito.add_client_error("admin_get_user", "UserNotFoundException", expected_params=NAMED)

    assert staff.get(SUB) is None


@pytest.mark.parametrize(
    ("status", "verified", "expected"),
    [
        ("CONFIRMED", "true", (True, True)),
        ("CONFIRMED", "false", (True, False)),
        ("UNCONFIRMED", "true", (True, False)),
        ("FORCE_CHANGE_PASSWORD", "true", (False, True)),
    ],
)
def test_an_account_is_verified_once_its_owner_confirmed_it(
    cognito: Stubber, staff: CognitoStaff, status: str, verified: str, expected: tuple[bool, bool]
) -> None:
    cognito.add_response("admin_get_user", user(status, email_verified=verified), NAMED)
    cognito.add_response("admin_list_groups_for_user", groups(), NAMED)

    found = staff.get(SUB)

    assert found is not None
    assert (found.has_signed_in, found.verified) == expected


CREATE = {
    **OF_POOL,
    "Username": "sam@shop.example",
    "UserAttributes": [
        {"Name": "email", "Value": "sam@shop.example"},
        {"Name": "email_verified", "Value": "true"},
    ],
    "DesiredDeliveryMediums": ["EMAIL"],
}


def test_an_invitation_is_mailed(cognito: Stubber, staff: CognitoStaff) -> None:
    cognito.add_response("admin_create_user", {"User": {"Username": SUB}}, CREATE)
    cognito.add_response("admin_get_user", user("FORCE_CHANGE_PASSWORD"), NAMED)
    cognito.add_response("admin_list_groups_for_user", groups(), NAMED)

    assert not staff.invite("sam@shop.example").has_signed_in


def test_who_has_the_address_already_is_found_by_it(cognito: Stubber, staff: CognitoStaff) -> None:
    cognito.add_client_error("admin_create_user", "UsernameExistsException", expected_params=CREATE)
    cognito.add_response("admin_get_user", user(), {**OF_POOL, "Username": "sam@shop.example"})
    cognito.add_response("admin_list_groups_for_user", groups("support"), NAMED)

    assert staff.invite("sam@shop.example").roles == {Role.SUPPORT}


def test_all_staff_are_those_of_every_role_each_once(cognito: Stubber, staff: CognitoStaff) -> None:
    listed = {"Username": SUB, "Enabled": False, "UserStatus": "CONFIRMED", "Attributes": attributes()}
    for role in Role:
        asked = {**OF_POOL, "GroupName": role.value}
        cognito.add_response(
            "list_users_in_group", {"Users": [listed] if role in (Role.ADMIN, Role.VIEWER) else []}, asked
        )

    [found] = staff.all()

    assert (found.roles, found.enabled) == ({Role.ADMIN, Role.VIEWER}, False)


def test_changes_name_the_user_and_the_group(cognito: Stubber, staff: CognitoStaff) -> None:
    cognito.add_response("admin_add_user_to_group", {}, {**NAMED, "GroupName": "finance"})
    cognito.add_response("admin_remove_user_from_group", {}, {**NAMED, "GroupName": "viewer"})
    cognito.add_response("admin_disable_user", {}, NAMED)
    cognito.add_response("admin_enable_user", {}, NAMED)
    cognito.add_response("admin_user_global_sign_out", {}, NAMED)

    staff.join(SUB, Role.FINANCE)
    staff.leave(SUB, Role.VIEWER)
    staff.set_enabled(SUB, False)
    staff.set_enabled(SUB, True)
    staff.sign_out(SUB)


def test_a_pool_that_does_not_answer_is_unavailable(cognito: Stubber, staff: CognitoStaff) -> None:
    cognito.add_client_error("admin_user_global_sign_out", "TooManyRequestsException", http_status_code=429)

    with pytest.raises(TemporarilyUnavailable):
        staff.sign_out(SUB)
