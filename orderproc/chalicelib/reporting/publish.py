"""Each minute: add the counters up by the hour, and publish what is new to CloudWatch.

CloudWatch gets increments, so each must be published once. Which they are is stored before the call, on condition that
no other run did so meanwhile: nothing is published twice. A run that dies between the two, or never learns whether the
call arrived, costs the graphs and alarms that minute's orders; `GET /admin/metrics` reads the counters and loses
nothing. Where CloudWatch certainly stored nothing, the progress is reverted, and the next run publishes it.

The sums are replaced as a whole, so they may be made any number of times."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from ..kit import metric_names as names
from ..kit.clock import from_iso, to_iso
from ..kit.errors import TemporarilyUnavailable
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from ..reconciliation.model import stuck
from .counts import Counts, Number, added, by_quarter
from .hours import QUARTER, hour_of, hours_between, later, start_of
from .missing_orders import MissingOrders
from .ports import Counters, LivePart, OpenOrders, Progress, Published, PublishedMetrics

LATE_HOURS = 26
"""So late something may still be counted: the stream of the orders table keeps a day."""
MOST_HOURS = 7 * 24
"""That one run reads. After a longer pause the next runs go on from there, a week in about a minute."""
_NOTHING = Published(0, 0, 0, 0, Decimal(0))
_INCREMENTS: Mapping[str, Callable[[Published], Number]] = {
    names.ORDERS_PLACED: lambda hour: hour.placed,
    names.ORDERS_COMPLETED: lambda hour: hour.completed,
    names.ORDERS_FAILED: lambda hour: hour.failed,
    names.REVENUE: lambda hour: hour.revenue,
}


@service
class PublishMetrics:
    counters: Counters
    open_orders: OpenOrders
    missing: MissingOrders
    published: PublishedMetrics
    clock: Clock
    log: Log
    new_id: Callable[[], str]
    currency: str
    """Of the metric Revenue: the shop's own."""
    handover_after: timedelta
    stuck_after: timedelta

    def __call__(self) -> Mapping[str, Number] | None:
        """What was published, None if another run does it. Raises what keeps it from doing so."""
        now = from_iso(self.clock.now())
        before = self.counters.progress()
        live = {hour: self.counters.live(hour) for hour in self._hours(now, before)}
        after = self._progress(now, before, live)
        values = {
            **_increments(before, after, _oldest(hour_of(now))),
            **self._open(now),
            names.ORDERS_MISSING: int(self._orders_are_missing(now, after, live)),
        }
        if not self.counters.save(after, before):
            self.log.info("metrics_left_to_another_run")
            return None
        try:
            self.published.publish(values)
        except TemporarilyUnavailable:
            self._revert(after, before)
            raise
        self.log.info("metrics_published", **{name: str(value) for name, value in values.items()})
        return values

    def _hours(self, now: datetime, before: Progress | None) -> list[str]:
        """This hour and the last; once an hour all that may have changed since the run before, or the first of it."""
        hour = hour_of(now)
        if before and before.hour >= hour:
            return [later(hour, -1), hour]
        since = later(before.hour if before else hour, -LATE_HOURS)
        return list(hours_between(since, min(hour, later(since, MOST_HOURS))))

    def _progress(self, now: datetime, before: Progress | None, live: Mapping[str, list[LivePart]]) -> Progress:
        """Where this run came to; sums up those hours that changed."""
        hour = max(*live, before.hour if before else "")
        hours = dict(before.hours) if before else {}
        for which, parts in live.items():
            version = sum(part.version for part in parts)
            if version <= hours.get(which, _NOTHING).version:
                continue  # nothing new; or its counters are gone already
            quarters = by_quarter((part.quarter, part.counts) for part in parts)
            self.counters.put_sums(which, quarters, version)
            hours[which] = self._published(added(quarters), version)
        kept = {which: published for which, published in sorted(hours.items()) if which >= _oldest(hour)}
        forecast = self.missing.forecast(now, before.forecast if before else None)
        return Progress(self.new_id(), hour, kept, forecast)

    def _published(self, counts: Counts, version: int) -> Published:
        placed, sold, failed = (int(counts.get(name, 0)) for name in ("placed", "sold", "failed"))
        return Published(version, placed, sold, failed, Decimal(counts.get(f"revenue/{self.currency}", 0)))

    def _open(self, now: datetime) -> dict[str, int]:
        """Of the orders that should have got on by now, the oldest few hundred: enough to ring."""
        found = self.open_orders.oldest(to_iso(now - self.handover_after))
        too_old = to_iso(now - self.stuck_after)
        return {
            names.ORDERS_STUCK: sum(not order.attention and stuck(order, too_old) for order in found.items),
            names.ORDERS_NEEDING_ATTENTION: sum(bool(n.attention) for n in found.items) + len(found.damaged),
        }

    def _orders_are_missing(self, now: datetime, after: Progress, live: Mapping[str, Sequence[LivePart]]) -> bool:
        if not after.forecast or after.hour < hour_of(now):  # or still catching up
            return False
        quarters: dict[datetime, int] = {}
        for hour, parts in live.items():
            for part in parts:
                start = start_of(hour) + part.quarter * QUARTER
                quarters[start] = quarters.get(start, 0) + int(part.counts.get("placed", 0))
        placed = {hour: published.placed for hour, published in after.hours.items()}
        return self.missing(now, after.forecast, placed, quarters)

    def _revert(self, after: Progress, before: Progress | None) -> None:
        """As it was before, so that the next run publishes what this one could not."""
        known = before or Progress("", later(after.hour, -1), {})
        self.counters.save(replace(known, run=self.new_id()), after)


def _oldest(hour: str) -> str:
    """As far back as the first run of an hour looks, if there was one in the hour before."""
    return later(hour, -LATE_HOURS - 1)


def _increments(before: Progress | None, after: Progress, since: str) -> dict[str, Number]:
    """What is new in all hours since then together, zeros too: an alarm can't judge what is not there. Older hours,
    after a pause, are no news of this minute."""
    known = before.hours if before else {}
    news = [(known.get(hour, _NOTHING), now) for hour, now in after.hours.items() if hour >= since]
    # Less than was published before is a rebuilding of counters that had been wrong: no news of this minute.
    return {name: sum(max(0, of(now) - of(was)) for was, now in news) for name, of in _INCREMENTS.items()}
