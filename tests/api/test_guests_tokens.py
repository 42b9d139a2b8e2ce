"""The token of a guest's order opens that one order, as long as it is good, and nothing else does."""

from __future__ import annotations

from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.order_tokens import LIFETIME

from tests.support.api.gateway import Gateway
from tests.support.api.guests import OF_THE_ORDER, PAGE, QUICK, claim, finished, mine, placed, with_token
from tests.support.api.refusals import refused
from tests.support.fakes.adapters import FakeAdapters


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


def test_a_guest_asks_about_the_tokens_order_and_hears_of_no_other(api: Gateway, services: Services) -> None:
    """Of another guest's neither, though it has the same address."""
    mine, theirs = placed(api).json, placed(api).json
    finished(services, theirs["orderId"])

    def ask(query: str) -> Any:
        return with_token(api, mine["orderToken"], "POST", "/chatbot", {"query": query}).json

    for query in ("Where is my order?", f"Where is {mine['orderId']}?", f"status of {mine['orderNumber']}"):
        assert ask(query)["orders"] == [mine["orderId"]], query
    for name in (theirs["orderId"], theirs["orderId"][:8], theirs["orderNumber"]):
        answer = ask(f"Where is my order {name}?")
        assert answer["orders"] == []
        assert "CONFIRMED" not in answer["answer"]
        assert mine["orderId"] not in answer["answer"]
    nobodys = ask("Where is my order 0badf00d-0000-4000-8000-000000000001?")
    assert ask(f"Where is my order {theirs['orderId']}?") == nobodys


def test_a_guest_names_no_customer(api: Gateway) -> None:
    token = placed(api).json["orderToken"]

    refused(
        with_token(api, token, "POST", "/chatbot", {"query": "Hello", "customerId": "noor@example.com"}), "customerId"
    )
