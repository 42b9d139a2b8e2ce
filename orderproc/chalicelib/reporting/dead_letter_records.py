"""Makes dead letters of changes that nobody can count, for staff to see."""

from __future__ import annotations

from collections.abc import Sequence

from ..kit.errors import TemporarilyUnavailable
from ..kit.jsonio import dumps
from ..kit.ports import Log
from ..kit.redaction import reason_of
from ..kit.wiring import service
from ..operations.ports import DeadLetterQueues, DeadMessage
from .counter_ports import UnreadableRecord


@service
class DeadLetterRecords:
    queues: DeadLetterQueues
    url: str
    log: Log

    def __call__(self, unreadable: Sequence[UnreadableRecord]) -> None:
        """Raises TemporarilyUnavailable when the queue did not take them all: then the batch comes again, and what was
        taken is there twice, which does no harm."""
        for one in unreadable:
            where = {"orderId": one.order_id, "sequenceNumber": one.sequence_number}
            self.log.warning("record_unreadable", **where, reason=reason_of(one.error))
        refused = self.queues.send(self.url, [_letter(n, one) for n, one in enumerate(unreadable)]).refused
        if refused:
            raise TemporarilyUnavailable(f"The queue refused what could not be counted: {sorted(refused.values())}")


def _letter(number: int, one: UnreadableRecord) -> DeadMessage:
    where = {"sequenceNumber": one.sequence_number, "changedAt": one.changed_at, "reason": reason_of(one.error)}
    body = dumps({"orderId": one.order_id, "notCounted": where})
    return DeadMessage(str(number), body, {}, sent_at="", receives=0, handle="")
