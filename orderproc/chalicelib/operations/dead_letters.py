"""Look at dead letters, redrive them once the cause is repaired, or discard them.

A message that is redriven is sent first and deleted after: a process that dies in between leaves it in both queues, and
the second copy finds its work done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from ..kit.clock import from_iso
from ..kit.errors import TemporarilyUnavailable
from ..kit.ports import Clock
from ..kit.redaction import masked
from ..kit.tries import REDRIVEN, times_redriven
from ..kit.wiring import dataclass, service
from ..workflow.ports import Depth
from .audit import AuditTrail
from .dead_letter_messages import asked_for, call_of, copies, marked, payload_of
from .dead_letter_places import Place, place_called
from .dead_letter_reasons import order_id_in, reason_for
from .dead_letter_search import ROUND, Search, hidden_for
from .ports import DeadLetterQueues, DeadMessage, Reasons, Sent

API_SECONDS = 15
"""API Gateway waits 29 s; the last round of calls may take its time."""
_NOT_A_CALL = "It is no call of one of these functions that Lambda gave up on."


@dataclass(frozen=True)
class DeadLetter:
    """A dead message as staff see it, without personal data."""

    message_id: str
    place: Place
    reason: str
    order_id: str | None
    sent_at: str
    receives: int
    payload: Any


class Seen(list[DeadLetter]):
    """Dead letters, and whether these are all that there are."""

    complete = True


@dataclass(frozen=True)
class Redriven:
    redriven: int
    left: int
    """About how many are in the dead-letter queue afterwards."""
    not_found: list[str]
    refused: dict[str, str]
    """Why some can't be put back, by message id; they stay."""
    complete: bool = True
    """Whether the queue was looked through to its end; else what was not found may be there."""
    new_ids: tuple[str, ...] = ()
    """Of those that were redriven, in the queue where they are now; calls of functions have none."""


class Discarded(NamedTuple):
    discarded: int
    not_found: list[str]
    complete: bool
    """As of `Redriven`."""


@service
class DeadLetters:
    places: tuple[Place, ...]
    queues: DeadLetterQueues
    reasons: Reasons
    audit: AuditTrail
    clock: Clock

    def place(self, name: str) -> Place:
        """By short name, full name or URL, of the queue or its dead-letter queue. Raises InvalidRequest."""
        return place_called(name, self.places)

    def depths(self) -> list[tuple[Place, Depth, Depth]]:
        """About how many messages each queue holds, and its dead-letter queue."""
        return [
            (
                place,
                self.queues.depth(place.url) if place.url else Depth(0, 0, 0),
                self.queues.depth(place.dead_letters_url),
            )
            for place in self.places
        ]

    def peek(self, queue: str | None, limit: int, seconds: float = API_SECONDS) -> Seen:
        """At most `limit`, of one queue or of all, as far as the seconds suffice. Others see them again at once
        afterwards. Raises InvalidRequest."""
        chosen = [self.place(queue)] if queue is not None else list(self.places)
        waiting = {place: self.queues.depth(place.dead_letters_url).waiting for place in chosen}
        found, in_time = Seen(), self._until(seconds)
        # The emptiest first: what they leave of their shares is for the others.
        for n, place in enumerate(sorted(chosen, key=waiting.__getitem__)):
            share = -(-(limit - len(found)) // (len(chosen) - n))
            messages, all_of_it = self._seen(place, share, waiting[place], in_time, round(seconds))
            found.complete &= all_of_it
            found += self._explained(place, messages)
        return found

    def look(self, place: Place, most: int) -> list[DeadMessage]:
        """At most so many, as they are. Others see them again at once afterwards."""
        waiting = self.queues.depth(place.dead_letters_url).waiting
        return self._seen(place, most, waiting, self._until(API_SECONDS), API_SECONDS)[0]

    def redrive(
        self,
        who: str,
        queue: str,
        message_ids: Sequence[str] | None = None,
        seconds: float = API_SECONDS,
        *,
        resend: bool = False,
        by_itself: bool = False,
    ) -> Redriven:
        """Send the messages (all, if none are named) to the queue they came from and take them out of the dead-letter
        queue, as far as the seconds suffice. Each is new there, with all its tries, and marked as redriven: `by_itself`
        counts how often that was in succession. Raises InvalidRequest.

        With `resend`, for people to decide, mails and SMS that they are about are sent also if they may have been sent
        before: each once for each redrive. Without it they are not.

        One that fails again while this lasts is left where it is."""
        place = self.place(queue)
        wanted = None if message_ids is None else set(message_ids)
        refused: dict[str, str] = {}
        done: list[str] = []
        asked_at = self.clock.now() if resend and place.sends_messages else None
        new_ids: list[str] = []
        named = {"queue": place.name, "messageIds": "all" if message_ids is None else list(message_ids)}
        with self.audit.of(who, "redrive", **named) as outcome:
            search = self._search(place, wanted, seconds)

            def send_on(messages: list[DeadMessage]) -> Sequence[DeadMessage]:
                asked = [asked_for(message, asked_at) for message in messages]
                sent = self._sent_on(place, asked, by_itself=by_itself)
                done.extend(sent.new_ids)
                new_ids.extend(filter(None, sent.new_ids.values()))
                refused.update(sent.refused)
                search.passed_over.update(sent.new_ids.values())
                outcome.update(redriven=len(done), messageIds=done, refused=refused)
                self.queues.delete(place.dead_letters_url, [m for m in messages if m.message_id in sent.new_ids])
                return [message for message in messages if message.message_id in sent.refused]

            complete = search.each(send_on)
            depth = self.queues.depth(place.dead_letters_url)
            left = depth.waiting + depth.in_flight + depth.delayed
            missing = _in_order(wanted or set(), message_ids)
            outcome.update(redriven=len(done), left=left, notFound=missing, complete=complete)
        return Redriven(len(done), left, missing, refused, complete, tuple(new_ids))

    def discard(
        self, who: str, queue: str, message_ids: Sequence[str], reason: str, seconds: float = API_SECONDS
    ) -> Discarded:
        """Delete the messages for good, with a copy without personal data in the audit record. Raises InvalidRequest,
        TemporarilyUnavailable."""
        place = self.place(queue)
        found: list[DeadMessage] = []

        def collect(messages: list[DeadMessage]) -> Sequence[DeadMessage]:
            found.extend(messages)
            return ()

        wanted = set(message_ids)
        complete = self._search(place, wanted, seconds).each(collect)
        missing = _in_order(wanted, message_ids)
        details = {"queue": place.name, "messageIds": list(message_ids), "reason": reason}
        try:
            with self.audit.of(who, "discard", **details, messages=copies(found)) as outcome:
                deleted = self.queues.delete(place.dead_letters_url, found)
                outcome.update(discarded=len(deleted), notFound=missing, complete=complete)
                if len(deleted) < len(found):
                    raise TemporarilyUnavailable("Some messages could not be deleted: try again.")
        except Exception:
            self.queues.make_visible(place.dead_letters_url, found)
            raise
        return Discarded(len(found), missing, complete)

    def _search(self, place: Place, wanted: set[str] | None, seconds: float) -> Search:
        return Search(self.queues, place.dead_letters_url, wanted, self._until(seconds), hidden_for(seconds))

    def _until(self, seconds: float) -> Callable[[], bool]:
        ends = from_iso(self.clock.now()) + timedelta(seconds=seconds)
        return lambda: from_iso(self.clock.now()) < ends

    def _seen(
        self, place: Place, most: int, waiting: int, in_time: Callable[[], bool], hidden: int
    ) -> tuple[list[DeadMessage], bool]:
        """And whether these are all that there are."""
        seen: dict[str, DeadMessage] = {}
        try:
            while len(seen) < most and in_time():
                wanted = min(ROUND, most - len(seen))
                patient = len(seen) < waiting
                found = self.queues.take(place.dead_letters_url, wanted, hidden, patient=patient)
                if not found:
                    return list(seen.values()), True
                seen |= {message.message_id: message for message in found}
        finally:
            self.queues.make_visible(place.dead_letters_url, list(seen.values()))
        return list(seen.values()), waiting <= len(seen)

    def _explained(self, place: Place, messages: list[DeadMessage]) -> list[DeadLetter]:
        kept = self.reasons.of(place.name, [message.message_id for message in messages]) if messages else {}
        letters = []
        for message in messages:
            payload, reason = payload_of(message), kept.get(message.message_id)
            letters.append(
                DeadLetter(
                    message.message_id,
                    place,
                    reason_for(message, payload, reason),
                    order_id_in(payload) or (reason.order_id if reason else "") or None,
                    message.sent_at,
                    message.receives,
                    masked(payload),
                )
            )
        return letters

    def _sent_on(self, place: Place, messages: list[DeadMessage], *, by_itself: bool) -> Sent:
        if place.url:
            return self.queues.send(place.url, [marked(message, by_itself=by_itself) for message in messages])
        if place.stays:
            return Sent({}, {message.message_id: place.stays for message in messages})
        new_ids, refused = {}, {}
        for message in messages:
            function, event = call_of(payload_of(message))
            if function in place.functions:
                if by_itself:
                    event = {**event, REDRIVEN: times_redriven(event) + 1}
                self.queues.invoke(function, event)
                new_ids[message.message_id] = ""  # a call that is given up on again comes as a message of its own
            else:
                refused[message.message_id] = _NOT_A_CALL
        return Sent(new_ids, refused)


def _in_order(missing: set[str], message_ids: Sequence[str] | None) -> list[str]:
    return [message_id for message_id in dict.fromkeys(message_ids or ()) if message_id in missing]
