"""Every problem that the API answers with, by its `code`: the one list of which the guide's table, the OpenAPI document
and the page `GET /problems` are made."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """Its HTTP status, what it means, and what the caller can do about it."""

    status: int
    meaning: str
    remedy: str


_READ_AGAIN = "read the thing again and decide anew"
_REPEAT = "repeat the request after `Retry-After` seconds"
_TELL_US = "tell us the `requestId`"
_SAME_KEY = "ask for its outcome, or repeat it with the same `Idempotency-Key`"

PROBLEMS: dict[str, Problem] = {
    "INVALID_REQUEST": Problem(
        400, "the body, a parameter or a header is not valid; nothing was stored", "correct what `errors` names"
    ),
    "INVALID_TOKEN": Problem(
        401,
        "the ID token is missing, forged, expired, of another pool or client, or an access token; for changes by staff "
        "also one whose user has signed out everywhere since",
        "sign in again; an API key belongs in `X-API-Key`, and partners' routes take it",
    ),
    "INVALID_SIGNATURE": Problem(401, "a webhook's signature is missing, wrong or too old", "sign the body as sent"),
    "INVALID_API_KEY": Problem(
        403,
        "the API key is missing or unknown, or is not on a usage plan",
        "send the key as `X-API-Key`: it is not read from `Authorization`",
    ),
    "FORBIDDEN": Problem(403, "the caller may not do this", "ask someone who may"),
    "NOT_STAFF": Problem(403, "the user is not in the group `admin`", "sign in as a member of staff"),
    "EMAIL_REQUIRED": Problem(
        403, "the ID token names no e-mail address", "add one to the account, then sign in again"
    ),
    "NOT_FOUND": Problem(404, "there is no such thing for this caller", "check the id and the caller"),
    "ROUTE_NOT_FOUND": Problem(404, "the API has no such path", "check the path against `/openapi.json`"),
    "ORDER_NOT_FOUND": Problem(404, "there is no such order for this caller", "check the id and the caller"),
    "PRODUCT_NOT_FOUND": Problem(404, "the catalogue has no such product", "check the id"),
    "RECEIPT_NOT_FOUND": Problem(404, "there is no receipt of this order yet", "try again once the order is finished"),
    "SHIPMENT_NOT_FOUND": Problem(
        404,
        "no order has a shipment of this carrier with this tracking number, or not yet",
        "send the report again later",
    ),
    "IMPORT_NOT_FOUND": Problem(404, "there is no such import", "check the id"),
    "LINK_NOT_FOUND": Problem(
        404, "the link of the mail is wrong or too old", "open the link as it stands in the mail"
    ),
    "METHOD_NOT_ALLOWED": Problem(405, "the path does not take this method", "use one of the methods in `Allow`"),
    "CONFLICT": Problem(409, "the thing is in a state in which this can't be done", _READ_AGAIN),
    "ALREADY_SHIPPED": Problem(
        409,
        "the order, or all of it, was shipped already",
        "ship nothing more; to call it off, take it back as a return",
    ),
    "NOT_CANCELLABLE": Problem(409, "the order has failed, or can't be cancelled any more", _READ_AGAIN),
    "NOT_SHIPPABLE": Problem(
        409, "the order is not paid, or was called off", "wait until it is CONFIRMED or COMPLETED"
    ),
    "STILL_PROCESSING": Problem(409, "the order is still being processed", "try again in a moment"),
    "TRACKING_NUMBER_TAKEN": Problem(
        409, "another order has a shipment of this carrier with this tracking number", "check the number"
    ),
    "TOO_MANY_SHIPMENTS": Problem(409, "an order can't have more shipments", "put more units into this one"),
    "NO_SUCH_SHIPMENT": Problem(409, "the order has no such shipment", "name one of its `shipments`"),
    "STOCK_TOO_LOW": Problem(409, "fewer units are available than are to be taken", "take fewer"),
    "CART_NOT_ORDERABLE": Problem(
        409,
        "a line of the cart can't be bought, or buying it failed too often; `detail` says which and why",
        "change the cart, then check out",
    ),
    "CART_FULL": Problem(409, "the cart holds as many products as it can", "remove one, or check out"),
    "CART_DAMAGED": Problem(409, "the cart's stored data can't be read", "empty the cart and begin anew"),
    "CURRENCY_MISMATCH": Problem(409, "the product is sold in another currency than the cart's", "use another cart"),
    "TOTAL_MISMATCH": Problem(409, "the total or currency shown is not the cart's any more", "show the new total"),
    "NOT_ORDERABLE": Problem(409, "what is to be bought costs more than an order may", "order less of it at once"),
    "FEEDBACK_ALREADY_GIVEN": Problem(409, "there is feedback for this order already", "nothing: it was stored"),
    "NOTHING_TO_RETRY": Problem(409, "nothing is left to do for this order", "nothing: it is finished"),
    "NOTHING_TO_RESEND": Problem(409, "every message was sent, or is being sent", "nothing: see the timeline"),
    "ORDER_DAMAGED": Problem(
        409, "the order's stored data can't be read; staff are notified", "try again once staff have repaired it"
    ),
    "BODY_TOO_LARGE": Problem(413, "the request is too large", "send less"),
    "UNSUPPORTED_MEDIA_TYPE": Problem(415, "the route does not take this `Content-Type`", "send `application/json`"),
    "IDEMPOTENCY_KEY_REUSED": Problem(
        422, "the `Idempotency-Key` was used before with another body", "use a new key for a new request"
    ),
    "RATE_EXCEEDED": Problem(429, "too many requests per second, of the caller's plan or to this method", _REPEAT),
    "QUOTA_EXCEEDED": Problem(429, "the usage plan's quota for the day is used up", "wait for the next day (UTC)"),
    "INTERNAL_ERROR": Problem(500, "a bug", _TELL_US),
    "BAD_GATEWAY": Problem(502, "the request reached no working function, or was cut off", _SAME_KEY),
    "TEMPORARILY_UNAVAILABLE": Problem(503, "something that the API needs does not answer", _REPEAT),
    "DATA_DAMAGED": Problem(
        503,
        "stored data of a product or cart can't be read; staff are notified",
        "repeat it once staff have repaired it",
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
