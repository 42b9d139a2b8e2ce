"""What shipping needs besides: whose shipment a number is, and what carriers sign with."""

from __future__ import annotations

from ..kit.wiring import Protocol, dataclass


@dataclass(frozen=True)
class ShipmentNumber:
    """Whose shipment a carrier's number is, and when that was noted."""

    carrier: str
    tracking_number: str
    order_id: str
    at: str


class ShipmentNumbers(Protocol):
    """Orders by the numbers of their shipments, kept for 400 days. A number alone is none: the order must have it."""

    def note(self, number: ShipmentNumber) -> ShipmentNumber | None:
        """Note it, also again for the same order: None if that was done, else another order's note that is there."""

    def take_over(self, number: ShipmentNumber, of: ShipmentNumber) -> bool:
        """Replace another order's note. False, and nothing done, if it is not that one any more."""

    def order_of(self, carrier: str, tracking_number: str) -> str | None:
        """The id of the order that was noted last."""
