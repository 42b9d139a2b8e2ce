"""What staff are told about themselves, as JSON Schema."""

from __future__ import annotations

from ...access.schema import ROLES
from ...kit.schemas import EMAIL, TEXT, answer_of, list_of, or_null
from .permissions import Permission

ME = answer_of(
    {
        "userId": TEXT,
        "email": or_null(EMAIL),
        "roles": ROLES,
        "permissions": list_of({"type": "string", "enum": list(Permission)}),
    }
)
