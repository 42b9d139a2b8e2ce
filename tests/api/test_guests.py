"""Guests order on the shop's page: its key places the order, and the order's token opens that one (contract §2)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.order_tokens import LIFETIME

from tests.support.api.gateway import Answer, Gateway, recorded
from tests.support.api.refusals import refused
from tests.support.builders.examples import SETTINGS
from tests.support.fakes.adapters import FakeAdapters

PAGE = SETTINGS.publishable_key_id
QUICK = {"productId": "MOUSE001", "quantity": 1, "customerEmail": "noor@example.com"}
ADDRESS = {"street": "Keizersgracht 1", "city": "Amsterdam", "zipCode": "1015 CJ", "country": "NL"}
CART = {
    "items": [{"productId": "MOUSE001", "quantity": 2}, {"productId": "LAPTOP001", "quantity": 1}],
    "customerEmail": "noor@example.com",
    "shippingAddress": ADDRESS,
    "total": Decimal("1339.99"),
    "currency": "EUR",
}
PLACING = [("/place-order", QUICK), ("/guest/checkout", CART)]
OF_THE_ORDER: list[tuple[str, str, Any]] = [
    ("GET", "", None),
    ("POST", "/cancel", None),
    ("GET", "/receipt", None),
    ("POST", "/feedback", {"score": 5}),
]


def new_key() -> str:
    return str(uuid.uuid4())


def placed(api: Gateway, path: str = "/guest/checkout", body: Any = None, key: str = "") -> Answer:
    headers = {"Idempotency-Key": key} if key else {}
    return api.post(path, body or dict(PLACING)[path], key=PAGE, headers=headers)


def with_token(api: Gateway, token: str, method: str = "GET", action: str = "", body: Any = None) -> Answer:
    return api.call(method, f"/guest/order{action}", body, key=None, headers={"Authorization": f"Order {token}"})


def claim(
    api: Gateway, token: Any, email: str = "noor@example.com", *, verified: str = "true", sub: str = "noor"
) -> Answer:
    event = api.event("POST", "/me/orders/claim", {"orderToken": token})
    about = {"sub": sub, "email": email, "email_verified": verified, "cognito:groups": ""}
    event["requestContext"]["authorizer"] = {"claims": {**recorded("cognito_claims"), **about}}
    return api.send(event)


def mine(api: Gateway, path: str = "/me/orders", sub: str = "noor") -> Any:
    event = api.event("GET", path)
    about = {"sub": sub, "email": f"{sub}@example.com", "cognito:groups": ""}
    event["requestContext"]["authorizer"] = {"claims": {**recorded("cognito_claims"), **about}}
    return api.send(event).json


def finished(services: Services, order_id: str) -> None:
    services.workflow.receipts.issue(services.workflow.steps.run_all(order_id))


@pytest.mark.parametrize("path", dict(PLACING))
def test_a_guest_buys_and_follows_the_order_to_its_receipt(api: Gateway, services: Services, path: str) -> None:
    answer = placed(api, path)
    token, order_id = answer.json["orderToken"], answer.json["orderId"]
    assert (answer.status, answer.json["status"]) == (202, "PENDING")
    assert answer.headers["location"] == {"/place-order": "./guest/order", "/guest/checkout": "./order"}[path]
    assert with_token(api, token, "GET", "/receipt").json["code"] == "RECEIPT_NOT_FOUND"

    finished(services, order_id)
    order = with_token(api, token).json
    receipt = with_token(api, token, "GET", "/receipt").json
    given = with_token(api, token, "POST", "/feedback", {"score": 4, "comment": "<b>Fine</b>"})

    assert (order["orderId"], order["customerEmail"], order["feedback"]) == (order_id, "noor@example.com", None)
    assert f"receipts/{order_id}.pdf" in receipt["url"]
    assert f"receipt-{order_id}.pdf" in receipt["url"]
    assert given.status == 201
    assert with_token(api, token).json["feedback"] == given.json
    assert with_token(api, token, "POST", "/feedback", {"score": 1}).json["code"] == "FEEDBACK_ALREADY_GIVEN"


def test_a_checkout_is_at_the_catalogues_prices_and_waits_for_staff_to_ship_it(
    api: Gateway, services: Services
) -> None:
    answer = placed(api)
    finished(services, answer.json["orderId"])

    order = with_token(api, answer.json["orderToken"]).json

    assert (order["status"], order["fulfilment"], order["workflow"]) == ("CONFIRMED", "manual", "stepfunctions")
    assert (order["totalAmount"], order["currency"]) == (Decimal("1339.99"), "EUR")
    assert [(line["productId"], line["quantity"], line["price"]) for line in order["items"]] == [
        ("LAPTOP001", 1, Decimal("1299.99")),
        ("MOUSE001", 2, Decimal(20)),
    ]
    assert order["shippingAddress"]["city"] == "Amsterdam"


def test_a_guest_cancels(api: Gateway, adapters: FakeAdapters) -> None:
    token = placed(api).json["orderToken"]

    assert with_token(api, token, "POST", "/cancel").json["status"] == "CANCELLED"
    assert with_token(api, token, "POST", "/cancel").status == 200
    assert len(adapters.store.orders) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"total": Decimal(1)}, "TOTAL_MISMATCH"),
        ({"currency": "USD"}, "TOTAL_MISMATCH"),
        ({"items": [{"productId": "NOTHING", "quantity": 1}]}, "CART_NOT_ORDERABLE"),
    ],
)
def test_what_the_page_showed_must_still_be_so(
    api: Gateway, untouched: Callable[[], bool], change: dict[str, Any], code: str
) -> None:
    answer = placed(api, body={**CART, **change})

    assert (answer.status, answer.json["code"]) == (409, code)
    assert untouched()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"items": []}, "items"),
        ({"items": [{"productId": "MOUSE001", "quantity": 100}]}, "items[0].quantity"),
        ({"items": [{"productId": "MOUSE001", "quantity": 1, "price": 1}]}, "items[0].price"),
        ({"items": [{"productId": "MOUSE001", "quantity": 1}] * 2}, "items[1].productId"),
        ({"items": [{"productId": ["MOUSE001"], "quantity": 1}] * 2}, "items[0].productId"),
        ({"items": "MOUSE001"}, "items"),
        ({"items": [None]}, "items[0]"),
        ({"customerEmail": "noor"}, "customerEmail"),
        ({"customerEmail": None}, "customerEmail"),
        ({"shippingAddress": None}, "shippingAddress"),
        ({"currency": "XXQ"}, "currency"),
        ({"phoneNumber": "+31612345678"}, "phoneNumber"),
        ({"customerId": "somebody"}, "customerId"),
        ({"status": "COMPLETED"}, "status"),
        ({"fulfilment": "auto"}, "fulfilment"),
    ],
)
def test_a_guest_may_not_say_more_than_a_page_asks(
    api: Gateway, untouched: Callable[[], bool], change: dict[str, Any], field: str
) -> None:
    answer = placed(api, body={**CART, **change})

    assert field in answer.fields
    assert answer.status == 400
    assert untouched()


def test_nobody_can_have_text_messages_sent_with_the_publishable_key(
    api: Gateway, untouched: Callable[[], bool]
) -> None:
    with_number = {**QUICK, "phoneNumber": "+31612345678"}

    refused(placed(api, "/place-order", with_number), "phoneNumber")
    assert untouched()
    assert placed(api, "/place-order", {**QUICK, "phoneNumber": None}).status == 202
    assert api.post("/place-order", with_number, key="a partner").status == 202


@pytest.mark.parametrize("path", dict(PLACING))
def test_a_double_click_makes_one_order_and_both_answers_open_it(
    api: Gateway, adapters: FakeAdapters, path: str
) -> None:
    key = new_key()

    first, second = placed(api, path, key=key).json, placed(api, path, key=key).json

    assert second == first
    assert len(adapters.store.orders) == 1
    assert with_token(api, second["orderToken"]).json["orderId"] == first["orderId"]


def test_a_repeated_answer_gives_no_more_time_than_the_first(api: Gateway, adapters: FakeAdapters) -> None:
    key = new_key()
    first = placed(api, key=key).json
    adapters.clock.advance(LIFETIME - 1)

    again = placed(api, key=key).json
    assert again["orderToken"] == first["orderToken"]
    adapters.clock.advance(2)

    refused(with_token(api, placed(api, key=key).json["orderToken"]), status=401)


def test_the_same_key_with_another_body_opens_nothing(api: Gateway) -> None:
    key = new_key()
    placed(api, "/place-order", key=key)

    for path, body in (
        ("/place-order", {**QUICK, "customerEmail": "eve@example.com"}),
        ("/place-order", {**QUICK, "quantity": 2}),
        ("/guest/checkout", CART),
    ):
        answer = placed(api, path, body, key)
        assert (answer.status, answer.json["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
        assert "orderToken" not in answer.text


@pytest.mark.parametrize("key", ["1", "order-1", "2026-11-28", "x" * 21, "ä" * 30, "x" * 256])
@pytest.mark.parametrize("path", dict(PLACING))
def test_a_guests_key_must_be_one_that_nobody_guesses(
    api: Gateway, untouched: Callable[[], bool], path: str, key: str
) -> None:
    refused(placed(api, path, key=key), "Idempotency-Key")
    assert untouched()


def test_a_partners_key_may_be_short_and_reaches_no_guests_order(api: Gateway, adapters: FakeAdapters) -> None:
    key = new_key()
    guests = placed(api, "/place-order", key=key).json["orderId"]

    partners = api.post("/place-order", QUICK, key="one", headers={"Idempotency-Key": key}).json

    assert partners["orderId"] != guests
    assert "orderToken" not in partners
    assert api.post("/place-order", QUICK, key="one", headers={"Idempotency-Key": "1"}).status == 202


def test_while_no_token_can_be_made_nothing_is_ordered(
    api: Gateway, adapters: FakeAdapters, untouched: Callable[[], bool]
) -> None:
    adapters.link_secrets.down = True

    for path in dict(PLACING):
        answer = placed(api, path)
        assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert untouched()


def _but_ids(answer: Answer) -> Any:
    headers = {name: value for name, value in answer.headers.items() if name != "x-correlation-id"}
    return answer.status, headers, {**answer.json, "requestId": ""}


@pytest.mark.parametrize(("method", "action", "body"), OF_THE_ORDER)
@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Order",
        "Order ",
        "Order x",
        "{}",
        "Bearer {}",
        "Order {}x",
        "Order {} {}",
        "Order {}=",
        "Order {}\n",
        "Order %7B{}",
        "Order A{}",
        "Basic {}",
    ],
)
def test_without_the_token_as_it_was_given_nothing_opens(
    api: Gateway, services: Services, adapters: FakeAdapters, method: str, action: str, body: Any, header: str | None
) -> None:
    answer = placed(api).json
    finished(services, answer["orderId"])
    before = adapters.store.orders[answer["orderId"]]
    token = answer["orderToken"]
    headers = {} if header is None else {"Authorization": header.replace("{}", token)}
    if header == "Order {}\n":
        headers = {"Authorization": f"Order {token[:-1]}\n"}

    for key in (None, PAGE, "one"):
        refused(api.call(method, f"/guest/order{action}", body, key=key, headers=headers), status=401)
    assert adapters.store.orders[answer["orderId"]] == before


def test_the_schemes_case_does_not_matter(api: Gateway) -> None:
    token = placed(api).json["orderToken"]

    for scheme in ("order", "ORDER", " Order  "):
        headers = {"Authorization": f"{scheme} {token}"}
        assert api.get("/guest/order", key=None, headers=headers).status == 200


@pytest.mark.parametrize(("method", "action", "body"), OF_THE_ORDER)
def test_an_expired_token_opens_nothing(
    api: Gateway, adapters: FakeAdapters, method: str, action: str, body: Any
) -> None:
    token = placed(api).json["orderToken"]
    adapters.clock.advance(LIFETIME + 1)

    refused(with_token(api, token, method, action, body), status=401)


def test_a_token_opens_its_own_order_and_no_other(api: Gateway, services: Services, adapters: FakeAdapters) -> None:
    mine, theirs = placed(api).json, placed(api).json
    finished(services, theirs["orderId"])

    assert with_token(api, mine["orderToken"]).json["orderId"] == mine["orderId"]
    with_token(api, mine["orderToken"], "POST", "/cancel")
    assert with_token(api, theirs["orderToken"]).json["status"] == "CONFIRMED"
    for route in ("/orders/{}", "/me/orders/{}", "/admin/orders/{}"):
        headers = {"Authorization": f"Order {mine['orderToken']}"}
        answer = api.get(route.format(theirs["orderId"]), key=None, headers=headers)
        assert answer.status in (401, 403)


def test_a_link_of_a_mail_is_no_token_and_a_token_no_link(api: Gateway, services: Services) -> None:
    answer = placed(api).json
    finished(services, answer["orderId"])
    link = services.customers.feedback_links.token(answer["orderId"])

    refused(with_token(api, link), status=401)
    assert api.get(f"/feedback/{answer['orderToken']}", key=None).status == 404


def test_the_order_of_a_partner_or_a_customer_has_no_token_that_opens_it(api: Gateway, services: Services) -> None:
    """Not even one that we would have signed."""
    order_id = api.post("/place-order", QUICK, key="one").json["orderId"]
    order = services.orders.queries.any(order_id)
    token = services.orders.tokens.signer()(order)

    refused(with_token(api, token), status=404)
    refused(claim(api, token), status=404)


def test_a_guests_order_is_seen_by_nobody_else(api: Gateway) -> None:
    order_id = placed(api).json["orderId"]

    assert api.get(f"/orders/{order_id}", key="one").status == 404
    assert api.get("/orders", key="one").json["orders"] == []
    assert mine(api)["orders"] == []
    assert api.get(f"/admin/orders/{order_id}", key=None, groups="admin").json["owner"] == "guest"


# Claiming


def test_who_proves_the_address_takes_the_order_into_the_account(api: Gateway, services: Services) -> None:
    placed(api)
    answer = placed(api).json
    finished(services, answer["orderId"])

    claimed = claim(api, answer["orderToken"])

    assert (claimed.status, claimed.json["orderId"], claimed.json["customerId"]) == (200, answer["orderId"], "noor")
    assert [order["orderId"] for order in mine(api)["orders"]] == [answer["orderId"]]
    assert mine(api, f"/me/orders/{answer['orderId']}")["status"] == "CONFIRMED"
    assert claim(api, answer["orderToken"]).json == claimed.json


def test_a_claimed_order_opens_to_the_account_alone(api: Gateway) -> None:
    key = new_key()
    answer = placed(api, key=key).json
    claim(api, answer["orderToken"])

    for method, action, body in OF_THE_ORDER:
        refused(with_token(api, answer["orderToken"], method, action, body), status=404)
    repeated = placed(api, key=key).json
    refused(with_token(api, repeated["orderToken"]), status=404)


@pytest.mark.parametrize("email", ["NOOR@Example.com", "noor@EXAMPLE.COM"])
def test_capitals_make_no_other_address(api: Gateway, email: str) -> None:
    assert claim(api, placed(api).json["orderToken"], email).status == 200


def test_an_international_domain_is_the_same_in_both_its_forms(api: Gateway) -> None:
    token = placed(api, body={**CART, "customerEmail": "noor@bücher.example"}).json["orderToken"]

    assert claim(api, token, "noor@bücher.example").status == 200


@pytest.mark.parametrize(
    "email",
    [
        "eve@example.com",
        "noor@example.com.evil.test",
        "noor+x@example.com",
        "noor@example.comm",
        "n\u03bfor@example.com",
    ],
)
def test_nobody_else_can_claim_it(api: Gateway, adapters: FakeAdapters, email: str) -> None:
    answer = placed(api).json

    others = claim(api, answer["orderToken"], email, sub="eve")
    unknown = claim(api, "A" * 96, email, sub="eve")

    refused(others, status=404)
    assert _but_ids(others) == _but_ids(unknown)
    assert adapters.store.orders[answer["orderId"]].owner == "guest"


def test_a_second_account_with_the_address_comes_too_late(api: Gateway) -> None:
    token = placed(api).json["orderToken"]
    claim(api, token, sub="first")

    refused(claim(api, token, sub="second"), status=404)
    assert [order["customerId"] for order in mine(api, sub="first")["orders"]] == ["first"]


@pytest.mark.parametrize("verified", ["false", "", "no"])
def test_an_address_that_was_not_proved_claims_nothing(api: Gateway, verified: str) -> None:
    answer = claim(api, placed(api).json["orderToken"], verified=verified)

    assert (answer.status, answer.json["code"]) == (403, "EMAIL_NOT_VERIFIED")


def test_an_expired_token_claims_nothing(api: Gateway, adapters: FakeAdapters) -> None:
    token = placed(api).json["orderToken"]
    adapters.clock.advance(LIFETIME + 1)

    refused(claim(api, token), status=404)


@pytest.mark.parametrize("token", ["", None, 7, {}, "x" * 513])
def test_a_claim_without_a_token_is_not_valid(api: Gateway, token: Any) -> None:
    refused(claim(api, token), "orderToken")


def test_an_order_is_claimed_while_it_is_worked_on(api: Gateway, services: Services, adapters: FakeAdapters) -> None:
    answer = placed(api).json
    stale = adapters.orders.get(answer["orderId"])
    assert stale is not None
    claim(api, answer["orderToken"])

    done = services.workflow.steps.run_all(answer["orderId"])

    assert (done.owner, done.status.value) == ("c-noor", "CONFIRMED")
