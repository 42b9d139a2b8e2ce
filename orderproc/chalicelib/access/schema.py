"""Staff and partners in requests and answers, as JSON Schema."""

from __future__ import annotations

from typing import Any

from ..kit.schemas import EMAIL, TEXT, TIME, Schema, answer_of, list_of, object_of, or_null, text_of
from .roles import Role

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


_PARTNER_ID: Schema = {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,39}$", "examples": ["acme"]}
_PLAN: Schema = {
    "type": "string",
    "pattern": "^[a-z0-9][a-z0-9-]{0,59}$",
    "description": "One of the stage's usage plans.",
}

PARTNER_REQUEST = object_of(
    ["partnerId", "name"], {"partnerId": _PARTNER_ID, "name": text_of(100), "plan": {**_PLAN, "default": "partner"}}
)
KEY_REQUEST = object_of(
    [],
    {
        "endOthersAfterHours": {
            "type": "integer",
            "minimum": 0,
            "maximum": 720,
            "default": 24,
            "description": "When the partner's other keys end; 0: at once.",
        }
    },
)
_KEY_ID = {"type": "string", "description": "Of API Gateway."}
PARTNER = answer_of(
    {
        "partnerId": {"type": "string", "description": "Its orders belong to `p-<partnerId>`."},
        "name": TEXT,
        "plan": or_null(TEXT),
        "keys": list_of(
            answer_of(
                {
                    "keyId": _KEY_ID,
                    "enabled": {"type": "boolean"},
                    "createdAt": TIME,
                    "endsAt": or_null({**TIME, "description": "When it will be disabled, if it is to be."}),
                }
            )
        ),
    }
)
NEW_KEY = answer_of(
    {
        **PARTNER["properties"],
        "keyId": _KEY_ID,
        "key": {"type": "string", "description": "To be sent as `X-API-Key`. It is shown this once, and never again."},
    }
)


def _named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


PARTNER_LIST: dict[str, Any] = answer_of({"partners": list_of(_named("Partner"))})
STAFF_LIST: dict[str, Any] = answer_of({"staff": list_of(_named("StaffMember"))})
