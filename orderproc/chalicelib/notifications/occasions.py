"""The occasions on which a customer is sent a mail or an SMS, and what is known of each message.

The one place that judges what an event may send: by the state that the order is in now, not by what the event says.
So an event that is late, repeated or wrong never tells a customer what is not true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from ..kit.claims import Claim, ClaimState
from ..kit.clock import from_iso, to_iso
from ..kit.wiring import dataclass
from ..orders.model import UNSUCCESSFUL, Order, Shipment, ShipmentStatus, Status

CONFIRMATION = "mail-confirmation"

NOTICE = "mail-notice"

REMEMBERED = timedelta(days=28)
"""Claims are kept for 30 days: what is older may have been sent, and its claim be gone."""

_ON_ITS_WAY = timedelta(minutes=30)
"""So long retries may take to send a mail. After that one that was never tried is missing."""

_OF_EVENTS = {
    "OrderPlaced": ("sms-created",),
    "OrderCompleted": ("sms-completed",),
    "OrderFailed": ("sms-failed", NOTICE),
    "OrderCancelled": (NOTICE,),
    "OrderRefunded": (NOTICE,),
}

_OF_SHIPMENTS = {
    "OrderShipped": ShipmentStatus.SHIPPED,
    "ShipmentDelivered": ShipmentStatus.DELIVERED,
    "ShipmentLost": ShipmentStatus.LOST,
}


@dataclass(frozen=True)
class Occasion:
    """One message: `name` like `sms-created`. Mails about a shipment have it and what became of it."""

    name: str
    shipment: Shipment | None = None
    shipment_status: ShipmentStatus = ShipmentStatus.SHIPPED
    again: str = ""
    """When staff asked for it once more, though it was sent; that makes it another message."""

    @property
    def channel(self) -> str:
        return self.name.partition("-")[0]

    @property
    def key(self) -> str:
        """What distinguishes it from all other messages of its order."""
        of_shipment = self.shipment
        parts = [self.name, *(of_shipment.name if of_shipment else ()), *(["again", self.again] if self.again else ())]
        return "-".join(parts)

    def true_of(self, order: Order) -> bool:
        """Whether it is true now, and there is an address to send it to."""
        if not (order.phone_number if self.channel == "sms" else order.customer_email):
            return False
        if self.shipment:
            return self.shipment_status in (ShipmentStatus.SHIPPED, self.shipment.status)
        return {
            "sms-created": True,
            "sms-completed": order.status is Status.COMPLETED,
            "sms-failed": order.status is Status.FAILED,
            NOTICE: order.status in UNSUCCESSFUL,
            CONFIRMATION: order.processing_done and order.status not in UNSUCCESSFUL,
        }[self.name]


def is_about_shipment(event_type: str) -> bool:
    return event_type in _OF_SHIPMENTS


def due(order: Order, event_type: str, shipment: Shipment | None = None) -> list[Occasion]:
    """The messages that an event of this type asks for, as far as they are true now."""
    if status := _OF_SHIPMENTS.get(event_type):
        asked = [_about(shipment, status)] if shipment else []
    else:
        asked = [Occasion(name) for name in _OF_EVENTS.get(event_type, ())]
    return [occasion for occasion in asked if occasion.true_of(order)]


def all_due(order: Order) -> list[Occasion]:
    """Every message that is true of the order now: those it should have sent, and those about to be sent."""
    return [occasion for occasion in _all(order) if occasion.true_of(order)]


def every(order: Order) -> list[Occasion]:
    """Every message that may have been sent about the order so far, in any of its statuses."""
    return list(_all(order))


def claim_key(order: Order, occasion: Occasion) -> str:
    return f"{order.order_id}#{occasion.key}"


def unsent(order: Order, claims: Mapping[str, Claim], before: str) -> dict[str, str]:
    """The messages that were claimed and are not known to have been sent, with what is known of each. Those claimed
    from `before` on may still be on their way."""
    found = {}
    for occasion in all_due(order):
        claim = claims.get(claim_key(order, occasion))
        if claim is None or claim.state is ClaimState.SENT:
            continue
        if claim.state is ClaimState.REFUSED:
            found[occasion.key] = f"refused: {claim.reason}"
        elif claim.at < before:
            found[occasion.key] = f"may not have been sent: begun at {claim.at}"
    return found


def untried(order: Order, claims: Mapping[str, Claim], now: str) -> list[str]:
    """The confirmation or notice that should have been sent long ago and was never claimed."""
    earliest, latest = (to_iso(from_iso(now) - ago) for ago in (REMEMBERED, _ON_ITS_WAY))
    return [
        occasion.key
        for occasion in all_due(order)
        if occasion.name in (CONFIRMATION, NOTICE)
        and claim_key(order, occasion) not in claims
        and earliest < _since(order, occasion) < latest
    ]


def _since(order: Order, occasion: Occasion) -> str:
    return (order.succeeded_at if occasion.name == CONFIRMATION else None) or order.updated_at


def _about(shipment: Shipment, status: ShipmentStatus) -> Occasion:
    return Occasion(f"mail-{status.value.lower()}", shipment, status)


def _all(order: Order) -> Iterator[Occasion]:
    names: Iterable[str] = dict.fromkeys(name for names in _OF_EVENTS.values() for name in names)
    yield from (Occasion(name) for name in [*names, CONFIRMATION])
    for shipment in order.shipments:
        yield from (_about(shipment, status) for status in ShipmentStatus)
