"""Claims that API Gateway did not check are believed in `chalice local` only; and what an order takes from a token."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from chalicelib import bootstrap
from chalicelib.bootstrap import Services
from chalicelib.kit.jsonio import dumps

from tests.support.api.gateway import Gateway, recorded
from tests.support.api.refusals import refused
from tests.support.api.routes import PRODUCT, STOCK, Route
from tests.support.builders.examples import SETTINGS
from tests.support.fakes.adapters import FakeAdapters

CLAIMS = {**recorded("cognito_claims"), "aud": SETTINGS.user_pool_client_id, "cognito:groups": "admin"}


def forged(claims: dict[str, Any]) -> dict[str, str]:
    part = base64.urlsafe_b64encode(dumps(claims).encode()).decode().rstrip("=")
    return {"Authorization": f"Bearer e30.{part}.c2ln"}


@pytest.mark.parametrize("route", [PRODUCT, STOCK], ids=str)
@pytest.mark.parametrize("authorizer", [None, {}, {"claims": {}}])
def test_a_token_that_was_not_verified_is_believed_in_chalice_local_only(
    api: Gateway, adapters: FakeAdapters, untouched: Callable[[], bool], route: Route, authorizer: Any
) -> None:
    event = api.event(route.method, route.path, route.body, headers=forged(CLAIMS))
    event["requestContext"]["authorizer"] = authorizer

    bootstrap.use(Services(replace(SETTINGS, trust_api_key_header=False), adapters))
    refused(api.send(event), status=401)
    assert untouched()

    bootstrap.use(Services(SETTINGS, adapters))
    assert api.send(event).status == 200


def test_what_the_gateway_found_in_the_token_is_never_replaced_by_the_header(
    api: Gateway, untouched: Callable[[], bool]
) -> None:
    event = api.event(PRODUCT.method, PRODUCT.path, PRODUCT.body, groups="", headers=forged(CLAIMS))

    refused(api.send(event), status=403)
    assert untouched()


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER  ", ""])
def test_the_scheme_may_be_written_in_any_case_or_left_out(api: Gateway, scheme: str) -> None:
    token = forged(CLAIMS)["Authorization"].removeprefix("Bearer ")
    event = api.event("GET", "/me/orders", headers={"Authorization": f"{scheme}{token}"})
    event["requestContext"]["authorizer"] = None

    assert api.send(event).status == 200


@pytest.mark.parametrize("phone", ["+31612345678", None])
def test_an_order_takes_the_phone_number_of_the_signed_in_customer(
    api: Gateway, adapters: FakeAdapters, phone: str | None
) -> None:
    number = {"phone_number": phone, "phone_number_verified": "true"} if phone else {}
    claims = {**CLAIMS, **number}

    def call(method: str, path: str, sent: Any) -> Any:
        event = api.event(method, path, sent)
        event["requestContext"]["authorizer"] = {"claims": claims}
        return api.send(event).json

    call("PUT", "/cart/items/MOUSE001", {"quantity": 1})
    order_id = call("POST", "/checkout", {"total": 20})["orderId"]

    assert adapters.store.orders[order_id].phone_number == phone
