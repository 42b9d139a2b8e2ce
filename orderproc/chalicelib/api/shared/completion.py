"""What API Gateway leaves to its API: HEAD wherever there is GET, 405 for a method that a path does not take, and 404
for a path that there is not, which a browser can read because its preflight was answered.

API Gateway chooses by path and method together, so what no other route takes falls to the greedy one. It has neither
key nor authorizer: it says no more than `/openapi.json` does."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import cast

from chalice.app import Chalice, Request, Response, RouteEntry

from . import http

REST = "/{proxy+}"
_ROOT = "/"
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]

Routes = Mapping[str, Mapping[str, RouteEntry]]


def complete(app: Chalice) -> None:
    """To be called once all routes are there."""
    for methods in app.routes.values():
        if "GET" in methods:
            methods["HEAD"] = _head_of(methods["GET"])
    known = dict(app.routes)

    def rest() -> Response:
        request = cast(Request, app.current_request)
        path = next(iter((request.uri_params or {}).values()), "")
        if methods := methods_at(known, path):
            return http.not_allowed(request, methods)
        return http.problem(request, "ROUTE_NOT_FOUND", "There is no such route.")

    answer = http.endpoint(app)(rest)
    for path in (_ROOT, REST):
        app.route(path, methods=_METHODS, cors=http.CORS, content_types=http.ANY_BODY, name=f"rest of {path}")(answer)


def methods_at(routes: Routes, path: str) -> list[str]:
    """What the route at this path takes; nothing if there is none. Where a word and a variable both fit, the word
    counts, as in API Gateway."""
    parts = path.strip("/").split("/")
    for template in sorted(routes, key=lambda route: route.count("{")):
        names = template.strip("/").split("/")
        if len(names) == len(parts) and all(map(_fits, names, parts)):
            return list(routes[template])
    return []


def _fits(name: str, part: str) -> bool:
    return name == part or (name.startswith("{") and bool(part))


def _head_of(get: RouteEntry) -> RouteEntry:
    """The same view behind the same key or token: `http.own_problems` takes the body away."""
    head = copy(get)
    head.method = "HEAD"
    return head
