"""What tests of rebuilding have in common: the days they rebuild, and what `check` finds in them."""

from __future__ import annotations

from chalicelib.bootstrap import Services
from chalicelib.reporting.rebuild import DayReport
from hypothesis import settings

from tests.support.builders.examples import SETTINGS
from tests.support.fakes.adapters import FakeAdapters

FIRST, LAST = "2026-11-21", "2027-01-15"
FEW = settings(max_examples=50)
YEARS_LATER = 200 * 24 * 3600


def rebuilt(adapters: FakeAdapters, first: str = FIRST, last: str = LAST) -> list[DayReport]:
    return list(Services(SETTINGS, adapters).reporting.rebuild.rebuild(first, last))


def differences(adapters: FakeAdapters) -> list[str]:
    reports = Services(SETTINGS, adapters).reporting.rebuild.check(FIRST, LAST)
    return [f"{d.hour} {d.name}: {d.counted} {d.summed} {d.expected}" for r in reports for d in r.differences]
