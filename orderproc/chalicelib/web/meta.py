"""About the API itself: is it ready, what can it do, and what do its problems mean."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from ..bootstrap import services
from . import http

bp = Blueprint(__name__)


@bp.route("/health", methods=["GET"], cors=http.CORS, content_types=http.ANY_BODY)
@http.endpoint(bp)
def health() -> Response:
    """200 when everything that the API needs answers, else 503; `checks` says what does."""
    checks = services().health()
    ready = all(checks.values())
    body = {"status": "ok" if ready else "unavailable", "checks": checks}
    return http.json_response(body, 200 if ready else 503)


@bp.route("/openapi.json", methods=["GET"], cors=http.CORS, content_types=http.ANY_BODY)
@http.endpoint(bp)
def openapi() -> Response:
    from .openapi import document

    return http.json_response(document())


@bp.route("/problems", methods=["GET"], cors=http.CORS, content_types=http.ANY_BODY)
@http.endpoint(bp)
def explain_problems() -> Response:
    """The page that the `type` of every problem leads to."""
    from .problems_page import page

    return page()
