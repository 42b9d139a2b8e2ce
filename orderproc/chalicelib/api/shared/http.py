"""What all routes share: bodies in, problems out (RFC 9457), pages, and the correlation id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from chalice.app import Chalice, CORSConfig, Request, Response

from ... import bootstrap
from ...kit import config, errors
from ...kit.clock import from_iso
from ...kit.jsonio import InvalidJson, dumps, loads
from ...kit.observability import log
from ...kit.text import clean
from ...kit.validation import is_empty, parse_object
from . import access_log, echo
from .problems import PROBLEMS, type_of

CORS = CORSConfig(
    allow_origin=config.names().site_origin or "*",
    allow_headers=["X-API-Key", "Authorization", "Idempotency-Key", "If-Match", "X-Correlation-Id"],
    expose_headers=[
        *("Location", "ETag", "X-Correlation-Id", "Retry-After", "Allow", "Content-Disposition"),
        "x-amzn-RequestId",
    ],
    max_age=600,
)
_OF_PREFLIGHTS = ("Access-Control-Allow-Headers", "Access-Control-Max-Age")
"""Browsers read them in the answer to OPTIONS only, and every byte of the others is paid for."""
CLOSED = config.names().closed
_CLOSED_SECONDS = "120"
"""Until a client should ask again while the API is closed."""
ANY_BODY = ["*/*"]
"""For routes that read no body: any Content-Type that a client sends along is accepted."""
MAX_PAGE = 100
DEFAULT_PAGE = 20
_LONGEST_KEY = 128


class Forbidden(errors.OrderProcError):
    """The caller is known but may not do this, or shows no key at all."""

    code = "FORBIDDEN"


class Unauthorized(errors.OrderProcError):
    """The token is good, but not one that is meant for this API."""

    code = "INVALID_TOKEN"


_FOR_CALLERS = {
    errors.InvalidRequest,
    Unauthorized,
    Forbidden,
    errors.NotFound,
    errors.Conflict,
    errors.IdempotencyMismatch,
    errors.TemporarilyUnavailable,
    errors.GatewayTimeout,
}
"""Their words and codes are meant for callers; any other error that gets here is a bug."""
_DAMAGED = "Its stored data can't be read. Our staff are notified and must repair it."
_CHALICES_OWN = {"Code", "Message"}
# As the gateway's own answers have them (infra/deploy/gateway_responses.py).
ON_ALL = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=31536000",
}

View = Callable[..., Response]


def endpoint(app: Any, *, anyone: bool = False) -> Callable[[View], View]:
    """Decorate a view: its errors become problems here, since Chalice would make each of ours a 500.

    `app` is the Blueprint: its `current_request` is the request at hand. What needs no key or token (`anyone`) can be
    read by pages of every origin, also if the others can be by those of the shop's site alone."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(**path: str) -> Response:
            request: Request = app.current_request
            correlation_id = log.correlate(request.headers.get("x-correlation-id", ""))
            is_closed = CLOSED and request.context.get("resourcePath") != "/health"
            response = _closed(request) if is_closed else _answered(view, path, request)
            access_log.note(request, response)
            kept = response.headers.get("Cache-Control", ON_ALL["Cache-Control"])
            response.headers.update({**ON_ALL, "Cache-Control": kept, "X-Correlation-Id": correlation_id})
            if anyone:
                response.headers["Access-Control-Allow-Origin"] = "*"
            return response

        return answer

    return decorate


def _answered(view: View, path: dict[str, str], request: Request) -> Response:
    try:
        return view(**path)
    except errors.Damaged as error:
        bootstrap.services().report_damage(error)
        # An order is in a state in which nothing can be done with it. With anything else the request may be tried
        # again once it is repaired. The detail says nothing about the stored values.
        return problem(request, "ORDER_DAMAGED" if error.what == "order" else "DATA_DAMAGED", _DAMAGED)
    except errors.OrderProcError as error:
        if type(error) in _FOR_CALLERS:
            return problem(request, error.code, str(error), getattr(error, "errors", None))
        log.exception("unexpected_error", **access_log.facts(request))
    except Exception as error:  # noqa: BLE001
        if bootstrap.is_temporary(error):
            log.exception("dependency_unavailable", **access_log.facts(request))
            return problem(request, "TEMPORARILY_UNAVAILABLE", "Try again in a moment.")
        log.exception("unexpected_error", **access_log.facts(request))
    return internal_error(request)


def _closed(request: Request) -> Response:
    """While an operator restores the data, nothing may be read or written."""
    refused = problem(request, "TEMPORARILY_UNAVAILABLE", "The shop is closed for maintenance. Try again in minutes.")
    refused.headers["Retry-After"] = _CLOSED_SECONDS
    return refused


def internal_error(request: Request) -> Response:
    return problem(request, "INTERNAL_ERROR", "Something went wrong on our side; quote the requestId.")


def problem(request: Request, code: str, detail: str, field_errors: list[errors.FieldError] | None = None) -> Response:
    """`code` is one of `problems.PROBLEMS`, which says the status."""
    status = PROBLEMS[code].status
    body: dict[str, Any] = {
        "type": type_of(code, _api_url()),
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": echo.shortened(detail),
        "requestId": request_id(request),
        "code": code,
    }
    if status == 400:
        body["errors"] = [{"field": e.field, "message": e.message} for e in echo.within_limits(field_errors or [])]
    headers: dict[str, str | list[str]] = {"Content-Type": "application/problem+json"}
    if status == 503:
        headers["Retry-After"] = "1"
    return Response(dumps(body), headers, status)


def _api_url() -> str:
    try:
        return bootstrap.services().settings.public_url
    except config.ConfigurationError:  # the very error that is being answered
        return ""


def json_response(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(dumps(body), {"Content-Type": "application/json", **(headers or {})}, status)


def cacheable(body: Any, seconds: int) -> Response:
    """An answer that is the same for all callers: shared caches may give it for so many seconds, and not longer if the
    API fails; 0 is never. Browsers ask each time, and are told by the ETag that nothing has changed."""
    response = json_response(body)
    if seconds:
        response.headers["Cache-Control"] = f"public, max-age=0, s-maxage={seconds}, stale-if-error=0"
        response.headers["ETag"] = f'"{sha256(str(response.body).encode()).hexdigest()[:16]}"'
    return response


def not_allowed(request: Request, methods: Iterable[str]) -> Response:
    """405 for a path whose routes take these methods."""
    allowed = ", ".join([*methods, "OPTIONS"])
    refused = problem(request, "METHOD_NOT_ALLOWED", f"This path takes {allowed}.")
    refused.headers["Allow"] = allowed
    return refused


def own_problems(app: Chalice) -> None:
    """Give Chalice's own errors (a media type it does not take, a crash before the view) the form of ours, and answers
    to HEAD no body."""

    @app.middleware("http")
    def as_problem(event: Any, get_response: Callable[[Any], Response]) -> Response:
        response = get_response(event)
        if isinstance(response.body, dict) and set(response.body) == _CHALICES_OWN:
            response = _instead_of_chalices(app, event, response)
        if event.method == "HEAD":
            response.body = ""
        for name in _OF_PREFLIGHTS:
            response.headers.pop(name, None)
        return response


def _instead_of_chalices(app: Chalice, request: Request, response: Response) -> Response:
    """Chalice's own words repeat what was sent."""
    correlation_id = log.correlate(request.headers.get("x-correlation-id", ""))
    kept = {name: value for name, value in response.headers.items() if name.lower() != "content-type"}
    if response.status_code == 405:  # `chalice local` looks for the method last; API Gateway does not get here
        repaired, kept = not_allowed(request, app.routes[request.path]), {}
    elif response.status_code == 415:
        repaired = problem(request, "UNSUPPORTED_MEDIA_TYPE", "Send the body as application/json.")
    elif response.status_code < 500:
        repaired = problem(request, "INVALID_REQUEST", "The request is not valid.")
    else:
        log.warning("crashed_outside_view", requestId=request_id(request))  # Chalice wrote the traceback just before
        repaired = internal_error(request)
    repaired.headers.update({**CORS.get_access_control_headers(), **kept, **ON_ALL, "X-Correlation-Id": correlation_id})
    return repaired


def body_of(request: Request) -> dict[str, Any]:
    """The body as an object with exact decimals. Raises InvalidRequest."""
    return parse_object(_raw_body_of(request))


def optional_body_of(request: Request) -> dict[str, Any]:
    """As `body_of`; no body at all is an empty object."""
    raw = _raw_body_of(request)
    return {} if is_empty(raw) else parse_object(raw)


def _raw_body_of(request: Request) -> bytes:
    try:
        raw = request.raw_body
        return raw.encode() if isinstance(raw, str) else raw
    except UnicodeEncodeError:
        raise errors.InvalidRequest([], "The body is not valid UTF-8: send it as UTF-8.") from None


def idempotency_key(request: Request) -> str | None:
    """Trimmed; `requests.py` judges it together with the body."""
    key: str | None = request.headers.get("idempotency-key")
    return None if key is None else clean(key)


def together(*readings: Callable[[], Any]) -> list[Any]:
    """What each reading gives. Raises InvalidRequest with the errors of all of them."""
    found: list[Any] = []
    wrong: list[errors.FieldError] = []
    for reading in readings:
        try:
            found.append(reading())
        except errors.InvalidRequest as error:
            wrong += error.errors
    if wrong:
        raise errors.InvalidRequest(wrong)
    return found


def query_of(request: Request) -> dict[str, str]:
    """The query's parameters, trimmed; of one that was given twice, the last. Raises InvalidRequest for what is no
    Unicode."""
    query: dict[str, str] = dict(request.query_params or {})
    try:
        "".join([*query, *query.values()]).encode()
    except UnicodeEncodeError:
        raise errors.InvalidRequest([], "The query is not valid UTF-8.") from None
    return {name: clean(value) for name, value in query.items()}


def only(query: Mapping[str, str], *known: str) -> None:
    """Raises InvalidRequest for a parameter that is not known: it is most likely a typing error."""
    unknown = [errors.FieldError(name[:100], "is not a known parameter") for name in query if name not in known]
    if unknown:
        raise errors.InvalidRequest(unknown)


def path_key(text: str, what: str) -> str:
    """A key as it is in the path, where it arrives URL-encoded. Raises NotFound for one that no `what` can have:
    DynamoDB would refuse it, as our fault."""
    key = clean(unquote(text))
    if not (1 <= len(key) <= _LONGEST_KEY and key.isprintable()):
        raise errors.NotFound(f"There is no such {what}.", f"{what.upper()}_NOT_FOUND")
    return key


def limit_of(query: Mapping[str, str]) -> int:
    text = query.get("limit", str(DEFAULT_PAGE))
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MAX_PAGE):
        raise errors.InvalidRequest([errors.FieldError("limit", f"must be a whole number from 1 to {MAX_PAGE}")])
    return int(text)


def cursor_for(position: Mapping[str, str] | None, scope: str) -> str | None:
    """An opaque text that `position_of` turns back, for the same list (`scope`) only."""
    return bootstrap.services().cursors.signed(dumps(dict(position)).encode(), scope) if position else None


def position_of(query: Mapping[str, str], scope: str, *shapes: set[str]) -> dict[str, str] | None:
    """Where the cursor points; None for the first page. `shapes` are the sets of names that positions of this list may
    have. Raises InvalidRequest for a cursor that was not made for this list, and for one that it would not make now."""
    cursor = query.get("cursor", "").strip()
    if not cursor:
        return None
    signed = bootstrap.services().cursors.position(cursor, scope)
    position = _position(signed) if signed is not None else None
    if position is None or set(position) not in shapes:
        raise errors.InvalidRequest([errors.FieldError("cursor", "is not one that this list gave out")])
    return position


def _position(signed: bytes) -> dict[str, str] | None:
    """None for what can be no position, although it is signed: another version of ours may have made it."""
    try:
        read: Any = loads(signed)
        if not isinstance(read, dict):
            return None
        for name, value in read.items():
            _FORMS.get(name, _key)(value)
    except (TypeError, ValueError, InvalidJson):
        return None
    return read


def _key(value: Any) -> None:
    """As DynamoDB takes one. Raises ValueError, TypeError."""
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= 1024:
        raise ValueError


def _moment(value: Any) -> None:
    if datetime.fromisoformat(value).tzinfo is None:
        raise ValueError


_FORMS: dict[str, Callable[[Any], object]] = {
    "day": date.fromisoformat,
    "createdAt": from_iso,
    "from": _moment,
    "to": _moment,
    "page": _moment,
}
"""The forms of a position's values that are not just keys."""


def request_id(request: Request) -> str:
    return str(request.context.get("requestId", "local"))
