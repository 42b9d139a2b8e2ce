"""Rounds through a dead-letter queue, that end in time and leave it as it was but for what was acted on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .ports import DeadLetterQueues, DeadMessage

ROUND = 10
"""Messages of one round."""
_HIDDEN_AT_LEAST = 60
_HIDDEN_LONGER = 30
"""Seconds by which messages are hidden longer than all the work may last: else they come round again, in place of what
is behind them."""


def hidden_for(seconds: float) -> int:
    """For how long messages are hidden by work that lasts so long."""
    return max(_HIDDEN_AT_LEAST, round(seconds) + _HIDDEN_LONGER)


@dataclass
class Search:
    """Rounds through a dead-letter queue. What is not wanted is held until the end: made visible at once it would be
    received again and again, and hide what is behind it."""

    queues: DeadLetterQueues
    url: str
    wanted: set[str] | None
    """None for all of them."""
    in_time: Callable[[], bool]
    hidden: int
    """Seconds for which others do not see what was looked at, if it can't be made visible before."""
    passed_over: set[str] = field(default_factory=set)
    """Ids that are not to be looked at."""
    held: dict[str, DeadMessage] = field(default_factory=dict)

    def each(self, act: Callable[[list[DeadMessage]], Sequence[DeadMessage]]) -> bool:
        """Call `act` with what is wanted, ten at a time; what it returns is held, too. Whether there was time for all:
        else what is still wanted may be further on."""
        try:
            while self.wanted != set():
                if not self.in_time():
                    return False
                found = self.queues.take(self.url, ROUND, self.hidden, patient=True)
                if not found:
                    return True
                mine = [message for message in found if self._is_wanted(message)]
                self._hold([message for message in found if message not in mine])
                if self.wanted is not None:
                    self.wanted -= {message.message_id for message in mine}
                if mine:
                    self._hold(act(mine))
            return True
        finally:
            self.queues.make_visible(self.url, list(self.held.values()))

    def _is_wanted(self, message: DeadMessage) -> bool:
        if message.message_id in self.passed_over or message.message_id in self.held:
            return False
        return self.wanted is None or message.message_id in self.wanted

    def _hold(self, messages: Sequence[DeadMessage]) -> None:
        self.held |= {message.message_id: message for message in messages}
