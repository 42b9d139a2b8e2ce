"""About the API itself: is it ready, what can it do, and what do its problems mean."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from ..bootstrap import services
from .shared import http
from .shared.operations import Caller, serves

bp = Blueprint(__name__)


@serves(
    bp,
    "GET /health",
    Caller.ANYONE,
    "About",
    "Check whether the API is ready",
    "`checks` says which dependencies answer.",
    {200: ("Ready", "Health"), 503: ("Not ready", "Health.unavailable")},
)
def health() -> Response:
    """200 when everything that the API needs answers, else 503; `checks` says what does."""
    checks = services().operations.health()
    ready = all(checks.values())
    body = {"status": "ok" if ready else "unavailable", "checks": checks}
    return http.json_response(body, 200 if ready else 503)


@serves(
    bp,
    "GET /openapi.json",
    Caller.ANYONE,
    "About",
    "Get this document",
    "OpenAPI 3.1.",
    {200: ("OpenAPI 3.1", "Document")},
)
def openapi() -> Response:
    from .shared.openapi import document

    return http.json_response(document(services().settings.public_url))


@serves(
    bp,
    "GET /problems",
    Caller.ANYONE,
    "About",
    "Explain the codes of problems",
    "The page that a problem's `type` leads to.",
    {200: ("A page in HTML", "html")},
    id="problems",
)
def explain_problems() -> Response:
    """The page that the `type` of every problem leads to."""
    from .shared.problems_page import page

    return page()
