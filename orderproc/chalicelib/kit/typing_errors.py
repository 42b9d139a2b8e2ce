"""Typing errors in words, recognised by how few slips make one word of the other."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that this one is a typing error of, if it is of one: one slip in five letters, two in nine."""
    slips = 2 if len(word) >= 9 else 1
    best: tuple[int, str] | None = None
    for other in known:
        if abs(len(other) - len(word)) <= slips and len(other) >= 5:
            distance = slips_between(word, other, slips)
            if distance <= slips and (best is None or distance < best[0]):
                best = (distance, other)
    return best[1] if best else None


def slips_between(one: str, other: str, most: int) -> int:
    """Letters left out, added, wrong, or swapped with their neighbour (restricted Damerau-Levenshtein); `most + 1` for
    anything above `most`."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row, older = row, [i], before
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before = last
    return row[-1]
