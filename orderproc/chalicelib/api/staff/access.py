"""For staff: who they are, and what they may; for admins: the others.

What only these rare requests need is not imported with the app."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from ...bootstrap import services
from ..shared import http, pages
from ..shared.callers import member, staff
from ..shared.operations import Caller, serves
from ..shared.permissions import Permission, permissions_of

bp = Blueprint(__name__)


@serves(
    bp,
    "GET /admin/me",
    Caller.STAFF,
    "Access",
    "Get who I am and what I may",
    "A page offers what `permissions` names, and nothing else. They are those of the token: a changed role is in the "
    "next one.",
    {200: ("The signed-in member of staff", "Me")},
    id="getStaffMe",
    may=Permission.READ,
)
def staff_me() -> Response:
    me = member(bp.current_request)
    body = {
        "userId": me.user_id,
        "email": me.email or None,
        "roles": sorted(me.roles),
        "permissions": sorted(permissions_of(me.roles)),
    }
    return http.json_response(body)


@serves(
    bp,
    "GET /admin/staff",
    Caller.STAFF,
    "Access",
    "List staff",
    "Everybody with a role.",
    {200: ("By address", "StaffList")},
    may=Permission.ROLES,
)
def list_staff() -> Response:
    from ...access.views import staff_view

    http.only(http.query_of(bp.current_request))
    return http.json_response({"staff": pages.fitting(map(staff_view, services().access.staff.all()))})


@serves(
    bp,
    "POST /admin/staff",
    Caller.STAFF,
    "Access",
    "Invite a member of staff",
    "A new user gets a mail with a temporary password. A customer who has this address, and has confirmed it, "
    "becomes staff with the same account.",
    {201: ("Invited", "StaffMember.invited")},
    body="StaffRequest",
    errors=("ALREADY_STAFF", "ACCOUNT_NOT_VERIFIED", "NO_ADMIN_ANY_MORE"),
    may=Permission.ROLES,
)
def invite_staff() -> Response:
    from ...access import requests
    from ...access.views import staff_view

    who = staff(bp.current_request)
    email, roles = requests.invite(http.body_of(bp.current_request))
    with services().operations.audit.of(who, "invite_staff", email=email, roles=sorted(roles), before=None) as outcome:
        invited = staff_view(services().access.staff.invite(who, email, roles))
        outcome.update(userId=invited["userId"], after={"roles": invited["roles"]})
    return http.json_response(invited, 201)


@serves(
    bp,
    "PUT /admin/staff/{user_id}/roles",
    Caller.STAFF,
    "Access",
    "Set a member's roles",
    "Just these; without any the user is no staff any more. The user is signed out everywhere: what was issued before "
    "changes nothing any more, and reads for a quarter of an hour at most. Admins can't take `admin` from themselves.",
    {200: ("The roles as they are now", "StaffMember")},
    body="RolesRequest",
    errors=("STAFF_NOT_FOUND", "OWN_ACCESS", "NO_ADMIN_ANY_MORE"),
    may=Permission.ROLES,
)
def set_staff_roles(user_id: str) -> Response:
    from ...access import requests
    from ...access.views import staff_view

    who, key = staff(bp.current_request), http.path_key(user_id, "staff")
    roles = requests.roles(http.body_of(bp.current_request))
    accounts = services().access.staff
    recorded = {"userId": key, "before": {"roles": sorted(accounts.get(key).roles)}, "roles": sorted(roles)}
    with services().operations.audit.of(who, "set_staff_roles", **recorded) as outcome:
        changed = staff_view(accounts.set_roles(who, key, roles))
        outcome["after"] = {"roles": changed["roles"]}
    return http.json_response(changed)


@serves(
    bp,
    "POST /admin/staff/{user_id}/disable",
    Caller.STAFF,
    "Access",
    "Disable a member of staff",
    "The user can't sign in any more, and is signed out everywhere. Admins can't disable themselves.",
    {200: ("Disabled, now or before", "StaffMember.disabled")},
    errors=("STAFF_NOT_FOUND", "OWN_ACCESS", "NO_ADMIN_ANY_MORE"),
    may=Permission.ROLES,
)
def disable_staff(user_id: str) -> Response:
    return _set_enabled(user_id, "disable_staff", False)


@serves(
    bp,
    "POST /admin/staff/{user_id}/enable",
    Caller.STAFF,
    "Access",
    "Enable a member of staff",
    "The user can sign in again, with the roles of before.",
    {200: ("Enabled, now or before", "StaffMember")},
    errors=("STAFF_NOT_FOUND", "OWN_ACCESS", "NO_ADMIN_ANY_MORE"),
    may=Permission.ROLES,
)
def enable_staff(user_id: str) -> Response:
    return _set_enabled(user_id, "enable_staff", True)


def _set_enabled(user_id: str, action: str, enabled: bool) -> Response:
    from ...access.views import staff_view

    who, key = staff(bp.current_request), http.path_key(user_id, "staff")
    accounts = services().access.staff
    recorded = {"userId": key, "before": {"enabled": accounts.get(key).enabled}}
    with services().operations.audit.of(who, action, **recorded) as outcome:
        changed = staff_view(accounts.set_enabled(who, key, enabled))
        outcome["after"] = {"enabled": changed["enabled"]}
    return http.json_response(changed)
