"""How access looks from outside."""

from __future__ import annotations

from typing import Any

from .model import StaffMember


def staff_view(member: StaffMember) -> dict[str, Any]:
    """A member of staff, as admins see it."""
    return {
        "userId": member.user_id,
        "email": member.email or None,
        "roles": sorted(member.roles),
        "enabled": member.enabled,
        "status": "ACTIVE" if member.has_signed_in else "INVITED",
    }
