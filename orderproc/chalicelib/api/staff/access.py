"""For staff: who they are, and what they may."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from ..shared import http
from ..shared.callers import member
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
