"""What a report is made of, before it is a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

Cell = str | int | float | list[str] | None
"""Of a table: None is shown as a dash, a list as lines, a number right-aligned."""


@dataclass(frozen=True)
class Group:
    """One table, with what could not be read for it."""

    title: str
    columns: Sequence[str]
    rows: list[list[Cell]]
    note: str = ""
    gaps: list[str] = field(default_factory=list)


def short(arn: str | None) -> str:
    """The name at an ARN's end."""
    return (arn or "").rpartition(":")[2].rpartition("/")[2]


def size(count: float | None) -> str:
    """Bytes for people, in steps of a thousand as AWS bills them."""
    if count is None:
        return ""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:,.0f} {unit}" if unit == "bytes" or count >= 100 else f"{count:,.1f} {unit}"
        count /= 1000
    raise AssertionError


def duration(seconds: float) -> str:
    """For people: from milliseconds to days."""
    if seconds < 1:
        return f"{seconds * 1000:,.0f} ms"
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= length and seconds % length == 0:
            return f"{seconds / length:,.0f} {unit}"
    return f"{seconds:,.2f} s" if seconds < 10 and seconds % 1 else f"{seconds:,.0f} s"


def moment(at: datetime | float | None) -> str:
    """In UTC, to the second."""
    if at is None:
        return ""
    when = datetime.fromtimestamp(at, UTC) if isinstance(at, (int, float)) else at.astimezone(UTC)
    return when.strftime("%Y-%m-%d %H:%M:%S UTC")


def yes(value: object) -> str:
    """As a table says it."""
    return "yes" if value else "no"


def lines(values: Iterable[str]) -> list[str]:
    """A cell of several lines, sorted."""
    return sorted(values)
