"""`POST /webhooks/carrier`: carriers sign what they send, and need neither a key nor a token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from chalice.test import Client
from chalicelib.bootstrap import Services
from chalicelib.kit.jsonio import dumps
from chalicelib.orders.model import Order

from tests.support.api.gateway import Answer, Gateway
from tests.support.builders.examples import command
from tests.support.carrier_signing import header, seconds
from tests.support.fakes.adapters import FakeAdapters

PATH = "/webhooks/carrier"
REPORT = {
    "eventId": "evt_1",
    "carrier": "DHL",
    "trackingNumber": "JD1",
    "status": "DELIVERED",
    "occurredAt": "2026-11-21T14:00:00Z",
}
Send = Callable[..., Answer]


@pytest.fixture
def order(services: Services) -> Order:
    """Shipped as DHL JD1."""
    placed = services.workflow.steps.run_all(services.orders.accept(command()).order_id)
    return services.workflow.ship.ship(placed, "DHL", "JD1", None)


@pytest.fixture
def send(api: Gateway, adapters: FakeAdapters) -> Send:
    """As a carrier: signed now, unless `signed` says otherwise. `binary` arrives as base64."""

    def sent(body: Any, signed: str | None = None, *, binary: bool = False, **headers: str) -> Answer:
        text = body if isinstance(body, str) else dumps(body)
        signature = header(text.encode(), seconds(adapters.clock)) if signed is None else signed
        more = {"X-Carrier-Signature": signature, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return api.call("POST", PATH, text.encode() if binary else text, key=None, headers=more)

    return sent


def state(services: Services, order: Order) -> str:
    return services.orders.queries.any(order.order_id).shipments[0].status.value


def test_a_signed_report_moves_the_shipment(send: Send, services: Services, order: Order) -> None:
    answer = send(REPORT)

    assert (answer.status, answer.json) == (
        200,
        {"orderId": order.order_id, "trackingNumber": "JD1", "status": "DELIVERED"},
    )
    assert state(services, order) == "DELIVERED"


def test_the_customer_sees_it(send: Send, api: Gateway, order: Order) -> None:
    send(REPORT)

    seen = api.get(f"/orders/{order.order_id}").json if order.owner == "p-one" else {}
    assert seen["shipment"] == {
        "carrier": "DHL",
        "trackingNumber": "JD1",
        "trackingUrl": "https://www.dhl.com/global-en/home/tracking.html?tracking-id=JD1&submit=1",
        "status": "DELIVERED",
        "items": [{"productId": "LAPTOP001", "quantity": 1}],
        "updatedAt": "2026-11-21T14:00:00.000Z",
    }


def test_it_works_with_chalices_own_client(
    client: Client, services: Services, adapters: FakeAdapters, order: Order
) -> None:
    body = dumps(REPORT).encode()
    headers = {"Content-Type": "application/json", "X-Carrier-Signature": header(body, seconds(adapters.clock))}

    assert client.http.post(PATH, headers=headers, body=body).status_code == 200
    assert client.http.post(PATH, headers={**headers, "X-Carrier-Signature": "t=1,v1=2"}, body=body).status_code == 401
    assert state(services, order) == "DELIVERED"


@pytest.mark.parametrize("status", ["SHIPPED", "DELIVERED", "LOST"])
def test_a_replay_is_answered_like_the_first(send: Send, order: Order, status: str) -> None:
    first, second = (send({**REPORT, "status": status}) for _ in range(2))

    assert (first.status, first.json["status"]) == (200, status)
    assert (second.status, second.json) == (first.status, first.json)


def test_the_bytes_are_what_was_signed_whatever_they_are_in(send: Send, services: Services, order: Order) -> None:
    spaced = '{ "eventId":"é東", "carrier":"DHL",\r\n"trackingNumber":"JD1","status":"LOST",\t"occurredAt":"2026-11-21T14:00:00+01:00"}'  # noqa: E501

    assert send(spaced).status == 200
    assert send(spaced, binary=True).status == 200
    assert state(services, order) == "LOST"


def test_fields_that_we_do_not_know_are_the_carriers_business(send: Send, order: Order) -> None:
    assert send({**REPORT, "depot": {"city": "Tilburg"}, "orderId": None}).status == 200


# Whose reports are refused


def refused(answer: Answer) -> bool:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status == 401 and answer.json["status"] == 401


def test_without_a_signature_nothing_moves(send: Send, api: Gateway, services: Services, order: Order) -> None:
    assert refused(send(REPORT, ""))
    assert refused(api.call("POST", PATH, REPORT))
    assert refused(api.call("POST", PATH, REPORT, groups="admin"))  # no key and no token stands in for it
    assert state(services, order) == "SHIPPED"


def test_a_tampered_body_is_refused(send: Send, adapters: FakeAdapters, services: Services, order: Order) -> None:
    signed = header(dumps(REPORT).encode(), seconds(adapters.clock))

    assert refused(send({**REPORT, "status": "LOST"}, signed))
    assert refused(send(dumps(REPORT) + " ", signed))
    assert state(services, order) == "SHIPPED"


def test_whoever_is_refused_learns_nothing_of_shipments(send: Send, adapters: FakeAdapters) -> None:
    unknown = send({**REPORT, "trackingNumber": "none"}, "t=1,v1=1")
    nonsense = send("no JSON", "t=1,v1=1")

    assert refused(unknown)
    assert refused(nonsense)


# What can't be taken


def test_an_unknown_shipment_is_to_be_reported_again(send: Send, order: Order) -> None:
    assert send({**REPORT, "trackingNumber": "JD2"}).status == 404
    assert send({**REPORT, "carrier": "UPS"}).status == 404
    assert send({**REPORT, "orderId": "another"}).status == 404


@pytest.mark.parametrize("field", sorted(REPORT))
def test_every_field_is_needed(send: Send, order: Order, field: str) -> None:
    answer = send({name: value for name, value in REPORT.items() if name != field})

    assert (answer.status, answer.fields) == (400, [field])


@pytest.mark.parametrize(
    "at",
    [
        *("2026-11-21T14:00:00", "2026-11-21", "yesterday", "2026-13-01T00:00:00Z", "1999-11-21T14:00:00Z"),
        *("2026-11-21T25:00:00Z", "2026-11-21T14:00:00+99:00", "٢٠٢٦-11-21T14:00:00Z", 1795271425, None, ""),
    ],
    ids=str,
)
def test_what_names_no_moment_is_refused(send: Send, order: Order, at: Any) -> None:
    answer = send({**REPORT, "occurredAt": at})

    assert (answer.status, answer.fields) == (400, ["occurredAt"])


@pytest.mark.parametrize(
    ("at", "known_as"),
    [
        ("2026-11-21T14:00:00+02:00", "2026-11-21T12:00:00.000Z"),
        ("2026-11-21t14:00:00.5z", "2026-11-21T14:00:00.500Z"),
        ("2026-11-21 14:00:00.123456789-0030", "2026-11-21T14:30:00.123Z"),
        ("2026-11-21T14:00Z", "2026-11-21T14:00:00.000Z"),
    ],
)
def test_moments_are_taken_in_any_zone(send: Send, services: Services, order: Order, at: str, known_as: str) -> None:
    assert send({**REPORT, "occurredAt": at}).status == 200
    assert services.orders.queries.any(order.order_id).shipments[0].at == known_as


@pytest.mark.parametrize("body", ["", "null", "[]", "{", "NaN", '{"status": NaN}', "[" * 500], ids=repr)
def test_what_is_no_object_is_refused_even_when_signed(send: Send, body: str) -> None:
    assert send(body).status == 400


@pytest.mark.parametrize("status", ["delivered", "RETURNED", "", None, 1, ["LOST"]], ids=repr)
def test_a_status_that_there_is_not_is_refused(send: Send, order: Order, status: Any) -> None:
    assert send({**REPORT, "status": status}).fields == ["status"]


def test_while_the_secret_can_not_be_read_the_carrier_is_asked_to_come_again(
    send: Send, adapters: FakeAdapters, order: Order
) -> None:
    adapters.carrier_secrets.down = True

    answer = send(REPORT)

    assert (answer.status, answer.headers["retry-after"]) == (503, "1")


def test_secrets_signatures_and_addresses_are_not_logged(
    send: Send, order: Order, lines: Callable[[], list[Any]]
) -> None:
    send(REPORT)
    send(REPORT, "t=1,v1=feedface")

    logged = dumps(lines())
    assert "shipment_updated" in logged
    for private in ("carriers' secret", "feedface", "v1=", "customer@example.com", "JD1"):
        assert private not in logged
