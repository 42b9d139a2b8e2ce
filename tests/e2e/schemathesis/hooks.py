"""What schemathesis can't learn from the document. Runs in its own environment, not in that of the tests."""

import unicodedata
from typing import Any

import schemathesis


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Integers go out without a point: to JSON Schema 2.0 is one, to the API it is not. Texts go out as the API reads
    them, trimmed, so that one which only its blanks make too long is not taken for a wrong one (docs/guide.md)."""
    case.body = _as_read(case.body)


def _as_read(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_read(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_as_read(inner) for inner in value]
    if isinstance(value, str):
        return value.strip("".join(filter(_is_blank, set(value))))
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_blank(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) in ("Cf", "Zl", "Zp", "Zs")
