"""A function that is killed at work is called again by what called it: here by the bucket. Steps of the state machine
are killed in test_state_outages.py, consumers of queues on their own ports in tests/reliability."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.interruptions import READING, tapped
from tests.e2e.shop import Shop, until
from tests.e2e.test_orders import body_for, mails_about, placed

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_a_confirmation_is_mailed_though_the_function_was_killed(stack: dict[str, Any]) -> None:
    shop = Shop(stack)
    until(lambda: _waiting(shop, "notifications"), lambda waiting: waiting == 0, seconds=300)

    with tapped(shop, "mail_receipt", READING) as tap:
        order = placed(shop, body_for(shop.new_product(5)))
        tap.kill(shop, "mail_receipt", order["orderId"], 180)
        mails = until(lambda: mails_about(shop, order["orderId"]), seconds=60)

    assert len(mails) == 1


def _waiting(shop: Shop, queue: str) -> int:
    """Messages that other tests left to it: an import's receipts and mails would be killed with this one's."""
    rows = shop.staff("GET", "/admin/queues").json()["queues"]
    return sum(row[state] for row in rows if row["name"] == queue for state in ("messages", "inFlight", "delayed"))
