"""Staff as users of the user pool, and their roles as its groups.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ..kit.aws import or_unavailable, unless
from ..kit.wiring import service
from .model import StaffMember
from .roles import Role

PERMISSIONS = {
    "staff": [
        "cognito-idp:ListUsersInGroup user-pool",
        "cognito-idp:AdminGetUser user-pool",
        "cognito-idp:AdminListGroupsForUser user-pool",
        "cognito-idp:AdminCreateUser user-pool",
        "cognito-idp:AdminAddUserToGroup user-pool",
        "cognito-idp:AdminRemoveUserFromGroup user-pool",
        "cognito-idp:AdminEnableUser user-pool",
        "cognito-idp:AdminDisableUser user-pool",
        "cognito-idp:AdminUserGlobalSignOut user-pool",
    ],
}
_UNAVAILABLE = "The user pool does not answer now."
_INVITED = "FORCE_CHANGE_PASSWORD"
_UNCONFIRMED = "UNCONFIRMED"
_TAKEN = ["UsernameExistsException"]
_GONE = ["UserNotFoundException"]


@service
class CognitoStaff:
    client: Any
    pool: str

    def all(self) -> list[StaffMember]:
        users: dict[str, Any] = {}
        roles: dict[str, set[Role]] = {}
        with or_unavailable(_UNAVAILABLE):
            pages = self.client.get_paginator("list_users_in_group")
            for role in Role:
                for page in pages.paginate(UserPoolId=self.pool, GroupName=role.value):
                    for user in page["Users"]:
                        users[user["Username"]] = user
                        roles.setdefault(user["Username"], set()).add(role)
        return [_member(user, user["Attributes"], roles[name]) for name, user in users.items()]

    def get(self, user_id: str) -> StaffMember | None:
        with or_unavailable(_UNAVAILABLE):
            user = unless(_GONE, partial(self.client.admin_get_user, UserPoolId=self.pool, Username=user_id))
            if user is None:
                return None
            pages = self.client.get_paginator("admin_list_groups_for_user")
            found = pages.paginate(UserPoolId=self.pool, Username=user["Username"])
            names = {group["GroupName"] for page in found for group in page["Groups"]}
        return _member(user, user["UserAttributes"], {role for role in Role if role in names})

    def invite(self, email: str) -> StaffMember:
        attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
        create = partial(
            self.client.admin_create_user,
            UserPoolId=self.pool,
            Username=email,
            UserAttributes=attributes,
            DesiredDeliveryMediums=["EMAIL"],
        )
        with or_unavailable(_UNAVAILABLE):
            made = unless(_TAKEN, create)  # also our own call, whose answer was lost
        found = self.get(made["User"]["Username"] if made else email)
        if found is None:
            raise LookupError("The user pool has no user with an address that it says is taken.")
        return found

    def join(self, user_id: str, role: Role) -> None:
        with or_unavailable(_UNAVAILABLE):
            self.client.admin_add_user_to_group(UserPoolId=self.pool, Username=user_id, GroupName=role.value)

    def leave(self, user_id: str, role: Role) -> None:
        with or_unavailable(_UNAVAILABLE):
            self.client.admin_remove_user_from_group(UserPoolId=self.pool, Username=user_id, GroupName=role.value)

    def set_enabled(self, user_id: str, enabled: bool) -> None:
        change = self.client.admin_enable_user if enabled else self.client.admin_disable_user
        with or_unavailable(_UNAVAILABLE):
            change(UserPoolId=self.pool, Username=user_id)

    def sign_out(self, user_id: str) -> None:
        with or_unavailable(_UNAVAILABLE):
            self.client.admin_user_global_sign_out(UserPoolId=self.pool, Username=user_id)


def _member(user: Mapping[str, Any], attributes: Any, roles: set[Role]) -> StaffMember:
    known = {attribute["Name"]: attribute.get("Value", "") for attribute in attributes}
    status = user.get("UserStatus", "")
    return StaffMember(
        known.get("sub") or user["Username"],
        known.get("email", ""),
        frozenset(roles),
        bool(user.get("Enabled", True)),
        status != _INVITED,
        status != _UNCONFIRMED and known.get("email_verified", "").lower() == "true",
    )
