"""The first order on the deployed stack, as a partner sees it: from POST to receipt, mail, SMS, archive and events."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Iterator
from email import message_from_string, policy
from typing import Any

import pytest
import requests
from pypdf import PdfReader

from tests.e2e.shop import Caller, Shop, until

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
ADDRESS = {"street": "123 Main St", "city": "Anytown", "state": "CA", "zipCode": "12345", "country": "USA"}
SIX = ["PENDING", "VALIDATING", "INVENTORY_CHECK", "PAYMENT_PROCESSING", "FULFILLMENT", "COMPLETED"]


def body_for(product: str, quantity: int = 1, price: float = 25.0, **more: Any) -> dict[str, Any]:
    line = {"productId": product, "quantity": quantity, "price": price}
    return {
        "customerId": "customer123",
        "customerEmail": "customer@example.com",
        "items": [line],
        "totalAmount": round(quantity * price, 3),
        "shippingAddress": ADDRESS,
        **more,
    }


def placed(shop: Shop, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    answer = shop.partner("POST", "/orders", body, **headers)
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    return order


def texts_to(shop: Shop, phone_number: str) -> list[str]:
    url = f"{shop.described['endpoint_url']}/_ministack/sns/sms-messages"
    sent = requests.get(url, timeout=30).json()["sms_messages"]
    return [str(sms["Message"]) for sms in sent.get(phone_number, [])]


def mails_about(shop: Shop, order_id: str) -> list[Any]:
    """Whole messages, attachments included."""
    found = requests.get(f"{shop.described['endpoint_url']}/_emulator/mails", timeout=30).json()
    return [message_from_string(mail["mime"], policy=policy.default) for mail in found if order_id in mail["mime"]]


@pytest.fixture(scope="module")
def completed(shop: Shop) -> dict[str, Any]:
    """The contract's example, with a phone number that nobody else has."""
    phone_number = f"+316{uuid.uuid4().int % 10**8:08d}"
    order = placed(shop, body_for(shop.new_product(3), 2, phoneNumber=phone_number, currency="EUR"))
    ended: dict[str, Any] = shop.partner.ended(f"/orders/{order['orderId']}", 10)
    return ended


def test_within_ten_seconds_it_is_completed_by_way_of_six_statuses(completed: dict[str, Any]) -> None:
    assert [row["status"] for row in completed["history"]] == SIX
    assert completed["payment"]["amount"] == 50
    assert completed["items"][0]["name"] == "Test product"  # the catalogue's, as none was sent


def test_its_receipt_is_a_pdf_that_names_order_total_and_shop(shop: Shop, completed: dict[str, Any]) -> None:
    path = f"/orders/{completed['orderId']}/receipt"
    answer = until(lambda: shop.partner("GET", path), lambda seen: seen.ok)

    pdf = requests.get(answer.json()["url"], timeout=30)

    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
    assert {"Expires=900", completed["orderId"], "€50.00", "Orderproc Demo Shop"} == {
        part
        for part in ("Expires=900", completed["orderId"], "€50.00", "Orderproc Demo Shop")
        if part in text or part in answer.json()["url"]
    }


def test_there_is_one_mail_with_the_receipt_attached(shop: Shop, completed: dict[str, Any]) -> None:
    [mail] = until(lambda: mails_about(shop, completed["orderId"]))

    [attached] = list(mail.iter_attachments())
    assert attached.get_filename() == f"receipt-{completed['orderId']}.pdf"
    assert attached.get_content().startswith(b"%PDF")
    assert {part.get_content_type() for part in mail.walk()} >= {"text/plain", "text/html"}


def test_there_are_two_text_messages_in_the_contracts_words(shop: Shop, completed: dict[str, Any]) -> None:
    texts = until(lambda: texts_to(shop, completed["phoneNumber"]), lambda seen: len(seen) == 2)

    created, done = sorted(texts, key=lambda text: "Completed" in text)
    short = f"Order ID: {completed['orderId'][:8]}..."
    assert created.splitlines()[:2] == ["Order Created!", short]
    assert {"Total: €50.00", "Status: Processing"} <= set(created.splitlines())
    assert created.endswith(" UTC")
    assert done.splitlines()[:2] == ["Order Completed!", short]
    assert "Status: Ready for shipping" in done


def test_the_archive_keeps_what_the_api_shows(shop: Shop, completed: dict[str, Any]) -> None:
    day = completed["createdAt"][:10].replace("-", "/")
    key = f"orders/{day}/{completed['orderId']}.json"
    bucket = shop.described["resources"]["documents_bucket"]

    archived = json.loads(shop.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())

    assert archived == completed


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("pm_card_chargeDeclined", "CARD_DECLINED"),
        ("pm_card_chargeDeclinedInsufficientFunds", "INSUFFICIENT_FUNDS"),
        ("pm_sim_unavailable", "PAYMENT_UNAVAILABLE"),
    ],
)
def test_a_payment_that_fails_gives_the_stock_back(shop: Shop, method: str, code: str) -> None:
    product = shop.new_product(3)

    order = placed(shop, body_for(product, 2, paymentMethod=method))

    ended = shop.partner.ended(f"/orders/{order['orderId']}", 40)
    assert (ended["status"], ended["error"]["code"], ended["payment"]) == ("FAILED", code, None)
    assert shop.stock(product) == (3, 0)
    assert len(until(lambda: mails_about(shop, order["orderId"]))) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"quantity": 4}, "OUT_OF_STOCK"),
        ({"price": 24.0}, "PRICE_MISMATCH"),
        ({"product": "NOTHING"}, "PRODUCT_NOT_FOUND"),
    ],
)
def test_what_can_not_be_sold_fails(shop: Shop, change: dict[str, Any], code: str) -> None:
    product = shop.new_product(3)
    order = placed(shop, body_for(**{"product": product, **change}))

    ended = shop.partner.ended(f"/orders/{order['orderId']}")

    assert (ended["status"], ended["error"]["code"]) == ("FAILED", code)
    assert shop.stock(product) == (3, 0)


def test_a_completed_order_can_be_cancelled_until_it_is_shipped(shop: Shop) -> None:
    product = shop.new_product(3)
    order = placed(shop, body_for(product, 2))
    path = f"/orders/{order['orderId']}"
    shop.partner.ended(path)

    cancelled = shop.partner("POST", f"{path}/cancel").json()

    assert (cancelled["status"], cancelled["payment"]["refunded"]) == ("CANCELLED", 50)
    assert shop.stock(product) == (3, 0)
    assert shop.partner("POST", f"{path}/cancel").json()["status"] == "CANCELLED"


def test_another_partner_sees_nothing_of_it(shop: Shop, completed: dict[str, Any]) -> None:
    stranger = Caller(shop, X_API_Key=shop.described["api_key_other"])

    answer = stranger("GET", f"/orders/{completed['orderId']}")

    assert answer.status_code == 404
    missing = stranger("GET", "/orders/there-is-none").json()
    assert {**answer.json(), "requestId": ""} == {**missing, "requestId": ""}


@pytest.fixture
def listener(shop: Shop) -> Iterator[str]:
    """A queue of a subscriber's: what completes comes from the topic, all of it from the bus."""
    sqs, sns, events = shop.client("sqs"), shop.client("sns"), shop.client("events")
    name = f"listener-{uuid.uuid4().hex[:8]}"
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Statement": [allow]})})
    subscription = sns.subscribe(
        TopicArn=shop.described["resources"]["order_topic_arn"],
        Protocol="sqs",
        Endpoint=arn,
        Attributes={
            "RawMessageDelivery": "true",
            "FilterPolicyScope": "MessageBody",
            "FilterPolicy": json.dumps({"eventType": ["OrderCompleted"], "status": ["COMPLETED"]}),
        },
    )["SubscriptionArn"]
    events.put_rule(Name=name, EventPattern=json.dumps({"source": ["orderproc"]}))
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn}])
    yield url
    events.remove_targets(Rule=name, Ids=["1"])
    events.delete_rule(Name=name)
    sns.unsubscribe(SubscriptionArn=subscription)
    sqs.delete_queue(QueueUrl=url)


def test_what_happens_is_on_the_bus_and_on_the_topic(shop: Shop, listener: str) -> None:
    order = placed(shop, body_for(shop.new_product(1)))
    heard: list[tuple[str, str]] = []

    def listen() -> list[tuple[str, str]]:
        found = shop.client("sqs").receive_message(QueueUrl=listener, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in found.get("Messages", []):
            content = json.loads(message["Body"])
            detail = content.get("detail", content)
            if detail["orderId"] == order["orderId"]:
                heard.append(("bus" if "detail" in content else "topic", detail["eventType"]))
        return sorted(set(heard))

    expected = [("bus", f"Order{n}") for n in ("Completed", "Placed")] + [("topic", "OrderCompleted")]
    expected += [("bus", "InventoryReserved"), ("bus", "PaymentCaptured")]
    until(listen, lambda seen: seen == sorted(expected))


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/orders", {}, 403),
        ("/orders", {"X_API_Key": "wrong"}, 403),
        ("/nothing/here", {}, 404),
        ("/cart", {}, 401),
        ("/cart", {"Authorization": "garbage"}, 401),
    ],
)
def test_what_the_gateway_itself_refuses_is_a_problem_too(
    shop: Shop, path: str, headers: dict[str, str], status: int
) -> None:
    answer = shop.call("GET", path, **headers)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "requestId"} <= answer.json().keys()


def test_a_body_that_is_not_utf_8_is_refused(shop: Shop) -> None:
    """The gateway decodes bodies before we are called: what is left of Latin-1 must not be stored."""
    sent = json.dumps(body_for("LAPTOP001", shippingAddress={**ADDRESS, "city": "Köln"}), ensure_ascii=False)
    headers = {"X-API-Key": shop.described["api_key"], "Content-Type": "application/json"}

    answers = [
        requests.post(f"{shop.described['api_url']}/orders", sent.encode(code), headers=headers, timeout=60)
        for code in ("latin-1", "utf-16", "utf-8-sig")
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 201]
    assert [error["field"] for error in answers[0].json()["errors"]] == ["shippingAddress.city"]
    assert answers[2].json()["shippingAddress"]["city"] == "Köln"


def test_staff_alone_change_the_catalogue(shop: Shop) -> None:
    product = shop.new_product(5)
    anybody = shop.signed_in("customer")

    assert anybody("PUT", f"/products/{product}", {"name": "Mine", "price": 1}).status_code == 403
    taken = shop.staff("POST", f"/products/{product}/stock", {"delta": -2, "reason": "broken"})
    assert taken.json() == {"productId": product, "stock": 3}
    assert shop.staff("POST", f"/products/{product}/stock", {"delta": -4, "reason": "lost"}).status_code == 409
    assert shop.call("GET", f"/products/{product}").json()["stock"] == 3


def test_the_api_is_ready_and_describes_itself(shop: Shop) -> None:
    ready = shop.call("GET", "/health").json()
    assert ([part for part, up in ready["checks"].items() if not up], ready["status"]) == ([], "ok")
    assert len(ready["checks"]) == 14
    assert shop.call("GET", "/openapi.json").json()["openapi"] == "3.1.0"
    assert shop.call("GET", "/products?limit=1").json()["nextCursor"]


@pytest.mark.parametrize("path", ["/orders", "/feedback/some-token"])
def test_a_browser_may_ask_first(shop: Shop, path: str) -> None:
    answer = shop.call("OPTIONS", path, Origin="https://shop.test", Access_Control_Request_Method="POST")

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == shop.described["storefront_url"].rstrip("/")
    assert "Idempotency-Key" in answer.headers["Access-Control-Allow-Headers"]
