"""What is measured of calls of AWS, by real clients of boto3 whose answers are played below them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectTimeoutError
from chalicelib.kit import aws, sdk_calls


class Heard:
    """A meter that writes down what it is told, on a clock that goes on by 10 ms with each look at it."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int, int]] = []
        self.failures: list[tuple[str, bool]] = []
        self._now = 0.0

    def clock(self) -> float:
        self._now += 0.01
        return self._now

    def called(self, service: str, operation: str, ms: int, retries: int) -> None:
        self.calls.append((f"{service}.{operation}", ms, retries))

    def call_failed(self, service: str, operation: str, throttled: bool) -> None:
        self.failures.append((f"{service}.{operation}", throttled))


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        yield self._content


def answered(status: int, body: dict[str, Any]) -> Callable[[Any], AWSResponse]:
    return lambda request: AWSResponse(request.url, status, {}, _Body(json.dumps(body).encode()))


def refused(code: str, status: int = 400) -> Callable[[Any], AWSResponse]:
    return answered(status, {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "no"})


def timed_out(request: Any) -> AWSResponse:
    raise ConnectTimeoutError(endpoint_url=request.url)


FINE = answered(200, {"Item": {}})


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def get(heard: Heard) -> Callable[..., None]:
    """Call GetItem; each try is answered by the next of the answers."""

    def call(*answers: Callable[[Any], AWSResponse]) -> None:
        session = boto3.Session("test", "test", region_name="us-east-1")
        client = session.client("dynamodb", config=Config(retries={"mode": "standard", "total_max_attempts": 3}))
        left = iter(answers)
        client.meta.events.register("before-send", lambda request, **_: next(left)(request))
        sdk_calls.watch(client, heard)
        client.get_item(TableName="t", Key={"k": {"S": "1"}})

    return call


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _seconds: None)


def test_a_call_is_measured_once(heard: Heard, get: Callable[..., None]) -> None:
    get(FINE)

    assert (heard.calls, heard.failures) == ([("dynamodb.GetItem", 10, 0)], [])


def test_what_the_sdk_repeats_is_one_call_with_its_failures(heard: Heard, get: Callable[..., None]) -> None:
    get(refused("ProvisionedThroughputExceededException"), refused("InternalServerError", 500), FINE)

    assert heard.calls == [("dynamodb.GetItem", 10, 2)]
    assert heard.failures == [("dynamodb.GetItem", True), ("dynamodb.GetItem", False)]


def test_a_call_that_never_comes_back_is_measured_all_the_same(heard: Heard, get: Callable[..., None]) -> None:
    with pytest.raises(ConnectTimeoutError):
        get(timed_out, timed_out, timed_out)

    assert heard.calls == [("dynamodb.GetItem", 10, 2)]
    assert heard.failures == [("dynamodb.GetItem", False)] * 3


@pytest.mark.parametrize("code", ["ConditionalCheckFailedException", "TransactionCanceledException"])
def test_a_condition_that_does_not_hold_is_an_answer(heard: Heard, get: Callable[..., None], code: str) -> None:
    with pytest.raises(ClientError):
        get(refused(code))

    assert (len(heard.calls), heard.failures) == (1, [])


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException", "ResourceNotFoundException"])
def test_a_refusal_that_nobody_asked_for_is_a_failure(heard: Heard, get: Callable[..., None], code: str) -> None:
    with pytest.raises(ClientError):
        get(refused(code))

    assert heard.failures == [("dynamodb.GetItem", False)]


def test_the_apps_own_clients_are_measured(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setattr(aws, "_meters", [])
    aws.measure_with(heard)
    client = aws.client.__wrapped__("sqs")
    client.meta.events.register("before-send", lambda request, **_: answered(200, {})(request))

    client.send_message(QueueUrl="https://sqs.us-east-1.amazonaws.com/000000000000/q", MessageBody="{}")

    assert [name for name, _, _ in heard.calls] == ["sqs.SendMessage"]
