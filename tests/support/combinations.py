"""Tests whose parameters would be crossed in full run in a covering selection, unless `--all-combinations` is given
(`make test-full`): each value at least once, or each pair of values of any two parameters at least once."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import pytest

nightly = pytest.mark.nightly
"""A test, or a case of one, of something that others show too: with `--all-combinations` only."""
each_value = pytest.mark.covering(1)
"""Every value of each parameter is met by some case."""
each_pair = pytest.mark.covering(2)
"""Every two values of two parameters meet in some case."""

everything = False
"""Whether `--all-combinations` was given."""

Case = frozenset[tuple[int, str]]
"""For each `parametrize` of the test, its number and the id of what it gives to this case."""


def covering(cases: Sequence[Case], strength: int) -> list[int]:
    """Numbers of the cases to run: whatever `strength` values meet in any case meet in one of these. Greedy: the case
    that adds most comes next, of several the one whose values were met least, the same in every run."""
    meets = [set(itertools.combinations(sorted(case), min(strength, len(case)))) for case in cases]
    missing = set().union(*meets)
    chosen: list[int] = []
    met: Counter[tuple[int, str]] = Counter()
    while missing:
        best = max(range(len(cases)), key=lambda n: (len(meets[n] & missing), -sum(met[value] for value in cases[n])))
        chosen.append(best)
        met.update(cases[best])
        missing -= meets[best]
    return sorted(chosen)


def left_out(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    """Cases of marked tests that the covering selection does not need, and those for the night."""
    for _, group in itertools.groupby(items, key=lambda item: (item.path, getattr(item, "originalname", item.name))):
        every = list(group)
        tests = [test for test in every if not test.get_closest_marker("nightly")]
        yield from (test for test in every if test not in tests)
        marker = tests[0].get_closest_marker("covering") if tests else None
        if marker:
            chosen = covering([_case(test) for test in tests], *marker.args)
            yield from (test for number, test in enumerate(tests) if number not in chosen)


def _case(test: pytest.Item) -> Case:
    callspec = getattr(test, "callspec", None)
    assert callspec, f"{test.nodeid} has no parameters to combine"
    return frozenset(enumerate(callspec._idlist))
