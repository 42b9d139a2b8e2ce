"""What `/checkout` asks for, of one customer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from chalicelib.orders.commands import PlaceOrder

from tests.support.builders.examples import command

ANNE = "anne"


def of_the_cart(**changes: Any) -> PlaceOrder:
    """What `/checkout` makes of a request: lines, currency and total are the cart's."""
    nothing = {"lines": (), "currency": "", "total_amount": Decimal(0), "fingerprint": b"one"}
    driver = {"workflow": "stepfunctions", "fulfilment": "manual", "from_cart": True}
    return command(**{"owner": "c-anne", "customer_id": ANNE, **nothing, **driver, **changes})
