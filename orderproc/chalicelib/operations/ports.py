"""The ports of operations: what their adapters implement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..kit.page import Page
from ..kit.wiring import Protocol, dataclass
from ..workflow.ports import Depth


@dataclass(frozen=True)
class DeadMessage:
    """A message of a dead-letter queue, hidden from others for a while. `handle` gives it back or deletes it."""

    message_id: str
    body: str
    attributes: Mapping[str, Any]
    """As they came, to be sent along again; `trace` is X-Ray's header or empty."""
    sent_at: str
    receives: int
    handle: str
    trace: str = ""


@dataclass(frozen=True)
class Sent:
    """What became of messages sent: the new ids by the old ones, and why SQS refused the others."""

    new_ids: dict[str, str]
    refused: dict[str, str]


class DeadLetterQueues(Protocol):
    """Queues by their URLs, and functions by their names. All may raise TemporarilyUnavailable."""

    def depth(self, url: str) -> Depth: ...

    def take(self, url: str, most: int, hidden: int, *, patient: bool) -> list[DeadMessage]:
        """At most ten, hidden for so many seconds. None at all means, of a `patient` look, that none was there;
        of another, that none was found at once."""

    def make_visible(self, url: str, messages: Sequence[DeadMessage]) -> None:
        """Others see them again at once; those that can't be made visible now become so by themselves."""

    def delete(self, url: str, messages: Sequence[DeadMessage]) -> set[str]:
        """The ids of those that are gone; the others come back by themselves."""

    def send(self, url: str, messages: Sequence[DeadMessage]) -> Sent:
        """As new messages with the bodies and attributes of these."""

    def invoke(self, function: str, payload: Any) -> None:
        """Asynchronously: Lambda has it, and tries as often as it does with any event."""


@dataclass(frozen=True)
class Alarm:
    """`state` is OK, ALARM or INSUFFICIENT_DATA; `runbook` an address, or a path in the project's folder."""

    name: str
    state: str
    description: str
    reason: str
    since: str
    runbook: str | None


class Alarms(Protocol):
    def all(self) -> list[Alarm]:
        """Of the stage. Raises TemporarilyUnavailable."""


@dataclass(frozen=True)
class Reason:
    """Why a message failed on its last try; it names no person."""

    message_id: str
    text: str
    order_id: str
    at: str
    correlation_id: str
    passes: bool = False
    """The cause is outside of the message, and may be gone another time."""


class Reasons(Protocol):
    """Kept a week longer than SQS keeps a message."""

    def keep(self, queue: str, reason: Reason) -> None: ...

    def of(self, queue: str, message_ids: Sequence[str]) -> dict[str, Reason]:
        """Those that are known, by message id."""


@dataclass(frozen=True)
class AuditRecord:
    """Who did what, to be read by people: `details` as it began, `outcome` as it ended, None if that is unknown."""

    record_id: str
    at: str
    who: str
    action: str
    details: Mapping[str, Any]
    outcome: Mapping[str, Any] | None = None


class AuditRecords(Protocol):
    def put(self, record: AuditRecord) -> None:
        """Store it, or replace the one of that time and id."""

    def of_order(self, order_id: str) -> list[AuditRecord]:
        """Those whose details name this order as `orderId`, oldest first."""

    def page(self, day: str, limit: int, after: Mapping[str, str] | None) -> Page[AuditRecord]:
        """The day's records (`2026-11-21`, UTC), newest first."""


@dataclass(frozen=True)
class Note:
    """What a member of staff wrote about an order."""

    note_id: str
    order_id: str
    at: str
    who: str
    text: str


class Notes(Protocol):
    def add(self, note: Note) -> Note | None:
        """Store it. None when stored, else the order's other note of this id."""

    def of(self, order_id: str) -> list[Note]:
        """Oldest first, without those that can't be read."""


class StaffSessions(Protocol):
    def is_open(self, id_token: str, issuer: str) -> bool:
        """False once the token's user has signed out everywhere, was disabled or deleted. `issuer` is the token's own,
        as it was verified. Raises TemporarilyUnavailable."""
