"""Process a batch of records one by one: the good ones are deleted, the bad ones come back.

Chalice sets no ReportBatchItemFailures on the mapping, so a raised error returns the whole batch. Therefore the good
ones are deleted here before the error is raised, and the bad ones hidden for a while that grows with each try.

A batch ends before its function's time does; what was not begun by then comes back at once. A message that kills the
process takes nothing with it but the first time: messages that come again are begun last and one by one, after what
was done is deleted, and their tries are counted as they begin, since a receive is no try. A batch that is received
for the first time and succeeds costs no call."""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote_plus

from .chunks import chunks
from .errors import PASSING, MalformedMessage, TemporarilyUnavailable
from .jsonio import InvalidJson, loads
from .observability import log, telemetry
from .time_left import TimeLeft
from .tries import REDRIVEN
from .wiring import Protocol, dataclass

_RECEIPT = re.compile(r"receipts/([\w-]+)\.pdf")
_NOT_TRIES = 2
"""Receives of which a try that is the last need not know that they were begun: the first is never counted, and one more
may be wasted. With more of them a message goes to the dead-letter queue as it is, and comes back with new tries."""
_GROWTH = 3


class Event(Protocol):
    """The part of chalice's SQSEvent and S3Event that is used here, besides an optional `context`."""

    def to_dict(self) -> dict[str, Any]: ...


def _endless() -> float:
    return float("inf")


@dataclass(frozen=True)
class Message:
    """One record: its parsed body, and what its try may know of itself."""

    body: Mapping[str, Any]
    last_try: bool
    """It was begun often enough, and SQS will give up on it after this try."""
    again: bool = False
    """It was received before, or redriven: what it asks for may have been done, in part or in whole."""
    seconds_left: Callable[[], float] = _endless
    """That its work may still take."""

    def text(self, name: str) -> str:
        """A field that must be a text. Raises MalformedMessage."""
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise MalformedMessage(f"The message has no {name}.")
        return value


KeepReason = Callable[[str, Exception, Mapping[str, Any], str, bool], None]
"""With the message's id, what was raised, the body as far as it could be read, the correlation id, and whether the
cause may pass."""


@dataclass(frozen=True)
class Queue:
    """A queue as its consumer needs it: how to delete and hide messages, and how to count their tries."""

    client: Any
    url: str
    retry_base: int
    """Seconds until the second try."""
    keep_reason: KeepReason | None = None
    """Called when the last try failed; without it the reason is not kept."""
    retry_most: int = 400
    """Seconds between two tries, at most."""
    passes: Callable[[Exception], bool] = lambda error: isinstance(error, PASSING)
    """Whether an error's cause may pass by itself. What will not is tried again soon, and given up within a minute."""
    max_receives: int = 10
    """As in the queue's redrive policy: after so many SQS moves a message to the dead-letter queue."""
    begun: Callable[[Sequence[str]], Mapping[str, int]] | None = None
    """How often messages, by their ids, were begun so far as that was counted."""
    begin: Callable[[str], int] | None = None
    """Count a try of the message before it is begun: the number of this one. Without it receives count."""

    def pause(self, receives: int, *, passes: bool) -> int:
        """Seconds until a message that failed is received again, with up to half of it taken off at random."""
        longest = min(self.retry_most, self.retry_base * _GROWTH ** (receives - 1)) if passes else self.retry_base
        return round(random.uniform(longest / 2, longest))


class BatchFailed(Exception):
    """Some records failed or were not begun, and come again; the reasons were logged one by one."""


class BatchDelayed(BatchFailed):
    """It failed for a cause that may pass. What Lambda says of a call that it gave up on is this name."""


@dataclasses.dataclass  # it changes
class _Record:
    """One message of a batch. `suspicion` says how likely it is to have killed a process, in comparison."""

    raw: Mapping[str, Any]
    suspicion: int = 0

    @property
    def message_id(self) -> str:
        return str(self.raw["messageId"])

    @property
    def receives(self) -> int:
        return int(self.raw.get("attributes", {}).get("ApproximateReceiveCount", 1))

    @property
    def redriven(self) -> bool:
        return REDRIVEN in self.raw.get("messageAttributes", {})

    @property
    def again(self) -> bool:
        return self.receives > 1 or self.redriven

    def body(self) -> Mapping[str, Any]:
        """Raises MalformedMessage."""
        try:
            body = loads(self.raw["body"])
        except InvalidJson as error:
            raise MalformedMessage(str(error)) from None
        if not isinstance(body, dict):
            raise MalformedMessage("A message must be a JSON object.")
        return body


def process_batch(event: Event, queue: Queue, act: Callable[[Message], Any]) -> None:
    """Call `act` for each record, as far as the time suffices. Raises BatchFailed if any of them raised or was not
    begun, with all that were done deleted."""
    batch = _Batch(queue, TimeLeft(event), act)
    records = [_Record(raw) for raw in event.to_dict()["Records"]]
    if any(record.again for record in records):
        records = batch.in_order(records)
    for n, record in enumerate(records):
        # A last try may have to undo what the ones before it did.
        if n and not batch.time.is_enough(2 if record.receives >= queue.max_receives else 1):
            batch.return_unharmed(records[n:])
            break
        if record.again:
            batch.delete_and_hide()
        batch.work(record)
    batch.end(len(records))


class _Batch:
    """What became of its records so far."""

    def __init__(self, queue: Queue, time: TimeLeft, act: Callable[[Message], Any]) -> None:
        self.time = time
        self._queue, self._act = queue, act
        self._good: list[_Record] = []
        self._hidden: list[tuple[_Record, int]] = []
        self._failed = self._not_begun = 0

    def in_order(self, records: Sequence[_Record]) -> list[_Record]:
        """Those first that were never begun, the longest waiting at their head; those last that most likely kill."""
        begun = self._begun([record.message_id for record in records if record.again])
        for record in records:
            record.suspicion = begun.get(record.message_id, 0) + record.redriven
        if self._queue.begin and (left := self.time.seconds()) < _endless():
            # One that kills this process keeps the others away no longer than it takes for certain to be over.
            _hide(self._queue, [(record, int(left) + 5) for record in records])
        return sorted(records, key=lambda record: (record.suspicion, -record.receives))

    def work(self, record: _Record) -> None:
        """Good or bad is known afterwards, and nothing deleted or hidden yet."""
        body: Mapping[str, Any] = {}
        log.correlate("")  # what can't be read belongs to no order, least of all to the one before
        if record.receives > 1:
            telemetry.message_again()
        try:
            with self.time.measured():
                tries = self._begin(record)
                body = record.body()
                log.correlate(str(body.get("correlationId", "")))
                last = self._is_last(record) and tries >= self._queue.max_receives - _NOT_TRIES
                self._act(Message(body, last, record.again, self.time.for_work))
        except Exception as error:  # noqa: BLE001
            # Not forgotten: the message goes back to the queue, and the batch raises.
            self._log(record, error, body)
            passes = self._queue.passes(error)
            pause = self._queue.pause(record.receives, passes=passes)
            if self._is_last(record):
                self._give_up(record, error, body, passes)
                pause = 0  # SQS moves it once it is visible
            self._failed += 1
            self._hidden.append((record, pause))
        else:
            self._good.append(record)

    def return_unharmed(self, records: Sequence[_Record]) -> None:
        """They are received again at once, and begun first then; one whose last receive this was is redriven later."""
        log.warning("batch_out_of_time", notBegun=len(records))
        self._not_begun = len(records)
        self._hidden += [(record, 0) for record in records]
        for record in records:
            if self._is_last(record):
                self._give_up(record, TemporarilyUnavailable("There was no time left for its last try."), {}, True)

    def _is_last(self, record: _Record) -> bool:
        return record.receives >= self._queue.max_receives

    def _give_up(self, record: _Record, error: Exception, body: Mapping[str, Any], passes: bool) -> None:
        telemetry.gave_up()
        _keep_reason(self._queue, record, error, body, passes)

    def delete_and_hide(self) -> None:
        """Delete what is done and hide what failed: the next record may be the end of this process."""
        good, hidden, self._good, self._hidden = self._good, self._hidden, [], []
        _delete(self._queue, good)
        _hide(self._queue, hidden)

    def end(self, records: int) -> None:
        """Raises BatchFailed unless all are done. Lambda deletes a batch that succeeded, in calls we do not pay extra
        for."""
        if not self._failed and not self._not_begun:
            return
        self.delete_and_hide()
        not_begun = f", {self._not_begun} not begun" if self._not_begun else ""
        raise BatchFailed(f"{self._failed} of {records} messages failed{not_begun}")

    def _begun(self, message_ids: list[str]) -> Mapping[str, int]:
        try:
            return self._queue.begun(message_ids) if self._queue.begun else {}
        except Exception as trouble:  # noqa: BLE001
            # Then they are begun in any order: it is only the killers among them that it matters for.
            log.warning("tries_not_counted", reason=type(trouble).__name__)
            return {}

    def _begin(self, record: _Record) -> int:
        """How often it was begun for certain, with this try."""
        if not self._queue.begin:
            return record.receives
        if not record.again:
            return 0  # a call for each message would cost as much as a step
        try:
            return self._queue.begin(record.message_id)
        except Exception as trouble:  # noqa: BLE001
            # The work may succeed all the same; but it must not be the last try of which nothing is known.
            log.warning("tries_not_counted", messageId=record.message_id, reason=type(trouble).__name__)
            return 0

    def _log(self, record: _Record, error: Exception, body: Mapping[str, Any]) -> None:
        log.exception(
            "message_failed",
            orderId=body.get("orderId"),
            messageId=record.message_id,
            tries=record.receives,
            gaveUp=1 if self._is_last(record) else None,
            reason=type(error).__name__,
        )


def each_record(event: Event, act: Callable[[Mapping[str, Any]], Any], passes: Callable[[Exception], bool]) -> None:
    """Call `act` with each record of an S3 event, as far as the time suffices. Raises BatchFailed if any of them raised
    or was not begun, BatchDelayed if that may pass (`passes`): Lambda then repeats the whole event, in which what is
    done must find itself done."""
    failed, for_good, time, records = 0, False, TimeLeft(event), event.to_dict()["Records"]
    for n, record in enumerate(records):
        if n and not time.is_enough():
            log.warning("batch_out_of_time", notBegun=len(records) - n)
            failed += len(records) - n
            break
        log.correlate("")
        try:
            with time.measured():
                act(record)
        except Exception as error:  # noqa: BLE001
            key = _key_or_nothing(record)
            of_order = _RECEIPT.fullmatch(key)
            log.exception("object_failed", orderId=of_order and of_order[1], key=key, reason=type(error).__name__)
            failed += 1
            for_good = for_good or not passes(error)
    if failed:
        kind = BatchFailed if for_good else BatchDelayed
        raise kind(f"{failed} of {len(records)} objects failed")


def key_of(record: Mapping[str, Any]) -> str:
    """The object's key, which S3 writes URL-encoded into its events."""
    return unquote_plus(record["s3"]["object"]["key"])


def _key_or_nothing(record: Mapping[str, Any]) -> str:
    try:
        return key_of(record)
    except (KeyError, TypeError):
        return ""


def _keep_reason(queue: Queue, record: _Record, error: Exception, body: Mapping[str, Any], passes: bool) -> None:
    """SQS moves the message to the dead-letter queue without a word of why."""
    if queue.keep_reason is None:
        return
    try:
        queue.keep_reason(record.message_id, error, body, log.correlation_id, passes)
    except Exception as trouble:  # noqa: BLE001
        # It was logged, too; what matters is that the message comes back.
        log.warning("reason_not_kept", messageId=record.message_id, reason=type(trouble).__name__)


def _delete(queue: Queue, records: Sequence[_Record]) -> None:
    """A record that can't be deleted comes back and finds its work done."""
    for failure in _failures(queue, queue.client.delete_message_batch, [(record, {}) for record in records]):
        log.warning("delete_failed", **failure)


def _hide(queue: Queue, records: Sequence[tuple[_Record, int]]) -> None:
    """One that can't be hidden comes back when the time is over for which it was hidden before: later, but it does."""
    hidden = [(record, {"VisibilityTimeout": seconds}) for record, seconds in records]
    for failure in _failures(queue, queue.client.change_message_visibility_batch, hidden):
        log.warning("backoff_not_set", **failure)


def _failures(
    queue: Queue, call: Callable[..., Any], records: Sequence[tuple[_Record, dict[str, int]]]
) -> Iterator[dict[str, Any]]:
    """Call with ten records at a time, each with its handle and what else the call takes of it; and what failed."""
    for some in chunks(records, 10):
        entries = [
            {"Id": str(n), "ReceiptHandle": record.raw["receiptHandle"], **more}
            for n, (record, more) in enumerate(some)
        ]
        try:
            answer = call(QueueUrl=queue.url, Entries=entries)
        except Exception as error:  # noqa: BLE001
            yield {"reason": type(error).__name__}
            continue
        for failure in answer.get("Failed", []):
            yield {"messageId": some[int(failure["Id"])][0].message_id, "reason": failure.get("Code")}
