"""Who is asking. API Gateway has checked the key or the token before we are called; here it becomes an owner."""

from __future__ import annotations

import hashlib
import re

from chalice.app import CognitoUserPoolAuthorizer, Request

from .. import bootstrap, config
from .http import Forbidden

USER_POOL = CognitoUserPoolAuthorizer("users", provider_arns=[config.names().user_pool_arn])
"""For routes of signed-in people: an ID token of the shop's user pool, with or without `Bearer `."""


def partner(request: Request) -> str:
    """The owner of what this API key places: the key's id, which stays when its value is shown or hidden."""
    key_id = (request.context.get("identity") or {}).get("apiKeyId")
    if key_id:
        return f"p-{key_id}"
    if bootstrap.services().settings.trust_api_key_header and (header := request.headers.get("x-api-key")):
        return f"p-{hashlib.sha256(header.encode()).hexdigest()[:10]}"
    raise Forbidden("An API key is needed: send it as X-API-Key.")


def staff(request: Request) -> str:
    """The user's id if it is in the group `admin`. Raises Forbidden."""
    claims = (request.context.get("authorizer") or {}).get("claims") or {}
    # API Gateway passes a list as text: `admin`, `admin,other` or `[admin other]`.
    groups = re.split(r"[\s,\[\]]+", str(claims.get("cognito:groups", "")))
    if "admin" not in groups:
        raise Forbidden("This is for staff: the user is not in the group admin.")
    return str(claims["sub"])
