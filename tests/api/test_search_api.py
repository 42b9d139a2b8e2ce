"""Staff search orders and customers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from chalicelib import bootstrap
from chalicelib.bootstrap import Services

from tests.support.api.gateway import Gateway
from tests.support.api.refusals import refused
from tests.support.builders.examples import SETTINGS, body
from tests.support.fakes.adapters import FakeAdapters
from tests.support.stream import indexed

ADDRESS = {**body()["shippingAddress"], "name": "Zoë Jansen"}


def staff(api: Gateway, path: str) -> Any:
    answer = api.call("GET", path, groups="admin")
    assert answer.status == 200, answer.json
    return answer.json


@pytest.fixture
def placed(api: Gateway, adapters: FakeAdapters) -> list[str]:
    """Orders of two partners, oldest first, of which the search knows."""
    found = []
    for n, key in enumerate(("one", "two", "one")):
        sent = body(customerEmail=f"buyer{n}@example.com", reference=f"PO-{n}", shippingAddress=ADDRESS)
        found.append(str(api.post("/orders", sent, key=key).json["orderId"]))
        adapters.clock.advance(24 * 3600)
    indexed(adapters)
    return found


def ids(answer: Any) -> list[str]:
    return [order["orderId"] for order in answer["orders"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=BUYER1%40", [1]),
        ("q=Zoe%CC%88%20jan", [2, 1, 0]),
        ("q=laptop001&limit=2", [2, 1]),
        ("email=Buyer2%40example.com", [2]),
        ("reference=po-0", [0]),
        ("customerId=CUSTOMER123&from=2026-11-22", [2, 1]),
        ("to=2026-11-22", [1, 0]),
        ("q=po-&status=COMPLETED", []),
    ],
)
def test_orders_are_found(api: Gateway, placed: list[str], query: str, expected: list[int]) -> None:
    assert ids(staff(api, f"/admin/orders?{query}")) == [placed[n] for n in expected]


def test_an_order_is_found_by_the_beginning_of_its_id_and_by_its_number(api: Gateway, placed: list[str]) -> None:
    number = staff(api, f"/admin/orders/{placed[1]}")["orderNumber"]

    assert placed[1] in ids(staff(api, f"/admin/orders?q={placed[1][:8].upper()}"))
    assert ids(staff(api, f"/admin/orders?q={number}")) == [placed[1]]


def test_pages_follow_each_other_and_a_cursor_is_good_for_the_same_search_only(api: Gateway, placed: list[str]) -> None:
    first = staff(api, "/admin/orders?q=laptop001&limit=2")
    second = staff(api, f"/admin/orders?q=laptop001&limit=2&cursor={first['nextCursor']}")

    assert (ids(second), second["nextCursor"]) == ([placed[0]], None)
    for query in ("", "q=laptop002&", "q=laptop001&email=a%40example.com&"):
        refused(api.call("GET", f"/admin/orders?{query}cursor={first['nextCursor']}", groups="admin"), "cursor")


def test_all_that_is_wrong_with_a_search_is_named_at_once(api: Gateway) -> None:
    query = "q=&email=x&reference=%20&customerId=&from=x&to=x&status=x&limit=0&cursor=x&tag=%20&x=x"

    answer = api.call("GET", f"/admin/orders?{query}", groups="admin")

    fields = ("q", "email", "reference", "customerId", "from", "to", "status", "limit", "cursor", "tag", "x")
    refused(answer, *fields)


@pytest.mark.usefixtures("placed")
def test_switched_off_the_search_says_so_and_filters_go_on(api: Gateway, adapters: FakeAdapters) -> None:
    bootstrap.use(Services(replace(SETTINGS, order_search="off"), adapters))

    for path in ("/admin/orders?q=buyer1", "/admin/customers", "/admin/customers/customer123"):
        answer = api.call("GET", path, groups="admin")
        assert (answer.status, answer.json["code"]) == (409, "SEARCH_OFF")
        assert "switched off" in answer.json["detail"]
    assert len(ids(staff(api, "/admin/orders?email=buyer1%40example.com"))) == 1


def test_customers_are_found_and_their_page_names_nobody_in_its_address(api: Gateway, placed: list[str]) -> None:
    answer = staff(api, "/admin/customers?q=jansen")

    assert [customer["id"] for customer in answer["customers"]] == [placed[2], placed[1]]
    assert answer["customers"][0] == {
        "id": placed[2],
        "owner": "p-one",
        "customerId": "customer123",
        "email": "buyer2@example.com",
        "name": "Zoë Jansen",
        "phoneNumber": "+31612345678",
        "lastOrderAt": "2026-11-23T14:30:25.123Z",
    }


def test_a_customer_is_shown_with_contact_worth_and_orders(api: Gateway, services: Services, placed: list[str]) -> None:
    services.workflow.steps.run_all(placed[0])

    answer = staff(api, f"/admin/customers/{placed[0]}")

    assert (answer["id"], answer["email"], answer["orderCount"]) == (placed[2], "buyer2@example.com", 2)
    assert {currency: str(amount) for currency, amount in answer["spent"].items()} == {"EUR": "1299.99"}
    assert (answer["firstOrderAt"], answer["lastOrderAt"]) == ("2026-11-21T14:30:25.123Z", "2026-11-23T14:30:25.123Z")
    assert ids(answer) == [placed[2], placed[0]]
    assert answer["orders"][1]["status"] == "COMPLETED"


@pytest.mark.parametrize("customer", ["nobody", "%00", quote("x" * 200), "..%2F"])
def test_nobody_else_is_a_customer(api: Gateway, customer: str) -> None:
    answer = api.call("GET", f"/admin/customers/{customer}", groups="admin")

    assert (answer.status, answer.json["code"]) == (404, "CUSTOMER_NOT_FOUND")


@pytest.mark.parametrize("path", ["/admin/customers", "/admin/customers/customer123", "/admin/orders?q=x"])
def test_only_staff_search(api: Gateway, path: str) -> None:
    assert api.call("GET", path, groups="customers").status == 403


def test_customers_come_in_pages(api: Gateway, placed: list[str]) -> None:
    first = staff(api, "/admin/customers?q=buyer&limit=1")
    second = staff(api, f"/admin/customers?q=buyer&limit=1&cursor={first['nextCursor']}")

    assert [[one["id"] for one in page["customers"]] for page in (first, second)] == [[placed[2]], [placed[1]]]
    refused(api.call("GET", f"/admin/customers?limit=1&cursor={first['nextCursor']}", groups="admin"), "cursor")
    refused(api.call("GET", "/admin/customers?q=&limit=x&status=PENDING", groups="admin"), "q", "limit", "status")
