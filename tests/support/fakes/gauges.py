"""Gauges in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from chalicelib.reporting.ports import AbandonedCarts, LowStock


@dataclass
class FakeGauges:
    hours: dict[str, tuple[LowStock, AbandonedCarts]] = field(default_factory=dict)

    def put(self, hour: str, low: LowStock, left: AbandonedCarts) -> None:
        self.hours[hour] = low, left

    def put_after(self, hour: str, low: LowStock, left: AbandonedCarts) -> None:
        seen, _ = self.hours.get(hour, (low, left))
        self.hours[hour] = seen, left

    def complete(self, hour: str, low: LowStock, left: AbandonedCarts) -> None:
        if hour not in self.hours or self.hours[hour][1].carts < left.carts:
            self.put_after(hour, low, left)
