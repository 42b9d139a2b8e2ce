"""How access looks from outside."""

from __future__ import annotations

from typing import Any

from .model import Partner, StaffMember


def staff_view(member: StaffMember) -> dict[str, Any]:
    """A member of staff, as admins see it."""
    return {
        "userId": member.user_id,
        "email": member.email or None,
        "roles": sorted(member.roles),
        "enabled": member.enabled,
        "status": "ACTIVE" if member.has_signed_in else "INVITED",
    }


def partner_view(partner: Partner) -> dict[str, Any]:
    """A partner, as admins see it. No value of a key is in it."""
    return {
        "partnerId": partner.partner_id,
        "name": partner.name,
        "plan": partner.plan or None,
        "keys": [
            {
                "keyId": key.key_id,
                "enabled": key.enabled,
                "createdAt": key.created_at,
                "endsAt": partner.ends_at(key.key_id) if key.enabled else None,
            }
            for key in partner.keys
        ],
    }
