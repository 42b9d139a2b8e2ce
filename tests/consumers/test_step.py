"""What a step of the state machine raises: the names that the machine's Retry and Catch are written for."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError
from chalicelib.consumers import state_machine as step
from chalicelib.kit.errors import GatewayTimeout, OrderUnsuccessful, Rejected

from tests.support.state_machine import STATES, longest_waits

URL = "https://dynamodb.test"
THE_HOUR = 3600


def refusal(code: str, status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "PutItem")


def raised(error: Exception) -> str:
    """The name that Step Functions sees."""

    def act(_: str) -> step.StepResult:
        raise error

    with pytest.raises(Exception) as caught:  # noqa: PT011 - its class is the answer
        step.run({"orderId": "abc"}, act)
    return caught.type.__name__


def longest(name: str) -> float:
    """How long the machine waits for it, at most."""
    found = [r for r in STATES["ReserveInventory"]["Retry"] if name in r["ErrorEquals"]]
    return sum(longest_waits(found[0])) if found else 0


@pytest.mark.parametrize(
    "error",
    [
        refusal("ThrottlingException"),
        refusal("ProvisionedThroughputExceededException"),
        refusal("InternalServerError", 500),
        ReadTimeoutError(endpoint_url=URL),
        ConnectTimeoutError(endpoint_url=URL),
    ],
    ids=repr,
)
def test_what_passes_by_itself_is_waited_for_by_many_minutes(error: Exception) -> None:
    assert 900 < longest(raised(error)) < THE_HOUR


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException", "KMS.DisabledException"])
def test_what_an_operator_must_repair_is_waited_for_for_longer_than_an_execution_may_take(code: str) -> None:
    assert longest(raised(refusal(code))) > THE_HOUR


@pytest.mark.parametrize(
    "error",
    [Rejected("OUT_OF_STOCK", "no"), OrderUnsuccessful("cancelled"), KeyError("a bug"), refusal("ValidationException")],
)
def test_what_no_repetition_changes_keeps_its_name_and_is_not_tried_again(error: Exception) -> None:
    assert raised(error) == type(error).__name__
    assert longest(raised(error)) == 0


def test_a_payment_provider_that_does_not_answer_keeps_its_name() -> None:
    assert raised(GatewayTimeout("silent")) == "GatewayTimeout"
