"""Staff of a deployed stack export the orders of today, and open the file."""

from __future__ import annotations

import csv
import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from tests.e2e.shop import Shop, until

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def placed(shop: Shop, note: str) -> str:
    sent = {
        "customerId": f"exported-{uuid.uuid4().hex[:8]}",
        "customerEmail": "exported@example.com",
        "items": [{"productId": shop.new_product(stock=5), "quantity": 2, "price": 25}],
        "note": note,
        "shippingAddress": {"street": "1 Test Street", "city": "Town", "zipCode": "1", "country": "NL"},
    }
    order_id = str(shop.partner("POST", "/orders", sent).json()["orderId"])
    shop.partner.ended(f"/orders/{order_id}", 60)
    return order_id


def exported(shop: Shop, of: str) -> tuple[Any, requests.Response]:
    """The export once it is done, and its file."""
    days = [(datetime.now(UTC) - timedelta(days=n)).date().isoformat() for n in (1, 0)]
    body = {"what": "orders", "from": days[0], "to": days[1], "format": of}
    key = uuid.uuid4().hex
    answers = [shop.staff("POST", "/admin/exports", body, Idempotency_Key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202], answers[0].text
    assert answers[0].json()["exportId"] == answers[1].json()["exportId"]
    path = f"/admin/exports/{answers[0].json()['exportId']}"
    done = until(lambda: shop.staff("GET", path).json(), lambda one: one["status"] == "DONE", 90)
    return done, requests.get(done["url"], timeout=30)


def test_the_orders_of_today_open_in_a_spreadsheet(shop: Shop) -> None:
    order_id = placed(shop, note='=HYPERLINK("https://evil.example")')

    done, file = exported(shop, "csv")

    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in file.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))
    assert len(rows) == done["orders"]
    [row] = [row for row in rows if row["orderId"] == order_id]
    assert (row["status"], row["totalAmount"], row["units"]) == ("COMPLETED", "50.00", "2")
    assert row["note"] == '\'=HYPERLINK("https://evil.example")'
    shown = shop.staff("GET", "/admin/exports?limit=1").json()["exports"][0]
    assert (shown["exportId"], shown["status"]) == (done["exportId"], "DONE")
    audit = shop.staff("GET", "/admin/audit?limit=100").json()["records"]
    assert next(r["outcome"] for r in audit if r["action"] == "export") == {"exportId": done["exportId"]}


def test_the_orders_of_today_are_lines_for_programs(shop: Shop) -> None:
    order_id = placed(shop, note="Ring twice")

    _, file = exported(shop, "jsonl")

    orders = {order["orderId"]: order for order in map(json.loads, file.content.splitlines())}
    seen = shop.staff("GET", f"/admin/orders/{order_id}").json()
    assert {**orders[order_id], "open": None} == {**seen, "open": None}  # its events are published a moment later
