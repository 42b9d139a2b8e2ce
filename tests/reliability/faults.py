"""What can go wrong at a call of a port, and a way to make it go wrong at exactly one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError
from chalicelib.kit.errors import GatewayTimeout, TemporarilyUnavailable


class Died(BaseException):
    """The process is gone: no `except` of ours may see it, no `finally` of ours may matter."""


class Kind(StrEnum):
    """How a call goes wrong."""

    DIES_BEFORE = "the process dies before it"
    DIES_AFTER = "the process dies after it was done"
    REPLY_LOST = "it is done but its reply is lost, also to the SDK's repetitions"
    REPEATED = "it is done, its reply is lost, and the SDK does it again"
    REFUSED = "it is throttled and not done"


@dataclass(frozen=True)
class Call:
    """One call of a port, not made yet. `do` makes it."""

    port: str
    method: str
    do: Callable[[], Any]
    arguments: tuple[Any, ...] = ()

    def __str__(self) -> str:
        return f"{self.port}.{self.method}"


_OF_MESSAGES = ("sqs", "tries")

Plan = Callable[[Call], Any]
"""Decides what becomes of a call; its answer is the caller's."""


def as_asked(call: Call) -> Any:
    """The plan of a good day."""
    return call.do()


@dataclass
class Fault:
    """A plan: the call of this number (from 1) goes wrong, all others go well.

    With `times` above 1 the count begins anew with each attempt, and so many attempts go wrong at the same place: what
    only messages that come again cost is not counted then."""

    number: int
    kind: Kind
    times: int = 1
    made: int = 0
    hit: list[Call] = field(default_factory=list)
    """The calls that went wrong."""

    def attempt_begins(self) -> None:
        if self.times > 1:
            self.made = 0

    def __call__(self, call: Call) -> Any:
        if self.times > 1 and call.port in _OF_MESSAGES:
            return call.do()
        self.made += 1
        if self.made != self.number or len(self.hit) == self.times:
            return call.do()
        self.hit.append(call)
        return _GO_WRONG[self.kind](call)

    def __str__(self) -> str:
        return f"at call {self.number} ({', '.join(map(str, self.hit))}), {self.times}×: {self.kind}"


def _die_before(call: Call) -> Any:
    raise Died(str(call))


def _die_after(call: Call) -> Any:
    call.do()
    raise Died(str(call))


def _lose_the_reply(call: Call) -> Any:
    call.do()
    raise _NO_ANSWER.get(call.port, ReadTimeoutError(endpoint_url="https://aws.test"))


def _repeat(call: Call) -> Any:
    first = call.do()
    return first if _known_to_be_the_same(call) else call.do()


def _refuse(call: Call) -> Any:
    raise _REFUSAL.get(call.port, _throttled(call))


def _known_to_be_the_same(call: Call) -> bool:
    """Transactions carry the SDK's token and claims their own, so that their repetition is answered as the first was;
    mail and SMS are never repeated."""
    return call.port in ("claims", "mailer", "texter") or call.method in ("reserve", "commit", "release", "restock")


def _throttled(call: Call) -> ClientError:
    answer: Any = {"Error": {"Code": "ThrottlingException"}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    return ClientError(answer, call.method)


_GO_WRONG: dict[Kind, Plan] = {
    Kind.DIES_BEFORE: _die_before,
    Kind.DIES_AFTER: _die_after,
    Kind.REPLY_LOST: _lose_the_reply,
    Kind.REPEATED: _repeat,
    Kind.REFUSED: _refuse,
}

# What the ports promise to raise (each area's ports.py); the others let the SDK's own errors through.
_NO_ANSWER = {
    "gateway": GatewayTimeout("no answer"),
    "hand_over": TemporarilyUnavailable("no answer"),
    "events": TemporarilyUnavailable("no answer"),
}
_REFUSAL = {port: TemporarilyUnavailable("not now") for port in ("hand_over", "events", "mailer", "texter")}


class Tapped:
    """A port whose every call goes through a plan."""

    def __init__(self, name: str, port: Any, plan: Plan) -> None:
        self._name, self._port, self._plan = name, port, plan

    def __getattr__(self, method: str) -> Any:
        do = getattr(self._port, method)
        return lambda *args, **named: self._plan(Call(self._name, method, lambda: do(*args, **named), args))
