"""A boto3 client whose calls end in a test instead of AWS. What is sent, and what a test answers, must be what the
service's own model allows; a call that no test expected fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import boto3
from botocore.exceptions import ClientError
from botocore.validate import validate_parameters

_session = boto3.Session("test", "test", region_name="us-east-1")

Answer = dict[str, Any] | Exception


class Call(NamedTuple):
    """As the adapter made it."""

    operation: str
    sent: dict[str, Any]


class Stub:
    """`client` is what adapters are given. Calls are answered in turn, then by `otherwise` if there is one."""

    def __init__(self, service: str = "dynamodb", otherwise: Callable[[Call], Answer] | None = None) -> None:
        self.client: Any = _session.client(service)  # type: ignore[call-overload]
        self.calls: list[Call] = []
        self.otherwise = otherwise
        self._answers: list[Answer] = []
        self.client._make_api_call = self._called

    def answers(self, *answers: Answer) -> None:
        """To the next calls."""
        self._answers += answers

    @property
    def operations(self) -> list[str]:
        return [call.operation for call in self.calls]

    @property
    def sent(self) -> list[dict[str, Any]]:
        return [call.sent for call in self.calls]

    def _called(self, operation: str, sent: dict[str, Any]) -> dict[str, Any]:
        model = self.client.meta.service_model.operation_model(operation)
        validate_parameters(sent, model.input_shape)
        call = Call(operation, sent)
        self.calls.append(call)
        assert self._answers or self.otherwise, f"nobody expected {call}"
        answer = self._answers.pop(0) if self._answers else self.otherwise(call)  # type: ignore[misc]
        if isinstance(answer, Exception):
            raise answer
        if model.output_shape:
            validate_parameters({name: value for name, value in answer.items() if name != "Body"}, model.output_shape)
        return answer


def refused(code: str, status: int = 400, **more: Any) -> ClientError:
    """As AWS refuses a call."""
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}, **more}
    return ClientError(answer, "AnyOperation")


def cancelled(*reasons: str) -> ClientError:
    """A transaction that DynamoDB did not do, with its reason for each item."""
    return refused("TransactionCanceledException", CancellationReasons=[{"Code": reason} for reason in reasons])
