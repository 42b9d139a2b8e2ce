"""Publish domain events: to the SNS topic in one PublishBatch, to the EventBridge bus in one PutEvents.

The topic comes first: an event on the bus may bring an order's next step, and after a crash in between
the order is found where it was, and published again. An order that went on was published everywhere.

The topic is fed from here and not by a rule, because a batch of four costs one request and a rule four."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..kit.aws import is_temporary
from ..kit.chunks import chunks
from ..kit.errors import PublishRefused, TemporarilyUnavailable
from ..kit.jsonio import dumps
from ..kit.retrying import BACKOFF, Backoff
from ..kit.wiring import service
from .events import DomainEvent

SOURCE = "orderproc"
_PASSING = frozenset({"ThrottlingException", "InternalFailure", "InternalException", "ServiceUnavailable"})
"""Codes of entries that the bus did not take for now."""
_Send = Callable[[Sequence[DomainEvent]], Sequence[DomainEvent]]
_MOST = 10
"""Entries that one call takes, of either service."""

PERMISSIONS = {
    "publish": ["events:PutEvents bus/default orderproc", "sns:Publish topic/orders"],
}


@service
class AwsEvents:
    bus: Any
    topic: Any
    bus_name: str
    topic_arn: str
    public: Callable[[Mapping[str, Any]], dict[str, Any]]
    """An event's detail without what would name a person."""
    backoff: Backoff = BACKOFF

    def publish(self, events: Sequence[DomainEvent]) -> None:
        """Raises TemporarilyUnavailable, also if what hides a person's id can't be read now: then none was sent."""
        events = [replace(event, detail=self.public(event.detail)) for event in events]
        for some in chunks(events, _MOST):
            self._until_all_taken(some, self._publish_batch)
        for some in chunks(events, _MOST):
            self._until_all_taken(some, self._put)

    def _until_all_taken(self, events: Sequence[DomainEvent], send: _Send) -> None:
        try:
            left = self.backoff.not_taken(events, send)
        except (ClientError, BotoCoreError) as error:
            if is_temporary(error):
                raise TemporarilyUnavailable("Events could not be published.") from error
            raise
        if left:
            raise TemporarilyUnavailable(f"{', '.join(e.type for e in left)} could not be published.")

    def _put(self, events: Sequence[DomainEvent]) -> list[DomainEvent]:
        entries = [
            {
                "Source": SOURCE,
                "DetailType": e.type,
                "EventBusName": self.bus_name,
                "Resources": [self.topic_arn],  # tells one stage's events from another's on the same bus
                "Detail": dumps(e.detail),
            }
            for e in events
        ]
        answer = self.bus.put_events(Entries=entries)
        # A refused entry shows only here: the call itself succeeds.
        failed = {n: result["ErrorCode"] for n, result in enumerate(answer["Entries"]) if result.get("ErrorCode")}
        _require_passing(str(code) for code in failed.values() if code not in _PASSING)
        return [events[n] for n in failed]

    def _publish_batch(self, events: Sequence[DomainEvent]) -> list[DomainEvent]:
        entries = [
            {"Id": str(n), "Message": dumps(e.detail), "MessageAttributes": _attributes(e)}
            for n, e in enumerate(events)
        ]
        answer = self.topic.publish_batch(TopicArn=self.topic_arn, PublishBatchRequestEntries=entries)
        failed = answer.get("Failed", [])
        _require_passing(str(failure.get("Code")) for failure in failed if failure.get("SenderFault"))
        return [events[int(failure["Id"])] for failure in failed]


def _require_passing(refusals: Iterable[str]) -> None:
    """Raises PublishRefused if there are any: the others that were not accepted are published again with them."""
    if codes := sorted(set(refusals)):
        raise PublishRefused(f"Events are refused: {', '.join(codes)}.")


def _attributes(event: DomainEvent) -> dict[str, dict[str, str]]:
    """What subscribers filter by, said once more beside the body: SNS charges for each body that a filter reads, and
    nothing for attributes."""
    texts = {name: event.detail[name] for name in ("eventType", "status", "workflow", "fulfilment")}
    texts["hasPhoneNumber"] = "true" if event.detail["hasPhoneNumber"] else "false"
    return {name: {"DataType": "String", "StringValue": text} for name, text in texts.items()}
