"""The examples of the OpenAPI document. Those of bodies are in `examples.json` and tell one shop's story; those of
problems are made from `problems.PROBLEMS`."""

from __future__ import annotations

import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

from .problems import PROBLEMS, sentence, type_of

_STORED: dict[str, Any] = json.loads(Path(__file__).with_name("examples.json").read_text(encoding="utf-8"))
_REQUEST_ID = "f3b2a6de-5b0f-4d6c-9d0e-2f6f1f0c7a11"
_ERRORS = [{"field": "items[0].quantity", "message": "must be at least 1"}]


def example(name: str, url: str) -> dict[str, Any]:
    """An Example Object, by the name of an example or the code of a problem. Raises KeyError if there is none."""
    if name in PROBLEMS:
        return {"summary": sentence(PROBLEMS[name].meaning), "value": _problem(name, url)}
    return {"value": _told(_STORED[name])}


def _problem(code: str, url: str) -> dict[str, Any]:
    status, meaning, _ = PROBLEMS[code]
    return {
        "type": type_of(code, url),
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence(meaning),
        "requestId": _REQUEST_ID,
        "code": code,
        **({"errors": _ERRORS} if status == 400 else {}),
    }


def _told(stored: Any) -> Any:
    """`$like` names the example that this one repeats, but for the fields that it gives itself."""
    if isinstance(stored, list):
        return [_told(inner) for inner in stored]
    if not isinstance(stored, dict):
        return stored
    own = {name: _told(inner) for name, inner in stored.items() if name != "$like"}
    return {**_told(_STORED[stored["$like"]]), **own} if "$like" in stored else own
