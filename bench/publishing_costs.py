"""What a run of the job takes that adds the counters up and tells CloudWatch: with news and without."""

from __future__ import annotations

from dataclasses import dataclass

from bench import bill
from bench.drive import Driver
from bench.ledger import Ledger
from bench.stand import Stand
from bench.standing import Standing

MINUTES_A_MONTH = 30 * 24 * 60


@dataclass(frozen=True)
class Runs:
    """How much of what one run uses, by the name of its price and what it was for."""

    idle: dict[tuple[str, str], float]
    with_news: dict[tuple[str, str], float]

    def standing(self) -> list[Standing]:
        """A month of runs without an order."""
        return [
            Standing(f"publishing metrics: {what}", used * MINUTES_A_MONTH, price)
            for (price, what), used in self.idle.items()
        ]

    def with_orders(self, orders: int) -> dict[str, float]:
        """What it takes more in a month with so many orders, one of them a minute at least."""
        found: dict[str, float] = {}
        for key, used in self.with_news.items():
            more = used - self.idle.get(key, 0)
            found[key[0]] = found.get(key[0], 0) + more * min(orders, MINUTES_A_MONTH)
        return found


def measure(here: Stand, ledger: Ledger) -> Runs:
    """After orders were counted that no run knows of yet. Needs a ledger that is installed."""
    driver = Driver(here, ledger.stage)
    used = []
    for _ in range(2):
        ledger.calls.clear()
        driver.publish()
        used.append(bill.sums(ledger.calls))
    ledger.calls.clear()
    with_news, idle = used
    return Runs(idle, with_news)
