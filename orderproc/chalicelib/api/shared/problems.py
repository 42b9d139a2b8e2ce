"""Every problem that the API answers with, by its `code`: the one list of which the guide's table, the OpenAPI document
and the page `GET /problems` are made."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """Its HTTP status, what it means, and what the caller can do about it."""

    status: int
    meaning: str
    remedy: str


_READ_AGAIN = "read its current state, then decide again"
_REPEAT = "repeat the request after `Retry-After` seconds"
_TELL_US = "contact support with the `requestId`"
_SAME_KEY = "check its outcome, or repeat it with the same `Idempotency-Key`"

PROBLEMS: dict[str, Problem] = {
    "INVALID_REQUEST": Problem(
        400, "the body, a parameter or a header is invalid; nothing was stored", "correct the fields in `errors`"
    ),
    "INVALID_TOKEN": Problem(
        401,
        "the ID token is missing, forged, expired, of another pool or client, or an access token; for changes by staff "
        "also if the user has signed out since; on guests' routes the same of the order's token",
        "sign in again; API keys belong in `X-API-Key`, and only partners' routes accept them",
    ),
    "INVALID_SIGNATURE": Problem(401, "a webhook's signature is missing, wrong or too old", "sign the body as sent"),
    "INVALID_API_KEY": Problem(
        403,
        "the API key is missing or unknown, or has no usage plan",
        "send the key as `X-API-Key`: it is not read from `Authorization`",
    ),
    "FORBIDDEN": Problem(
        403, "the caller may not do this: the publishable key may only place orders", "use a key that may"
    ),
    "NOT_STAFF": Problem(403, "the user is in no group of staff", "sign in as a staff user"),
    "NOT_PERMITTED": Problem(
        403, "the member of staff has no role that may do this", "ask a colleague with a role that `detail` names"
    ),
    "EMAIL_REQUIRED": Problem(403, "the ID token has no e-mail address", "add one to the account, then sign in again"),
    "EMAIL_NOT_VERIFIED": Problem(403, "the account's e-mail address is not verified", "verify it, then sign in again"),
    "NOT_FOUND": Problem(404, "it does not exist for this caller", "check the id and the caller"),
    "ROUTE_NOT_FOUND": Problem(404, "the API has no such path", "check the path against `/openapi.json`"),
    "ORDER_NOT_FOUND": Problem(404, "the order does not exist for this caller", "check the id and the caller"),
    "PRODUCT_NOT_FOUND": Problem(404, "the product is not in the catalogue", "check the id"),
    "RECEIPT_NOT_FOUND": Problem(404, "the order has no receipt yet", "try again when the order is finished"),
    "SHIPMENT_NOT_FOUND": Problem(
        404,
        "no order has a shipment of this carrier with this tracking number, or not yet",
        "repeat the report later",
    ),
    "UPLOAD_NOT_FOUND": Problem(
        404, "nothing was uploaded with this id, or it has expired", "upload the picture, then record it within a day"
    ),
    "CUSTOMER_NOT_FOUND": Problem(404, "no order is of such a customer", "take the id from the list of customers"),
    "IMPORT_NOT_FOUND": Problem(404, "the import does not exist", "check the id"),
    "EXPORT_NOT_FOUND": Problem(404, "the export does not exist", "check the id"),
    "LINK_NOT_FOUND": Problem(
        404, "the link of the mail is invalid or expired", "open the link exactly as in the mail"
    ),
    "STAFF_NOT_FOUND": Problem(404, "no member of staff has this id", "list staff"),
    "PARTNER_NOT_FOUND": Problem(404, "no partner has this id", "list partners"),
    "KEY_NOT_FOUND": Problem(404, "the partner has no key with this id", "list partners"),
    "METHOD_NOT_ALLOWED": Problem(405, "the path does not support this method", "use one of the methods in `Allow`"),
    "CONFLICT": Problem(409, "its current state does not allow this", _READ_AGAIN),
    "CHANGED_MEANWHILE": Problem(
        409, "the order is not the version in `If-Match`; `detail` says what changed, and nothing was done", _READ_AGAIN
    ),
    "ALREADY_SHIPPED": Problem(
        409,
        "the order, or all of it, has already shipped",
        "ship nothing more; instead of cancelling, accept a return",
    ),
    "NOT_CANCELLABLE": Problem(409, "the order has failed, or can no longer be cancelled", _READ_AGAIN),
    "NOT_SHIPPABLE": Problem(
        409, "the order is not paid, was cancelled, or failed", "wait until it is CONFIRMED or COMPLETED"
    ),
    "STILL_PROCESSING": Problem(409, "the order is still being processed", "try again in a moment"),
    "TRACKING_NUMBER_TAKEN": Problem(
        409, "another order has a shipment of this carrier with this tracking number", "check the number"
    ),
    "TOO_MANY_SHIPMENTS": Problem(409, "an order can't have more shipments", "put more units into this one"),
    "NO_SUCH_SHIPMENT": Problem(409, "the order has no such shipment", "name one of its `shipments`"),
    "STOCK_TOO_LOW": Problem(409, "fewer units are available than requested", "request fewer"),
    "CART_NOT_ORDERABLE": Problem(
        409,
        "a line of the cart can't be bought, or buying it failed too often; `detail` says which and why",
        "change the cart, then check out",
    ),
    "CART_FULL": Problem(409, "the cart has the maximum number of products", "remove one, or check out"),
    "CART_DAMAGED": Problem(409, "the cart's stored data can't be read", "empty the cart and start again"),
    "CURRENCY_MISMATCH": Problem(409, "the product's currency is not the cart's", "use another cart"),
    "TOTAL_MISMATCH": Problem(409, "the total or currency sent is no longer the cart's", "show the new total"),
    "NOT_ORDERABLE": Problem(409, "the total is above the maximum of an order", "split it into several orders"),
    "FEEDBACK_ALREADY_GIVEN": Problem(409, "the order already has feedback", "nothing: it was stored"),
    "NOTHING_TO_RETRY": Problem(409, "the order has nothing left to do", "nothing: it is finished"),
    "NOTHING_TO_RESEND": Problem(409, "every message was sent, or is being sent", "nothing"),
    "ALREADY_STAFF": Problem(409, "the address is a member of staff's already", "set that member's roles"),
    "ACCOUNT_NOT_VERIFIED": Problem(
        409, "an account with this address was never confirmed by its owner", "have it confirmed, or delete it"
    ),
    "PARTNER_EXISTS": Problem(409, "a partner has this id already", "make it another key, or choose another id"),
    "OWN_ACCESS": Problem(409, "admins can't take their own access away", "ask another admin"),
    "NO_ADMIN_ANY_MORE": Problem(409, "another admin has taken the caller's role away", "sign in again"),
    "SEARCH_OFF": Problem(
        409,
        "the search of orders is switched off (`ORDER_SEARCH`)",
        "filter by `email`, `reference` or another parameter",
    ),
    "ORDER_DAMAGED": Problem(
        409, "the order's stored data can't be read; staff are notified", "try again when staff have repaired it"
    ),
    "BODY_TOO_LARGE": Problem(413, "the request is too large", "send less"),
    "UNSUPPORTED_MEDIA_TYPE": Problem(415, "the route does not support this `Content-Type`", "send `application/json`"),
    "IDEMPOTENCY_KEY_REUSED": Problem(
        422, "the `Idempotency-Key` was used before with another body", "use a new key for a new request"
    ),
    "RATE_EXCEEDED": Problem(429, "too many requests per second for the caller's plan or this method", _REPEAT),
    "QUOTA_EXCEEDED": Problem(429, "the usage plan's quota for the day is used up", "wait for the next day (UTC)"),
    "INTERNAL_ERROR": Problem(500, "a bug", _TELL_US),
    "BAD_GATEWAY": Problem(502, "the request reached no working function, or was interrupted", _SAME_KEY),
    "TEMPORARILY_UNAVAILABLE": Problem(503, "a dependency of the API does not respond", _REPEAT),
    "DATA_DAMAGED": Problem(
        503,
        "stored data of a product or cart can't be read; staff are notified",
        "try again when staff have repaired it",
    ),
    "GATEWAY_TIMEOUT": Problem(504, "the request took too long", _SAME_KEY),
}


def type_of(code: str, api_url: str) -> str:
    """The problem's `type`: where the API at this address explains it."""
    return f"{api_url}/problems#{code}"


def sentence(text: str) -> str:
    """A meaning or a remedy, to stand by itself."""
    return f"{text[0].upper()}{text[1:]}."


def table() -> str:
    """The list in Markdown, as docs/guide/errors.md and the OpenAPI document show it."""
    rows = [f"| `{code}` | {p.status} | {p.meaning} | {p.remedy} |" for code, p in PROBLEMS.items()]
    return "\n".join(["| `code` | status | meaning | what to do |", "|---|---|---|---|", *rows])
