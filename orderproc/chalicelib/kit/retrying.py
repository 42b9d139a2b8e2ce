"""One policy for every write that others' writes can get in the way of: conflicts of transactions, conditions lost to a
concurrent writer, entries of a batch that were not accepted.

A call that was throttled or failed as a whole is not repeated here: the SDK has made three tries of it, with backoff,
and what drives the caller comes back later."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from botocore.exceptions import ClientError

from .aws import lost_to_others
from .errors import TemporarilyUnavailable
from .wiring import dataclass

T = TypeVar("T")


@dataclass(frozen=True)
class Backoff:
    """Pauses that double up to `longest`, each with full jitter
    (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), until `seconds` are over.

    Seconds, not a number of tries: a conflict is no failure of DynamoDB. On one hot product every buyer meets several,
    and giving up early would send sold-out answers through the dead-letter queue."""

    seconds: float = 4.0
    """What a caller behind the API's 29 s can wait, and a batch of ten orders within its function's 60 s."""
    first: float = 0.02
    longest: float = 0.5
    pause: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random
    clock: Callable[[], float] = time.monotonic

    def turns(self) -> Iterator[int]:
        """0, 1, 2 … with a pause before each but the first; ends when the time is up. At least two turns."""
        began, waited, turn = self.clock(), 0.0, 0
        yield turn
        while max(waited, self.clock() - began) < self.seconds or turn == 0:
            wait = self.chance() * min(self.longest, self.first * 2**turn)
            self.pause(wait)
            waited, turn = waited + wait, turn + 1
            yield turn

    def past_conflicts(self, write: Callable[[], T]) -> T:
        """What `write` returns, once no other write is in its way. Raises TemporarilyUnavailable if others are all the
        time, and what else `write` raises."""
        for _ in self.turns():
            try:
                return write()
            except ClientError as error:
                if not lost_to_others(error):
                    raise
                lost = error
        raise TemporarilyUnavailable("Too many others write to the same items.") from lost

    def not_taken(self, entries: Sequence[T], send: Callable[[Sequence[T]], Sequence[T]]) -> Sequence[T]:
        """Send the entries, and again what `send` says was not accepted. Returns what was not accepted in the end."""
        for _ in self.turns():
            if not (entries := send(entries)):
                break
        return entries


BACKOFF = Backoff()
