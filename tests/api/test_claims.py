"""Who signs up with the address of an order that they placed as a guest can claim it; no one else can."""

from __future__ import annotations

from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.orders.model import Order, Status
from chalicelib.orders.order_tokens import LIFETIME

from tests.support.api.gateway import Gateway
from tests.support.api.guests import CART, OF_THE_ORDER, but_ids, claim, finished, mine, new_key, placed, with_token
from tests.support.api.refusals import refused
from tests.support.fakes.adapters import FakeAdapters


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
    assert but_ids(others) == but_ids(unknown)
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


def test_an_order_is_claimed_while_it_is_worked_on(api: Gateway, services: Services) -> None:
    answer = placed(api).json
    claim(api, answer["orderToken"])

    done = services.workflow.steps.run_all(answer["orderId"])

    assert (done.owner, done.status.value) == ("c-noor", "CONFIRMED")


def test_a_lost_reply_to_the_claim_is_no_refusal(
    api: Gateway, adapters: FakeAdapters, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, save = placed(api).json["orderToken"], adapters.orders.save

    def save_and_lose_the_reply(order: Order, expected: Status) -> Order:
        save(order, expected)
        raise TemporarilyUnavailable("No answer in time.")

    monkeypatch.setattr(adapters.orders, "save", save_and_lose_the_reply)

    assert claim(api, token).json["customerId"] == "noor"


def test_a_claim_that_was_not_written_is_refused_for_now(
    api: Gateway, adapters: FakeAdapters, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = placed(api).json["orderToken"]

    def fail(_order: Order, _expected: Status) -> Order:
        raise TemporarilyUnavailable("No answer in time.")

    with monkeypatch.context() as broken:
        broken.setattr(adapters.orders, "save", fail)
        refused(claim(api, token), status=503)

    assert with_token(api, token).status == 200
