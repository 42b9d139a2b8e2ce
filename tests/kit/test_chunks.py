"""Lists cut into parts that a call takes."""

from __future__ import annotations

import pytest
from chalicelib.kit.chunks import fitting


@pytest.mark.parametrize(
    ("items", "batches"),
    [
        ([], []),
        (["a", "b", "c", "d"], [["a", "b", "c"], ["d"]]),
        (["aaa", "bb", "c"], [["aaa", "bb"], ["c"]]),
        (["a", "bbbbbbb", "c"], [["a"], ["bbbbbbb"], ["c"]]),
    ],
)
def test_a_batch_has_at_most_so_many_items_and_so_many_bytes(items: list[str], batches: list[list[str]]) -> None:
    assert list(fitting(items, 3, 5, len)) == batches
