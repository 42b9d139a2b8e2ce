"""Items that were damaged by hand: one of them must not hide the others that are read with it, nor stop a job."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any, TypeVar

from .errors import Damaged

T = TypeVar("T")

UNREADABLE = (KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError)
"""What reading an item raises that lacks an attribute, or has one of another type or value."""

Report = Callable[[Damaged], None]


def unreported(error: Damaged) -> None:
    """Damaged items are skipped and nothing else."""


def reads(what: str, *key: str, hint: str = "") -> Callable[[Callable[[Any], T]], Callable[[Any], T]]:
    """Decorate what reads one item: it raises Damaged, naming the item by the attributes of its key, for one that
    can't be read."""

    def decorate(read: Callable[[Any], T]) -> Callable[[Any], T]:
        @wraps(read)
        def guarded(item: Any) -> T:
            try:
                return read(item)
            except UNREADABLE as error:
                name = " ".join(_text(item, attribute) for attribute in key)
                message = f"The {what} {name} is damaged: {error!r}.{hint}"
                raise Damaged(message, what, name, _text(item, "owner")) from error

        return guarded

    return decorate


def readable(items: Iterable[Any], read: Callable[[Any], T], report: Report) -> Iterator[T]:
    """What can be read of the items; each of the others is reported and left out."""
    for item in items:
        try:
            yield read(item)
        except Damaged as error:
            report(error)


def _text(item: Any, attribute: str) -> str:
    """A text of an item, in DynamoDB's form or in plain values; empty if it is none."""
    value = item.get(attribute)
    if isinstance(value, dict):
        value = value.get("S")
    return value if isinstance(value, str) else ""
