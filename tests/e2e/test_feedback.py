"""From the mail to what staff see: the link in a confirmation, the page, the form, once."""

from __future__ import annotations

import email
import re
from email import policy
from html import unescape
from typing import Any

import pytest
import requests

from tests.e2e.shop import Shop, until

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def completed(shop: Shop) -> str:
    product = shop.new_product(stock=5)
    sent = {
        "customerId": "judge",
        "customerEmail": "judge@example.com",
        "items": [{"productId": product, "quantity": 1, "price": 25}],
        "totalAmount": 25,
        "shippingAddress": {"street": "1 Main St", "city": "Anytown", "zipCode": "12345", "country": "NL"},
    }
    order_id = str(shop.partner("POST", "/orders", sent).json()["orderId"])
    assert shop.partner.ended(f"/orders/{order_id}")["status"] == "COMPLETED"
    return order_id


def mails(shop: Shop, order_id: str) -> list[Any]:
    """Those about the order, as they were sent."""
    number = shop.partner("GET", f"/orders/{order_id}").json()["orderNumber"]
    sent = requests.get(f"{shop.described['endpoint_url']}/_emulator/mails", timeout=30).json()
    found = [email.message_from_string(mail["mime"], policy=policy.default) for mail in sent]
    return [mail for mail in found if number in mail["Subject"]]


def links(mail: Any) -> tuple[str, list[str]]:
    """The one in the text, and those in the HTML."""
    parts = [part for part in mail.walk() if not part.is_multipart()]
    [in_text] = re.findall(r"\S+/feedback/\S+", parts[0].get_content())
    return in_text, [unescape(found) for found in re.findall(r'href="([^"]+/feedback/[^"]+)"', parts[1].get_content())]


def test_the_mail_leads_to_the_page_and_the_page_to_the_staff(shop: Shop) -> None:
    order_id = completed(shop)
    [mail] = until(lambda: mails(shop, order_id))
    link, stars = links(mail)
    assert link.startswith(shop.described["api_url"] + "/feedback/")
    assert stars == [f"{link}?score={n}" for n in range(1, 6)]

    page = requests.get(stars[3], headers=BROWSER, timeout=60)
    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert re.findall(r'value="(\d)" required checked', page.text) == ["4"]
    assert "Test product" in page.text
    assert "judge@example.com" not in page.text

    typed = {"score": "4", "comment": "Schön & schnell:\r\n名前 🎉 100%"}
    thanks = requests.post(link, data=typed, headers=BROWSER, timeout=60)
    assert (thanks.status_code, "Thank you!" in thanks.text) == (201, True)

    seen = shop.staff("GET", f"/admin/orders/{order_id}").json()["feedback"]
    assert (seen["score"], seen["comment"]) == (4, "Schön & schnell:\n名前 🎉 100%")
    assert set(seen) == {"score", "comment", "at"}
    again = requests.post(link, data={"score": "1", "comment": ""}, headers=BROWSER, timeout=60)
    assert (again.status_code, "You have already given feedback" in again.text) == (409, True)
    assert "You have already given feedback" in requests.get(link, headers=BROWSER, timeout=60).text
    assert shop.partner("POST", f"/orders/{order_id}/feedback", {"score": 5}).status_code == 409


def test_the_mail_about_the_last_shipment_asks_as_well(shop: Shop) -> None:
    order_id = completed(shop)
    body = {"carrier": "PostNL", "trackingNumber": f"3S{order_id[:12].upper()}"}
    assert shop.staff("POST", f"/admin/orders/{order_id}/ship", body).ok
    assert shop.staff("POST", f"/admin/orders/{order_id}/deliver", {}).ok

    def arrived() -> list[Any]:
        return [mail for mail in mails(shop, order_id) if "arrived" in mail["Subject"]]

    [mail] = until(arrived)
    link, _ = links(mail)
    assert requests.post(link, json={"score": 5}, timeout=60).status_code == 201
    onway = next(mail for mail in mails(shop, order_id) if "on its way" in mail["Subject"])
    assert "/feedback/" not in onway.as_string()
