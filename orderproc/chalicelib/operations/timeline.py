"""Everything that happened to an order, from where each part of it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ..kit.claims import Claims
from ..kit.wiring import dataclass, service
from ..notifications.occasions import CONFIRMATION, Occasion, claim_key, every
from ..orders.model import Order, ShipmentStatus
from ..payments.model import Operation
from ..payments.ports import Ledger
from .ports import AuditRecord, AuditRecords, Notes
from .resend import AGAIN


@dataclass(frozen=True)
class Entry:
    """`kind` says what `what` is: a status, an operation on the money, a shipment's status, a message, an action of
    staff. `outcome` is how it ended, where that is not the entry itself. `by` is a user's id; empty for the system."""

    at: str
    kind: str
    what: str
    detail: str = ""
    outcome: str = ""
    amount: Decimal | None = None
    by: str = ""


@service
class OrderTimeline:
    ledger: Ledger
    claims: Claims
    notes: Notes
    audit: AuditRecords

    def __call__(self, order: Order) -> list[Entry]:
        """The oldest first. Messages are known for 30 days, and changes by hand since they are kept by order."""
        records = self.audit.of_order(order.order_id)
        parts = (
            _statuses(order),
            self._payments(order),
            _shipments(order),
            self._messages(order, records),
            _feedback(order),
            map(_changed, records),
            (Entry(note.at, "note", "note", note.text, by=note.who) for note in self.notes.of(order.order_id)),
        )
        return sorted((entry for part in parts for entry in part), key=lambda entry: entry.at)

    def _payments(self, order: Order) -> Iterator[Entry]:
        found = self.ledger.look_up([(order.order_id, operation) for operation in Operation])
        for entry in found.values():
            detail = entry.message or entry.reference
            yield Entry(entry.at, "payment", entry.operation.value, detail, entry.status.value, entry.amount)

    def _messages(self, order: Order, records: list[AuditRecord]) -> Iterator[Entry]:
        asked = (record.details.get(AGAIN) for record in records)
        again = [Occasion(CONFIRMATION, again=at) for at in asked if isinstance(at, str)]
        occasions = {claim_key(order, occasion): occasion for occasion in [*every(order), *again]}
        for key, claim in self.claims.look_up(list(occasions)).items():
            occasion = occasions[key]
            about = " ".join(occasion.shipment.name) if occasion.shipment else ""
            yield Entry(claim.at, "message", occasion.name, claim.reason or about, claim.state.value)


def _statuses(order: Order) -> Iterator[Entry]:
    return (Entry(row.at, "status", row.status.value, row.detail) for row in order.history)


def _shipments(order: Order) -> Iterator[Entry]:
    for shipment in order.shipments:
        name = " ".join(shipment.name)
        yield Entry(shipment.shipped_at, "shipment", ShipmentStatus.SHIPPED.value, name)
        if shipment.status is not ShipmentStatus.SHIPPED:
            yield Entry(shipment.at, "shipment", shipment.status.value, name)


def _feedback(order: Order) -> Iterator[Entry]:
    if given := order.feedback:
        yield Entry(given.at, "feedback", str(given.score), given.comment)


def _changed(record: AuditRecord) -> Entry:
    ended = record.outcome
    outcome = "UNKNOWN" if ended is None else "FAILED" if "error" in ended else "DONE"
    return Entry(record.at, "change", record.action, str((ended or {}).get("error", "")), outcome, by=record.who)
