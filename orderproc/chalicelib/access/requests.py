"""From a body to what admins ask about access."""

from __future__ import annotations

from typing import Any

from ..kit.validation import valid
from .roles import Role
from .schema import KEY_REQUEST, PARTNER_REQUEST, ROLES_REQUEST, STAFF_REQUEST


def invite(body: dict[str, Any]) -> tuple[str, list[Role]]:
    """The address and the roles. Raises InvalidRequest."""
    body = valid(body, STAFF_REQUEST)
    return body["email"], _roles(body)


def roles(body: dict[str, Any]) -> list[Role]:
    """Raises InvalidRequest."""
    return _roles(valid(body, ROLES_REQUEST))


def new_partner(body: dict[str, Any]) -> tuple[str, str, str | None]:
    """Its id, name and plan. Raises InvalidRequest."""
    body = valid(body, PARTNER_REQUEST)
    return body["partnerId"], body["name"], body.get("plan")


def new_key(body: dict[str, Any]) -> int:
    """After how many hours the other keys end. Raises InvalidRequest."""
    hours: int = valid(body, KEY_REQUEST).get("endOthersAfterHours", 24)
    return hours


def _roles(body: dict[str, Any]) -> list[Role]:
    return [Role(name) for name in body["roles"]]
