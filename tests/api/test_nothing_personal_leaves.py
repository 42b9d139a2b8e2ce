"""Every way in, and all that goes out: only the customer and the owner are told whom an order is for."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from chalice.test import Client
from chalicelib.bootstrap import Services
from chalicelib.kit.jsonio import dumps
from chalicelib.kit.observability import log

from tests.support.api import gateway
from tests.support.api.gateway import Gateway, s3_event, sqs_event
from tests.support.api.shop import Shop
from tests.support.builders.examples import body
from tests.support.carrier_signing import header, seconds
from tests.support.fakes.adapters import FakeAdapters
from tests.support.imported_files import Importer, line, orders_file

EMAIL, PHONE = "petra.geheim@private.example", "+31687654321"
ADDRESS = {
    "street": "Geheimstraat 77",
    "city": "Verborgen",
    "state": "Noord-Holland",
    "zipCode": "9876 ZX",
    "country": "NL",
    "name": "Petra Geheim",
    "company": "Geheim BV",
    "street2": "Verborgen hoek",
}
MORE = {
    "billingAddress": ADDRESS,
    "reference": "Petra Geheim",
    "note": f"For Petra, {PHONE}",
    "metadata": {"petra": "Petra Geheim"},
}
TELLTALES = [
    *("petra", "Petra", "geheim", "Geheim", "private.example", "87654321", "687654321", "8765 4321"),
    *("Verborgen", "Noord-Holland", "9876 ZX", "4111111111111111", "NL91ABNA0417164300"),
]
IDS = [EMAIL, EMAIL.title(), PHONE, "0687654321", "Petra Geheim", "petra-geheim", "NL91ABNA0417164300"]
"""What callers use as a customer's id."""
SENT = {"customerEmail": EMAIL, "phoneNumber": PHONE, "shippingAddress": ADDRESS, **MORE}
FLAT = {
    "Product": "MOUSE001",
    "Quantity": 1,
    "Price": 20,
    "CustomerEmail": EMAIL,
    "PhoneNumber": PHONE,
    "ShippingAddress": {name[0].upper() + name[1:]: value for name, value in ADDRESS.items()},
    **{name[0].upper() + name[1:]: value for name, value in MORE.items()},
}


@pytest.fixture
def shop(api: Gateway, client: Client, adapters: FakeAdapters, monkeypatch: pytest.MonkeyPatch) -> Shop:
    logged = io.StringIO()
    for handler in log._logger._logger.handlers:
        monkeypatch.setattr(handler, "stream", logged)
    return Shop(api, client, adapters, logged)


@pytest.fixture
def customer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The token of one whose claims say it all."""
    recorded = gateway.recorded

    def told(name: str) -> Any:
        claims = {"email": EMAIL, "phone_number": PHONE, "name": "Petra Geheim", "phone_number_verified": "true"}
        return {**recorded(name), **(claims if name == "cognito_claims" else {})}

    monkeypatch.setattr(gateway, "recorded", told)


def nothing_told(shop: Shop, *more: str) -> None:
    out = shop.went_out
    assert [telltale for telltale in (*TELLTALES, *more) if telltale in out] == []


def seen(answer: Any) -> Any:
    """The body of an answer that must be a success."""
    assert answer.status in (200, 201, 202), answer.text
    return answer.json


@pytest.mark.parametrize("customer_id", IDS)
def test_an_order_of_a_partner(shop: Shop, customer_id: str) -> None:
    placed = seen(shop.api.post("/orders", body(**SENT, customerId=customer_id)))
    shop.process_batch()

    assert {event["eventType"] for event in shop.events} >= {"OrderPlaced", "PaymentCaptured", "OrderCompleted"}
    nothing_told(shop)
    assert placed["customerId"] == customer_id  # the owner sees what was sent


def test_a_partner_finds_the_orders_by_the_id_that_was_sent(shop: Shop) -> None:
    placed = seen(shop.api.post("/orders", body(**SENT, customerId=EMAIL)))

    [listed] = seen(shop.api.get(f"/orders?customerId={EMAIL}"))["orders"]
    assert (listed["orderId"], listed["customerId"]) == (placed["orderId"], EMAIL)


def test_all_events_of_a_customer_have_one_id(shop: Shop) -> None:
    for address in (EMAIL, EMAIL.title()):
        seen(shop.api.post("/orders", body(**SENT, customerId=address)))
        placed = {"productId": "LAPTOP001", "quantity": 1, "customerEmail": address}
        seen(shop.api.post("/place-order", placed))
    shop.process_batch()

    assert {event["workflow"] for event in shop.events} == {"queue", "stepfunctions"}
    assert len({event["customerId"] for event in shop.events}) == 1


@pytest.mark.parametrize("method", ["pm_card_visa", "pm_card_chargeDeclined"])
def test_place_order(shop: Shop, method: str) -> None:
    sent = {"productId": "LAPTOP001", "quantity": 1, **SENT}
    placed = seen(shop.api.post("/place-order", {**sent, "paymentMethod": method}))
    shop.process_batch()

    ended = {"pm_card_visa": "OrderCompleted"}.get(method, "OrderFailed")
    assert shop.states
    assert ended in {event["eventType"] for event in shop.events}
    assert seen(shop.api.get(f"/orders/{placed['orderId']}"))["customerId"] == EMAIL
    nothing_told(shop)


@pytest.mark.usefixtures("customer")
def test_checkout_and_what_staff_and_carriers_do_with_it(shop: Shop) -> None:
    seen(shop.api.put("/cart/items/MOUSE001", {"quantity": 2}, groups=""))
    order_id = seen(shop.api.post("/checkout", {"shippingAddress": ADDRESS, **MORE}, groups=""))["orderId"]
    shop.process_batch()
    shipment = {"carrier": "PostNL", "trackingNumber": "JD1"}  # whose page is given the postal code, but not in events
    seen(shop.api.post(f"/admin/orders/{order_id}/ship", shipment, groups="admin"))
    report = dumps(
        {
            **shipment,
            "eventId": EMAIL,
            "status": "DELIVERED",
            "occurredAt": "2026-11-21T14:00:00Z",
            "recipient": "Petra Geheim",
        }
    )
    signed = {"X-Carrier-Signature": header(report.encode(), seconds(shop.adapters.clock))}
    seen(shop.api.call("POST", "/webhooks/carrier", report, key=None, headers=signed))
    feedback = {"score": 1, "comment": f"Call Petra Geheim, {PHONE}"}
    seen(shop.api.post(f"/me/orders/{order_id}/feedback", feedback, groups=""))
    question = {"query": f"I am Petra Geheim, {PHONE}, where is {order_id}?"}
    seen(shop.api.post("/me/chatbot", question, groups=""))
    shop.process_batch()

    assert {"OrderShipped", "ShipmentDelivered"} <= {event["eventType"] for event in shop.events}
    nothing_told(shop)


def test_orders_that_are_cancelled(shop: Shop) -> None:
    for path, more in (("/orders/{}/cancel", {}), ("/admin/orders/{}/cancel", {"groups": "admin"})):
        order_id = seen(shop.api.post("/orders", body(**SENT, customerId=EMAIL)))["orderId"]
        seen(shop.api.post(path.format(order_id), **more))
    shop.process_batch()

    assert len({event["orderId"] for event in shop.events if event["eventType"] == "OrderCancelled"}) == 2
    nothing_told(shop)


@pytest.mark.parametrize("customer_id", IDS)
def test_an_order_from_the_bus(shop: Shop, customer_id: str) -> None:
    shop.announce({**body(**SENT, customerId=customer_id), "orderId": "shop-1"})
    shop.announce({**FLAT, "OrderId": "shop-2", "CustomerId": customer_id})
    shop.process_batch()

    completed = [event["orderId"] for event in shop.events if event["eventType"] == "OrderCompleted"]
    assert sorted(completed) == ["shop-1", "shop-2"]
    nothing_told(shop)


@pytest.mark.parametrize("product", [EMAIL, PHONE])
def test_an_order_from_the_bus_that_names_a_person_for_a_product(shop: Shop, product: str) -> None:
    shop.announce({**FLAT, "OrderId": "shop-2", "Product": product})

    assert {event["eventType"] for event in shop.events} == {"OrderPlaced", "OrderFailed"}
    nothing_told(shop)


@pytest.mark.parametrize(
    "detail",
    [
        {**body(**SENT, customerId=EMAIL), "orderId": "shop-1", "totalAmount": "Petra Geheim"},
        {**body(**SENT, customerId=EMAIL), "orderId": EMAIL},
        {**body(**SENT, customerId=EMAIL), "orderId": "shop-1", "currency": EMAIL, EMAIL: PHONE},
        {**FLAT, "OrderId": "shop-1", "Quantity": PHONE, "Petra Geheim": 1},
        {**FLAT, "OrderId": PHONE},
        [EMAIL, "Petra Geheim"],
    ],
    ids=lambda detail: repr(detail)[-40:],
)
def test_an_event_that_is_no_order(shop: Shop, detail: Any) -> None:
    shop.announce(detail)

    nothing_told(shop)


@pytest.mark.parametrize(
    "sent",
    [
        body(**SENT, customerId=EMAIL, more="Petra Geheim"),
        body(**{**SENT, "phoneNumber": "Petra Geheim, 0687654321"}, customerId=EMAIL),
        body(**SENT, customerId=EMAIL, paymentMethod="4111111111111111"),
        dumps(body(**SENT))[:-9],
        [EMAIL],
    ],
    ids=lambda sent: repr(sent)[-40:],
)
def test_requests_that_are_refused(shop: Shop, sent: Any) -> None:
    for path in ("/orders", "/place-order"):
        assert shop.api.post(path, sent).status == 400
    for path in (f"/orders/{EMAIL}", f"/orders/{PHONE}"):
        assert shop.api.get(path).status == 404
    assert shop.api.get(f"/orders?customerId={EMAIL}&cursor={EMAIL}").status == 400

    nothing_told(shop)


def test_a_correlation_id_that_is_an_address_is_not_taken(shop: Shop) -> None:
    for given in (EMAIL, PHONE, "0687654321", "Petra Geheim"):
        seen(shop.api.post("/orders", body(**SENT, customerId=EMAIL), headers={"X-Correlation-Id": given}))
    shop.process_batch()

    nothing_told(shop)


@pytest.mark.parametrize("key", ["orders/week47.csv", f"orders/{EMAIL}.csv"])
def test_a_file_of_orders(shop: Shop, services: Services, client: Client, key: str) -> None:
    person = {"customerEmail": EMAIL, "street": "Geheimstraat 77", "city": "Verborgen", "zipCode": "9876 ZX"}
    importer = Importer(shop.adapters)
    rows = [line(n, **person, customerId=customer_id) for n, customer_id in enumerate(IDS)]
    rows += [line(50, **person, price="Petra Geheim"), line(51, **person, productId=EMAIL)]
    event = s3_event("x")
    event["Records"][0]["s3"]["object"] |= importer.upload(orders_file(*rows), key)["s3"]["object"]
    client.lambda_.invoke("import_orders", event)
    client.lambda_.invoke("import_rows", sqs_event(shop.adapters.row_messages.bodies))
    services.imports.ends()
    for order_id in list(shop.adapters.store.orders):
        services.workflow.steps.run_all(order_id)

    assert len([event for event in shop.events if event["eventType"] == "OrderCompleted"]) == len(IDS)
    nothing_told(shop)


def test_stock_and_products_that_staff_change(shop: Shop) -> None:
    reason = f"Returned by Petra Geheim, {PHONE}, NL91ABNA0417164300"
    seen(shop.api.post("/products/MOUSE001/stock", {"delta": 1, "reason": reason}, groups="admin"))

    nothing_told(shop)


def test_an_order_goes_on_although_its_customer_can_not_be_hidden_now_and_is_told_of_later(
    shop: Shop, adapters: FakeAdapters
) -> None:
    adapters.link_secrets.down = True
    order_id = seen(shop.api.post("/orders", body(**SENT, customerId=EMAIL)))["orderId"]
    shop.process_batch()
    assert (adapters.store.orders[order_id].status.value, shop.events) == ("COMPLETED", [])

    adapters.link_secrets.down = False
    shop.process_batch()  # its message came back
    assert {event["eventType"] for event in shop.events} >= {"OrderPlaced", "OrderCompleted"}
    nothing_told(shop)


def test_orders_whose_customers_need_no_hiding_need_no_secret(shop: Shop, adapters: FakeAdapters) -> None:
    adapters.link_secrets.down = True
    seen(shop.api.post("/orders", body(**{**SENT, "reference": "PO-4711"}, customerId="customer123")))
    shop.process_batch()

    assert {event["customerId"] for event in shop.events} == {"customer123"}


def test_the_test_sees_what_is_told(shop: Shop, adapters: FakeAdapters, monkeypatch: pytest.MonkeyPatch) -> None:
    bare: Callable[[Any], Any] = dict
    monkeypatch.setattr("chalicelib.orders.pseudonyms.Pseudonyms.__call__", lambda _, detail: bare(detail))
    seen(shop.api.post("/orders", body(**SENT, customerId=EMAIL)))
    shop.process_batch()

    with pytest.raises(AssertionError, match="petra"):
        nothing_told(shop)
