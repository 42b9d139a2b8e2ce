"""Every route by which staff change something leaves one record, before it acts, with the values of before and after.

The routes are those of the app: one that is added without a record, or without an example here, fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from chalice.app import Chalice
from chalicelib.access.roles import Role
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import TemporarilyUnavailable

from tests.support.api.gateway import Answer, Gateway
from tests.support.builders import discrepancies as inspected
from tests.support.builders.examples import SETTINGS, command
from tests.support.builders.pictures import png
from tests.support.fakes.adapters import FakeAdapters

DLQ = f"{SETTINGS.order_queue_url}-dlq"
PRODUCT = {"name": "Laptop", "price": Decimal("999.00"), "stock": 3}


@dataclass
class Shop:
    """What the examples need of it."""

    services: Services
    adapters: FakeAdapters

    def confirmed(self) -> str:
        """An order that is paid and waits for staff to ship it."""
        accepted = self.services.orders.accept(command(fulfilment="manual"))
        return self.services.workflow.steps.run_all(accepted.order_id).order_id

    def shipped(self) -> str:
        order = self.services.orders.queries.any(self.confirmed())
        return self.services.workflow.ship.ship(order, "DHL", "1", None).order_id

    def stuck(self) -> str:
        return self.services.orders.accept(command()).order_id

    def in_doubt(self) -> str:
        order_id = inspected.in_doubt(self.services, self.adapters).order_id
        self.adapters.clock.advance(300)
        return order_id

    def uploaded(self) -> str:
        upload = self.services.inventory.images.offer("LAPTOP001", "image/png")
        self.adapters.images.uploads[upload.upload_id] = png()
        return upload.upload_id

    def with_picture(self) -> str:
        return self.services.inventory.images.record("LAPTOP001", self.uploaded())[0].product_id

    def member(self, enabled: bool = True) -> str:
        """A member of staff, whom the admin of the tests changes."""
        self.adapters.staff_users.known("c2a5f4d4-50b1-70ee-8a3c-0f6f7d1f9a52", Role.ADMIN)
        return self.adapters.staff_users.known("sam", Role.SUPPORT, enabled=enabled).user_id

    def partner(self) -> str:
        """Its own key's id."""
        return self.adapters.api_keys.known("a1b2c3d4e5").key_id

    def dead(self) -> str:
        return str(self.adapters.dead_sqs.put(DLQ, "{}"))


Example = Callable[[Shop], tuple[str, Any]]
"""Sees to it that there is something to change; the path and the body that change it."""

EXAMPLES: dict[tuple[str, str], Example] = {
    ("PUT", "/products/{product_id}"): lambda shop: ("/products/LAPTOP001", PRODUCT),
    ("DELETE", "/products/{product_id}"): lambda shop: ("/products/LAPTOP001", None),
    ("POST", "/products/{product_id}/stock"): lambda shop: (
        "/products/LAPTOP001/stock",
        {"delta": 5, "reason": "Delivery 4711"},
    ),
    ("PUT", "/admin/products/{product_id}/image"): lambda shop: (
        "/admin/products/LAPTOP001/image",
        {"uploadId": shop.uploaded()},
    ),
    ("DELETE", "/admin/products/{product_id}/image"): lambda shop: (
        f"/admin/products/{shop.with_picture()}/image",
        None,
    ),
    ("POST", "/admin/orders/{order_id}/cancel"): lambda shop: (f"/admin/orders/{shop.stuck()}/cancel", None),
    ("POST", "/admin/orders/{order_id}/notes"): lambda shop: (f"/admin/orders/{shop.stuck()}/notes", {"text": "Hm."}),
    ("PUT", "/admin/orders/{order_id}/tags"): lambda shop: (f"/admin/orders/{shop.stuck()}/tags", {"tags": ["vip"]}),
    ("POST", "/admin/orders/{order_id}/ship"): lambda shop: (
        f"/admin/orders/{shop.confirmed()}/ship",
        {"carrier": "DHL", "trackingNumber": "2"},
    ),
    ("POST", "/admin/orders/{order_id}/deliver"): lambda shop: (f"/admin/orders/{shop.shipped()}/deliver", {}),
    ("POST", "/admin/orders/{order_id}/retry"): lambda shop: (f"/admin/orders/{shop.stuck()}/retry", None),
    ("POST", "/admin/orders/{order_id}/resend"): lambda shop: (f"/admin/orders/{shop.in_doubt()}/resend", None),
    ("POST", "/admin/exports"): lambda shop: (
        "/admin/exports",
        {"what": "orders", "from": "2026-11-01", "to": "2026-11-30", "format": "csv"},
    ),
    ("POST", "/admin/partners"): lambda shop: ("/admin/partners", {"partnerId": "acme", "name": "ACME"}),
    ("POST", "/admin/partners/{partner_id}/keys"): lambda shop: (f"/admin/partners/{shop.partner()}/keys", {}),
    ("DELETE", "/admin/partners/{partner_id}/keys/{key_id}"): lambda shop: (
        f"/admin/partners/{shop.partner()}/keys/{shop.partner()}",
        None,
    ),
    ("POST", "/admin/staff"): lambda shop: (
        "/admin/staff",
        {"email": f"not-{shop.member()}@shop.example", "roles": ["viewer"]},
    ),
    ("PUT", "/admin/staff/{user_id}/roles"): lambda shop: (
        f"/admin/staff/{shop.member()}/roles",
        {"roles": ["warehouse"]},
    ),
    ("POST", "/admin/staff/{user_id}/disable"): lambda shop: (f"/admin/staff/{shop.member()}/disable", None),
    ("POST", "/admin/staff/{user_id}/enable"): lambda shop: (f"/admin/staff/{shop.member(enabled=False)}/enable", None),
    ("POST", "/admin/dead-letters/redrive"): lambda shop: (
        "/admin/dead-letters/redrive",
        {"queue": "orders", "messageIds": [shop.dead()]},
    ),
    ("POST", "/admin/dead-letters/discard"): lambda shop: (
        "/admin/dead-letters/discard",
        {"queue": "orders", "messageIds": [shop.dead()], "reason": "A test."},
    ),
}
CHANGES_NOTHING = {("POST", "/admin/products/{product_id}/image"), ("POST", "/admin/imports")}
"""They sign a form. A picture is on record once it is set, and is nowhere before; for a file to import, which needs no
further request, the form itself is on record (test_import_uploads.py)."""
ITS_OWN_VALUES = {
    *("/admin/orders/{order_id}/resend", "/admin/dead-letters/redrive", "/admin/dead-letters/discard"),
    "/admin/exports",
}
"""Messages are sent, moved or deleted, a file is written: the record names them."""

ROUTE = pytest.mark.parametrize("route", EXAMPLES, ids=" ".join)


@pytest.fixture
def shop(services: Services, adapters: FakeAdapters) -> Shop:
    return Shop(services, adapters)


def called(api: Gateway, shop: Shop, route: tuple[str, str]) -> Answer:
    path, sent = EXAMPLES[route](shop)
    return api.call(route[0], path, sent, groups="admin")


def changing(app: Chalice) -> set[tuple[str, str]]:
    """The routes with a token that are not for reading."""
    return {
        (method, path)
        for path, methods in app.routes.items()
        for method, entry in methods.items()
        if entry.authorizer is not None and method not in ("GET", "HEAD", "OPTIONS")
    }


def test_every_route_by_which_staff_change_something_is_walked(app: Chalice, api: Gateway) -> None:
    """Those that send a customer away, saying whom they are for."""
    for_staff = {
        (method, path)
        for method, path in changing(app)
        if "This is for staff" in api.call(method, path.replace("{", "").replace("}", ""), {}, groups="").text
    }

    assert for_staff == set(EXAMPLES) | CHANGES_NOTHING


def test_signing_a_form_changes_nothing(api: Gateway, adapters: FakeAdapters) -> None:
    before = everything(adapters)

    answer = api.post("/admin/products/LAPTOP001/image", {"contentType": "image/png"}, groups="admin")

    assert answer.status == 201
    assert everything(adapters) == before


@ROUTE
def test_it_is_on_record_before_it_is_done(
    api: Gateway, shop: Shop, adapters: FakeAdapters, route: tuple[str, str]
) -> None:
    path, sent = EXAMPLES[route](shop)
    before = everything(adapters)
    seen: list[bool] = []
    put = adapters.audit_records.put

    def look_and_put(record: Any) -> None:
        seen.append(everything(adapters) == before)
        put(record)

    adapters.audit_records.put = look_and_put

    answer = api.call(route[0], path, sent, groups="admin")

    assert answer.status in (200, 201, 202), answer.text
    assert (seen[0], len(seen)) == (True, 2)  # untouched as it began; then its outcome
    assert everything(adapters) != before
    [record] = adapters.audit_records.all
    assert record.who == "c2a5f4d4-50b1-70ee-8a3c-0f6f7d1f9a52"
    assert record.action
    assert record.outcome
    if route[1] in ITS_OWN_VALUES:
        assert record.details.keys() & {"messages", "messageIds", "since"}
    else:
        assert "before" in record.details
        assert record.details["before"] != record.outcome.get("after")


@ROUTE
def test_what_can_not_be_recorded_is_not_done(
    api: Gateway, shop: Shop, adapters: FakeAdapters, route: tuple[str, str]
) -> None:
    def refuse(record: Any) -> None:
        raise TemporarilyUnavailable("The table is throttled.")

    path, sent = EXAMPLES[route](shop)
    before = everything(adapters)
    adapters.audit_records.put = refuse

    answer = api.call(route[0], path, sent, groups="admin")

    assert answer.status == 503
    assert everything(adapters) == before


def test_a_products_record_says_what_it_was_and_what_it_becomes(api: Gateway, adapters: FakeAdapters) -> None:
    api.put("/products/LAPTOP001", PRODUCT, groups="admin")
    api.put("/products/NEW001", {"name": "New", "price": 1}, groups="admin")

    changed, new = sorted(adapters.audit_records.all, key=lambda record: record.details["productId"])
    assert changed.details == {
        "productId": "LAPTOP001",
        "before": {
            "productId": "LAPTOP001",
            "name": "Gaming Laptop",
            "description": "",
            "price": Decimal("1299.99"),
            "currency": "EUR",
            "stock": 5,
            "withdrawn": False,
            "imageUrl": None,
        },
        "after": {"name": "Laptop", "description": "", "price": Decimal("999.00"), "currency": "EUR", "stock": 3},
    }
    assert changed.outcome == {"created": False, "stock": 3}
    assert (new.details["before"], new.outcome) == (None, {"created": True, "stock": 0})


def test_a_product_that_can_not_be_read_is_put_right_on_record(api: Gateway, adapters: FakeAdapters) -> None:
    adapters.store.damage("product", "LAPTOP001")

    answer = api.put("/products/LAPTOP001", PRODUCT, groups="admin")

    assert answer.status in (200, 201)
    assert adapters.audit_records.all[0].details["before"].startswith("Damaged")


def test_an_orders_record_says_where_it_was_and_where_it_is(api: Gateway, shop: Shop, adapters: FakeAdapters) -> None:
    order_id = shop.confirmed()

    api.post(f"/admin/orders/{order_id}/ship", {"carrier": "DHL", "trackingNumber": "2"}, groups="admin")

    [record] = adapters.audit_records.all
    assert (record.action, record.details["orderId"]) == ("ship", order_id)
    assert (record.details["before"]["status"], record.details["before"]["shipments"]) == ("CONFIRMED", [])
    assert record.outcome["after"]["status"] == "COMPLETED"
    assert record.outcome["after"]["shipments"][0]["trackingNumber"] == "2"


def everything(adapters: FakeAdapters) -> Any:
    """All that staff can change."""
    store, sqs = adapters.store, adapters.dead_sqs
    return (
        dict(store.orders),
        dict(store.products),
        dict(store.stock),
        list(adapters.queue.messages),
        list(adapters.events.published),
        dict(adapters.images.shown),
        dict(adapters.exports.stored),
        dict(adapters.staff_users.users),
        dict(adapters.api_keys.keys),
        adapters.key_ends.all(),
        dict(adapters.notes.kept),
        {url: sorted(sqs.bodies(url)) for url in (DLQ, SETTINGS.order_queue_url, SETTINGS.notifications_queue_url)},
    )
