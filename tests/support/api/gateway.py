"""API Gateway's part for tests: from what a client sends to the proxy event that it recorded, and back to an answer.

Unlike `chalice local` it passes on whose key or token it was, as the real one does once it has checked it. Every answer
is judged by the API's own document on the way back: a status or a field that is not published fails the test."""

from __future__ import annotations

import base64
import copy
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from chalice.app import Chalice
from chalice.local import LambdaContext
from chalicelib.kit.jsonio import dumps

from tests.support.api import published

_EVENTS = Path(__file__).parents[2] / "events"


def recorded(name: str) -> Any:
    """A fresh copy of an event as AWS sent it."""
    return json.loads(_text(name))


@cache
def _text(name: str) -> str:
    return (_EVENTS / f"{name}.json").read_text()


@dataclass(frozen=True)
class Answer:
    """What the client gets. `headers` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body, with amounts as Decimal."""
        return json.loads(self.text, parse_float=Decimal)

    @property
    def fields(self) -> list[str]:
        """The fields that a 400 names."""
        return [error["field"] for error in self.json["errors"]]


class Gateway:
    """`key` is the id of the caller's API key, `groups` what its token's `cognito:groups` says; None for neither."""

    def __init__(self, app: Chalice) -> None:
        self.app = app

    def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.call("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.call("PUT", path, body, **more)

    def get(self, path: str, **more: Any) -> Answer:
        return self.call("GET", path, **more)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = "one",
        groups: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """`body` is sent as it is if text or bytes (these base64, as for binary media), else as JSON."""
        return self.send(self.event(method, path, body, key=key, groups=groups, headers=headers))

    def send(self, event: Any) -> Answer:
        """Invoke the function with this very event."""
        answered = self.app(event, LambdaContext("api_handler", 512))
        flat = {**answered["headers"], **{k: v[-1] for k, v in answered["multiValueHeaders"].items()}}
        answer = Answer(answered["statusCode"], {k.lower(): v for k, v in flat.items()}, answered["body"])
        published.check(event["httpMethod"], event["resource"], answer)
        return answer

    def event(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        groups: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        url = urlsplit(path)
        resource, in_path = self._resource(method, url.path)
        query = parse_qsl(url.query, keep_blank_values=True)
        event = recorded("rest_api_request")
        event |= {"resource": resource, "path": url.path, "httpMethod": method, "pathParameters": in_path or None}
        event |= {
            "queryStringParameters": dict(query) or None,
            "multiValueQueryStringParameters": _multi(query) or None,
        }
        event["headers"] = _merged(event["headers"], headers or {})
        event["multiValueHeaders"] = {name: [value] for name, value in event["headers"].items()}
        event["body"], event["isBase64Encoded"] = _encoded(body)
        event["requestContext"] |= {"resourcePath": resource, "httpMethod": method, "path": f"/api{url.path}"}
        event["requestContext"]["requestId"] = str(uuid.uuid4())
        event["requestContext"]["identity"]["apiKeyId"] = key
        if groups is not None:
            claims = {**recorded("cognito_claims"), "cognito:groups": groups}
            event["requestContext"]["authorizer"] = {"claims": claims}
        return event

    def _resource(self, method: str, path: str) -> tuple[str, dict[str, str]]:
        """The route's template and what its variables stand for, as they were sent: API Gateway decodes nothing. It
        chooses by path and method; what no other route takes goes to the greedy one."""
        parts = path.split("/")
        for template in sorted(self.app.routes, key=lambda route: route.count("{")):
            names = template.split("/")
            fits = len(names) == len(parts) and all(
                n == p or (n.startswith("{") and not n.endswith("+}")) for n, p in zip(names, parts, strict=True)
            )
            if fits and method in self.app.routes[template]:
                return template, {n[1:-1]: p for n, p in zip(names, parts, strict=True) if n.startswith("{")}
        if method in self.app.routes["/{proxy+}"]:
            return "/{proxy+}", {"proxy": path.removeprefix("/")}
        raise LookupError(f"No route for {method} {path}")


def sqs_event(bodies: Iterable[Any], receives: int = 1) -> Any:
    """A batch with these bodies (JSON, or text as it is); each record has a receipt handle `r-0`, `r-1`, …"""
    records = []
    for n, body in enumerate(bodies):
        record = recorded("sqs_record")
        record |= {"messageId": str(uuid.uuid4()), "receiptHandle": f"r-{n}"}
        record["body"] = body if isinstance(body, str) else dumps(body)
        record["attributes"]["ApproximateReceiveCount"] = str(receives)
        records.append(record)
    return {"Records": records}


def received(event: Any, receives: int) -> Any:
    """The same batch, as it comes when it was received so often."""
    records = [
        {**record, "attributes": {**record["attributes"], "ApproximateReceiveCount": str(receives)}}
        for record in event["Records"]
    ]
    return {"Records": records}


def s3_event(*keys: str) -> Any:
    """New objects with these keys, spelt as S3 spells them (URL-encoded)."""
    records = []
    for key in keys:
        record = recorded("s3_record")
        record["s3"]["object"]["key"] = key
        records.append(record)
    return {"Records": records}


def _encoded(body: Any) -> tuple[str | None, bool]:
    if body is None or isinstance(body, str):
        return body, False
    if isinstance(body, bytes):
        return base64.b64encode(body).decode(), True
    return dumps(body), False


def _multi(query: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in query:
        found.setdefault(name, []).append(value)
    return found


def _merged(recorded_headers: Mapping[str, str], sent: Mapping[str, str]) -> dict[str, str]:
    names = {name.lower() for name in sent}
    return {**{k: copy.copy(v) for k, v in recorded_headers.items() if k.lower() not in names}, **sent}
