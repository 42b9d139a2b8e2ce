"""Several calls at the same time come back as `map` would give them."""

from __future__ import annotations

import threading

import pytest
from chalicelib.kit.concurrency import few_at_a_time


def test_results_come_in_the_order_of_what_they_were_made_of() -> None:
    both = threading.Barrier(2, timeout=30)

    def waiting(n: int) -> int:
        both.wait()  # for the other: one after the other would wait for ever
        return n * n

    assert few_at_a_time(2)(waiting, iter([3, 2])) == [9, 4]


def test_one_alone_needs_no_thread() -> None:
    assert few_at_a_time(8)(lambda _: threading.current_thread(), ["x"]) == [threading.current_thread()]
    assert few_at_a_time(8)(str, []) == []


def test_what_fails_is_told() -> None:
    with pytest.raises(ZeroDivisionError):
        few_at_a_time(2)(lambda n: 1 // n, [1, 0, 2])
