"""Two stages are compared by what they are, not by what they are called or when they were made."""

from typing import Any

import pytest

from infra.comparison import emulator
from infra.comparison.__main__ import Difference, differences
from infra.comparison.plain import plain, renamed

A = {"orderproc-tf": "stage", "tf": "stage", "abc123abc123": "deployment", "us-east-1_Xy": "UserPoolId"}
B = {"orderproc-cf": "stage", "cf": "stage", "def456def456": "deployment", "us-east-1_Zz": "UserPoolId"}


def test_names_ids_and_times_are_no_difference() -> None:
    def queue(stage: str, pool: str, deployment: str) -> dict[str, Any]:
        return {
            "QueueArn": f"arn:aws:sqs:us-east-1:1:orderproc-{stage}-orders",
            "CreatedTimestamp": stage,
            "Policy": f'{{"Statement": [{{"Sid": "{stage}", "Resource": "orderproc-{stage}-orders"}}]}}',
            "Pool": f"userpool/{pool}",
            "tags": [
                {"Key": "orderproc:stage", "Value": stage},
                {"Key": "orderproc:deployment", "Value": deployment},
                {"Key": "aws:cloudformation:stack-name", "Value": f"orderproc-{stage}"},
            ],
        }

    left = plain(queue("tf", "us-east-1_Xy", "abc123abc123"), A)

    assert left == plain(queue("cf", "us-east-1_Zz", "def456def456"), B)
    assert left["Policy.Statement[0].Resource"] == "<stage>-orders"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 2.0, "b": True}, {"a": "2", "b": "true"}),
        ({"a": [], "b": {}, "c": None, "d": ""}, {}),
        ({"a": [{"x": 1}, {"y": 2}]}, {"a": [{"y": 2}, {"x": 1}]}),
        ({"a": '{"x": 1}'}, {"a": {"x": 1}}),
        (
            {"a": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orderproc-tf-links-a1B2c3"},
            {"a": "orderproc-tf-links"},
        ),
    ],
)
def test_what_is_spelt_otherwise_is_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert plain(one, A) == plain(other, A)


@pytest.mark.parametrize(
    ("one", "other"),
    [({"a": 1}, {"a": 2}), ({"a": 1}, {}), ({"a": [1, 1]}, {"a": [1]}), ({"a": False}, {})],
)
def test_what_differs_is_seen(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert plain(one, A) != plain(other, A)


def test_a_stages_bare_name_is_only_replaced_alone() -> None:
    assert renamed("tf", A) == "<stage>"
    assert renamed("platform", {"tf": "stage"}) == "platform"


def test_differences_name_resource_property_and_both_values() -> None:
    left = {("queue", "orders"): {"delay": "0", "size": "1"}, ("rule", "created"): {}}
    right = {("queue", "orders"): {"delay": "5", "size": "1"}}

    assert list(differences(left, right)) == [
        Difference("queue", "orders", "delay", "0", "5"),
        Difference("rule", "created", "", "there", None),
    ]
    assert list(differences(left, left)) == []


def test_only_what_is_listed_may_differ_on_an_emulator() -> None:
    assert emulator.reason("table", "expiry.AttributeName").startswith("MiniStack")
    assert emulator.reason("table", "KeySchema[0].AttributeName") == ""
    assert emulator.reason("unheard of", "expiry") == ""
    assert ("group", "Precedence") in emulator.patterns()
