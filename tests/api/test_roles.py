"""What each role of staff may (contract §8), route by route. The routes are those of the app: a new one fails here
until its row is added."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from chalice.app import Blueprint, Chalice
from chalicelib.api.shared.operations import DECLARED, Caller, serves
from chalicelib.api.shared.permissions import Permission, Role, permissions_of, roles_that_may

from tests.support.api import published
from tests.support.api.gateway import Gateway
from tests.support.api.staff_routes import NAMED, STAFFS, named
from tests.support.fakes.adapters import FakeAdapters

ALL = {"admin", "support", "warehouse", "finance", "viewer"}
ROLES: dict[str, set[str]] = {
    "GET /admin/me": ALL,
    "GET /admin/orders": ALL,
    "GET /admin/orders/{order_id}": ALL,
    "GET /admin/orders/{order_id}/timeline": ALL,
    "POST /admin/orders/{order_id}/notes": {"admin", "support"},
    "GET /admin/customers": ALL,
    "GET /admin/customers/{customer_id}": ALL,
    "GET /admin/discrepancies": ALL,
    "GET /admin/imports": ALL,
    "GET /admin/imports/{import_id}": ALL,
    "GET /admin/imports/{import_id}/report": ALL,
    "POST /admin/imports": {"admin"},
    "GET /admin/alarms": ALL,
    "GET /admin/metrics": ALL,
    "POST /admin/orders/{order_id}/cancel": {"admin", "support"},
    "POST /admin/orders/{order_id}/resend": {"admin", "support"},
    "PUT /admin/orders/{order_id}/tags": {"admin", "support"},
    "POST /admin/orders/{order_id}/ship": {"admin", "warehouse"},
    "POST /admin/orders/{order_id}/deliver": {"admin", "warehouse"},
    "POST /products/{product_id}/stock": {"admin", "warehouse"},
    "PUT /products/{product_id}": {"admin", "finance"},
    "DELETE /products/{product_id}": {"admin", "finance"},
    "POST /admin/products/{product_id}/image": {"admin", "finance"},
    "PUT /admin/products/{product_id}/image": {"admin", "finance"},
    "DELETE /admin/products/{product_id}/image": {"admin", "finance"},
    "POST /admin/exports": {"admin", "finance"},
    "GET /admin/exports": {"admin", "finance"},
    "GET /admin/exports/{export_id}": {"admin", "finance"},
    "POST /admin/orders/{order_id}/retry": {"admin"},
    "GET /admin/queues": {"admin"},
    "GET /admin/dead-letters": {"admin"},
    "POST /admin/dead-letters/redrive": {"admin"},
    "POST /admin/dead-letters/discard": {"admin"},
    "GET /admin/audit": {"admin"},
    "GET /admin/partners": {"admin"},
    "POST /admin/partners": {"admin"},
    "POST /admin/partners/{partner_id}/keys": {"admin"},
    "DELETE /admin/partners/{partner_id}/keys/{key_id}": {"admin"},
    "GET /admin/staff": {"admin"},
    "POST /admin/staff": {"admin"},
    "PUT /admin/staff/{user_id}/roles": {"admin"},
    "POST /admin/staff/{user_id}/disable": {"admin"},
    "POST /admin/staff/{user_id}/enable": {"admin"},
}
"""The contract's table, written down once more: a change of the product's own table must be meant."""
HEADS = {route.replace("GET", "HEAD"): roles for route, roles in ROLES.items() if route.startswith("GET")}
CASES = [(route, role) for route in [*ROLES, *HEADS] for role in sorted(ALL)]


def test_every_route_of_staff_has_its_row() -> None:
    assert {f"{method} {path}" for method, path in STAFFS} == {*ROLES, *HEADS}


@pytest.mark.parametrize(("route", "role"), CASES)
def test_a_role_may_what_the_table_says_and_nothing_else(
    api: Gateway, adapters: FakeAdapters, untouched: Callable[[], bool], route: str, role: str
) -> None:
    method, path = route.split()

    answer = api.call(method, named(path), None if method in ("GET", "HEAD") else {}, groups=role)

    allowed = (ROLES | HEADS)[route]
    if role in allowed:
        assert answer.status not in (401, 403), answer.text
    else:
        assert answer.status == 403
        if method != "HEAD":
            assert answer.json["code"] == "NOT_PERMITTED"
            assert all(other in answer.json["detail"] for other in allowed)
        assert untouched()
        assert not adapters.audit_records.kept


@pytest.mark.parametrize("route", ROLES)
def test_the_document_says_which_roles_may(route: str) -> None:
    method, path = route.split()

    operation = published.whole()["paths"][path][method.lower()]

    assert set(operation["x-roles"]) == ROLES[route]
    assert all(f"`{role}`" in operation["description"] for role in ROLES[route])


def test_who_has_two_roles_may_what_either_may(api: Gateway) -> None:
    order = NAMED["{order_id}"]

    shipment = {"carrier": "DHL", "trackingNumber": "1"}
    answers = [
        api.post(f"/admin/orders/{order}/{what}", shipment, groups="[support warehouse]")
        for what in ("cancel", "ship", "retry")
    ]

    assert [answer.status for answer in answers] == [404, 404, 403]


def test_the_price_is_finances_and_the_stock_is_not(api: Gateway, adapters: FakeAdapters) -> None:
    priced = api.put("/products/LAPTOP001", {"name": "Laptop", "price": 900}, groups="finance")
    stocked = api.put("/products/LAPTOP001", {"name": "Laptop", "price": 800, "stock": 9}, groups="finance")
    both = api.put("/products/LAPTOP001", {"name": "Laptop", "price": 700, "stock": 9}, groups="finance,warehouse")

    assert (priced.status, stocked.status, both.status) == (200, 403, 200)
    assert both.json["stock"] == 9
    assert adapters.store.products["LAPTOP001"].price == 700
    assert len(adapters.audit_records.all) == 2


@pytest.mark.parametrize("role", sorted(ALL))
def test_me_names_the_roles_and_what_they_may(api: Gateway, role: str) -> None:
    me = api.get("/admin/me", groups=f"[{role} some-other-group]").json

    assert (me["userId"], me["roles"]) == ("c2a5f4d4-50b1-70ee-8a3c-0f6f7d1f9a52", [role])
    assert me["permissions"] == sorted(permissions_of([Role(role)]))
    assert "read" in me["permissions"]


def test_an_admin_may_everything() -> None:
    assert permissions_of([Role.ADMIN]) == set(Permission)


def test_a_route_of_staff_can_not_exist_without_its_permission() -> None:
    bp = Blueprint("forgetful")

    with pytest.raises(TypeError, match="GET /admin/secrets"):
        serves(bp, "GET /admin/secrets", Caller.STAFF, "Staff", "List secrets", "", {200: ("They", "Document")})
    with pytest.raises(TypeError, match="GET /secrets"):
        serves(
            bp,
            "GET /secrets",
            Caller.PARTNER,
            "Staff",
            "List secrets",
            "",
            {200: ("They", "Document")},
            may=Permission.READ,
        )


def test_every_route_under_admin_is_declared_as_staffs(app: Chalice) -> None:
    for path, methods in app.routes.items():
        if path.startswith("/admin"):
            declared = [DECLARED[f"{method} {path}"] for method in methods if method != "HEAD"]
            assert [operation.caller for operation in declared] == [Caller.STAFF] * len(declared)


def test_the_guide_shows_the_table_as_it_is() -> None:
    page = (Path(__file__).parents[2] / "docs/guide/access.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `") or "| `admin`" in line]
    lines = [row.strip("| ").split(" |") for row in rows]
    heads = next(line for line in lines if line[0] == "may")
    roles = [head.strip(" `") for head in heads[1:]]

    shown = {
        name: [role for role, mark in zip(roles, [*line[1:], *[""] * 5], strict=False) if mark.strip() == "✓"]
        for line in lines
        if "✓" in "".join(line)
        for name in re.findall(r"`(\w+)`", line[0])
    }

    assert shown == {permission: roles_that_may(permission) for permission in Permission}
