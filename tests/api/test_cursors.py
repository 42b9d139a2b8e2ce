"""Cursors of all lists: signed with the shop's secret, and judged by their shape even then."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.jsonio import dumps

from tests.support.api.gateway import Answer, Gateway
from tests.support.api.published import whole
from tests.support.api.refusals import refused
from tests.support.builders.examples import SETTINGS, body
from tests.support.fakes.adapters import FakeAdapters
from tests.support.stream import indexed

LISTS = {
    "/orders": None,
    "/products": None,
    "/me/orders": "",
    "/admin/orders": "admin",
    "/admin/customers": "admin",
    "/admin/customers/{customer_id}": "admin",
    "/admin/audit": "admin",
    "/admin/imports": "admin",
    "/admin/exports": "admin",
    "/admin/metrics": "admin",
}
"""And the group of those who read it."""


def read(api: Gateway, path: str, cursor: str) -> Answer:
    return first(api, path, f"?cursor={cursor}")


def first(api: Gateway, path: str, query: str = "") -> Answer:
    return api.get(f"{path}{query}".replace("{customer_id}", "customer123"), groups=LISTS[path])


@pytest.fixture(autouse=True)
def one_customer(api: Gateway, adapters: FakeAdapters) -> None:
    """Who can be looked at."""
    api.post("/orders", body())
    indexed(adapters)


class Believed:
    """Takes each cursor, `x` and its position in hex, for one that was signed."""

    def position(self, cursor: str, scope: str) -> bytes | None:
        return bytes.fromhex(cursor[1:])


@pytest.fixture
def two_orders(api: Gateway, adapters: FakeAdapters) -> None:
    for _ in range(2):
        adapters.clock.advance(1)
        api.post("/orders", body())


def test_these_are_all_lists() -> None:
    document = whole()
    paged = {
        path
        for path, operations in document["paths"].items()
        if any(p.get("name") == "cursor" for p in operations.get("get", {}).get("parameters", []))
    }

    assert paged == set(LISTS)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("empty", ["", "%20"])
def test_an_empty_cursor_is_the_first_page(api: Gateway, path: str, empty: str) -> None:
    page = first(api, path)

    assert (read(api, path, empty).status, read(api, path, empty).json) == (200, page.json)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "position",
    [
        {"x": "y"},
        [1],
        {},
        [],
        "text",
        1,
        None,
        True,
        {"productId": 1},
        {"productId": ""},
        {"productId": "x" * 1025},
        {"productId": ["LAPTOP001"]},
        {"productId": "LAPTOP001", "more": "x"},
        {"createdAt": "yesterday", "orderId": "1"},
        {"createdAt": "2026-11-21T14:30:25.123Z"},
        {"createdAt": "2026-11-21T14:30:25.123Z", "orderId": {"S": "1"}},
        {"day": "2026-11-31"},
        {"day": 20261121},
        {"day": "2026-11-21", "orderId": "1"},
        {"item": None},
        {"item": {"x": "y"}},
        {"from": "2026-11-21T14:00:00+00:00", "to": "2026-11-21T15:00:00+00:00"},
        {"from": "2026-11-21T14:00:00+00:00", "to": "2026-11-21T15:00:00+00:00", "page": "2026-11-21T15:00:00"},
        {"from": 1, "to": 2, "page": 3},
    ],
    ids=lambda position: dumps(position)[:60],
)
def test_a_position_of_a_wrong_shape_is_refused_although_it_is_signed(
    api: Gateway, services: Services, path: str, position: object
) -> None:
    vars(services)["cursors"] = Believed()

    refused(read(api, path, "x" + dumps(position).encode().hex()), "cursor")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("signed", [b"\xff\xfe", b"", b"{", b"[" * 5000, b'{"item": NaN}'], ids=str)
def test_what_is_no_json_is_refused_although_it_is_signed(
    api: Gateway, services: Services, path: str, signed: bytes
) -> None:
    vars(services)["cursors"] = Believed()

    refused(read(api, path, "x" + signed.hex()), "cursor")


@pytest.mark.parametrize("path", LISTS)
def test_what_everybody_knows_signs_no_cursor(api: Gateway, path: str) -> None:
    position = b'{"productId":"LAPTOP001"}'
    for key in (SETTINGS.topic_arn, SETTINGS.link_secret_arn, ""):
        mac = hmac.new(key.encode(), b"products\n" + position, hashlib.sha256).digest()
        for length in (8, 16, 32):
            refused(read(api, path, base64.urlsafe_b64encode(mac[:length] + position).decode().rstrip("=")), "cursor")


@pytest.mark.usefixtures("two_orders")
def test_a_cursor_outlives_one_rotation_of_the_secret(api: Gateway, adapters: FakeAdapters) -> None:
    cursor = api.get("/orders?limit=1").json["nextCursor"]

    secrets = adapters.link_secrets
    secrets.stored = [b"new", *secrets.stored]
    assert api.get(f"/orders?limit=1&cursor={cursor}").json["orders"]

    secrets.stored, secrets.read = [b"newer", b"new"], []
    refused(api.get(f"/orders?limit=1&cursor={cursor}"), "cursor")


@pytest.mark.usefixtures("two_orders")
def test_a_cursor_of_a_process_that_knows_the_newer_secret_is_taken(api: Gateway, adapters: FakeAdapters) -> None:
    secrets = adapters.link_secrets
    api.get("/orders?cursor=" + api.get("/orders?limit=1").json["nextCursor"])
    old, secrets.stored = secrets.read, [b"new", *secrets.stored]
    cursor = api.get("/orders?limit=1").json["nextCursor"]

    assert secrets.read == old  # and does not know the new one yet
    assert api.get(f"/orders?cursor={cursor}").json["orders"]


@pytest.mark.usefixtures("two_orders")
def test_a_list_of_one_page_needs_no_secret_and_one_of_more_can_be_asked_for_again(
    api: Gateway, adapters: FakeAdapters
) -> None:
    cursor = api.get("/orders?limit=1").json["nextCursor"]
    adapters.link_secrets.read, adapters.link_secrets.down = [], True

    assert api.get("/orders").status == 200
    for query in ("limit=1", f"cursor={cursor}"):
        answer = api.get(f"/orders?{query}")
        assert (answer.status, answer.headers["retry-after"]) == (503, "1")


def test_a_signature_for_something_else_is_none(api: Gateway, adapters: FakeAdapters, services: Services) -> None:
    position = b'{"productId":"LAPTOP001"}'
    [secret] = adapters.link_secrets.stored
    for purpose in (b"orderproc feedback\n", b"orderproc pseudonym\n", b""):
        mac = hmac.new(secret, purpose + b"products\n" + position, hashlib.sha256).digest()[:16]
        refused(read(api, "/products", base64.urlsafe_b64encode(mac + position).decode().rstrip("=")), "cursor")

    assert read(api, "/products", services.cursors.signed(position, "products")).status == 200
