"""Counts: how many of what, as one flat mapping from names to numbers.

Counts of two sets of things are added name by name, in any order, so a shard, an hour, a day and a year are all the
same kind of thing. Names are short, for they are stored with every hour:

| name | counts |
|---|---|
| `placed`, `placed/<workflow>` | orders placed |
| `value/<currency>` | what orders placed come to |
| `sold`, `sold/<currency>`, `revenue/<currency>` | orders paid for and kept, and their totals |
| `completed`, `failed`, `cancelled`, `refunded` | orders that reached this end |
| `failed/<code>` | orders that failed for this reason |
| `refunds`, `refund/<currency>` | refunded orders, and the amounts |
| `score/<1 to 5>` | feedback |
| `time/<stage>/<step>` | orders that spent about this long in a stage; `step` as of `time_step` |
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from ..kit.jsonio import dumps, loads

Number = int | Decimal
Counts = Mapping[str, Number]

_TIME = "time"
_RATIO = 1.1
"""One step of a time is a tenth longer than the one before: a quantile is exact to within 5 %."""


def added(parts: Iterable[Counts]) -> dict[str, Number]:
    """The sum of all parts, sorted by name, without what is zero."""
    total: dict[str, Number] = {}
    for part in parts:
        add(total, part)
    return {name: total[name] for name in sorted(total) if total[name]}


def add(total: dict[str, Number], part: Counts) -> None:
    """Into the total itself."""
    for name, number in part.items():
        total[name] = total.get(name, 0) + number


def by_quarter(parts: Iterable[tuple[int, Counts]]) -> list[dict[str, Number]]:
    """What each of an hour's four quarters adds up to."""
    known = list(parts)
    if not known:  # most hours of a rebuild
        return [{}, {}, {}, {}]
    return [added(counts for of, counts in known if of == quarter) for quarter in range(4)]


def time_step(milliseconds: int) -> int:
    """The step that holds this duration: step n ends at 1.1^n ms, and step 0 holds all up to one millisecond."""
    return max(0, math.ceil(math.log(milliseconds, _RATIO) - 1e-9)) if milliseconds > 1 else 0


def duration_of(step: int) -> int:
    """Milliseconds in the middle of the step."""
    return round((_RATIO**step + _RATIO ** (step - 1)) / 2) if step else 1


def quantile(counts: Counts, stage: str, share: float) -> int | None:
    """The milliseconds within which this share (0.5: the median) of orders left the stage, to within 5 %; None if none
    did."""
    prefix = f"time/{stage}/"
    steps = sorted((int(name[len(prefix) :]), int(n)) for name, n in counts.items() if name.startswith(prefix))
    rank = math.ceil(share * sum(n for _, n in steps))
    for step, number in steps:
        rank -= number
        if rank <= 0:
            return duration_of(step)
    return None


def to_text(counts: Counts) -> str:
    """Counts as they are stored: JSON, in one string attribute, for thousands of them are read at once and DynamoDB's
    typed form takes twenty times as long to read as JSON does. Amounts keep their digits (`20.00`).

    Times make most of it, so their common prefixes are written once: `{"placed":3,"time":{"pending":{"12":3}}}` is a
    third of what `{"placed":3,"time/pending/12":3}` would be. Both can be read."""
    written: dict[str, Any] = {}
    for name, number in counts.items():
        kind, *path = name.split("/")
        if kind == _TIME and len(path) == 2:
            written.setdefault(_TIME, {}).setdefault(path[0], {})[path[1]] = number
        else:
            written[name] = number
    return dumps(written)


def to_counts(text: str) -> dict[str, Number]:
    """The inverse of `to_text`: whole numbers as int, those with a point as Decimal. A number may be written as a
    string, too. Raises ValueError for what are no counts."""
    found = loads(text)
    if not isinstance(found, dict):
        raise ValueError("Counts are an object")
    return dict(_flat(found, ""))


def _flat(found: dict[str, Any], prefix: str) -> Iterator[tuple[str, Number]]:
    for name, value in found.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}/")
        else:
            yield prefix + name, _number(value)


def _number(value: object) -> Number:
    if isinstance(value, str):
        return int(value) if value.isdecimal() else Decimal(value)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return value
    raise ValueError(f"{value!r} is no count")
