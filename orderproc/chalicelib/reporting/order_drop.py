"""Whether orders are missing: whether so few of them can still be chance, after what the same hours of earlier weeks
brought.

Seen and earlier orders are compared exactly (the conditional test of two Poisson means: given how many there are in
all, how many fall into this week is binomial), so that few weeks of history raise no false alarm. The longer the
history, the closer this comes to P(Poisson(expected) <= seen). Shops whose weeks differ more than chance explains
(campaigns, weather) are judged by as much less."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..kit.wiring import dataclass

CHANCE = 0.001
"""Of an hour: looked at 720 times a month, it is a false alarm less than once."""
CHANCE_OF_QUARTER = 0.0001
"""Of a quarter of an hour, of which there are four times as many: one false alarm in three months."""
FEWEST_WEEKS = 2
MOST_WEEKS = 8
LONGEST_WINDOW = 24
"""Hours. A shop that sells less than one thing in three hours or so is not judged."""


@dataclass(frozen=True)
class Earlier:
    """Orders of the same time in each of the weeks before, and how much more they vary than chance does (from 1)."""

    orders: tuple[int, ...]
    spread: float = 1.0

    @property
    def expected(self) -> float:
        return sum(self.orders) / len(self.orders) if self.orders else 0.0

    def chance_of(self, seen: int) -> float:
        """How likely so few orders, or fewer, are in an ordinary week; 1 where nothing can be said."""
        if len(self.orders) < FEWEST_WEEKS or seen >= self.expected:
            return 1.0
        fewer = math.ceil(seen / self.spread)
        return _at_most(fewer, fewer + math.floor(sum(self.orders) / self.spread), 1 / (len(self.orders) + 1))


@dataclass(frozen=True)
class Forecast:
    """What to compare with, from the hour that begins at `hour` (`2026-11-21T14`): the last `window` hours before it
    (0: nothing can be said), and the four quarters from the last of the hour before."""

    hour: str
    window: int
    earlier: Earlier
    quarters: tuple[Earlier, ...]


def spread_of(hours: Sequence[Sequence[int]]) -> float:
    """How much more the weeks differ than chance explains: variance over mean of each hour's weeks, all pooled."""
    squares = expected = 0.0
    for weeks in hours:
        if len(weeks) > 1:
            mean = sum(weeks) / len(weeks)
            squares += sum((n - mean) ** 2 for n in weeks) / (len(weeks) - 1)
            expected += mean
    return max(1.0, squares / expected) if expected else 1.0


def shortest_window(hours: Sequence[Sequence[int]], spread: float) -> tuple[int, Earlier]:
    """How many of the last hours are to be looked at together; `hours` are the latest first, each with its weeks.

    As few as would show that no orders come any more; (0, …) if a day of them would not. It depends on earlier weeks
    alone: a window chosen by what is seen would find something in any."""
    for window in range(1, len(hours) + 1):
        earlier = Earlier(tuple(map(sum, zip(*hours[:window], strict=True))), spread)
        if earlier.chance_of(0) < CHANCE:  # no order at all would be noticed
            return window, earlier
    return 0, Earlier(())


def _at_most(most: int, trials: int, share: float) -> float:
    """P(Binomial(trials, share) <= most), added from its largest term down."""
    log_term = (
        math.lgamma(trials + 1)
        - math.lgamma(most + 1)
        - math.lgamma(trials - most + 1)
        + most * math.log(share)
        + (trials - most) * math.log1p(-share)
    )
    term = total = math.exp(log_term)
    for k in range(most, 0, -1):
        term *= k / (trials - k + 1) * (1 - share) / share
        total += term
        if term < total * 1e-12:
            break
    return min(1.0, total)
