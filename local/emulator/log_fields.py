"""The fields that Logs Insights finds in a log event, and how their values compare and are shown. Needs nothing of
MiniStack. A field that an event lacks is None.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
"""

from __future__ import annotations

import json
import math
import operator
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

Value = Any
Row = dict[str, Value]

_MOST_FIELDS = 1000
_PLATFORM = re.compile(r"(START|END|REPORT) RequestId: (\S+)")
_MEASURE = re.compile(r"\t([A-Z][A-Za-z ]+): ([\d.]+) (ms|MB)")
_UNITS = {"ms": 1, "MB": 1_000_000}
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Moment(int):
    """Milliseconds since the epoch, shown as a time."""


def discovered(message: str) -> Row:
    """Of Lambda's own lines their measures (`Init Duration` is `@initDuration`), else the fields of the message's first
    JSON object, nested ones joined by dots."""
    platform = _PLATFORM.match(message)
    if platform:
        measures = {_name(label): float(value) * _UNITS[unit] for label, value, unit in _MEASURE.findall(message)}
        return {"@type": platform[1], "@requestId": platform[2], **measures}
    try:
        record, _ = json.JSONDecoder().raw_decode(message, message.index("{"))
    except ValueError:
        return {}
    return dict(list(_flat(record, ""))[:_MOST_FIELDS])


def _name(label: str) -> str:
    first, *others = label.split()
    return f"@{first.lower()}{''.join(others)}"


def _flat(value: Any, name: str) -> Iterator[tuple[str, Value]]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _flat(inner, f"{name}.{key}" if name else str(key))
    elif value is not None:
        yield name, int(value) if isinstance(value, bool) else value


def number(value: Value) -> float | None:
    """The value as a number, if it is one or reads as one."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None


def compare(sign: str, a: Value, b: Value) -> bool:
    """As numbers if both are, else as texts. A missing field equals nothing, and so differs from all."""
    if a is None or b is None:
        return sign == "!="
    left, right = number(a), number(b)
    if left is None or right is None:
        return _COMPARISONS[sign](text(a), text(b))
    return _COMPARISONS[sign](left, right)


def text(value: Value) -> str:
    """As a result shows it: times to the millisecond, numbers to four digits at most."""
    if isinstance(value, Moment):
        return datetime.fromtimestamp(value / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return str(value)


def sort_key(value: Value) -> tuple[bool, float, str]:
    """What is no number comes before all that are, as in AWS."""
    as_number = number(value)
    return (False, 0.0, "" if value is None else text(value)) if as_number is None else (True, as_number, "")
