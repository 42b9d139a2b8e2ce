"""What staff are to the shop."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The value is the name of the user pool's group. What each may: `api/shared/permissions.py`."""

    ADMIN = "admin"
    SUPPORT = "support"
    WAREHOUSE = "warehouse"
    FINANCE = "finance"
    VIEWER = "viewer"
