"""Measures every call of a boto3 client by botocore's own events: how long it took, how often the SDK repeated it, and
which tries failed. A few microseconds per call.

https://boto3.amazonaws.com/v1/documentation/api/latest/guide/events.html"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from .wiring import Protocol

if TYPE_CHECKING:
    from botocore.model import OperationModel

THROTTLES = frozenset(
    {  # answers that say that it was not done; a 5xx without such a name may have done it
        "ThrottlingException",
        "Throttling",
        "ThrottledException",
        "TooManyRequestsException",
        "RequestThrottled",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "SlowDown",
        "TransactionConflictException",  # a write outside a transaction that met one: orders being reserved, mostly
        "TransactionInProgressException",
        "KMS.ThrottlingException",
    }
)
_ANSWERS = frozenset(
    {  # refusals that the code asked for: conditions that may fail, things that may not be there
        "ConditionalCheckFailedException",
        "TransactionCanceledException",
        "PreconditionFailed",
        "NoSuchKey",
        "404",
        "ExecutionAlreadyExists",
        "ExecutionDoesNotExist",
    }
)
_NOTE = "orderproc"


class Meter(Protocol):
    """Receives what is measured. `clock` is in seconds."""

    def clock(self) -> float: ...

    def called(self, service: str, operation: str, ms: int, retries: int) -> None:
        """A call came back, or did not, after that many repetitions by the SDK."""

    def call_failed(self, service: str, operation: str, throttled: bool) -> None:
        """One try of a call was throttled, timed out, or refused as it should not be."""


def watch(client: Any, meter: Meter) -> Any:
    """The same client, measured from now on."""
    events, service = client.meta.events, client.meta.service_model.service_name

    def begins(context: dict[str, Any], **_: Any) -> None:
        context[_NOTE] = meter.clock()

    def came_back(model: OperationModel, context: dict[str, Any], **_: Any) -> None:
        _ended(meter, service, model.name, context)

    def never_came_back(context: dict[str, Any], event_name: str, **_: Any) -> None:
        _ended(meter, service, _operation(event_name), context)

    def tried(parsed_response: Any, exception: Any, event_name: str, **_: Any) -> None:
        if exception is not None:
            meter.call_failed(service, _operation(event_name), throttled=False)
        elif (code := _code(parsed_response)) and code not in _ANSWERS:
            meter.call_failed(service, _operation(event_name), throttled=code in THROTTLES)

    events.register("before-call", begins)
    events.register("response-received", tried)
    events.register("after-call", came_back)
    events.register("after-call-error", never_came_back)
    return client


def _ended(meter: Meter, service: str, operation: str, context: dict[str, Any]) -> None:
    began = context.pop(_NOTE, None)
    if began is not None:
        retries = cast(int, context.get("retries", {}).get("attempt", 1)) - 1
        meter.called(service, operation, round((meter.clock() - began) * 1000), retries)


def _code(answer: Any) -> str:
    """Of an error, empty if it is none."""
    return str(answer["Error"].get("Code") or "?") if "Error" in answer else ""


def _operation(event_name: str) -> str:
    """Of `response-received.dynamodb.PutItem`."""
    return event_name.rpartition(".")[2]
