"""Who is asking. API Gateway has checked the key or the token before we are called; here it becomes an owner."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Container, Mapping
from typing import Any, NamedTuple

from chalice.app import CognitoUserPoolAuthorizer, Request

from ... import bootstrap
from ...access.key_values import partner_of
from ...kit import config
from ...kit.jsonio import loads
from ...orders.commands import GUEST, Customer
from ...orders.model import Order
from .http import Forbidden, Unauthorized
from .permissions import Permission, Role, may, roles_of, roles_that_may

USER_POOL = CognitoUserPoolAuthorizer("users", provider_arns=[config.names().user_pool_arn])
"""For routes of signed-in people: an ID token of the shop's user pool, with or without `Bearer `."""

_SCHEME = re.compile(r"^bearer +", re.IGNORECASE)
_ORDER_TOKEN = re.compile(r"order +(\S+)", re.IGNORECASE)
_STAFF = "orderproc: the member of staff that the route let in"


class Member(NamedTuple):
    """The calling member of staff, with their roles."""

    user_id: str
    email: str
    roles: frozenset[Role]

    def require(self, permission: Permission) -> None:
        """For what a route's own permission leaves open. Raises Forbidden."""
        if not may(self.roles, permission):
            allowed = ", ".join(roles_that_may(permission))
            words = f"Your roles ({', '.join(sorted(self.roles))}) may not do this; {allowed} may."
            raise Forbidden(words, "NOT_PERMITTED")


def partner(request: Request) -> str:
    """The owner of what this API key places: the partner that its value names, or else the key's id. Raises Forbidden,
    also for the publishable key: everybody can read it in the shop's page."""
    key_id, owner = _key(request)
    if _is_publishable(key_id):
        raise Forbidden("The publishable key may only place orders, by POST /place-order and POST /guest/checkout.")
    return owner


def partner_or_guest(request: Request) -> str:
    """The owner of what this key orders: GUEST if it is the publishable one. Raises Forbidden."""
    key_id, owner = _key(request)
    return GUEST if _is_publishable(key_id) else owner


def page_only(request: Request) -> None:
    """Raises Forbidden for every key but the publishable one."""
    if not _is_publishable(_key(request)[0]):
        raise Forbidden("This is for the page of the shop: partners place orders by POST /orders.")


def guests_order(request: Request) -> Order:
    """The one order that the request's token is for, as `Authorization: Order <token>`.

    Raises Unauthorized, TemporarilyUnavailable; NotFound for an order that a customer has claimed since."""
    services = bootstrap.services()
    sent = _ORDER_TOKEN.fullmatch(request.headers.get("authorization", "").strip())
    order_id = services.orders.tokens.order_of(sent[1]) if sent else None
    if order_id is None:
        raise Unauthorized("The order's token is missing, forged or expired: send `Authorization: Order <token>`.")
    return services.orders.queries.get(GUEST, order_id)


def customer(request: Request) -> Customer:
    """Raises Forbidden for a token that names no e-mail address. The address and the number are given only if the
    user pool verified that they are this person's: messages go to no others."""
    claims = _claims(request, (bootstrap.services().settings.user_pool_client_id,))
    if not claims.get("sub") or not claims.get("email"):
        raise Forbidden("An ID token with an e-mail address is needed.", "EMAIL_REQUIRED")
    return Customer(str(claims["sub"]), _if_verified(claims, "email"), _if_verified(claims, "phone_number") or None)


def staff(request: Request) -> str:
    """The user's id. Only for routes that declare what a role must be allowed (`serves(…, may=…)`), which is judged
    before the view is called."""
    return member(request).user_id


def member(request: Request) -> Member:
    """As `staff`, with the user's roles."""
    found: Member = request.context[_STAFF]
    return found


def admit(request: Request, permission: Permission) -> None:
    """Let in a member of staff whose roles allow it, and who for what changes anything has not signed out everywhere
    since. Raises Forbidden, Unauthorized, TemporarilyUnavailable."""
    claims = _claims(request, bootstrap.services().settings.staff_client_ids)
    # API Gateway passes a list as text: `admin`, `admin,other` or `[admin other]`.
    roles = roles_of(re.split(r"[\s,\[\]]+", str(claims.get("cognito:groups", ""))))
    if not roles:
        raise Forbidden("This is for staff: the user is in none of its groups.", "NOT_STAFF")
    found = Member(str(claims["sub"]), str(claims.get("email", "")), roles)
    found.require(permission)
    if request.method not in ("GET", "HEAD"):
        _still_signed_in(request, str(claims.get("iss", "")))
    request.context[_STAFF] = found


def _key(request: Request) -> tuple[str, str]:
    """The key's id, and the owner of its orders. API Gateway has checked the value. Raises Forbidden."""
    identity = request.context.get("identity") or {}
    if key_id := identity.get("apiKeyId"):
        return str(key_id), f"p-{partner_of(str(key_id), str(identity.get('apiKey') or ''))}"
    settings = bootstrap.services().settings
    if settings.trust_api_key_header and (header := request.headers.get("x-api-key")):
        is_id = header == settings.publishable_key_id
        key_id = header if is_id else hashlib.sha256(header.encode()).hexdigest()[:10]
        return key_id, f"p-{partner_of(key_id, header)}"
    raise Forbidden("An API key is needed: send it as X-API-Key, not in Authorization.", "INVALID_API_KEY")


def _is_publishable(key_id: str) -> bool:
    return key_id == bootstrap.services().settings.publishable_key_id


def _if_verified(claims: Mapping[str, Any], name: str) -> str:
    """The claim, or nothing unless `<name>_verified` says so: true in the token, text once API Gateway passed it on."""
    return str(claims.get(name, "")) if str(claims.get(f"{name}_verified", "")).lower() == "true" else ""


def _still_signed_in(request: Request, issuer: str) -> None:
    """A token is good until it expires, even if its user was disabled: that is too long where stock, prices, money and
    messages move, and short enough for looking. `chalice local` has no user pool to ask."""
    if not _verified(request):
        return
    if not bootstrap.services().operations.staff_sessions.is_open(_token(request), issuer):
        raise Unauthorized("You have signed out since this token was issued, or may not sign in any more.")


def _claims(request: Request, clients: Container[str]) -> dict[str, Any]:
    """What API Gateway found in the token after it had checked signature, issuer and expiry.

    Raises Unauthorized for a token of another client of the pool, and for an access token: it says what may be done,
    not who the caller is."""
    settings = bootstrap.services().settings
    claims = _verified(request)
    if not claims and settings.trust_api_key_header:
        claims = _unverified(_token(request))
    if claims.get("token_use") != "id" or claims.get("aud") not in clients:
        raise Unauthorized("An ID token of this shop is needed: sign in again. API keys belong in X-API-Key.")
    return claims


def _verified(request: Request) -> dict[str, Any]:
    claims: dict[str, Any] = (request.context.get("authorizer") or {}).get("claims") or {}
    return claims


def _token(request: Request) -> str:
    """With or without its scheme, whose case does not matter (RFC 9110, section 11.1)."""
    return _SCHEME.sub("", request.headers.get("authorization", ""))


def _unverified(token: str) -> dict[str, Any]:
    """The token's claims as they stand there: `chalice local` checks no tokens, and Settings refuses this in Lambda."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        claims = loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error):
        return {}
    return claims if isinstance(claims, dict) else {}
