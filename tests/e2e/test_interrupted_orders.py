"""The next function finishes the work of a process that died between two writes, and its role permits that: rights that
a day without trouble never needs (test_zz_permissions.py).

Which deaths there are is played through over the ports in tests/reliability; here a function of each kind goes on from
one of them, deployed."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from chalicelib.orders.dynamodb_writes import StockMove
from chalicelib.orders.model import ALL_EVENTS, Duty, Order, Reservation, Status

from tests.e2e.interrupted_orders import InterruptedOrders, order_of
from tests.e2e.shop import Shop, until
from tests.e2e.test_orders import body_for, mails_about, placed

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
PENDING, PAYING, PACKING, COMPLETED, CONFIRMED, FAILED, CANCELLED = (
    Status.PENDING,
    Status.PAYMENT_PROCESSING,
    Status.FULFILLMENT,
    Status.COMPLETED,
    Status.CONFIRMED,
    Status.FAILED,
    Status.CANCELLED,
)
HELD, COMMITTED, RELEASED, RESTOCKED = (
    Reservation.HELD,
    Reservation.COMMITTED,
    Reservation.RELEASED,
    Reservation.RESTOCKED,
)
MACHINE = {"workflow": "stepfunctions"}
SOLD: dict[str, Any] = {"duties": frozenset({Duty.RECEIPT}), "unpublished": ALL_EVENTS}
UNSUCCESSFUL: dict[str, Any] = {"duties": frozenset({Duty.REFUND}), "unpublished": ALL_EVENTS}
"""What the write that ended an order says is left to do."""


@pytest.fixture(scope="module")
def hundred(shop: Shop) -> list[str]:
    """Products of an order that needs two transactions, so that one can die between them."""
    with ThreadPoolExecutor(8) as pool:
        return sorted(pool.map(lambda _: shop.new_product(5), range(100)))


def seen_by_staff(shop: Shop, order: Order) -> dict[str, Any]:
    answer = shop.staff("GET", f"/admin/orders/{order.order_id}")
    assert answer.status_code == 200, answer.text
    seen: dict[str, Any] = answer.json()
    return seen


@pytest.mark.parametrize(
    ("function", "path", "left"),
    [
        ("save_order", [PENDING], {}),
        ("confirm_order", [PENDING, PAYING], {"reservation": COMMITTED, "fulfilment": "manual"}),
        ("fulfil_order", [PENDING, PAYING], {"reservation": COMMITTED}),
        ("complete_order", [PENDING, PAYING, PACKING], {"reservation": COMMITTED}),
        ("generate_receipt", [PENDING, PAYING, PACKING, COMPLETED], {"reservation": COMMITTED, **SOLD}),
        ("needs_attention", [PENDING, PAYING, PACKING, COMPLETED], {"reservation": COMMITTED, **SOLD}),
        ("send_notification", [PENDING, PAYING, CANCELLED], {"reservation": RESTOCKED, **UNSUCCESSFUL}),
    ],
)
def test_whoever_writes_an_order_first_pays_what_it_owes_the_stock(
    shop: Shop,
    interrupted: InterruptedOrders,
    hundred: list[str],
    function: str,
    path: list[Status],
    left: dict[str, Any],
) -> None:
    last = hundred[-1]
    available, reserved = shop.stock(last)
    order = order_of(hundred, path, **left, **MACHINE)
    order = interrupted.charged(order) if PAYING in path else order
    interrupted.store(order, owes=[StockMove(last, +1, 0)])

    interrupted.step(function, order)

    assert shop.stock(last) == (available + 1, reserved)
    assert not interrupted.owes(order)
    assert interrupted.kept(order) == (order.total_amount if order.status in {PAYING, PACKING, COMPLETED} else 0)


def by_staff(shop: Shop, interrupted: InterruptedOrders, order: Order) -> None:
    assert shop.staff("POST", f"/admin/orders/{order.order_id}/cancel").status_code == 200


def by_the_housekeeper(shop: Shop, interrupted: InterruptedOrders, order: Order) -> None:
    interrupted.housekeeping()


def by_step(function: str) -> Callable[[Shop, InterruptedOrders, Order], None]:
    return lambda shop, interrupted, order: interrupted.step(function, order)


@pytest.mark.parametrize(
    ("found", "path", "stock"),
    [
        pytest.param(by_staff, [PENDING, PAYING], HELD, id="staff who cancel it"),
        pytest.param(by_the_housekeeper, [PENDING, PAYING, CANCELLED], RELEASED, id="the housekeeper"),
        pytest.param(by_step("refund_payment"), [PENDING, PAYING, FAILED], RELEASED, id="the step that refunds"),
        pytest.param(by_step("fail_order"), [PENDING, PAYING, CANCELLED], RELEASED, id="the step that fails it"),
        pytest.param(by_step("send_notification"), [PENDING, PAYING, CANCELLED], RELEASED, id="the step that tells"),
    ],
)
def test_money_that_was_taken_and_not_noted_is_found_and_given_back(
    shop: Shop,
    interrupted: InterruptedOrders,
    found: Callable[[Shop, InterruptedOrders, Order], None],
    path: list[Status],
    stock: Reservation,
) -> None:
    product = shop.new_product(5)
    left = UNSUCCESSFUL if path[-1] in {CANCELLED, FAILED} else {}
    order = interrupted.store(order_of([product], path, reservation=stock, **left, **MACHINE))
    interrupted.charge(order, noted=False)
    assert interrupted.kept(order) == 25

    found(shop, interrupted, order)

    assert interrupted.kept(order) == 0
    assert shop.stock(product) == (5, 0)
    assert seen_by_staff(shop, order)["status"] in {"CANCELLED", "FAILED"}


def test_an_order_that_nobody_could_work_off_for_an_hour_expires(
    shop: Shop, interrupted: InterruptedOrders, hundred: list[str]
) -> None:
    ends = hundred[0], hundred[-1]
    before = [shop.stock(product) for product in ends]
    order = interrupted.store(order_of(hundred, [PENDING, PAYING], minutes_old=90, reservation=HELD))
    interrupted.charge(order, noted=False)
    assert [shop.stock(product) for product in ends] == [(free - 1, held + 1) for free, held in before]

    interrupted.housekeeping()

    seen = seen_by_staff(shop, order)
    assert (seen["status"], seen["error"]["code"]) == ("FAILED", "EXPIRED")
    assert [shop.stock(product) for product in ends] == before
    assert interrupted.kept(order) == 0
    assert len(until(lambda: mails_about(shop, order.order_id))) == 1


def test_an_order_whose_execution_never_began_is_given_another(shop: Shop, interrupted: InterruptedOrders) -> None:
    product = shop.new_product(5)
    order = interrupted.store(order_of([product], [PENDING], **MACHINE))

    interrupted.housekeeping()

    until(lambda: seen_by_staff(shop, order)["status"], lambda status: status == "COMPLETED")
    assert shop.stock(product) == (4, 0)
    assert interrupted.kept(order) == 25
    assert len(until(lambda: mails_about(shop, order.order_id))) == 1


def test_what_was_bought_leaves_the_cart_though_the_execution_died(shop: Shop, interrupted: InterruptedOrders) -> None:
    """The housekeeper gave it its executions, all in vain: staff must look why it has no receipt."""
    bought, other = shop.new_product(5), shop.new_product(5)
    customer = shop.signed_in("other")
    customer("DELETE", "/cart")
    customer("PUT", f"/cart/items/{bought}", {"quantity": 1})
    customer("PUT", f"/cart/items/{other}", {"quantity": 1})
    order = order_of(
        [bought],
        [PENDING, PAYING, CONFIRMED],
        minutes_old=24 * 60,
        customer_id=customer_id(shop),
        fulfilment="manual",
        reservation=COMMITTED,
        from_cart=True,
        handovers=6,
        tries=6,
        duties=frozenset({Duty.CART, Duty.RECEIPT}),
        **MACHINE,
    )
    interrupted.store(interrupted.charged(order))

    interrupted.housekeeping()

    assert [line["productId"] for line in customer("GET", "/cart").json()["items"]] == [other]
    assert seen_by_staff(shop, order)["needsAttention"]
    customer("DELETE", "/cart")


def customer_id(shop: Shop) -> str:
    """What the carts know the user `other` by."""
    claims = shop.sign_in("other")["IdToken"].split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["sub"])


@contextmanager
def ses_refusing(shop: Shop) -> Iterator[None]:
    """SES does not know the shop's address, as while it is in the sandbox, or was reported."""
    ses = shop.client("ses")
    [sender] = [name for name in ses.list_identities()["Identities"] if name.startswith("orders@")]
    ses.delete_identity(Identity=sender)
    try:
        yield
    finally:
        ses.verify_email_identity(EmailAddress=sender)


def given_back(shop: Shop, function: str) -> int:
    """How often the function gave back the claim to a message."""
    calls = requests.get(f"{shop.described['endpoint_url']}/_emulator/iam-calls", timeout=30).json()
    role = f"orderproc-{shop.described['stage']}-{function}"
    return sum(c["count"] for c in calls if (c["role"], c["action"]) == (role, "dynamodb:DeleteItem"))


def test_a_mail_that_is_refused_for_now_is_sent_once_later(shop: Shop) -> None:
    functions, product = ("notify", "mail_receipt"), shop.new_product(5)
    before = [given_back(shop, function) for function in functions]

    with ses_refusing(shop):
        good = placed(shop, body_for(product))
        declined = placed(shop, body_for(product, paymentMethod="pm_card_chargeDeclined"))
        until(
            lambda: [given_back(shop, function) for function in functions],
            lambda now: all(n > was for n, was in zip(now, before, strict=True)),
        )

    for order in (good, declined):
        assert len(until(lambda order=order: mails_about(shop, order["orderId"]))) == 1
