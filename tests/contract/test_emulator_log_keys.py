"""A log group's key, as Terraform changes it when a stage's own is switched on or off."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract import engines

GROUP, KEY = "/aws/lambda/encrypted", "arn:aws:kms:us-east-1:000000000000:key/one"


@pytest.fixture
def logs(ministack: str) -> Any:
    return engines.client("logs", ministack)


def key_of(logs: Any) -> str | None:
    [group] = logs.describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"]
    found: str | None = group.get("kmsKeyId")
    return found


def test_a_key_is_taken_away_and_given_back(logs: Any) -> None:
    logs.create_log_group(logGroupName=GROUP, kmsKeyId=KEY)

    logs.disassociate_kms_key(logGroupName=GROUP)
    without = key_of(logs)
    logs.associate_kms_key(logGroupName=GROUP, kmsKeyId=KEY)

    assert (without, key_of(logs)) == (None, KEY)


def test_a_group_that_is_not_there_or_not_named_is_refused(logs: Any) -> None:
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.disassociate_kms_key(logGroupName="/none")
    with pytest.raises(logs.exceptions.InvalidParameterException):
        logs.disassociate_kms_key(resourceIdentifier=f"arn:aws:logs:us-east-1:000000000000:log-group:{GROUP}")
