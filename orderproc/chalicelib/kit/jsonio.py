"""JSON with exact decimals: read and written as decimals, never as binary floating point."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import simplejson

_SHOWN = 60
"""Characters of a key, in a message."""
_MAX_NUMBER = 1000
"""Digits and decimal exponent of a number. `1e999999999` is nine digits to read and a gigabyte to calculate with."""
_BYTE_ORDER_MARK = "\ufeff"


class InvalidJson(ValueError):
    """The text is not JSON as RFC 8259 has it; the message says what is wrong, for people."""


def loads(text: str | bytes, *, last_of_repeated_keys: bool = False) -> Any:
    """Numbers with a point or exponent become Decimal; a byte order mark is passed over. Raises InvalidJson, also for
    NaN, Infinity, numbers of absurd length, nesting that would exhaust the stack, texts that are no Unicode, and keys
    that an object has twice: of those the last counts only where that is asked for."""
    try:
        decoded = (text.decode("utf-8") if isinstance(text, bytes) else text).removeprefix(_BYTE_ORDER_MARK)
        if decoded.startswith(_BYTE_ORDER_MARK):
            raise InvalidJson("There is more than one byte order mark (U+FEFF) before the JSON: remove them.")
        pairs = dict if last_of_repeated_keys else _once
        value = json.loads(decoded, parse_float=_decimal, parse_constant=_refuse, object_pairs_hook=pairs)
        decoded.encode("utf-8")
        _refuse_lone_surrogates(value, decoded)
        return value
    except InvalidJson:
        raise
    except UnicodeError:
        raise InvalidJson("The body is not valid UTF-8: save or send it as UTF-8.") from None
    except RecursionError:
        raise InvalidJson("The JSON is nested too deeply.") from None
    except json.JSONDecodeError as error:
        raise InvalidJson(f"{error.msg} at line {error.lineno}, column {error.colno}.") from None
    except ValueError:
        raise InvalidJson("A number has too many digits.") from None


def dumps(value: Any) -> str:
    """Compact. Decimals keep their digits (`20.00`). Raises ValueError for NaN and Infinity."""
    text: str = simplejson.dumps(value, use_decimal=True, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return text


def at(value: Any, *path: str | int) -> Any:
    """What a JSON value has at that path of names and places; None if there is no such path."""
    for part in path:
        if isinstance(value, list) and isinstance(part, int):
            value = value[part] if 0 <= part < len(value) else None
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
    return value


def canonical(value: Any) -> bytes:
    """The same bytes for bodies that mean the same: keys sorted, no spaces, `20.0` equal to `20.00`."""
    plain = simplejson.dumps(_normal(value), use_decimal=True, sort_keys=True, separators=(",", ":"))
    return str(plain).encode()


def _normal(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _normal(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_normal(inner) for inner in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value.normalize()
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Readers of JSON differ in which one counts, so what was checked by another may not be what we would do."""
    found = dict(pairs)
    if len(found) < len(pairs):
        [(name, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise InvalidJson(f"The key {json.dumps(name[:_SHOWN])} is there twice in one object: keep one of them.")
    return found


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:  # an exponent beyond 18 digits
        raise InvalidJson("A number is out of range.") from None
    if len(text) > _MAX_NUMBER or abs(value.adjusted()) > _MAX_NUMBER:
        raise InvalidJson("A number is out of range.")
    return value


def _refuse(constant: str) -> None:
    raise InvalidJson(f"{constant} is not a JSON number.")


def _refuse_lone_surrogates(value: Any, text: str) -> None:
    """`"\\ud800"` is a string to Python's reader, but no text that could be stored."""
    if "\\u" in text:
        json.dumps(value, default=str, ensure_ascii=False).encode("utf-8")
