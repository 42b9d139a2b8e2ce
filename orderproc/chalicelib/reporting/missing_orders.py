"""Notices a drop in orders: the shop's own pages may be down, or its key was revoked, and no caller reports that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo

from ..kit.wiring import service
from .hours import QUARTER, hour_of, later, same_hour_before, start_of
from .order_drop import (
    CHANCE,
    CHANCE_OF_QUARTER,
    FEWEST_WEEKS,
    LONGEST_WINDOW,
    MOST_WEEKS,
    Earlier,
    Forecast,
    shortest_window,
    spread_of,
)
from .ports import Counters

_UNTIL_COUNTED = timedelta(minutes=2)
"""What was ordered is counted a minute later at most (app.py: count_orders); before that no hour is over."""

_DAY = 24

_NONE = (0, 0, 0, 0)


@service
class MissingOrders:
    counters: Counters
    zone: Callable[[], tzinfo]
    """The shop's: its customers sleep by their clocks."""

    def forecast(self, now: datetime, known: Forecast | None) -> Forecast:
        """What to compare with in this hour; read anew once an hour, from our own sums of up to eight weeks."""
        hour = hour_of(now - _UNTIL_COUNTED)
        return known if known and known.hour == hour else self._forecast(hour)

    def __call__(
        self, now: datetime, forecast: Forecast, placed: Mapping[str, int], quarters: Mapping[datetime, int]
    ) -> bool:
        """Whether so few orders can't be chance: in the last hour, or in as many hours as are needed; in a busy
        shop in the last quarter of an hour.

        `placed` are orders by hour, `quarters` by the begin of each quarter of this hour and the last."""
        window = [later(forecast.hour, -n) for n in range(1, forecast.window + 1)]
        if forecast.earlier.chance_of(sum(placed.get(hour, 0) for hour in window)) < CHANCE:
            return True
        since = (now - _UNTIL_COUNTED - start_of(forecast.hour)) // QUARTER
        last = start_of(forecast.hour) + (since - 1) * QUARTER
        if not 0 <= since < len(forecast.quarters):
            return False
        return forecast.quarters[since].chance_of(quarters.get(last, 0)) < CHANCE_OF_QUARTER

    def _forecast(self, hour: str) -> Forecast:
        zone = self.zone()
        window = [later(hour, -n) for n in range(1, LONGEST_WINDOW + 1)]
        before = [[same_hour_before(h, week, zone) for week in range(1, MOST_WEEKS + 1)] for h in [hour, *window]]
        first = later(min(before[-1]), -_DAY)  # hours without orders have no counters: a day without any is no shop
        found = self.counters.quarters(first, max(before[0]))
        history = {h: [int(counts.get("placed", 0)) for counts in quarters] for h, quarters in found}
        begun = min(history, default="9999")  # before the first order of all there was no shop
        weeks = sum(start >= begun for start in before[-1])
        if weeks < FEWEST_WEEKS:
            return Forecast(hour, 0, Earlier(()), ())
        hours = [[sum(history.get(h, _NONE)) for h in some[:weeks]] for some in before]
        spread = spread_of(hours)
        hours_looked_at, earlier = shortest_window(hours[1:], spread)
        # The last quarter of the hour before, and the first three of this one.
        quarters = [(1, 3), (0, 0), (0, 1), (0, 2)]
        return Forecast(
            hour,
            hours_looked_at,
            earlier,
            tuple(Earlier(tuple(history.get(h, _NONE)[q] for h in before[n][:weeks]), spread) for n, q in quarters),
        )
