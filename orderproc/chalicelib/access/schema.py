"""Staff in requests and answers, as JSON Schema."""

from __future__ import annotations

from typing import Any

from ..kit.schemas import EMAIL, TEXT, Schema, answer_of, list_of, object_of, or_null
from .model import Role

_ROLE: Schema = {"type": "string", "enum": list(Role)}
ROLES = list_of(_ROLE)


def _roles(least: int, description: str) -> Schema:
    return list_of(_ROLE, minItems=least, maxItems=len(Role), uniqueItems=True, description=description)


STAFF_REQUEST = object_of(["email", "roles"], {"email": EMAIL, "roles": _roles(1, "At least one.")})
ROLES_REQUEST = object_of(["roles"], {"roles": _roles(0, "All that the user is to have; none: no staff any more.")})
STAFF_MEMBER = answer_of(
    {
        "userId": TEXT,
        "email": or_null(EMAIL),
        "roles": ROLES,
        "enabled": {"type": "boolean", "description": "May sign in."},
        "status": {"enum": ["INVITED", "ACTIVE"], "description": "`INVITED` until the first own password."},
    }
)


def _named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


STAFF_LIST: dict[str, Any] = answer_of({"staff": list_of(_named("StaffMember"))})
