"""The hour's trigger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from chalice.test import Client
from chalicelib.kit.errors import TemporarilyUnavailable

from tests.support.api.gateway import recorded
from tests.support.fakes.adapters import FakeAdapters


def test_each_hour_the_gauges_are_written(client: Client, adapters: FakeAdapters) -> None:
    adapters.carts.put("anne", "MOUSE001", 2, "EUR")
    adapters.clock.advance(86400)

    client.lambda_.invoke("hourly_metrics", recorded("schedule"))

    low, left = adapters.gauges.hours["2026-11-22T14"]
    assert (low.products, left.carts, left.value) == (("LAPTOP001",), 1, {"EUR": 40})


def test_what_goes_wrong_is_lambdas_to_repeat(client: Client, adapters: FakeAdapters) -> None:
    def down(most: int) -> Any:
        raise TemporarilyUnavailable("throttled")

    adapters.catalogue.low_stock = down

    with pytest.raises(TemporarilyUnavailable):
        client.lambda_.invoke("hourly_metrics", recorded("schedule"))
    assert adapters.gauges.hours == {}


def test_the_line_it_logs_names_no_customer(
    client: Client, adapters: FakeAdapters, lines: Callable[[], list[Any]]
) -> None:
    adapters.carts.put("anne", "MOUSE001", 2, "EUR")
    adapters.clock.advance(86400)

    client.lambda_.invoke("hourly_metrics", recorded("schedule"))

    [line] = lines()
    assert (line["message"], line["hour"], line["lowStock"], line["cartsAbandoned"]) == (
        *("hourly_metrics", "2026-11-22T14"),
        *(1, 1),
    )
    assert "anne" not in repr(line)
