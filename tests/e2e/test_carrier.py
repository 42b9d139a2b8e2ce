"""Shipments on the deployed stack: staff ship, the carrier reports over HTTP in any order, the customer is mailed."""

from __future__ import annotations

import json
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from tests.e2e.shop import Shop, until
from tests.support.carrier_signing import header

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


class Carrier:
    """DHL, with the secret of stack.json."""

    def __init__(self, shop: Shop) -> None:
        self._url = shop.described["api_url"] + "/webhooks/carrier"
        self.secret = shop.described["carrier_webhook_secret"].encode()

    def says(self, number: str, status: str, ago: int = 0, **more: Any) -> requests.Response:
        at = (datetime.now(UTC) - timedelta(seconds=ago)).isoformat()
        sent = {"eventId": uuid.uuid4().hex, "carrier": "DHL", "trackingNumber": number, "status": status}
        return self.sends(json.dumps({**sent, "occurredAt": at, "depot": "Tilburg – “Süd”", **more}).encode())

    def sends(self, body: bytes, signed: str | None = None) -> requests.Response:
        signature = header(body, int(time.time()), self.secret) if signed is None else signed
        headers = {"Content-Type": "application/json", "X-Carrier-Signature": signature}
        return requests.post(self._url, data=body, headers=headers, timeout=60)


@pytest.fixture(scope="module")
def carrier(shop: Shop) -> Carrier:
    return Carrier(shop)


def ordered(shop: Shop) -> dict[str, Any]:
    """A COMPLETED order of two units."""
    product = shop.new_product(stock=5)
    sent = {
        "customerId": "parcel-customer",
        "customerEmail": "parcels@example.com",
        "items": [{"productId": product, "quantity": 2, "price": 25}],
        "totalAmount": 50,
        "shippingAddress": {"street": "1 Main St", "city": "Anytown", "zipCode": "12345", "country": "NL"},
    }
    placed = shop.partner("POST", "/orders", sent).json()
    done: dict[str, Any] = shop.partner.ended(f"/orders/{placed['orderId']}")
    assert done["status"] == "COMPLETED"
    return done


def ship(shop: Shop, order: dict[str, Any], number: str) -> requests.Response:
    items = [{"productId": order["items"][0]["productId"], "quantity": 1}]
    body = {"carrier": "DHL", "trackingNumber": number, "items": items}
    return shop.staff("POST", f"/admin/orders/{order['orderId']}/ship", body)


def numbers(count: int) -> list[str]:
    return [f"JD{uuid.uuid4().hex[:12].upper()}" for _ in range(count)]


def shipment_mails(shop: Shop, order_id: str) -> list[str]:
    return sorted(subject.partition(":")[0] for subject in shop.mails(order_id) if "package" in subject)


def test_two_shipments_are_followed_whatever_the_order_of_the_reports(shop: Shop, carrier: Carrier) -> None:
    order, (one, other) = ordered(shop), numbers(2)
    for number in (one, other):
        assert ship(shop, order, number).status_code == 200
    until(lambda: shipment_mails(shop, order["orderId"]), lambda mails: mails == ["Your package is on its way"] * 2)

    answers = [
        carrier.says(one, "DELIVERED"),
        carrier.says(one, "SHIPPED", ago=50),
        carrier.says(one, "LOST", ago=20),
        carrier.says(other, "LOST"),
        carrier.says(other, "DELIVERED", ago=30),
    ]

    assert [(a.status_code, a.json().get("status")) for a in answers] == [
        *[(200, "DELIVERED")] * 3,
        *[(200, "LOST")] * 2,
    ]
    seen = shop.partner("GET", f"/orders/{order['orderId']}").json()
    assert [(s["trackingNumber"], s["status"]) for s in seen["shipments"]] == [(one, "DELIVERED"), (other, "LOST")]
    assert seen["shipment"] == seen["shipments"][-1]
    expected = ["Your package has arrived", *["Your package is on its way"] * 2, "Your package was lost"]
    assert until(lambda: shipment_mails(shop, order["orderId"]), lambda mails: len(mails) >= 4) == expected
    for number, status in ((one, "DELIVERED"), (other, "LOST")):
        assert carrier.says(number, status, ago=60).status_code == 200
    time.sleep(2)
    assert shipment_mails(shop, order["orderId"]) == expected


def test_nobody_else_moves_shipments(shop: Shop, carrier: Carrier) -> None:
    order, (number,) = ordered(shop), numbers(1)
    ship(shop, order, number)
    body = json.dumps({"carrier": "DHL", "trackingNumber": number, "status": "LOST", "eventId": "e"}).encode()
    old = header(body, int(time.time()) - 301, carrier.secret)

    answers = [carrier.sends(body, signed) for signed in ("", old, header(body, int(time.time()), b"guessed"))]

    assert [answer.status_code for answer in answers] == [401] * 3
    assert answers[0].headers["Content-Type"] == "application/problem+json"
    assert shop.partner("GET", f"/orders/{order['orderId']}").json()["shipment"]["status"] == "SHIPPED"


def test_one_number_is_one_shipment(shop: Shop) -> None:
    first, second, (number,) = ordered(shop), ordered(shop), numbers(1)

    assert [ship(shop, order, number).status_code for order in (first, second, first)] == [200, 409, 200]


def test_a_rotated_secret_loses_no_report(shop: Shop, carrier: Carrier) -> None:
    order, both = ordered(shop), numbers(2)
    for number in both:
        ship(shop, order, number)
    assert carrier.says(both[0], "SHIPPED").status_code == 200  # the function has read the secret
    arn = shop.described["resources"]["carrier_secret_arn"]
    old, new = carrier.secret, uuid.uuid4().hex.encode()

    shop.client("secretsmanager").put_secret_value(SecretId=arn, SecretString=new.decode())
    try:
        assert carrier.says(both[0], "DELIVERED").status_code == 200
        carrier.secret = new
        until(lambda: carrier.says(both[1], "DELIVERED").status_code, lambda status: status == 200)
    finally:
        shop.client("secretsmanager").put_secret_value(SecretId=arn, SecretString=old.decode())
        carrier.secret = old
