"""Parameters of lists, keys in paths, and cursors that were made up or borrowed."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from tests.support.api.gateway import Gateway
from tests.support.api.refusals import SECRET, refused
from tests.support.builders.examples import body
from tests.support.fakes.adapters import FakeAdapters

LISTS = ["/orders", "/products"]
BAD_LIMITS = ["0", "101", "-1", "1.5", "1e1", "abc", "", "%20", "%2B5", "%D9%A3", "0x10", "1000000", "9" * 5000, SECRET]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", BAD_LIMITS, ids=lambda text: text[:12])
def test_a_limit_is_a_whole_number_from_1_to_100(api: Gateway, path: str, limit: str) -> None:
    refused(api.get(f"{path}?limit={limit}"), "limit")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", ["1", "20", "100"])
def test_other_limits_are_fine(api: Gateway, path: str, limit: str) -> None:
    assert api.get(f"{path}?limit={limit}").status == 200


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("name", ["offset", "Limit", "owner", f"x{SECRET[:2]}", "customer_id"])
def test_a_parameter_that_is_not_known_is_refused(api: Gateway, path: str, name: str) -> None:
    refused(api.get(f"{path}?{name}={SECRET}"), name)


@pytest.mark.parametrize("status", ["pending", "", "DONE", "%20", "PENDING,FAILED", SECRET])
def test_a_status_must_be_one_that_there_is(api: Gateway, status: str) -> None:
    answer = api.get(f"/orders?status={status}")

    refused(answer, "status")
    assert "PENDING, VALIDATING" in answer.json["errors"][0]["message"]


@pytest.mark.parametrize("customer", ["", "%20", "%E2%80%8B", "x" * 129, "a%0Ab", "%00", "%C2%85", "K%EF%BF%BDln"])
def test_a_customer_must_be_one_that_an_order_can_have(api: Gateway, customer: str) -> None:
    refused(api.get(f"/orders?customerId={customer}"), "customerId")


def test_all_that_is_wrong_with_a_query_is_named_at_once(api: Gateway) -> None:
    answer = api.get("/orders?limit=0&status=x&cursor=x&customerId=&offset=1")

    refused(answer, "limit", "status", "cursor", "customerId", "offset")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "cursor",
    ["x", "AAAA", "%00", "=", "====", "%C3%A9", "eyJvcmRlcklkIjoiMSJ9", SECRET, "x" * 5000, "..%2F", "null"],
    ids=lambda text: text[:12],
)
def test_a_cursor_that_was_made_up_is_refused(api: Gateway, path: str, cursor: str) -> None:
    refused(api.get(f"{path}?cursor={cursor}"), "cursor")


def _cursor(api: Gateway, query: str = "", key: str = "one") -> str:
    return str(api.get(f"/orders?limit=1{query}", key=key).json["nextCursor"])


@pytest.fixture
def two_each(api: Gateway, adapters: FakeAdapters) -> None:
    """Two orders for each of two partners and two customers."""
    for key in ("one", "two"):
        for customer in ("a", "b"):
            for _ in range(2):
                adapters.clock.advance(1)
                api.post("/orders", body(customerId=customer), key=key)


@pytest.mark.usefixtures("two_each")
def test_a_cursor_with_any_byte_flipped_is_refused(api: Gateway) -> None:
    raw = base64.urlsafe_b64decode(_cursor(api) + "==")

    for position in range(len(raw)):
        forged = bytes(byte ^ (position == n) for n, byte in enumerate(raw))
        text = base64.urlsafe_b64encode(forged).decode().rstrip("=")
        refused(api.get(f"/orders?limit=1&cursor={text}"), "cursor")


@pytest.mark.usefixtures("two_each")
def test_a_cursor_cut_short_is_refused(api: Gateway) -> None:
    cursor = _cursor(api)

    for length in range(4, len(cursor), 4):
        refused(api.get(f"/orders?limit=1&cursor={cursor[:length]}"), "cursor")


@pytest.mark.usefixtures("two_each")
@pytest.mark.parametrize(
    ("made_for", "used_for"),
    [("", "&customerId=a"), ("&customerId=a", ""), ("&customerId=a", "&customerId=b"), ("", "&status=PENDING")],
)
def test_a_cursor_of_another_filter_is_refused(api: Gateway, made_for: str, used_for: str) -> None:
    refused(api.get(f"/orders?limit=1{used_for}&cursor={_cursor(api, made_for)}"), "cursor")


@pytest.mark.usefixtures("two_each")
def test_another_partners_cursor_is_refused(api: Gateway) -> None:
    refused(api.get(f"/orders?limit=1&cursor={_cursor(api, key='two')}"), "cursor")


@pytest.mark.usefixtures("two_each")
def test_a_cursor_of_another_list_is_refused(api: Gateway) -> None:
    refused(api.get(f"/products?cursor={_cursor(api)}"), "cursor")
    refused(api.get(f"/orders?cursor={api.get('/products?limit=1').json['nextCursor']}"), "cursor")


@pytest.mark.usefixtures("two_each")
@pytest.mark.parametrize("query", ["", "&customerId=a", "&status=PENDING", "&customerId=a&status=PENDING"])
def test_a_cursor_of_the_same_list_is_taken_with_another_limit(api: Gateway, query: str) -> None:
    assert api.get(f"/orders?limit=100{query}&cursor={_cursor(api, query)}").status == 200


KEYS = [
    "x" * 129,
    "x" * 3000,
    "%00",
    "%0A",
    "%0D%0ASet-Cookie:%20a=b",
    "%FF%FE",
    "..",
    "%2e%2e%2f",
    "%27%20OR%201=1",
    SECRET,
]


@pytest.mark.parametrize("key", KEYS, ids=lambda text: text[:12])
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/orders/{}"), ("POST", "/orders/{}/cancel"), ("GET", "/orders/{}/receipt"), ("GET", "/products/{}")],
)
def test_a_key_that_nothing_has_is_not_found(
    api: Gateway, untouched: Callable[[], bool], method: str, path: str, key: str
) -> None:
    refused(api.call(method, path.format(key)), status=404)
    assert untouched()


@pytest.mark.parametrize("name", ["customerId", "status", "\ud800"])
def test_a_query_that_is_no_unicode_is_refused(api: Gateway, name: str) -> None:
    event = api.event("GET", "/orders", key="one")
    event["multiValueQueryStringParameters"] = {name: ["\ud800"]}

    refused(api.send(event))


def test_what_dynamodb_would_refuse_as_a_key_is_not_asked_for(api: Gateway, adapters: FakeAdapters) -> None:
    adapters.orders = None  # nothing may be read

    assert api.get("/orders/" + "x" * 2049).status == 404
    assert api.get("/orders?customerId=" + "x" * 2049).status == 400
