"""An operation of the API is declared once, beside the function that serves it: Chalice's route is made from the
declaration here, and the OpenAPI document in `openapi.py`. Schemas and parameters are named, not imported: what is
only published costs no cold start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum
from functools import wraps
from typing import Any

from chalice.app import Blueprint, Response

from ...kit.wiring import dataclass
from . import http
from .callers import USER_POOL, admit
from .permissions import Permission

View = Callable[..., Response]
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
HTML = "text/html"


class Caller(Enum):
    """Who may call. The value is the security scheme of the document."""

    ANYONE = ""
    PARTNER = "apiKey"
    PAGE = "apiKey: publishable"
    PARTNER_OR_PAGE = "apiKey: any"
    GUEST = "orderToken"
    CUSTOMER = "idToken: customer"
    STAFF = "idToken: staff"
    CARRIER = "carrierSignature"


@dataclass(frozen=True)
class Operation:
    """`answers` says of each status what it means, and what is answered. `body` and answers are names of a schema and
    of its example in `examples.json`: `Order.cancelled` is another example of the schema Order. `errors` are codes of
    `problems.PROBLEMS` besides those that the caller, the body and the path imply. `pages`: browsers get HTML for
    problems, too. `may` is what a role must be allowed: staff's routes have one, and no others. `versioned`: the answer
    has an ETag, and what changes something takes If-Match."""

    route: str
    caller: Caller
    tag: str
    summary: str
    description: str
    answers: Mapping[int, tuple[str, str]]
    errors: tuple[str, ...] = ()
    body: str = ""
    query: tuple[str, ...] = ()
    id: str = ""
    body_required: bool = True
    forms: bool = False
    pages: bool = False
    idempotency_key: str = ""
    may: Permission | None = None
    versioned: bool = False

    def __post_init__(self) -> None:
        if (self.caller is Caller.STAFF) is not (self.may is not None):
            raise TypeError(f"{self.route}: routes of staff say what a role must be allowed (may=…), others do not.")

    @property
    def method(self) -> str:
        return self.route.partition(" ")[0]

    @property
    def path(self) -> str:
        return self.route.partition(" ")[2]


DECLARED: dict[str, Operation] = {}
"""Of every Blueprint that was imported, by route."""


def serves(
    bp: Blueprint,
    route: str,
    caller: Caller,
    tag: str,
    summary: str,
    description: str,
    answers: Mapping[int, tuple[str, str]],
    *,
    around: Callable[[View], View] = lambda view: view,
    **more: Any,
) -> Callable[[View], View]:
    """Decorate a view with its operation: `more` are the other fields of Operation. Its errors become problems, and
    without an id it is called after the function. `around` sees the answer as it would be sent. A view of staff's
    is called only with the permission."""
    operation = Operation(route, caller, tag, summary, description, answers, **more)

    def register(view: View) -> View:
        first, *others = view.__name__.split("_")
        DECLARED[operation.route] = replace(operation, id=operation.id or first + "".join(map(str.title, others)))
        let_in = _for_who_may(bp, operation.may, view) if operation.may else view
        answer = around(http.endpoint(bp, anyone=caller is Caller.ANYONE)(let_in))
        bp.route(operation.path, methods=[operation.method], **_of_chalice(operation))(answer)
        return answer

    return register


def _for_who_may(bp: Blueprint, permission: Permission, view: View) -> View:
    @wraps(view)
    def judged(**path: str) -> Response:
        admit(bp.current_request, permission)
        return view(**path)

    return judged


def _of_chalice(operation: Operation) -> dict[str, Any]:
    kept: dict[str, Any] = {"cors": http.CORS}
    if operation.caller in (Caller.PARTNER, Caller.PAGE, Caller.PARTNER_OR_PAGE):
        kept["api_key_required"] = True
    elif operation.caller in (Caller.CUSTOMER, Caller.STAFF):
        kept["authorizer"] = USER_POOL
    elif operation.caller is Caller.CARRIER:
        del kept["cors"]  # no browser calls it
    if not operation.body:
        kept["content_types"] = http.ANY_BODY
    elif operation.forms:
        kept["content_types"] = [FORM, JSON]
    return kept
