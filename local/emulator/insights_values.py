"""The values of the Logs Insights language: what a log event's fields are, how they compare, what functions make of
them; needs nothing of MiniStack. A field that an event lacks is None.

Fields are discovered as AWS does
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html): of the first
JSON object in a message, nested ones by dots, and of Lambda's REPORT lines.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

Value = Any
Row = dict[str, Value]

_MOST_FIELDS = 1000
_PLATFORM = re.compile(r"(START|END|REPORT) RequestId: (\S+)")
_MEASURES = (
    ("@duration", re.compile(r"\tDuration: ([\d.]+) ms"), 1),
    ("@billedDuration", re.compile(r"\tBilled Duration: ([\d.]+) ms"), 1),
    ("@initDuration", re.compile(r"\tInit Duration: ([\d.]+) ms"), 1),
    ("@memorySize", re.compile(r"\tMemory Size: ([\d.]+) MB"), 1_000_000),
    ("@maxMemoryUsed", re.compile(r"\tMax Memory Used: ([\d.]+) MB"), 1_000_000),
)
_UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_LONG_UNITS = {"msec": "ms", "sec": "s", "min": "m", "hr": "h"}


class Moment(int):
    """Milliseconds since the epoch, shown as a time."""


def discovered(message: str) -> Row:
    """The fields that AWS finds in a message."""
    platform = _PLATFORM.match(message)
    if platform:
        found: Row = {"@type": platform[1], "@requestId": platform[2]}
        for name, pattern, factor in _MEASURES:
            said = pattern.search(message)
            if said:
                found[name] = float(said[1]) * factor
        return found
    start = message.find("{")
    if start < 0:
        return {}
    try:
        record, _ = json.JSONDecoder().raw_decode(message, start)
    except ValueError:
        return {}
    return dict(list(_flat(record, ""))[:_MOST_FIELDS])


def _flat(value: Any, name: str) -> Iterator[tuple[str, Value]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _flat(inner, f"{name}.{number}")
    elif isinstance(value, bool):
        yield name, int(value)
    elif value is not None:
        yield name, value


def number(value: Value) -> float | None:
    """The value as a number, if it is one or reads as one."""
    if isinstance(value, int | float):
        return float(value)
    try:
        found = float(str(value))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def compare(sign: str, a: Value, b: Value) -> bool:
    """As numbers if both are, else as texts. A missing field equals nothing, and so differs from all."""
    if a is None or b is None:
        return sign == "!=" and a is not b
    left, right = number(a), number(b)
    pair: tuple[Any, Any] = (left, right) if left is not None and right is not None else (text(a), text(b))
    return bool(_COMPARE[sign](*pair))


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def compute(sign: str, a: Value, b: Value) -> float | None:
    """Arithmetic; None where either is no number, or by nothing is divided."""
    left, right = number(a), number(b)
    if left is None or right is None or (sign in "/%" and not right):
        return None
    return float(_COMPUTE[sign](left, right))


_COMPUTE: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": math.fmod,
    "^": lambda a, b: a**b,
}


def text(value: Value) -> str:
    """As a result shows it: times to the millisecond, numbers to four digits at most."""
    if isinstance(value, Moment):
        return datetime.fromtimestamp(value / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return str(value)


def sort_key(value: Value) -> tuple[bool, float, str]:
    """What is no number comes before all that are, as AWS sorts."""
    as_number = number(value) if value is not None else None
    return (False, 0.0, "" if value is None else text(value)) if as_number is None else (True, as_number, "")


def duration(count: str, unit: str) -> int:
    """Milliseconds of `5m`, `1h`, `30 sec`. Raises KeyError for a unit of no fixed length."""
    short = unit.lower()
    for name in (short, short.removesuffix("s")):
        if name and name in {**_UNITS, **_LONG_UNITS}:
            return int(count) * _UNITS[_LONG_UNITS.get(name, name)]
    raise KeyError(unit)


def floor_to(moment: Value, length: Value) -> Value:
    """The beginning of the period that the moment is in."""
    return None if moment is None else Moment(int(moment) // int(length) * int(length))


def _on_text(change: Callable[..., Value]) -> Callable[..., Value]:
    return lambda value, *more: None if value is None else change(text(value), *more)


def _on_number(change: Callable[[float], float]) -> Callable[[Value], Value]:
    def apply(value: Value) -> Value:
        found = number(value)
        return None if found is None else float(change(found))

    return apply


def _substr(value: str, start: Value, length: Value = None) -> str:
    first = int(start)
    return value[first:] if length is None else value[first : first + int(length)]


def _blank(value: Value) -> bool:
    return value is None or not text(value).strip()


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "abs": _on_number(abs),
    "ceil": _on_number(math.ceil),
    "coalesce": lambda *values: next((value for value in values if value is not None), None),
    "concat": lambda *values: "".join(text(value) for value in values if value is not None),
    "datefloor": floor_to,
    "floor": _on_number(math.floor),
    "frommillis": lambda value: None if value is None else Moment(int(value)),
    "greatest": lambda *values: max((n for n in map(number, values) if n is not None), default=None),
    "isblank": _blank,
    "isempty": lambda value: value is None or not text(value),
    "ispresent": lambda value: value is not None,
    "least": lambda *values: min((n for n in map(number, values) if n is not None), default=None),
    "log": _on_number(lambda value: math.log(value) if value > 0 else math.nan),
    "ltrim": _on_text(str.lstrip),
    "replace": _on_text(str.replace),
    "rtrim": _on_text(str.rstrip),
    "sqrt": _on_number(lambda value: math.sqrt(value) if value >= 0 else math.nan),
    "strcontains": _on_text(lambda value, part: int(part in value)),
    "strlen": _on_text(len),
    "substr": _on_text(_substr),
    "tolower": _on_text(str.lower),
    "tomillis": lambda value: None if value is None else int(value),
    "toupper": _on_text(str.upper),
    "trim": _on_text(str.strip),
}


def _numbers(values: list[Value]) -> list[float]:
    return [found for found in map(number, values) if found is not None]


def percentile(values: list[Value], share: Value) -> float | None:
    """The nearest rank; AWS gives an approximation of it."""
    ordered = sorted(_numbers(values))
    if not ordered:
        return None
    rank = math.ceil(float(share) / 100 * len(ordered))
    return ordered[max(0, min(rank, len(ordered)) - 1)]


def _deviation(values: list[Value]) -> float | None:
    found = _numbers(values)
    mean = sum(found) / len(found) if found else 0.0
    return math.sqrt(sum((value - mean) ** 2 for value in found) / len(found)) if found else None


def _extreme(values: list[Value], choose: Callable[..., Value]) -> Value:
    present = [value for value in values if value is not None]
    return choose(present, key=sort_key) if present else None


AGGREGATES: dict[str, Callable[..., Value]] = {
    "avg": lambda values: sum(_numbers(values)) / len(_numbers(values)) if _numbers(values) else None,
    "count": lambda values: sum(value is not None for value in values),
    "count_distinct": lambda values: len({text(value) for value in values if value is not None}),
    "max": lambda values: _extreme(values, max),
    "median": lambda values: percentile(values, 50),
    "min": lambda values: _extreme(values, min),
    "pct": percentile,
    "sortsfirst": lambda values: _extreme(values, min),
    "sortslast": lambda values: _extreme(values, max),
    "stddev": _deviation,
    "sum": lambda values: sum(_numbers(values)),
}
