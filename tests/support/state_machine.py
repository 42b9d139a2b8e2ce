"""Runs the real `order_workflow.asl.json` in memory, with a clock for its waits: the part of the States Language
that it uses, and ways to make a state fail."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from infra.paths import TEMPLATES

DEFINITION: dict[str, Any] = json.loads((TEMPLATES / "order_workflow.asl.json").read_text(encoding="utf-8"))
STATES: dict[str, dict[str, Any]] = DEFINITION["States"]
TASKS = [name for name, state in STATES.items() if state["Type"] == "Task"]


def snake(name: str) -> str:
    """`ReserveInventory` as a function is called."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def function_of(task: str) -> str:
    """The function that the task calls."""
    return snake(re.sub(r"\W", "", STATES[task]["Parameters"]["FunctionName"]))


STEPS = list(dict.fromkeys(function_of(task) for task in TASKS))
"""The functions, each once."""
_AT_MOST = 100
"""States entered in one execution: beyond that it goes round in circles."""

Invoke = Callable[[str, str, Any], Any]
"""Of a state's name, its function's name and the payload: what the function answers. Raises what that raises."""


class TaskFailed(Exception):
    """An error as Step Functions sees it: `name` is what Retry and Catch compare."""

    def __init__(self, name: str, message: str = "") -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
        self.cause = json.dumps({"errorMessage": message, "errorType": name})


class Way(StrEnum):
    """How a state goes wrong. Those that do not say `once` do so at every attempt."""

    ERROR_BEFORE = "an error before it acts"
    ERROR_AFTER = "an error after it acted"
    CRASH_AFTER = "a crash after it acted, once"
    THROTTLED_ONCE = "throttled once"
    THROTTLED = "throttled"
    LATE_ONCE = "it acts, but the answer comes too late, once"
    LATE = "it acts, but the answer comes too late"
    LAMBDA_FAILS_ONCE = "an error of Lambda's own, once"
    LAMBDA_FAILS = "an error of Lambda's own"

    @property
    def passes(self) -> bool:
        """Whether it is over at the next attempt."""
        return self.endswith("once")

    @property
    def acts(self) -> bool:
        return self in (Way.ERROR_AFTER, Way.CRASH_AFTER, Way.LATE_ONCE, Way.LATE)

    @property
    def error(self) -> TaskFailed:
        return TaskFailed(_ERRORS[self], str(self))


_ERRORS = {
    Way.ERROR_BEFORE: "KeyError",
    Way.ERROR_AFTER: "KeyError",
    Way.CRASH_AFTER: "Runtime.ExitError",
    Way.THROTTLED_ONCE: "TemporarilyUnavailable",
    Way.THROTTLED: "TemporarilyUnavailable",
    Way.LATE_ONCE: "States.Timeout",
    Way.LATE: "Sandbox.Timedout",
    Way.LAMBDA_FAILS_ONCE: "Lambda.TooManyRequestsException",
    Way.LAMBDA_FAILS: "Lambda.ServiceException",
}


def failing(invoke: Invoke, ways: Mapping[str, Way]) -> Invoke:
    """`invoke`, but the named states go wrong."""
    entered: Counter[str] = Counter()

    def invoke_or_fail(state: str, function: str, payload: Any) -> Any:
        entered[state] += 1
        way = ways.get(state)
        if way is None or (way.passes and entered[state] > 1):
            return invoke(state, function, payload)
        if way.acts:
            invoke(state, function, payload)
        raise way.error

    return invoke_or_fail


@dataclass
class Execution:
    """One execution. `states` are those entered so far; `status` is RUNNING, SUCCEEDED, FAILED or TIMED_OUT.

    A wait before a retry is `jitter()` times what the retrier allows, and is spent by `sleep`."""

    invoke: Invoke
    data: Any
    sleep: Callable[[float], object] = lambda _: None
    jitter: Callable[[], float] = lambda: 0.5
    waited: float = 0
    states: list[str] = field(default_factory=list)
    attempts: Counter[str] = field(default_factory=Counter)
    status: str = "RUNNING"
    error: str = ""

    def run(self) -> Execution:
        """To the end."""
        for _ in self.walk():
            pass
        return self

    def walk(self) -> Iterator[str]:
        """Go on from one boundary to the next: `before ValidateOrder`, `after ValidateOrder`, …"""
        name: str | None = DEFINITION["StartAt"]
        while name:
            assert len(self.states) < _AT_MOST, self.states
            self.states.append(name)
            state = STATES[name]
            if state["Type"] != "Task":
                name = self._pass_through(state)
                continue
            yield f"before {name}"
            following = self._do(name, state)
            yield f"after {name}"
            name = following
            if name is None:
                self.status = "TIMED_OUT"

    def _pass_through(self, state: dict[str, Any]) -> str | None:
        if state["Type"] == "Choice":
            chosen = (rule["Next"] for rule in state["Choices"] if _matches(rule, self.data))
            return str(next(chosen, state["Default"]))
        self.status = {"Succeed": "SUCCEEDED", "Fail": "FAILED"}[state["Type"]]
        self.error = state.get("Error", "")
        return None

    def _do(self, name: str, state: dict[str, Any]) -> str | None:
        """Call the task's function, with its retries; returns the next state's name, None if the time is over."""
        tries: Counter[int] = Counter()
        payload = _filled(state["Parameters"]["Payload.$"], self.data)
        function = function_of(name)
        while True:
            self.attempts[name] += 1
            try:
                answer = _json({"Payload": self.invoke(name, function, _json(payload))})
            except Exception as error:  # noqa: BLE001 - Catch and Retry decide
                failed = error if isinstance(error, TaskFailed) else TaskFailed(type(error).__name__, str(error))
                delay = _delay(state["Retry"], failed.name, tries)
                if delay is None:
                    return self._caught(state, failed)
                if not self._wait(delay):
                    return None
                continue
            if "ResultSelector" in state:
                selected = state["ResultSelector"].items()
                answer = {key.removesuffix(".$"): _filled(path, answer) for key, path in selected}
            self._put(state, answer)
            return str(state["Next"])

    def _wait(self, at_most: float) -> bool:
        """False if the execution may not take that long."""
        delay = self.jitter() * at_most
        self.waited += delay
        self.sleep(delay)
        return bool(self.waited < DEFINITION["TimeoutSeconds"])

    def _caught(self, state: dict[str, Any], failed: TaskFailed) -> str:
        for catcher in state["Catch"]:
            if _names(catcher["ErrorEquals"], failed.name):
                self._put(catcher, {"Error": failed.name, "Cause": failed.cause})
                return str(catcher["Next"])
        raise AssertionError(f"{failed.name} is not caught: the execution would end here")

    def _put(self, state: Mapping[str, Any], result: Any) -> None:
        path = state.get("ResultPath", "$")
        if path == "$":
            self.data = result
        elif path is not None:
            self.data = {**self.data, path.removeprefix("$."): result}


def _delay(retriers: list[dict[str, Any]], error: str, tries: Counter[int]) -> float | None:
    """The longest wait before the next attempt. None if there is none."""
    for n, retrier in enumerate(retriers):
        if _names(retrier["ErrorEquals"], error):
            tries[n] += 1
            return longest_waits(retrier)[tries[n] - 1] if tries[n] <= retrier["MaxAttempts"] else None
    return None


@cache
def _waits(first: float, rate: float, most: float, attempts: int) -> list[float]:
    return [min(first * rate**n, most) for n in range(attempts)]


def longest_waits(retrier: Mapping[str, Any]) -> list[float]:
    """Before each of its attempts, in seconds: with full jitter half of it on average."""
    return _waits(*(retrier[key] for key in ("IntervalSeconds", "BackoffRate", "MaxDelaySeconds", "MaxAttempts")))


def _names(listed: list[str], error: str) -> bool:
    return error in listed or "States.ALL" in listed or ("States.TaskFailed" in listed and error != "States.Timeout")


def _matches(rule: dict[str, Any], data: Any) -> bool:
    if "Or" in rule:
        return any(_matches(part, data) for part in rule["Or"])
    return bool(_filled(rule["Variable"], data) == rule["StringEquals"])


def _filled(path: str, data: Any) -> Any:
    """The value at a path like `$` or `$.Payload.orderId`. Raises KeyError as Step Functions fails at run time."""
    for part in path.split(".")[1:]:
        data = data[part]
    return data


def _json(value: Any) -> Any:
    """As it is after its way over the wire; fails for what is no JSON."""
    return json.loads(json.dumps(value))
