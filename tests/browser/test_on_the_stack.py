"""What only the deployed stack shows: pages, CloudFront's headers, API Gateway, Cognito, functions and queues together.

Few and long; what fakes show as well is in test_in_memory.py."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.journeys import travel

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_customers_and_guests_on_the_deployed_stack(stack: dict[str, Any]) -> None:
    customer = stack["users"]["customer"]
    travel(
        *("customer", "guest", "stack"),
        parallel=2,
        SHOP_URL=stack["storefront_url"],
        SHOP_CUSTOMER=customer["username"],
        SHOP_PASSWORD=customer["password"],
    )


def test_staff_on_the_deployed_stack(stack: dict[str, Any]) -> None:
    customer, admin = stack["users"]["customer"], stack["users"]["admin"]
    travel(
        "backoffice-stack",
        SHOP_URL=stack["storefront_url"],
        SHOP_CUSTOMER=customer["username"],
        SHOP_PASSWORD=customer["password"],
        SHOP_STAFF=admin["username"],
        SHOP_STAFF_PASSWORD=admin["password"],
    )
