"""Two processes on one order, their calls interleaved as a test says: a thread each, of which one runs at a time."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

from tests.reliability.faults import Call, Died

_NEVER = sys.maxsize

Work = Callable[["Hand"], Any]
"""What a process does. It gets its own hand, which is the plan through which its calls go."""


class Hand:
    """One process, which works only while `run` or `die` is being called."""

    def __init__(self, work: Work) -> None:
        self._go, self._stopped = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._work, args=(work,), daemon=True)
        self._limit = 0
        self._dies = False
        self.made = 0
        self.finished = False
        self.answer: Any = None
        """What `work` returned or raised."""

    def run(self, calls: int = _NEVER) -> None:
        """Go on until so many calls were made in total, or to the end."""
        self._limit = calls
        if self.finished:
            return
        if self._thread.ident is None:
            self._thread.start()
        else:
            self._go.release()
        self._stopped.acquire()

    def die(self) -> None:
        """Its next call is its last, and is not made."""
        self._dies = True
        self.run()

    def __call__(self, call: Call) -> Any:
        """The plan."""
        if self.made == self._limit:
            self._stopped.release()
            self._go.acquire()
        if self._dies:
            raise Died(str(call))
        self.made += 1
        return call.do()

    def _work(self, work: Work) -> None:
        try:
            self.answer = work(self)
        except (Exception, Died) as error:  # noqa: BLE001 - to be looked at
            self.answer = error
        self.finished = True
        self._stopped.release()
