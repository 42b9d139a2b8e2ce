"""What the deployed functions wrote in all the tests before this one holds no address, number, token or key: each line
of every log group, those that Lambda and Step Functions write themselves among them.

Comes last by its name. Alone it would find little to look at, so it needs the other modules to have run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from tests.e2e.shop import Shop
from tests.support.leaks import leaks

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
LONG = 12
"""Characters from which on a part of a secret is a secret of its own."""


@pytest.fixture(scope="module")
def secrets(shop: Shop) -> set[str]:
    """Partners' keys, users' passwords and tokens, and all that Secrets Manager keeps."""
    described, manager = shop.described, shop.client("secretsmanager")
    found = {described["api_key"], described["api_key_other"]}
    found |= {user["password"] for user in described["users"].values()}
    found |= {token for user in described["users"] for token in _texts(shop.sign_in(user))}
    for secret in manager.list_secrets()["SecretList"]:
        found |= set(_texts(manager.get_secret_value(SecretId=secret["ARN"])["SecretString"]))
    return {secret for secret in found if len(secret) >= LONG}


def _texts(value: Any) -> Iterator[str]:
    """All texts in a value, that may be JSON itself."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value
        with suppress(ValueError):  # a random secret may begin like JSON
            yield from _texts(json.loads(value) if value.startswith(("{", "[")) else None)


@pytest.fixture(scope="module")
def lines(shop: Shop) -> list[tuple[str, str]]:
    """(group, line) of every log group."""
    logs = shop.client("logs")
    groups = [g for page in logs.get_paginator("describe_log_groups").paginate() for g in page["logGroups"]]
    return [
        (group["logGroupName"], event["message"])
        for group in groups
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
        for event in page["events"]
    ]


def test_the_suite_made_the_functions_write(lines: list[tuple[str, str]], secrets: set[str]) -> None:
    text = "\n".join(line for _, line in lines)

    for event in ("order_completed", "order_failed", "customer_notified", "message_failed", "measured"):
        assert event in text, "run the other end-to-end tests before this one"
    assert len(secrets) >= 5


def test_no_line_holds_an_address_a_number_a_token_or_a_key(lines: list[tuple[str, str]], secrets: set[str]) -> None:
    found = [(group, leak) for group, line in lines for leak in leaks(line, secrets)]

    assert not found, "\n".join(
        f"{group}: {leak.what}, {leak.text!r}: {leak.line[:1000]}" for group, leak in found[:20]
    )
