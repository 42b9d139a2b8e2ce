"""Records of the orders table's stream: as changes of orders, and those that can't be counted as dead letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from ..kit.clock import to_iso
from ..kit.dynamodb import Item
from ..kit.errors import Damaged, TemporarilyUnavailable
from ..kit.jsonio import dumps
from ..kit.ports import Log
from ..kit.redaction import reason_of
from ..kit.wiring import dataclass, service
from ..operations.ports import DeadLetterQueues, DeadMessage
from ..orders.model import Order
from ..orders.stream import Record, order_of
from .ports import Change


@dataclass(frozen=True)
class UnreadableRecord:
    """A record of the stream that is no order of ours, and where it was there. What is not known is empty."""

    order_id: str
    sequence_number: str
    changed_at: str
    error: Exception


def changes_of(
    records: Iterable[Record], require_countable: Callable[[Change], None]
) -> tuple[list[Change], list[UnreadableRecord]]:
    """The changes, in the stream's order, and those records that can't be read or counted. Removals are no changes:
    what was counted about an order stays counted."""
    changes: list[Change] = []
    unreadable: list[UnreadableRecord] = []
    for record in records:
        try:
            if (change := _change(record)) is not None:
                require_countable(change)
                changes.append(change)
        except Exception as error:  # noqa: BLE001 - no other service is called: any error is the record's
            unreadable.append(_unreadable(record, error))
    return changes, unreadable


@service
class DeadLetterRecords:
    """Makes dead letters of them, for staff to see."""

    queues: DeadLetterQueues
    url: str
    log: Log

    def __call__(self, unreadable: Sequence[UnreadableRecord]) -> None:
        """Raises TemporarilyUnavailable when the queue did not accept them all: then the batch comes again, and what
        was accepted is there twice, which does no harm."""
        messages = []
        for number, one in enumerate(unreadable):
            where, reason = {"sequenceNumber": one.sequence_number}, reason_of(one.error)
            self.log.warning("record_unreadable", orderId=one.order_id, **where, reason=reason)
            not_counted = {**where, "changedAt": one.changed_at, "reason": reason}
            body = dumps({"orderId": one.order_id, "notCounted": not_counted})
            messages.append(DeadMessage(str(number), body, {}, sent_at="", receives=0, handle=""))
        if refused := self.queues.send(self.url, messages).refused:
            raise TemporarilyUnavailable(f"The queue refused what could not be counted: {sorted(refused.values())}")


def _change(record: Record) -> Change | None:
    if record["eventName"] == "REMOVE":
        return None
    images = record["dynamodb"]
    old = images.get("OldImage")
    return Change(_before(old) if old else None, order_of(images["NewImage"]))


def _before(image: Item) -> Order | None:
    """None for an order that could not be read and was repaired: all its facts come again, and those that were
    counted are known."""
    try:
        return order_of(image)
    except Damaged:
        return None


def _unreadable(record: Record, error: Exception) -> UnreadableRecord:
    said = record.get("dynamodb") if isinstance(record, dict) else None
    said = said if isinstance(said, dict) else {}
    key = said.get("Keys", {}).get("orderId", {}).get("S", "")
    seconds = said.get("ApproximateCreationDateTime", 0)
    changed_at = to_iso(datetime.fromtimestamp(seconds, UTC)) if seconds else ""
    return UnreadableRecord(key, str(said.get("SequenceNumber", "")), changed_at, error)
