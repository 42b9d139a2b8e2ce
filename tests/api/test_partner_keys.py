"""Partners' keys by the API: whose orders they open, that a value is shown once, and that it gets nowhere else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from chalice.test import Client
from chalicelib import bootstrap
from chalicelib.bootstrap import Services
from chalicelib.kit.jsonio import dumps
from chalicelib.kit.redaction import masked

from tests.support.api.gateway import Answer, Gateway, recorded
from tests.support.api.refusals import refused
from tests.support.builders.examples import SETTINGS, body
from tests.support.fakes.adapters import FakeAdapters

LEGACY = "a1b2c3d4e5"
RANDOM = "0123456789abcdefghijABCDEFGHIJ0123456789"


def called(api: Gateway, method: str, path: str, key_id: str, value: str, sent: Any = None) -> Answer:
    """As API Gateway passes a key on that it has found right."""
    event = api.event(method, path, sent, key=key_id)
    event["requestContext"]["identity"]["apiKey"] = value
    return api.send(event)


def rotate(api: Gateway, partner: str, **sent: Any) -> Any:
    answer = api.post(f"/admin/partners/{partner}/keys", sent, groups="admin")
    assert answer.status == 201, answer.text
    return answer.json


def test_a_partners_orders_stay_theirs_when_the_key_is_rotated(api: Gateway, adapters: FakeAdapters) -> None:
    adapters.api_keys.known(LEGACY)
    old = called(api, "POST", "/orders", LEGACY, "d41d8cd98f00b204e9800998ecf8427e", body()).json["orderId"]

    made = rotate(api, LEGACY)
    new = called(api, "POST", "/orders", made["keyId"], made["key"], body()).json["orderId"]

    for key_id, value in ((made["keyId"], made["key"]), (LEGACY, "d41d8cd98f00b204e9800998ecf8427e")):
        listed = called(api, "GET", "/orders", key_id, value).json["orders"]
        assert {order["orderId"] for order in listed} == {old, new}
        assert called(api, "GET", f"/orders/{old}", key_id, value).status == 200


def test_a_new_partner_sees_its_own_orders_and_no_others(api: Gateway) -> None:
    theirs = api.post("/orders", body(), key="one").json["orderId"]
    made = api.post("/admin/partners", {"partnerId": "acme", "name": "ACME Ltd"}, groups="admin").json

    mine = called(api, "POST", "/orders", made["keyId"], made["key"], body()).json["orderId"]

    assert [order["orderId"] for order in called(api, "GET", "/orders", made["keyId"], made["key"]).json["orders"]] == [
        mine
    ]
    assert called(api, "GET", f"/orders/{theirs}", made["keyId"], made["key"]).status == 404


def test_the_header_alone_names_no_partner(api: Gateway, adapters: FakeAdapters) -> None:
    """API Gateway's word counts: a caller with a key of their own can't claim another's."""
    api.post("/orders", body(), key="two", headers={"X-API-Key": f"op_acme_{RANDOM}"})
    bootstrap.use(Services(replace(SETTINGS, trust_api_key_header=False), adapters))

    assert [order.owner for order in adapters.store.orders.values()] == ["p-two"]
    refused(api.get("/orders", key=None, headers={"X-API-Key": f"op_acme_{RANDOM}"}), status=403)


def test_the_publishable_key_is_no_partner_whatever_its_value(api: Gateway) -> None:
    refused(called(api, "GET", "/orders", SETTINGS.publishable_key_id, f"op_acme_{RANDOM}"), status=403)


def test_in_chalice_local_a_value_names_its_partner_too(client: Client, adapters: FakeAdapters) -> None:
    client.http.post("/orders", headers={"X-API-Key": f"op_acme_{RANDOM}"}, body=dumps(body()).encode())

    assert [order.owner for order in adapters.store.orders.values()] == ["p-acme"]


def test_a_value_is_shown_once_and_never_again(
    api: Gateway, adapters: FakeAdapters, lines: Callable[[], list[Any]]
) -> None:
    made = api.post("/admin/partners", {"partnerId": "acme", "name": "ACME Ltd"}, groups="admin").json
    again = rotate(api, "acme")
    called(api, "POST", "/orders", again["keyId"], again["key"], body())
    called(api, "POST", "/orders", again["keyId"], again["key"], "{")
    api.post("/admin/partners", {"partnerId": "acme", "name": again["key"]}, groups="admin")

    seen = [
        api.get("/admin/partners", groups="admin").text,
        api.get("/admin/audit", groups="admin").text,
        json.dumps(lines()),
        repr(list(adapters.audit_records.all)),
    ]

    for value in (made["key"], again["key"]):
        assert not [text for text in seen if value in text]


def test_a_value_is_masked_wherever_it_turns_up() -> None:
    value = f"op_acme-shop_{RANDOM}"

    shown = json.dumps(masked({"note": f"my key is {value}, help", "reason": value, "list": [value]}))

    assert RANDOM not in shown
    assert RANDOM[:8] not in shown


def test_admins_see_which_keys_work_and_until_when(api: Gateway, adapters: FakeAdapters) -> None:
    adapters.api_keys.known(LEGACY)
    made = rotate(api, LEGACY, endOthersAfterHours=2)

    [partner] = api.get("/admin/partners", groups="admin").json["partners"]

    assert partner == {name: value for name, value in made.items() if name not in ("key", "keyId")}
    assert [(key["keyId"], key["enabled"], key["endsAt"]) for key in partner["keys"]] == [
        (LEGACY, True, "2026-11-21T16:30:25.123Z"),
        (made["keyId"], True, None),
    ]


def test_a_revoked_key_has_no_end_to_come(api: Gateway, adapters: FakeAdapters) -> None:
    adapters.api_keys.known(LEGACY)
    rotate(api, LEGACY)

    revoked = api.call("DELETE", f"/admin/partners/{LEGACY}/keys/{LEGACY}", groups="admin").json

    assert revoked["keys"][0] == {**revoked["keys"][0], "keyId": LEGACY, "enabled": False, "endsAt": None}


def test_the_housekeeper_ends_what_is_due(client: Client, services: Services, adapters: FakeAdapters) -> None:
    adapters.api_keys.known(LEGACY)
    services.access.partners.rotate(LEGACY, 1)
    adapters.clock.advance(3600)

    client.lambda_.invoke("housekeeper", recorded("schedule"))

    assert not adapters.api_keys.keys[LEGACY].enabled


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({}, ["partnerId", "name"]),
        ({"partnerId": "ACME", "name": "A"}, ["partnerId"]),
        ({"partnerId": "a_b", "name": "A"}, ["partnerId"]),
        ({"partnerId": "a" * 41, "name": "A"}, ["partnerId"]),
        ({"partnerId": "acme", "name": "A", "plan": "no-such-plan"}, ["plan"]),
        ({"partnerId": "acme", "name": "A", "key": "mine"}, ["key"]),
    ],
)
def test_wrong_fields_are_named(api: Gateway, adapters: FakeAdapters, sent: Any, fields: list[str]) -> None:
    refused(api.post("/admin/partners", sent, groups="admin"), *fields)
    assert not adapters.api_keys.keys


@pytest.mark.parametrize("hours", [-1, 721, 1.5, "2"])
def test_the_hours_are_a_whole_number_of_a_month(api: Gateway, adapters: FakeAdapters, hours: Any) -> None:
    adapters.api_keys.known(LEGACY)

    refused(
        api.post(f"/admin/partners/{LEGACY}/keys", {"endOthersAfterHours": hours}, groups="admin"),
        "endOthersAfterHours",
    )
    assert list(adapters.api_keys.keys) == [LEGACY]


def test_what_is_not_there_is_not_found(api: Gateway, adapters: FakeAdapters) -> None:
    adapters.api_keys.known(LEGACY)

    refused(api.post("/admin/partners/nobody/keys", {}, groups="admin"), status=404)
    refused(api.call("DELETE", f"/admin/partners/{LEGACY}/keys/nobodys", groups="admin"), status=404)
