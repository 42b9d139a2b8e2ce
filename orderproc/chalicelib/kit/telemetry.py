"""What this process measures of itself: invocations, steps, calls of AWS, retries, cold starts.

It is summed up in memory and written as one line of the log (`emf.py`) at the end of an invocation: of the first one,
of one in which something failed, and else every five minutes. So it costs no call, and of an order next to nothing.
What a process measured after its last line is lost with it: at most five minutes of one that was not needed any more.

Nothing is locked: in Lambda a process does one thing at a time. Where threads share one (`chalice local`, a pool of
calls) a count may be lost, and nothing else."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from . import emf
from . import metric_names as names
from .config import Runtime
from .errors import OrderUnsuccessful, OutOfStock, Rejected, StaleOrder

INTERVAL = 300.0
"""Seconds between lines when all is well."""
SAMPLE = 50
"""Values of one metric in one line, at most."""
_NO_TROUBLE = (OrderUnsuccessful, OutOfStock, Rejected, StaleOrder)
"""What steps raise in the course of business: they did what they are for."""

Clock = Callable[[], float]


class Timings:
    """How often something took how long, in milliseconds. Of the values it keeps a sample, in which each is as likely
    to be as any other."""

    __slots__ = ("errors", "longest", "number", "sample", "total")

    def __init__(self) -> None:
        self.number = self.errors = self.total = self.longest = 0
        self.sample: list[int] = []

    def add(self, ms: int) -> None:
        self.number += 1
        self.total += ms
        self.longest = max(self.longest, ms)
        if len(self.sample) < SAMPLE:
            self.sample.append(ms)
        elif (runtime := int(random.random() * self.number)) < SAMPLE:
            self.sample[runtime] = ms

    def summary(self) -> dict[str, int]:
        found = {"n": self.number, "ms": self.total, "max": self.longest}
        return {**found, "errors": self.errors} if self.errors else found


class Work:
    """What belongs to the order, message or request at hand: when it began, how long its steps took, in milliseconds,
    which one raised, and which call of AWS failed last."""

    __slots__ = ("began", "dependency", "ms", "step")

    def __init__(self, began: float) -> None:
        self.began = began
        self.ms: dict[str, int] = {}
        self.step = self.dependency = ""


class Telemetry:
    """Of one process. `write` takes a line; `runtime` is asked once, when the first is written."""

    def __init__(self, write: Callable[[dict[str, Any]], None], runtime: Callable[[], Runtime], clock: Clock) -> None:
        self._write, self._place, self._clock = write, runtime, clock
        self._cold, self._last_line = True, float("-inf")
        self.work = Work(clock())
        self._begin_again()

    def _begin_again(self) -> None:
        self._invocations, self._calls = Timings(), Timings()
        self._errors = 0
        self._steps: dict[str, Timings] = {}
        self._dependencies: dict[str, Timings] = {}
        self._slowest, self._throttled_call = ("", 0), ""
        self._retries = self._throttled = self._gave_up = 0
        self._urgent = False

    def clock(self) -> float:
        """Seconds, from wherever."""
        return self._clock()

    def measured(self, event: Any, get_response: Callable[[Any], Any]) -> Any:
        """Chalice's middleware around every trigger."""
        began, failed = self.clock(), True
        try:
            response = get_response(event)
            failed = getattr(response, "status_code", 200) >= 500
            return response
        finally:
            self._invocations.add(_ms(self.clock() - began))
            if failed:
                self._errors += 1
            self._write_if_due(failed)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measures the step of an order, or anything else that has a name."""
        began, failed = self.clock(), True
        try:
            yield
            failed = False
        except _NO_TROUBLE:
            failed = False
            raise
        finally:
            self.took(name, _ms(self.clock() - began), failed)

    def begin_work(self) -> None:
        """Another order, message or request."""
        self.work = Work(self.clock())

    def work_ms(self) -> int:
        """Since it began."""
        return _ms(self.clock() - self.work.began)

    def took(self, step: str, ms: int, failed: bool) -> None:
        timing = self._steps.get(step) or self._steps.setdefault(step, Timings())
        timing.add(ms)
        self.work.ms[step] = self.work.ms.get(step, 0) + ms
        if failed:
            timing.errors += 1
            self.work.step = self.work.step or step  # the innermost

    def called(self, service: str, operation: str, ms: int, retries: int) -> None:
        """A call of AWS came back, or did not, after that many repetitions by the SDK."""
        self._calls.add(ms)
        self._of(service).add(ms)
        self._retries += retries
        if ms >= self._slowest[1]:
            self._slowest = (f"{service}.{operation}", ms)

    def call_failed(self, service: str, operation: str, throttled: bool) -> None:
        """One try of a call was throttled, timed out or refused as it should not be."""
        self._of(service).errors += 1
        if throttled:
            self._throttled, self._throttled_call = self._throttled + 1, f"{service}.{operation}"
        self.work.dependency = f"{service}.{operation}"
        self._urgent = True

    def message_again(self) -> None:
        """A message that was tried before."""
        self._retries += 1

    def gave_up(self) -> None:
        """A message's last try failed: it goes to the dead-letter queue."""
        self._gave_up += 1
        self._urgent = True

    def _of(self, service: str) -> Timings:
        return self._dependencies.get(service) or self._dependencies.setdefault(service, Timings())

    def _write_if_due(self, failed: bool) -> None:
        now = self.clock()
        if self._cold or failed or self._urgent or now - self._last_line >= INTERVAL:
            for line in self._lines(self._place()):
                self._write(line)
            self._cold, self._last_line = False, now
            self._begin_again()

    def _lines(self, runtime: Runtime) -> Iterator[dict[str, Any]]:
        values: dict[str, emf.Value] = {
            names.DEPENDENCY_LATENCY: self._calls.sample,
            names.STEP_RETRIES: self._retries,
            names.FUNCTION_DURATION: self._invocations.sample,
            names.FUNCTION_ERRORS: self._errors,
            names.COLD_STARTS: int(self._cold),
            names.GAVE_UP: self._gave_up,
        }
        dimensions = ((names.STAGE,), (names.STAGE, names.FUNCTION)) if runtime.full else ((names.STAGE,),)
        yield emf.line(emf.listed(values, dimensions), {**self._facts(runtime), **self._details()})
        if runtime.full:
            yield from self._by(runtime, names.STEP, self._steps, names.STEP_DURATION, names.STEP_ERRORS)
            by_service = self._dependencies
            yield from self._by(
                runtime, names.DEPENDENCY, by_service, names.DEPENDENCY_LATENCY, names.DEPENDENCY_ERRORS
            )

    def _facts(self, runtime: Runtime) -> dict[str, Any]:
        function = {names.FUNCTION: runtime.function} if runtime.full else {}
        return {names.STAGE: runtime.stage, **function, "message": "measured", "function": runtime.function}

    def _details(self) -> dict[str, Any]:
        """What the free profile has no metrics for. Nothing is said of what did not happen."""
        counts = {
            "errors": self._errors,
            "cold": int(self._cold),
            "retries": self._retries,
            "throttled": self._throttled,
            "gaveUp": self._gave_up,
        }
        return {
            **{name: count for name, count in counts.items() if count},
            "invocations": self._invocations.summary(),
            **({"throttledCall": self._throttled_call} if self._throttled else {}),
            **({"slowest": self._slowest[0], "slowestMs": self._slowest[1]} if self._slowest[0] else {}),
            **_summaries("steps", self._steps),
            **_summaries("calls", self._dependencies),
        }

    @staticmethod
    def _by(
        runtime: Runtime, dimension: str, timings: Mapping[str, Timings], duration: str, errors: str
    ) -> Iterator[dict[str, Any]]:
        for name, timing in timings.items():
            values: dict[str, emf.Value] = {duration: timing.sample, errors: timing.errors}
            yield emf.line(
                emf.listed(values, [(names.STAGE, dimension)]),
                {names.STAGE: runtime.stage, dimension: name, "message": "measured_part"},
            )


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _summaries(title: str, timings: Mapping[str, Timings]) -> dict[str, Any]:
    return {title: {name: timing.summary() for name, timing in timings.items()}} if timings else {}


monotonic: Clock = time.monotonic
