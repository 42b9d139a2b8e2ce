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
| `refunds`, `refund/<currency>` | orders whose money was given back, and how much |
| `score/<1 to 5>` | feedback |
| `time/<stage>/<step>` | orders that spent about this long in a stage; `step` as of `time_step` |
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal

Number = int | Decimal
Counts = Mapping[str, Number]

_RATIO = 1.1
"""One step of a time is a tenth longer than the one before: a quantile is told to within 5 %."""


def added(parts: Iterable[Counts]) -> dict[str, Number]:
    """The sum of all parts, sorted by name, without what is zero."""
    total: dict[str, Number] = {}
    for part in parts:
        for name, number in part.items():
            total[name] = total.get(name, 0) + number
    return {name: total[name] for name in sorted(total) if total[name]}


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
