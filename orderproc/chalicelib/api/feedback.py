"""What the link in a mail leads to. The link itself says that one may: neither key nor account is asked for.

Looking changes nothing, so that mail scanners may follow the link as often as they like."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import parse_qs

from chalice.app import Blueprint, Request, Response

from ..bootstrap import services
from ..feedback import requests
from ..kit.errors import Conflict, FieldError, InvalidRequest, NotFound
from ..kit.text import clean
from ..orders.model import Order
from ..orders.views import feedback_view
from .shared import http
from .shared.operations import FORM, Caller, serves

bp = Blueprint(__name__)

_MAX_BYTES = 16 * 1024
"""Of a form: 1,000 characters of four bytes, each written as %XX, and some more."""
_MOST = 1000
"""Characters of a comment; of a longer one no more is shown again."""
_SCORES = ("1", "2", "3", "4", "5")
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd]")
_UNWRITABLE = "The form did not arrive whole. Please try again."
_PROBLEMS = {"score": "page.problem.score", "comment": "page.problem.comment"}
_PROBLEM = "page.problem.form"

View = Callable[[str], Response]


def _pages(view: View) -> View:
    """Decorate an endpoint: browsers get its problems as pages."""

    @wraps(view)
    def answer(token: str) -> Response:
        from . import feedback_html  # brings the mails' words: only where a page is made

        response = view(token=token)  # type: ignore[call-arg]
        if response.headers.get("Content-Type") == "application/problem+json" and _is_browser(bp.current_request):
            page = feedback_html.trouble(services().settings.shop, response.status_code)
            page.headers = {**response.headers, **page.headers}
            return page
        return response

    return answer


@serves(
    bp,
    "GET /feedback/{token}",
    Caller.ANYONE,
    "Feedback",
    "Show the feedback form",
    "The page that the link in a mail leads to. Reading it changes nothing.",
    {200: ("The form, or thanks if it was sent before", "html")},
    errors=("LINK_NOT_FOUND",),
    pages=True,
    around=_pages,
)
def show_feedback_form(token: str) -> Response:
    """The page with the form; `?score=` chooses the stars beforehand."""
    from . import feedback_html

    order = _order(token)
    if order.feedback:
        return feedback_html.already_given(services().settings.shop, order, 200)
    if not order.processing_done:
        return feedback_html.too_early(services().settings.shop, order, 200)
    chosen = dict(bp.current_request.query_params or {}).get("score")
    return feedback_html.form(services().settings.shop, order, int(chosen) if chosen in _SCORES else None)


@serves(
    bp,
    "POST /feedback/{token}",
    Caller.ANYONE,
    "Feedback",
    "Give feedback by the link in a mail",
    "From the page's form, or as JSON. No key or token is needed: the link is signed.",
    {201: ("Stored", "Feedback")},
    body="FeedbackRequest",
    errors=("LINK_NOT_FOUND", "ORDER_DAMAGED", "FEEDBACK_ALREADY_GIVEN", "STILL_PROCESSING", "CONFLICT"),
    forms=True,
    pages=True,
    around=_pages,
)
def give_feedback_by_link(token: str) -> Response:
    """From the page's form, or as JSON."""
    order, request = _order(token), bp.current_request
    if not _is_form(request):
        given = services().customers.give_feedback(order, *requests.feedback(http.body_of(request)))
        return http.json_response(feedback_view(given), 201)
    return _from_form(order, request)


def _from_form(order: Order, request: Request) -> Response:
    from . import feedback_html

    fields: dict[str, Any] = {}
    try:
        fields = _fields_of(request)
        given = services().customers.give_feedback(order, *requests.feedback(fields))
        return feedback_html.thanks(services().settings.shop, order, given)
    except InvalidRequest as error:
        problems = list(dict.fromkeys(_PROBLEMS.get(wrong.field, _PROBLEM) for wrong in error.errors))
        score = fields.get("score")
        chosen = score if isinstance(score, int) else None
        return feedback_html.form(
            services().settings.shop, order, chosen, fields.get("comment", "")[:_MOST], problems or [_PROBLEM]
        )
    except Conflict:
        if services().orders.queries.any(order.order_id).feedback:
            return feedback_html.already_given(services().settings.shop, order, 409)
        return feedback_html.too_early(services().settings.shop, order, 409)


def _fields_of(request: Request) -> dict[str, Any]:
    """The form as the JSON of an API's client would say it. Raises InvalidRequest."""
    try:
        raw = request.raw_body
        body = raw if isinstance(raw, bytes) else raw.encode()
        if len(body) > _MAX_BYTES:
            raise ValueError
        found = parse_qs(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=8)
    except ValueError:  # too long, no text, or no form
        raise InvalidRequest([], _UNWRITABLE) from None
    repeated = [FieldError(name[:100], "is there more than once") for name, values in found.items() if len(values) > 1]
    if repeated:
        raise InvalidRequest(repeated)
    fields: dict[str, Any] = {name: values[0] for name, values in found.items()}
    if fields.get("score") in _SCORES:
        fields["score"] = int(fields["score"])
    if "comment" in fields:
        fields["comment"] = _as_typed(fields["comment"])
    return fields


def _as_typed(text: str) -> str:
    """Browsers send each new line as two characters, and what is pasted may hold what the schema refuses."""
    return _UNFIT.sub(" ", clean(text, lines=True)).strip()


def _order(token: str) -> Order:
    """Raises NotFound, with the same words, for a link that we did not make, one that ended, and an order that is
    gone."""
    order_id = services().customers.feedback_links.order_of(token)
    if order_id is None:
        raise NotFound("There is no such page.", "LINK_NOT_FOUND")
    try:
        return services().orders.queries.any(order_id)
    except NotFound:
        raise NotFound("There is no such page.", "LINK_NOT_FOUND") from None


def _is_form(request: Request) -> bool:
    return bool(request.headers.get("content-type", "").split(";")[0].strip().lower() == FORM)


def _is_browser(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "").lower() or _is_form(request)
