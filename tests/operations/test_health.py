"""Whether the API is ready: each part it needs is asked, and told by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from chalicelib.kit import aws
from chalicelib.operations import health

from tests.support.aws_stub import Answer, Call, Stub, refused
from tests.support.builders.examples import SETTINGS
from tests.support.combinations import each_value

pytestmark = pytest.mark.usefixtures("pauses")

PARTS = {
    "orders": ("dynamodb", "GetItem", "orders"),
    "orders/by-customer": ("dynamodb", "Query", "by-customer"),
    "orders/by-owner": ("dynamodb", "Query", "by-owner"),
    "orders/by-day": ("dynamodb", "Query", "by-day"),
    "products": ("dynamodb", "BatchGetItem", "products"),
    "inventory": ("dynamodb", "BatchGetItem", "inventory"),
    "carts": ("dynamodb", "GetItem", "carts"),
    "payments": ("dynamodb", "GetItem", "payments"),
    "operations": ("dynamodb", "GetItem", "operations"),
    "metrics": ("dynamodb", "Query", "metrics"),
    "queue": ("sqs", "GetQueueAttributes", SETTINGS.order_queue_url),
    "topic": ("sns", "GetTopicAttributes", SETTINGS.topic_arn),
    "stateMachine": ("stepfunctions", "DescribeStateMachine", SETTINGS.state_machine_arn),
    "documents": ("s3", "HeadBucket", "documents"),
}
"""What is asked about each, of which service, and by which name."""


def one_after_the_other(work: Callable[[Any], Any], rows: Iterable[Any]) -> list[Any]:
    return [work(row) for row in rows]


class Cloud:
    """Every service, with its refusals by what is asked and by which name."""

    def __init__(self) -> None:
        self.refusals: dict[tuple[str, str], Exception] = {}
        self.status = "ACTIVE"
        self.stubs: dict[str, Stub] = {}

    def client(self, service: str) -> Any:
        return self.stubs.setdefault(service, Stub(service, self._answer)).client

    @property
    def asked(self) -> list[tuple[str, str, str]]:
        return [(service, call.operation, _name(call)) for service, stub in self.stubs.items() for call in stub.calls]

    def _answer(self, call: Call) -> Answer:
        refusal = self.refusals.get((call.operation, _name(call)))
        machine = {"stateMachineArn": "arn", "name": "m", "definition": "{}", "roleArn": "arn", "type": "STANDARD"}
        found = {**machine, "creationDate": 0, "status": self.status}
        return refusal or (found if call.operation == "DescribeStateMachine" else {})


def _name(call: Call) -> str:
    """Of the part that is asked about."""
    names = ("IndexName", "TableName", "QueueUrl", "TopicArn", "stateMachineArn", "Bucket")
    return next((call.sent[name] for name in names if name in call.sent), "") or next(iter(call.sent["RequestItems"]))


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    made = Cloud()
    monkeypatch.setattr(health, "_last", (float("-inf"), {}))
    monkeypatch.setattr(aws, "client", made.client)
    return made


def test_each_part_is_asked_once(cloud: Cloud) -> None:
    assert health.check(SETTINGS, one_after_the_other) == dict.fromkeys(PARTS, True)
    assert sorted(cloud.asked) == sorted(PARTS.values())


@each_value
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("code", ["ResourceNotFoundException", "AccessDeniedException", "404", "InternalFailure"])
def test_a_part_that_is_gone_is_named(cloud: Cloud, part: str, code: str) -> None:
    cloud.refusals[PARTS[part][1:]] = refused(code)

    assert health.check(SETTINGS, one_after_the_other) == {**dict.fromkeys(PARTS, True), part: False}


def test_a_part_that_does_not_answer_is_down(cloud: Cloud) -> None:
    cloud.refusals[PARTS["topic"][1:]] = EndpointConnectionError(endpoint_url="https://sns.test")

    assert health.check(SETTINGS, one_after_the_other)["topic"] is False


def test_a_state_machine_that_is_being_deleted_is_down(cloud: Cloud) -> None:
    cloud.status = "DELETING"

    assert health.check(SETTINGS, one_after_the_other)["stateMachine"] is False


@pytest.mark.parametrize("code", ["ThrottlingException", "ProvisionedThroughputExceededException"])
def test_a_part_that_is_busy_is_there(cloud: Cloud, code: str) -> None:
    """Under load each instance that reports itself as down leaves the more to the others."""
    cloud.refusals[PARTS["orders"][1:]] = refused(code)

    assert health.check(SETTINGS, one_after_the_other)["orders"] is True


def test_it_looks_every_five_seconds_at_most(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    health.check(SETTINGS, one_after_the_other)
    cloud.refusals[PARTS["topic"][1:]] = refused("ResourceNotFoundException")

    now = 1004.9
    assert health.check(SETTINGS, one_after_the_other)["topic"] is True
    now = 1005.0
    assert health.check(SETTINGS, one_after_the_other)["topic"] is False
    assert len(cloud.asked) == 2 * len(PARTS)
