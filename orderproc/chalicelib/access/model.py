"""Staff, and what they are to the shop."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The value is the name of the user pool's group. What each may: `api/shared/permissions.py`."""

    ADMIN = "admin"
    SUPPORT = "support"
    WAREHOUSE = "warehouse"
    FINANCE = "finance"
    VIEWER = "viewer"


@dataclass(frozen=True)
class StaffMember:
    """A user of the pool with their roles; without any it is a customer, or somebody who was staff."""

    user_id: str
    email: str
    roles: frozenset[Role]
    enabled: bool
    has_signed_in: bool
    """False from the invitation to the first own password."""
    verified: bool
    """The address is known to be this person's."""
