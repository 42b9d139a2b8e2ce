"""Lists cut into parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def chunks(items: Iterable[T], size: int) -> Iterable[list[T]]:
    """The items in lists of at most `size`, for calls that take only so many."""
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def fitting(items: Iterable[T], most: int, largest: int, size_of: Callable[[T], int]) -> Iterator[list[T]]:
    """The items in lists of at most `most` together no larger than `largest`; one that is larger goes alone."""
    batch: list[T] = []
    size = 0
    for item in items:
        of_this = size_of(item)
        if batch and (len(batch) == most or size + of_this > largest):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += of_this
    if batch:
        yield batch
