"""Redrive, without staff, what exhausted its retries for a temporary cause: a few messages of each queue as a probe,
and the rest once these were begun and did not come back.

What is wrong with the message itself, or killed its function, is left to staff; so is what was redriven too often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from ..kit.clock import from_iso
from ..kit.jsonio import at
from ..kit.ports import Log
from ..kit.tries import REDRIVEN, Tries, times_redriven
from ..kit.wiring import service
from .dead_letter_messages import call_of, payload_of
from .dead_letter_places import Place
from .dead_letter_reasons import CAME_TOO_LATE, is_given_up_call
from .dead_letters import DeadLetters
from .ports import DeadMessage, Reason

WHO = "system"
PROBE, MANY, CALLS = 3, 300, 20
"""Messages of a queue in one run: to find out, afterwards, and where the outcome of the last ones is unknown."""
MOST_TIMES = 6
"""In succession. With the rests between them that takes a day."""
DELAYED = "BatchDelayed"
"""As `batch` names what fails for a cause that may pass."""
_REST = timedelta(minutes=1)
"""Before the first time; four times as long before each further one."""
_NEWS = timedelta(minutes=10)
"""So long it matters how the messages that were redriven last fare."""
_UNEXPLAINED = timedelta(minutes=30)
"""Older than that, and hardly ever begun, a message was given up because its function did not run."""
_KILLS = 5
"""Begun so often, and given up without a reason: its function died of it."""
_SECONDS = 20
_LONGEST = timedelta(seconds=80)
"""After which no further queue is begun: a run ends before the next one begins, two minutes after it."""


@service
class RedriveWhatPassed:
    letters: DeadLetters
    tries: Tries
    log: Log

    def __call__(self) -> dict[str, int]:
        """How many went back, by queue. A queue that can't be looked at keeps none of the others waiting; its error is
        raised after them."""
        done: dict[str, int] = {}
        trouble: Exception | None = None
        began = self.letters.clock.now()
        for place in self.letters.places:
            if place.stays or self._age(began) > _LONGEST:
                continue
            try:
                if redriven := self._of(place):
                    done[place.name] = redriven
            except Exception as error:  # noqa: BLE001
                self.log.warning("redrive_failed", queue=place.name, reason=type(error).__name__)
                trouble = error
        if done:
            self.log.info("redriven_by_itself", queues=done)
        if trouble:
            raise trouble
        return done

    def _of(self, place: Place) -> int:
        if not self.letters.queues.depth(place.dead_letters_url).waiting:
            return 0
        due = self._due(place, self.letters.look(place, MANY))
        most = self._how_many(place) if due else 0
        if not most:
            return 0
        chosen = [message.message_id for message in due[:most]]
        done = self.letters.redrive(WHO, place.name, chosen, _SECONDS, by_itself=True)
        if done.new_ids:
            self.tries.remember_redriven(place.name, done.new_ids, self.letters.clock.now())
        return done.redriven

    def _how_many(self, place: Place) -> int:
        """Few while nothing is known, none while the last ones wait, many once they went through."""
        if not place.url:
            return CALLS
        last, at = self.tries.last_redriven(place.name)
        if not last or self._age(at) > _NEWS:
            return PROBE
        begun = self.tries.begun(place.name, last)
        if any(times > 1 for times in begun.values()):
            return PROBE  # they failed; others may fare better
        return MANY if len(begun) == len(last) else 0

    def _due(self, place: Place, messages: Sequence[DeadMessage]) -> list[DeadMessage]:
        """The least redriven first: if the cause is still there, each is to have its turn."""
        ids = [message.message_id for message in messages]
        reasons = self.letters.reasons.of(place.name, ids) if place.url and ids else {}
        begun = self.tries.begun(place.name, [i for i in ids if i not in reasons]) if place.url else {}
        due = [
            message
            for message in messages
            if _times(message) < MOST_TIMES
            and self._passes(message, reasons.get(message.message_id), begun.get(message.message_id, 0))
            and self._has_rested(message, reasons.get(message.message_id))
        ]
        return sorted(due, key=_times)

    def _passes(self, message: DeadMessage, reason: Reason | None, begun: int) -> bool:
        if reason is not None:
            return reason.passes
        if len(message.attributes) >= 10 and REDRIVEN not in message.attributes:
            return False  # there is no room for the mark, without which it could go on for ever
        payload = payload_of(message)
        if is_given_up_call(payload):
            timed_out = at(payload, "requestContext", "condition") == CAME_TOO_LATE
            return bool(timed_out or at(payload, "responsePayload", "errorType") == DELAYED)
        if "ERROR_CODE" in message.attributes:
            return True  # of EventBridge, which could not deliver it
        return begun < _KILLS and self._age(message.sent_at) > _UNEXPLAINED

    def _has_rested(self, message: DeadMessage, reason: Reason | None) -> bool:
        since = reason.at if reason else message.sent_at
        return bool(self._age(since) >= _REST * 4 ** _times(message))

    def _age(self, at: str) -> timedelta:
        return from_iso(self.letters.clock.now()) - from_iso(at)


def _times(message: DeadMessage) -> int:
    _, event = call_of(payload_of(message))
    return times_redriven(event if isinstance(event, dict) else message.attributes)
