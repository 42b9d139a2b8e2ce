"""What signed-in customers call: carts, checkout, their own orders; and which tokens are theirs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.events import events_of

from tests.support.api.gateway import Answer, Gateway, recorded
from tests.support.builders.examples import SETTINGS, body
from tests.support.fakes.adapters import FakeAdapters

MINE = [
    ("GET", "/me/orders/{}", None),
    ("POST", "/me/orders/{}/cancel", None),
    ("GET", "/me/orders/{}/receipt", None),
    ("POST", "/me/orders/{}/feedback", {"score": 5}),
]
SHIP = {"carrier": "PostNL", "trackingNumber": "3S1"}


class Person:
    """A browser that is signed in. `claims` are changes to those of a good ID token; None removes one."""

    def __init__(self, api: Gateway, name: str, **claims: Any) -> None:
        of_name = {"sub": name, "email": f"{name}@example.com", "cognito:groups": ""}
        good = {**recorded("cognito_claims"), "aud": SETTINGS.user_pool_client_id, **of_name}
        self._api = api
        self._claims = {claim: value for claim, value in {**good, **claims}.items() if value is not None}

    def call(self, method: str, path: str, sent: Any = None, **headers: str) -> Answer:
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        event = self._api.event(method, path, sent, headers=more)
        event["requestContext"]["authorizer"] = {"claims": self._claims}
        return self._api.send(event)


@pytest.fixture
def anne(api: Gateway) -> Person:
    return Person(api, "anne")


@pytest.fixture
def ben(api: Gateway) -> Person:
    return Person(api, "ben")


@pytest.fixture
def staff(api: Gateway) -> Person:
    return Person(api, "staff", **{"cognito:groups": "admin"})


def ordered(person: Person, services: Services) -> str:
    """An order of one mouse, paid and with its receipt."""
    person.call("PUT", "/cart/items/MOUSE001", {"quantity": 1})
    order_id = str(person.call("POST", "/checkout", {"total": 20}).json["orderId"])
    services.workflow.receipts.issue(services.workflow.steps.run_all(order_id))
    return order_id


def test_a_cart_is_filled_shown_and_emptied(anne: Person) -> None:
    anne.call("PUT", "/cart/items/LAPTOP001", {"quantity": 1})
    cart = anne.call("PUT", "/cart/items/MOUSE001", {"quantity": 2}).json
    assert cart["total"] == Decimal("1339.99")
    assert cart == anne.call("GET", "/cart").json

    cart = anne.call("DELETE", "/cart/items/LAPTOP001").json
    assert [item["productId"] for item in cart["items"]] == ["MOUSE001"]
    assert anne.call("DELETE", "/cart").json == {"items": [], "currency": "EUR", "total": Decimal("0.00")}


def test_a_cart_is_its_customers_alone(anne: Person, ben: Person) -> None:
    anne.call("PUT", "/cart/items/MOUSE001", {"quantity": 2})

    assert ben.call("GET", "/cart").json["items"] == []


@pytest.mark.parametrize("quantity", [0, -1, 100, 1.5, "1", True, None])
def test_a_quantity_is_1_to_99(anne: Person, quantity: Any) -> None:
    answer = anne.call("PUT", "/cart/items/MOUSE001", {"quantity": quantity})

    assert (answer.status, answer.fields) == (400, ["quantity"])
    assert anne.call("GET", "/cart").json["items"] == []


def test_a_product_that_is_not_there_can_not_be_put_in(anne: Person) -> None:
    assert anne.call("PUT", "/cart/items/NOTHING", {"quantity": 1}).status == 404


def test_checkout_is_accepted_with_the_execution_that_works_it_off(anne: Person, adapters: FakeAdapters) -> None:
    anne.call("PUT", "/cart/items/MOUSE001", {"quantity": 2})

    answer = anne.call("POST", "/checkout", {"total": 40})

    order_id = answer.json["orderId"]
    assert answer.status == 202
    assert answer.json["status"] == "PENDING"
    assert answer.json["executionArn"].endswith(f":execution:orderproc-test-orders:{order_id}")
    assert answer.headers["location"] == f"./me/orders/{order_id}"
    assert adapters.store.orders[order_id].owner == "c-anne"


@pytest.mark.parametrize(("sent", "status"), [({}, 400), ({"total": 5}, 400), ({"total": -1}, 400), ({"x": 1}, 400)])
def test_an_empty_cart_can_not_be_bought(anne: Person, adapters: FakeAdapters, sent: Any, status: int) -> None:
    assert anne.call("POST", "/checkout", sent).status == status
    assert adapters.store.orders == {}


def test_a_double_click_gets_the_same_answer(anne: Person, adapters: FakeAdapters) -> None:
    anne.call("PUT", "/cart/items/MOUSE001", {"quantity": 2})

    first, second = (anne.call("POST", "/checkout", {"total": 40}) for _ in range(2))

    assert (first.status, first.json) == (second.status, second.json)
    assert first.status == 202
    assert len(adapters.store.orders) == 1


def test_checkout_with_a_key_makes_one_order(anne: Person, adapters: FakeAdapters) -> None:
    anne.call("PUT", "/cart/items/MOUSE001", {"quantity": 2})
    first = anne.call("POST", "/checkout", {"total": 40}, Idempotency_Key="k")
    anne.call("DELETE", "/cart")

    again = anne.call("POST", "/checkout", {"total": 40}, Idempotency_Key="k")
    other = anne.call("POST", "/checkout", {}, Idempotency_Key="k")

    assert (again.status, again.json["orderId"]) == (202, first.json["orderId"])
    assert other.status == 422
    assert len(adapters.store.orders) == 1


def test_a_partner_orders_one_product_by_three_fields(api: Gateway, adapters: FakeAdapters) -> None:
    sent = {"productId": "MOUSE001", "quantity": 2, "customerEmail": "a@example.com"}

    answer = api.post("/place-order", sent)

    assert answer.status == 202
    order = adapters.store.orders[answer.json["orderId"]]
    assert (order.owner, order.total_amount, order.workflow) == ("p-one", Decimal("40.00"), "stepfunctions")
    assert api.get(f"/orders/{order.order_id}").json["fulfilment"] == "auto"


@pytest.mark.parametrize(("method", "path", "sent"), MINE)
def test_anothers_order_answers_as_one_that_is_not_there(
    anne: Person, ben: Person, services: Services, method: str, path: str, sent: Any
) -> None:
    order_id = ordered(anne, services)
    before = services.orders.queries.any(order_id)

    anothers = ben.call(method, path.format(order_id), sent)
    missing = ben.call(method, path.format("00000000-0000-4000-8000-000000000000"), sent)

    assert anothers.status == 404
    assert {**anothers.json, "requestId": ""} == {**missing.json, "requestId": ""}
    assert services.orders.queries.any(order_id) == before
    assert anne.call(method, path.format(order_id), sent).status in (200, 201)


def test_a_partner_and_a_customer_do_not_see_each_others(api: Gateway, anne: Person, services: Services) -> None:
    hers = ordered(anne, services)
    partners = api.post("/orders", body(customerId="anne")).json["orderId"]

    assert api.get(f"/orders/{hers}").status == 404
    assert anne.call("GET", f"/me/orders/{partners}").status == 404
    assert [order["orderId"] for order in anne.call("GET", "/me/orders").json["orders"]] == [hers]


def test_feedback_is_given_once(anne: Person, services: Services) -> None:
    order_id = ordered(anne, services)
    path = f"/me/orders/{order_id}/feedback"

    assert anne.call("POST", path, {"score": 5, "comment": "Splendid"}).status == 201
    assert anne.call("POST", path, {"score": 1}).status == 409


@pytest.mark.parametrize(
    "claims",
    [
        {"token_use": "access"},
        {"token_use": None},
        {"aud": "client-of-another-shop"},
        {"aud": None},
    ],
    ids=str,
)
@pytest.mark.parametrize(("method", "path"), [("GET", "/cart"), ("GET", "/me/orders"), ("GET", "/admin/orders/x")])
def test_only_id_tokens_of_this_shop_count(api: Gateway, claims: Any, method: str, path: str) -> None:
    somebody = Person(api, "anne", **{"cognito:groups": "admin", **claims})

    assert somebody.call(method, path).status == 401


@pytest.mark.parametrize("missing", ["email", "sub"])
def test_a_token_without_an_address_is_nobody_to_write_to(api: Gateway, missing: str) -> None:
    assert Person(api, "anne", **{missing: None}).call("GET", "/cart").status == 403


@pytest.mark.parametrize("verified", [True, "true"], ids=["as chalice local reads it", "as API Gateway passes it on"])
def test_a_verified_address_and_number_are_written_to(api: Gateway, adapters: FakeAdapters, verified: Any) -> None:
    whose = {"email_verified": verified, "phone_number": "+31612345678", "phone_number_verified": verified}
    anne = Person(api, "anne", **whose)
    anne.call("PUT", "/cart/items/MOUSE001", {"quantity": 1})

    order = adapters.store.orders[anne.call("POST", "/checkout", {}).json["orderId"]]

    assert (order.customer_email, order.phone_number) == ("anne@example.com", "+31612345678")


@pytest.mark.parametrize("verified", [False, "false", "False", "", "1", "yes", None])
@pytest.mark.parametrize("method", ["pm_card_visa", "pm_card_chargeDeclined"])
def test_what_is_not_verified_is_not_written_to(
    api: Gateway, services: Services, adapters: FakeAdapters, verified: Any, method: str
) -> None:
    whose = {"email_verified": verified, "phone_number": "+19005551234", "phone_number_verified": verified}
    anne = Person(api, "anne", **whose)
    anne.call("PUT", "/cart/items/MOUSE001", {"quantity": 1})

    order_id = anne.call("POST", "/checkout", {"paymentMethod": method}).json["orderId"]
    ended = services.workflow.steps.run_all(order_id)
    for event in events_of(ended):
        services.customers.notifications.on_event(event.detail)
    services.workflow.receipts.issue(ended)
    services.customers.notifications.on_receipt(f"receipts/{order_id}.pdf")

    assert (adapters.mailer.sent, adapters.texter.sent) == ([], [])
    shown = anne.call("GET", f"/me/orders/{order_id}").json
    assert (shown["customerEmail"], shown["phoneNumber"]) == ("", None)


@pytest.mark.parametrize("groups", ["admin", "other,admin", "[admin other]"])
def test_staff_ship_and_deliver_and_see_what_customers_do_not(
    api: Gateway, anne: Person, services: Services, groups: str
) -> None:
    order_id = ordered(anne, services)
    staff = Person(api, "staff", **{"cognito:groups": groups})

    shipped = staff.call("POST", f"/admin/orders/{order_id}/ship", SHIP)
    assert (shipped.status, shipped.json["status"]) == (200, "COMPLETED")
    delivered = staff.call("POST", f"/admin/orders/{order_id}/deliver", {"trackingNumber": "3S1"})
    assert delivered.json["shipment"]["status"] == "DELIVERED"
    assert {"owner", "needsAttention", "reservation"} <= delivered.json.keys()
    assert not {"owner", "needsAttention", "reservation"} & anne.call("GET", f"/me/orders/{order_id}").json.keys()
    assert anne.call("POST", f"/me/orders/{order_id}/cancel").status == 409


def test_what_is_not_paid_can_not_be_shipped(api: Gateway, staff: Person) -> None:
    order_id = api.post("/orders", body()).json["orderId"]

    assert staff.call("POST", f"/admin/orders/{order_id}/ship", SHIP).status == 409


@pytest.mark.parametrize("quantity", [2, 99])
def test_more_than_is_left_is_400(anne: Person, staff: Person, services: Services, quantity: int) -> None:
    order_id = ordered(anne, services)
    items = [{"productId": "MOUSE001", "quantity": quantity}]

    answer = staff.call("POST", f"/admin/orders/{order_id}/ship", {**SHIP, "items": items})

    assert (answer.status, answer.fields) == (400, ["items.MOUSE001"])
