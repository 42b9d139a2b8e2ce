"""AWS's list prices, from `prices.json`: dated, each with its source."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("prices.json")
MINUTES_A_MONTH = 30 * 24 * 60
POLLS_OF_A_QUEUE = 650_000
"""How often Lambda asks an empty queue in a month: five pollers, 20 seconds each."""


@dataclass(frozen=True, slots=True)
class Price:
    """`usd` for `per` of a unit. `seen` is where the figure was read, besides AWS's own page (`source`)."""

    name: str
    usd: float
    per: int
    unit: str
    source: str
    seen: str | None

    def of(self, quantity: float) -> float:
        return quantity * self.usd / self.per

    def __str__(self) -> str:
        per = {1: "", 10**6: " a million", 10**9: " a GB"}[self.per]
        return f"{self.usd:.10f}".rstrip("0").rstrip(".") + per


@dataclass(frozen=True, slots=True)
class PriceList:
    region: str
    as_of: str
    prices: dict[str, Price]

    def __getitem__(self, name: str) -> Price:
        return self.prices[name]


@cache
def price_list() -> PriceList:
    found = json.loads(_FILE.read_text(encoding="utf-8"))
    return PriceList(
        found["region"], found["as_of"], {name: Price(name, **price) for name, price in found["prices"].items()}
    )
