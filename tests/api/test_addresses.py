"""One rule for the countries of addresses and their postal codes, on every way in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from chalicelib.imports import read_rows as rows
from chalicelib.imports.model import RowRejected
from chalicelib.kit.jsonio import dumps
from chalicelib.orders import order_created
from chalicelib.orders.model import Address, HistoryRow, Status

from tests.support.api.gateway import Gateway, recorded
from tests.support.builders.examples import SETTINGS, body, order
from tests.support.fakes.adapters import FakeAdapters

Taken = Callable[[Gateway, dict[str, Any]], tuple[Any, list[str]]]
PLACE = {"street": "1 Main St", "city": "Anytown"}


def over_http(api: Gateway, address: dict[str, Any]) -> tuple[Any, list[str]]:
    answer = api.post("/orders", body(shippingAddress=address))
    return answer.json.get("shippingAddress"), [error["field"] for error in answer.json.get("errors", [])]


def checked_out(api: Gateway, address: dict[str, Any]) -> tuple[Any, list[str]]:
    claims = {**recorded("cognito_claims"), "aud": SETTINGS.user_pool_client_id, "sub": "anne", "cognito:groups": ""}

    def call(method: str, path: str, sent: Any = None) -> Any:
        event = api.event(method, path, sent)
        event["requestContext"]["authorizer"] = {"claims": claims}
        return api.send(event)

    call("PUT", "/cart/items/MOUSE001", {"quantity": 1})
    answer = call("POST", "/checkout", {"shippingAddress": address})
    if answer.status != 202:
        return None, [error["field"] for error in answer.json["errors"]]
    return call("GET", f"/me/orders/{answer.json['orderId']}").json["shippingAddress"], []


def announced(detail: dict[str, Any]) -> tuple[Any, list[str]]:
    found = order_created.announced_order(
        {"detail": detail}, owner="p-shop", default_currency="EUR", correlation_id="corr-1"
    )
    address = found.command.shipping_address
    shown = {"country": address.country, "zipCode": address.zip_code} if address else None
    return shown, [error.field for error in found.errors]


def by_event(_: Gateway, address: dict[str, Any]) -> tuple[Any, list[str]]:
    return announced({**body(shippingAddress=address), "orderId": "shop-1"})


def by_flat_event(_: Gateway, address: dict[str, Any]) -> tuple[Any, list[str]]:
    flat = {"OrderId": "1", "Product": "Laptop", "Quantity": 1, "Price": 1200, "ShippingAddress": address}
    shown, errors = announced(flat)
    return shown, [field.replace("ShippingAddress", "shippingAddress") for field in errors]


def in_a_row(row: dict[str, Any]) -> tuple[Any, list[str]]:
    try:
        command = rows.place_order(row, owner="p-one", default_currency="EUR", correlation_id="corr-1")
    except RowRejected as error:
        return None, [wrong.field for wrong in error.errors]
    address = command.shipping_address
    assert address is not None
    return {"country": address.country, "zipCode": address.zip_code}, []


def in_json_lines(_: Gateway, address: dict[str, Any]) -> tuple[Any, list[str]]:
    return in_a_row({"text": dumps(body(shippingAddress=address))})


def in_a_csv_file(_: Gateway, address: dict[str, Any]) -> tuple[Any, list[str]]:
    cells = {"customerId": "c", "customerEmail": "c@example.com", "items": json.dumps([{**LINE}])}
    return in_a_row({"cells": {**cells, **{f"shippingAddress.{name}": value for name, value in address.items()}}})


LINE = {"productId": "MOUSE001", "quantity": 1, "price": 20}
WAYS = [over_http, checked_out, by_event, by_flat_event, in_json_lines, in_a_csv_file]
every_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)


@every_way
@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        ({"country": "USA", "zipCode": "12345"}, ("US", "12345")),
        ({"country": "US", "zipCode": "12345"}, ("US", "12345")),
        ({"country": "NLD", "zipCode": "1011 AB"}, ("NL", "1011 AB")),
        ({"country": "HK"}, ("HK", "")),
        ({"country": "ARE", "zipCode": ""}, ("AE", "")),
        ({"country": "HK", "zipCode": "999077"}, ("HK", "999077")),
    ],
    ids=str,
)
def test_a_country_is_answered_by_its_two_letters(
    api: Gateway, way: Taken, sent: dict[str, str], answered: tuple[str, str]
) -> None:
    address, errors = way(api, {**PLACE, **sent})

    assert errors == []
    assert (address["country"], address["zipCode"]) == answered


@every_way
@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        *(
            ({"country": country, "zipCode": "1"}, "country")
            for country in ("Atlantis", "nl", "UK", "XX", "EUR", "", "N")
        ),
        ({"country": "NL"}, "zipCode"),
        ({"country": "USA"}, "zipCode"),
        ({"country": "IE", "zipCode": ""}, "zipCode"),
    ],
    ids=str,
)
def test_what_is_no_country_or_lacks_its_postal_code_is_refused(
    api: Gateway, way: Taken, sent: dict[str, str], wrong: str
) -> None:
    _, errors = way(api, {**PLACE, **sent})

    assert errors == [f"shippingAddress.{wrong}"]


def test_an_order_of_before_is_shown_as_it_was_written(api: Gateway, adapters: FakeAdapters) -> None:
    at = "2025-12-31T10:00:00.000Z"
    address = Address("1 Main St", "Sofia", "", "1000", "Bulgaria, EU")
    old = replace(
        order(currency="BGN", shipping_address=address), created_at=at, history=(HistoryRow(Status.PENDING, at),)
    )
    adapters.orders.add(old)

    shown = api.get(f"/orders/{old.order_id}").json
    listed = api.get("/orders").json["orders"]

    assert (shown["currency"], shown["shippingAddress"]["country"]) == ("BGN", "Bulgaria, EU")
    assert listed == [shown]


@pytest.mark.parametrize("currency", ["BGN", "HRK", "ANG"])
def test_no_new_order_is_in_a_withdrawn_currency(api: Gateway, currency: str) -> None:
    assert api.post("/orders", body(currency=currency)).json["errors"] == [
        {"field": "currency", "message": "is not an ISO 4217 currency"}
    ]


@pytest.mark.parametrize("currency", ["XCG", "VED"])
def test_a_new_currency_is_taken(api: Gateway, currency: str) -> None:
    assert api.post("/orders", body(currency=currency)).status == 201
