"""What every refusal has in common (contract §3)."""

from __future__ import annotations

from http import HTTPStatus

from tests.support.api.gateway import Answer

SECRET = "zq7zq7"
"""A part of values sent, that must not come back."""


def refused(answer: Answer, *fields: str, status: int = 400) -> None:
    """The answer is this problem and names exactly these fields, and repeats nothing of what was sent."""
    assert answer.status == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-correlation-id"]
    problem = answer.json
    assert problem["title"] == HTTPStatus(status).phrase
    assert answer.headers["cache-control"] == "no-store"
    assert problem["detail"]
    assert problem["requestId"]
    assert sorted({error["field"] for error in problem.get("errors", [])}) == sorted(set(fields))
    assert all(error["message"] for error in problem.get("errors", []))
    assert SECRET not in answer.text.lower()
