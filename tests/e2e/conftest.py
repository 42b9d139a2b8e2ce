"""The end-to-end tests' own fixtures; the stack they run on is in tests/support/stack.py."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.e2e.interrupted_orders import InterruptedOrders
from tests.e2e.shop import Shop

# Thousands of orders behind a stopped consumer, and killed processes: many minutes, so on demand.
collect_ignore = [] if "ORDERPROC_OVERLOAD_ORDERS" in os.environ else ["test_overload.py"]


@pytest.fixture(scope="session", autouse=True)
def _short_minutes(short_minutes: None) -> None:
    """For all stacks that are started here."""


@pytest.fixture(scope="module")
def shop(stack: dict[str, Any]) -> Shop:
    return Shop(stack)


@pytest.fixture(scope="module")
def interrupted(shop: Shop) -> InterruptedOrders:
    return InterruptedOrders(shop)
