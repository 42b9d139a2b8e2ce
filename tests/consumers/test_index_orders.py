"""The orders table's stream, as the search's index takes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from chalice.test import Client

from tests.support.api.gateway import recorded
from tests.support.fakes.adapters import FakeAdapters


@pytest.fixture
def event() -> Any:
    return recorded("dynamodb_stream")


def test_a_batch_of_the_stream_is_indexed(client: Client, adapters: FakeAdapters, event: Any) -> None:
    key = event["Records"][0]["dynamodb"]["Keys"]["orderId"]["S"]

    client.lambda_.invoke("index_orders", event)

    [(created_at, order_id)] = adapters.order_index.few(key[:8], 10) or []
    assert (created_at[:10], order_id) == ("2026-11-21", key)
    assert len(adapters.order_index.lists) == 1


def test_a_record_that_cannot_be_read_is_named_without_what_stood_in_it(
    client: Client, adapters: FakeAdapters, event: Any, lines: Callable[[], list[Any]]
) -> None:
    for record in event["Records"]:
        del record["dynamodb"]["NewImage"]["history"]

    client.lambda_.invoke("index_orders", event)

    assert adapters.order_index.entries == set()
    named = {line["orderId"] for line in lines() if line["message"] == "order_not_indexed"}
    assert named == {event["Records"][0]["dynamodb"]["Keys"]["orderId"]["S"]}
    assert "customer@example.com" not in str(lines())
