"""Texts are trimmed and composed, and only then judged, whichever way they come in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from chalice.test import Client
from chalicelib.bootstrap import Services
from chalicelib.kit.jsonio import dumps
from chalicelib.orders.model import Order

from tests.api.test_customers_api import Person
from tests.support.api.gateway import Answer, Gateway, sqs_event
from tests.support.api.routes import PRODUCT
from tests.support.builders.examples import body, command
from tests.support.carrier_signing import header, seconds
from tests.support.fakes.adapters import FakeAdapters

EDGES = [" ", "\n", "\xa0", "\u200b", "\u3000", "\ufeff", "\u202c"]
"""As people paste them."""


def spread(value: Any, blank: str) -> Any:
    """The value with blanks around each of its texts."""
    if isinstance(value, dict):
        return {name: spread(inner, blank) for name, inner in value.items()}
    if isinstance(value, list):
        return [spread(inner, blank) for inner in value]
    return f"{blank}{value}{blank * 2}" if isinstance(value, str) else value


def one(adapters: FakeAdapters) -> Order:
    [order] = adapters.store.orders.values()
    return order


@pytest.mark.parametrize("blank", EDGES, ids=ascii)
def test_an_order_is_the_same_with_blanks_around_its_texts(api: Gateway, adapters: FakeAdapters, blank: str) -> None:
    key = {"Idempotency-Key": "k"}
    plain = api.post("/orders", body(), headers=key)

    answer = api.post("/orders", spread(body(), blank), headers=key)

    assert (answer.status, answer.json) == (201, plain.json)
    assert len(adapters.store.orders) == 1


@pytest.mark.parametrize("blank", EDGES, ids=ascii)
def test_an_order_of_the_bus_is_the_same(client: Client, adapters: FakeAdapters, blank: str) -> None:
    full = {"orderId": "full-1", **body()}
    flat = {
        "OrderId": "flat-1",
        "Product": "Gaming Laptop",
        "Quantity": 1,
        "Price": Decimal("1299.99"),
        "CustomerId": "c",
    }
    for detail in (full, flat):
        event = {"detail-type": "OrderCreated", "detail": spread(detail, blank)}
        client.lambda_.invoke("inventory_worker", sqs_event([event]))

    placed = adapters.store.orders
    assert placed["full-1"].customer_id == "customer123"
    assert placed["full-1"].shipping_address == command().shipping_address
    assert (placed["flat-1"].customer_id, placed["flat-1"].lines[0].product_id) == ("c", "LAPTOP001")
    assert {order.failure for order in placed.values()} == {None}


def test_a_key_that_is_there_twice_is_no_message(client: Client, adapters: FakeAdapters) -> None:
    text = dumps({"detail-type": "OrderCreated", "detail": {"orderId": "full-1", **body()}})

    with pytest.raises(Exception, match="1 of 1 messages failed"):
        client.lambda_.invoke(
            "inventory_worker", sqs_event([text.replace('"currency"', '"orderId":"full-2","currency"')])
        )

    assert adapters.store.orders == {}


def test_names_are_compared_in_their_composed_form(api: Gateway, client: Client, adapters: FakeAdapters) -> None:
    api.put("/products/CAFE", {**PRODUCT.body, "name": "Cafe\u0301", "price": 5}, groups="admin")

    detail = {"OrderId": "1", "Product": "Caf\u00e9", "Quantity": 1, "Price": 5}
    client.lambda_.invoke("inventory_worker", sqs_event([{"detail-type": "OrderCreated", "detail": detail}]))

    assert one(adapters).lines[0].product_id == "CAFE"


def test_customers_are_found_however_their_id_is_typed(api: Gateway) -> None:
    api.post("/orders", body(customerId="Zoe\u0308 "))

    assert len(api.get("/orders?customerId=Zo%C3%AB%C2%A0&status=%20PENDING&limit=5%20").json["orders"]) == 1


def test_ids_in_paths_are_trimmed(api: Gateway) -> None:
    order_id = api.post("/orders", body()).json["orderId"]

    assert api.get(f"/orders/{order_id}%20").status == 200
    assert api.put("/products/%C2%A0NEW%20", PRODUCT.body, groups="admin").json["productId"] == "NEW"
    assert api.get("/products/NEW%E2%80%8B").status == 200


LINES = "one\r\ntwo\rthree\u2028four\r\n"


def test_line_ends_become_new_lines_where_these_are_allowed(api: Gateway, services: Services) -> None:
    order_id = api.post("/orders", body()).json["orderId"]
    services.workflow.steps.run_all(order_id)

    product = api.put("/products/NEW", {**PRODUCT.body, "description": LINES}, groups="admin")
    given = api.post(f"/orders/{order_id}/feedback", {"score": 5, "comment": LINES})

    assert (product.status, product.json["description"]) == (201, "one\ntwo\nthree\nfour")
    assert (given.status, given.json["comment"]) == (201, "one\ntwo\nthree\nfour")


# Shipments


@pytest.fixture
def paid(services: Services) -> Order:
    return services.workflow.steps.run_all(services.orders.accept(command(fulfilment="manual")).order_id)


def report(api: Gateway, adapters: FakeAdapters, **changes: str) -> Answer:
    sent = {"eventId": "e", "status": "DELIVERED", "occurredAt": "2026-11-21T14:00:00Z", **changes}
    signature = header(dumps(sent).encode(), seconds(adapters.clock))
    return api.call("POST", "/webhooks/carrier", sent, key=None, headers={"X-Carrier-Signature": signature})


@pytest.mark.parametrize("blank", EDGES, ids=ascii)
def test_a_shipment_is_found_by_what_is_seen_of_its_names(
    api: Gateway, adapters: FakeAdapters, paid: Order, blank: str
) -> None:
    path = f"/admin/orders/{paid.order_id}"
    shipped = api.post(f"{path}/ship", {"carrier": f"dhl{blank}", "trackingNumber": f"{blank}TW1"}, groups="admin")

    assert shipped.json["shipment"]["trackingNumber"] == "TW1"
    assert report(api, adapters, carrier="dhl", trackingNumber=f"TW1{blank}").status == 200
    assert api.get(path, groups="admin").json["shipment"]["status"] == "DELIVERED"
    assert api.post(f"{path}/deliver", {"trackingNumber": f"TW1{blank}"}, groups="admin").status == 200


def test_a_shipment_that_was_stored_with_blanks_is_found_by_its_order(
    api: Gateway, adapters: FakeAdapters, services: Services, paid: Order
) -> None:
    services.workflow.ship.ship(paid, "dhl ", "TW1 ", None)  # as it was before texts were trimmed

    assert report(api, adapters, carrier="dhl ", trackingNumber="TW1 ", orderId=paid.order_id).status == 200
    path = f"/admin/orders/{paid.order_id}"
    assert api.get(path, groups="admin").json["shipment"]["status"] == "DELIVERED"
    assert api.post(f"{path}/deliver", {"trackingNumber": "TW1 "}, groups="admin").status == 200


# E-mail addresses


@pytest.mark.parametrize("address", ["ü@example.com", "a..b@example.com", ".a@example.com", "a@b", "a@\u2603.net"])
def test_an_address_that_can_not_be_sent_to_is_refused_on_every_way_in(
    api: Gateway, client: Client, adapters: FakeAdapters, address: str
) -> None:
    anne = Person(api, "anne", email=address)
    anne.call("PUT", "/cart/items/MOUSE001", {"quantity": 1})

    for answer in (
        anne.call("POST", "/checkout"),
        api.post("/orders", body(customerEmail=address)),
        api.post("/place-order", {"productId": "MOUSE001", "quantity": 1, "customerEmail": address}),
    ):
        assert (answer.status, answer.fields) == (400, ["customerEmail"])
    assert adapters.store.orders == {}

    detail = {"orderId": "1", **body(customerEmail=address)}
    client.lambda_.invoke("inventory_worker", sqs_event([{"detail-type": "OrderCreated", "detail": detail}]))
    assert (one(adapters).status, one(adapters).customer_email) == ("FAILED", "")


def test_an_international_domain_is_kept_in_ascii_on_every_way_in(
    api: Gateway, client: Client, adapters: FakeAdapters
) -> None:
    address, kept = " kunde@MÜLLER.de", "kunde@xn--mller-kva.de"
    anne = Person(api, "anne", email=address)
    anne.call("PUT", "/cart/items/MOUSE001", {"quantity": 1})

    anne.call("POST", "/checkout")
    api.post("/place-order", {"productId": "MOUSE001", "quantity": 1, "customerEmail": address})
    detail = {"OrderId": "1", "Product": "MOUSE001", "Quantity": 1, "Price": 20, "customerEmail": address}
    client.lambda_.invoke("inventory_worker", sqs_event([{"detail-type": "OrderCreated", "detail": detail}]))

    answer = api.post("/orders", body(customerEmail=address))
    assert (answer.status, answer.json["customerEmail"]) == (201, kept)
    assert [order.customer_email for order in adapters.store.orders.values()] == [kept] * 4


# Bodies


def test_letters_that_were_lost_on_the_way_are_not_stored(api: Gateway, adapters: FakeAdapters) -> None:
    """API Gateway makes U+FFFD of each byte of a Latin-1 body that is not UTF-8, before it calls us."""
    sent = dumps(changed_city("Köln")).encode("latin-1").decode("utf-8", errors="replace")

    answer = api.post("/orders", sent)

    assert (answer.status, answer.fields) == (400, ["shippingAddress.city"])
    assert "send UTF-8" in answer.json["errors"][0]["message"]
    assert adapters.store.orders == {}


def changed_city(city: str) -> Any:
    return body(shippingAddress={**body()["shippingAddress"], "city": city})


def test_of_utf_16_nothing_is_left_but_it_is_said(api: Gateway) -> None:
    sent = dumps(body()).encode("utf-16").decode("utf-8", errors="replace")

    assert api.post("/orders", sent).json["detail"].endswith(" Send it as UTF-8.")


@pytest.mark.parametrize("nothing", ["", "  \r\n", "\ufeff", "\ufeff\n"], ids=ascii)
def test_a_body_without_anything_says_what_to_send(api: Gateway, nothing: str) -> None:
    assert api.post("/orders", nothing).json["detail"] == "The body is empty: send a JSON object."


@pytest.mark.parametrize("nothing", [None, "", "  \r\n", "\ufeff"], ids=ascii)
def test_where_a_body_is_optional_an_empty_one_is_none(api: Gateway, nothing: str | None) -> None:
    anne = Person(api, "anne")
    anne.call("PUT", "/cart/items/MOUSE001", {"quantity": 1})

    assert anne.call("POST", "/checkout", nothing).status == 202


def test_a_repeated_key_is_named(api: Gateway) -> None:
    answer = api.post("/orders", dumps(body())[:-1] + ',"currency":"USD"}')

    assert answer.json["detail"] == (
        'The body is not valid JSON: The key "currency" is there twice in one object: keep one of them.'
    )


# Problems


def test_no_problem_repeats_much_of_what_was_sent(api: Gateway) -> None:
    names = [f"{n:03d}{'z' * 97}" for n in range(100)]

    answers = [
        api.post("/orders", {**body(), **dict.fromkeys(names, 1)}),
        api.post("/orders", body(items=[dict.fromkeys(names, 1)] * 20)),
        api.get("/orders?" + "&".join(f"{name}=1" for name in names)),
        api.post("/orders", f'{{"{names[0] * 1000}":1,"{names[0] * 1000}":1}}'),
    ]

    for answer in answers:
        assert answer.status == 400
        assert 0 < answer.text.count("z") <= 4096
