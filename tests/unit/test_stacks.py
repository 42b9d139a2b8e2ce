"""Stacks of CloudFormation: there or not there, and never taken for gone because a question was refused."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from infra.deploy import stacks
from tests.adapters.stub import Stub, refused


def answer(code: str, message: str) -> ClientError:
    return refused(code, Error={"Code": code, "Message": message})


def test_a_stack_that_does_not_exist_is_none() -> None:
    cloud = Stub("cloudformation")
    cloud.answers(answer("ValidationError", "Stack with id orderproc-prod does not exist"))

    assert stacks.describe(cloud.client, "orderproc-prod") is None


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDenied", "User is not authorized to perform cloudformation:DescribeStacks"),
        ("ValidationError", "1 validation error detected: Value 'a b' at 'stackName' failed to satisfy constraint"),
        ("Throttling", "Rate exceeded"),
    ],
)
def test_a_question_that_was_refused_is_no_answer(code: str, message: str) -> None:
    cloud = Stub("cloudformation")
    cloud.answers(answer(code, message))

    with pytest.raises(ClientError, match=code):
        stacks.describe(cloud.client, "orderproc-prod")
