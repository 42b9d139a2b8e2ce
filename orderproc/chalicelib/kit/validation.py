"""Judge a request by its schema, and name everything that is wrong with it at once."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from .errors import FieldError, InvalidRequest
from .jsonio import InvalidJson, loads
from .mail_address import as_sent
from .schemas import EMAIL, OF_LINES, PATTERN_WORDS, SEEN, Schema
from .text import clean

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
_MAX_UNKNOWN = 100
_LONGEST_NAME = 100
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LOST = "\N{REPLACEMENT CHARACTER}".encode()
"""What API Gateway leaves of what is not UTF-8."""
_VALIDATORS: dict[int, Any] = {}
Completion = Callable[[dict[str, Any]], dict[str, Any]]


def parse_object(raw: bytes) -> dict[str, Any]:
    """The body as an object. Raises InvalidRequest for what is no JSON, no object, too large or too deep."""
    if len(raw) > MAX_BYTES:
        raise InvalidRequest([], f"The body is larger than {MAX_BYTES} bytes.")
    if is_empty(raw):
        raise InvalidRequest([], "The body is empty: send a JSON object.")
    try:
        body = loads(raw)
    except InvalidJson as error:
        lost = " Send it as UTF-8." if _LOST in raw else ""
        raise InvalidRequest([], f"The body is not valid JSON: {error}{lost}") from None
    if not isinstance(body, dict):
        raise InvalidRequest([], "The body must be a JSON object: names and values in { }.")
    # Few bodies have so many brackets that they could be.
    if raw.count(b"{") + raw.count(b"[") > MAX_DEPTH and _deeper_than(body, MAX_DEPTH):
        raise InvalidRequest([], f"The JSON is nested more than {MAX_DEPTH} levels deep.")
    return body


def parse_part(text: str) -> Any:
    """A field's value that is JSON on its own, as in a cell of a file. Raises InvalidJson, also for what would make its
    body too deep."""
    value = loads(text)
    if _deeper_than(value, MAX_DEPTH - 1):
        raise InvalidJson(f"The JSON is nested more than {MAX_DEPTH} levels deep.")
    return value


def is_empty(raw: bytes) -> bool:
    """Whether nothing was sent; what editors and shells leave behind is nothing."""
    return not raw.removeprefix(_BYTE_ORDER_MARK).strip()


def read(
    body: Mapping[str, Any],
    schema: Schema,
    *,
    known_only: bool = False,
    completed: Completion = lambda meant: meant,
) -> tuple[dict[str, Any], list[FieldError]]:
    """The body as it is meant, and every way in which that departs from the schema.

    Every text that the schema knows is trimmed and composed, e-mail addresses are as they can be sent to, and optional
    fields that are null are left out: that is how many say that there is none. With `known_only` what the schema does
    not know is left out, too, instead of refused; a list or object where there should be none loses its content, and is
    found wrong by its type. `completed` may add to what is meant before it is judged."""
    walk = _Walk(known_only)
    meant: dict[str, Any] = completed(walk.meant(body, schema, ""))
    return meant, _errors_in(meant, schema, walk.fractions)


def valid(body: Mapping[str, Any], schema: Schema, others: Iterable[FieldError] = ()) -> dict[str, Any]:
    """The body as it is meant. Raises InvalidRequest with all that is wrong with it, and the others."""
    meant, errors = read(body, schema)
    if errors := [*others, *errors]:
        raise InvalidRequest(errors)
    return meant


class _Walk:
    """The one walk over a body along its schema. `fractions` are the paths of whole numbers that are written as
    fractions: JSON Schema takes 2.0 for an integer; we do not: it is most likely a mistake."""

    def __init__(self, known_only: bool) -> None:
        self._known_only = known_only
        self.fractions: list[str] = []

    def meant(self, value: Any, schema: Schema, path: str) -> Any:
        if isinstance(value, str):
            return _tidy_text(value, schema)
        if isinstance(value, Mapping):
            if isinstance(schema.get("additionalProperties"), Mapping):
                return dict(value)  # names and values of the sender's own stay as they were sent
            return self._object(value, schema.get("properties", {}), schema.get("required", ()), path)
        if isinstance(value, list):
            return self._list(value, schema, path)
        if isinstance(value, Decimal) and "integer" in schema.get("type", ()) and value == value.to_integral():
            self.fractions.append(path)
        return value

    def _object(self, value: Mapping[str, Any], known: Schema, required: Sequence[str], path: str) -> dict[str, Any]:
        return {
            name: self.meant(inner, known[name], _join(path, name)) if name in known else inner
            for name, inner in value.items()
            if (not self._known_only if name not in known else inner is not None or name in required)
        }

    def _list(self, value: list[Any], schema: Schema, path: str) -> list[Any]:
        if "items" not in schema:
            return [] if self._known_only else value
        of, longest = schema["items"], schema.get("maxItems", len(value))
        rest = _Walk(self._known_only)  # is not judged: see `_shortened`
        return [
            *(self.meant(inner, of, f"{path}[{n}]") for n, inner in enumerate(value[:longest])),
            *(rest.meant(inner, of, "") for inner in value[longest:]),
        ]


def _tidy_text(text: str, schema: Schema) -> str:
    if schema.get("pattern") == EMAIL["pattern"]:
        return as_sent(text)
    return clean(text, lines=schema.get("pattern") in OF_LINES)


def _errors_in(body: dict[str, Any], schema: Schema, fractions: Iterable[str]) -> list[FieldError]:
    """Every way in which the body departs from the schema.

    Of a list that is too long only the part that might be right is judged, so that the answer stays readable."""
    judged = _shortened(schema, body)
    found: dict[tuple[str, str], FieldError] = {
        (name, ""): FieldError(name, f"must have at most {len(judged[name])} entries")
        for name in body
        if judged[name] is not body[name]
    }
    for error in _validator(schema).iter_errors(judged):
        for field, message in _explained(error):
            found.setdefault((field, message), FieldError(field, message))
    for field in fractions:
        found.setdefault((field, ""), FieldError(field, "must be a whole number, written without a point"))
    return list(found.values())


def _shortened(schema: Any, body: Mapping[str, Any]) -> dict[str, Any]:
    """A body can name a wrong field in three bytes, and an error takes a hundred: the answer would be too large to be
    sent."""
    known = schema["properties"]
    return {name: _first(value, known[name]) if name in known else value for name, value in body.items()}


def _first(value: Any, schema: Schema) -> Any:
    """As much of a list or of an object as may be in it."""
    if isinstance(value, list) and len(value) > (most := schema.get("maxItems", MAX_BYTES)):
        return value[:most]
    if isinstance(value, dict) and len(value) > (most := schema.get("maxProperties", MAX_BYTES)):
        return dict(itertools.islice(value.items(), most))
    return value


def _validator(schema: Schema) -> Any:
    """Made once for each schema: schemas are constants."""
    if id(schema) not in _VALIDATORS:
        import jsonschema_rs  # brings 20 ms that only requests with a body need

        _VALIDATORS[id(schema)] = jsonschema_rs.Draft202012Validator(schema)
    return _VALIDATORS[id(schema)]


def _explained(error: Any) -> Iterator[tuple[str, str]]:
    """Our own words: the library's would repeat the value that was sent, however long or private."""
    path, kind = _path(error.instance_path), error.kind
    if kind.name == "pattern" and kind.pattern in SEEN and not error.instance:
        return  # its length says so
    if kind.name == "propertyNames":
        words = _WORDS.get(kind.error.kind.name, lambda _: "is not valid")
        yield path, f"each name in it {words(kind.error.kind)}"
    elif kind.name == "required":
        yield _join(path, kind.property), "is required"
    elif kind.name == "additionalProperties":
        for name in kind.unexpected[:_MAX_UNKNOWN]:
            yield _join(path, name[:_LONGEST_NAME]), "is not a known field"
        if len(kind.unexpected) > _MAX_UNKNOWN:
            yield path, f"has {len(kind.unexpected)} unknown fields"
    else:
        words = _WORDS.get(kind.name, lambda _: "is not valid")
        yield path, words(kind)


_TYPE_WORDS: dict[str, str] = {
    "integer": "a whole number",
    "number": "a number",
    "string": "a string",
    "array": "a list",
    "object": "an object",
    "boolean": "true or false",
}
_WORDS: dict[str, Callable[[Any], str]] = {
    "type": lambda kind: f"must be {' or '.join(_TYPE_WORDS.get(t, t) for t in _types(kind))}",
    "minimum": lambda kind: f"must be at least {kind.limit}",
    "maximum": lambda kind: f"must be at most {kind.limit}",
    "exclusiveMinimum": lambda kind: f"must be more than {kind.limit}",
    "minLength": lambda kind: (
        "must not be empty" if kind.limit == 1 else f"must be at least {kind.limit} characters long"
    ),
    "maxLength": lambda kind: f"must be at most {kind.limit} characters long",
    "minItems": lambda _: "must not be empty",
    "maxItems": lambda kind: f"must have at most {kind.limit} entries",
    "uniqueItems": lambda _: "must not name the same twice",
    "enum": lambda kind: f"must be one of {', '.join(map(str, kind.options))}",
    "not": lambda _: PATTERN_WORDS[EMAIL["pattern"]],  # nothing else has a `not`
    "pattern": lambda kind: PATTERN_WORDS.get(kind.pattern, "is not in the expected form"),
}


def _types(kind: Any) -> Sequence[str]:
    """Those that are worth a word: null is for what is left out."""
    return [kind.types] if isinstance(kind.types, str) else [name for name in kind.types if name != "null"]


def _path(parts: Sequence[str | int]) -> str:
    path = ""
    for part in parts:
        path = f"{path}[{part}]" if isinstance(part, int) else _join(path, part[:_LONGEST_NAME])
    return path


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _deeper_than(value: Any, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels < 0 or any(_deeper_than(v, levels - 1) for v in inner if isinstance(v, (dict, list)))
