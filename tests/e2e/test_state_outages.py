"""Functions of the state machine that are away for minutes, or lack something, or are killed at work: no order fails.

A minute of waiting between retries has three tenths of a second in the stack of these tests."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.e2e.interruptions import (
    READING,
    WITHOUT_RIGHTS,
    WRITING,
    failures,
    raising,
    tapped,
    throttled,
    without_its_package,
    without_its_permissions,
    without_its_settings,
    without_its_table,
)
from tests.e2e.shop import Caller, Shop, until
from tests.support.combinations import nightly
from tests.support.state_machine import STEPS

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
PATIENCE = 180
"""Seconds: fourteen functions begin anew, each in a process of its own."""
BUYER = {"customerEmail": "buyer@example.com"}
DECLINED = {"paymentMethod": "pm_card_chargeDeclined"}


@pytest.fixture(scope="module")
def customer(shop: Shop) -> Caller:
    caller = shop.signed_in("other")
    caller("DELETE", "/cart")
    return caller


def bought(shop: Shop, product: str, **more: str) -> dict[str, str]:
    answer = shop.partner("POST", "/place-order", {"productId": product, "quantity": 2, **BUYER, **more})
    assert answer.status_code == 202, answer.text
    accepted: dict[str, str] = answer.json()
    return accepted


def status(shop: Shop, order_id: str) -> str:
    return str(shop.staff("GET", f"/admin/orders/{order_id}").json()["status"])


@pytest.mark.parametrize(
    "tries", [pytest.param(6, id="half a minute", marks=nightly), pytest.param(11, id="five minutes")]
)
def test_a_step_that_is_throttled_for_minutes_fails_no_order(shop: Shop, tries: int) -> None:
    product = shop.new_product(20)

    with throttled(shop, "reserve_inventory"):
        placed = [bought(shop, product) for _ in range(3)]
        for accepted in placed:
            until(lambda arn=accepted["executionArn"]: failures(shop, arn), lambda seen: len(seen) >= tries, PATIENCE)

    for accepted in placed:
        assert shop.execution_ended(accepted["executionArn"], PATIENCE) == "SUCCEEDED"
        assert status(shop, accepted["orderId"]) == "COMPLETED"
        assert set(failures(shop, accepted["executionArn"])) == {"Lambda.TooManyRequestsException"}
    assert shop.stock(product) == (14, 0)


@pytest.mark.parametrize(
    ("function", "without", "error"),
    [
        ("validate_order", without_its_settings, "ConfigurationError"),
        (WITHOUT_RIGHTS, without_its_permissions, "ConfigurationError"),
        ("process_payment", without_its_table, "ConfigurationError"),
        ("generate_receipt", without_its_package, "Runtime.ImportModuleError"),
    ],
)
def test_an_order_waits_until_an_operator_has_repaired_its_step(
    shop: Shop, function: str, without: Callable[[Shop, str], AbstractContextManager[None]], error: str
) -> None:
    product = shop.new_product(5)

    with without(shop, function):
        accepted = bought(shop, product)
        until(lambda: failures(shop, accepted["executionArn"]), lambda seen: len(seen) >= 4, PATIENCE)
        assert status(shop, accepted["orderId"]) != "FAILED"

    assert shop.execution_ended(accepted["executionArn"], PATIENCE) == "SUCCEEDED"
    assert status(shop, accepted["orderId"]) == "COMPLETED"
    *failed, last = failures(shop, accepted["executionArn"])
    assert {error} <= set(failed) <= {error, "Runtime.ExitError"}
    # Repairing it ends a process that was just beginning: the emulator kills it, or removes its code as it starts.
    assert last in {error, "Runtime.ExitError", "Runtime.ImportModuleError"}
    assert shop.stock(product) == (3, 0)


def by_partner(shop: Shop, _: Caller) -> dict[str, str]:
    return bought(shop, shop.new_product(5))


def declined(shop: Shop, _: Caller) -> dict[str, str]:
    return bought(shop, shop.new_product(5), **DECLINED)


def by_cart(shop: Shop, customer: Caller) -> dict[str, str]:
    assert customer("PUT", f"/cart/items/{shop.new_product(5)}", {"quantity": 2}).ok
    accepted: dict[str, str] = customer("POST", "/checkout", {}).json()
    return accepted


Place = Callable[[Shop, Caller], dict[str, str]]
AUTO, MANUAL, FAILS = (by_partner, "COMPLETED"), (by_cart, "CONFIRMED"), (declined, "FAILED")
MET_BY: dict[str, tuple[Place, str]] = {
    "confirm_order": MANUAL,
    **dict.fromkeys(("release_inventory", "refund_payment", "fail_order"), FAILS),
}
"""How an order comes to the step, and how it ends. All other steps are on everybody's way."""
READ_ONLY = ("validate_order", "send_notification", "refund_payment")
"""Steps that write nothing to DynamoDB for these orders: nothing was captured that could be given back."""
WRITERS = [function for function in STEPS if function not in (*READ_ONLY, "needs_attention")]


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        *(pytest.param(function, WRITING, id=f"{function} writing") for function in WRITERS),
        *(pytest.param(function, READING, id=f"{function} reading") for function in READ_ONLY),
        *(pytest.param(function, READING, id=f"{function} reading", marks=nightly) for function in WRITERS),
    ],
)
def test_a_step_that_is_killed_at_work_is_done_by_its_next_try(
    shop: Shop, customer: Caller, function: str, kind: re.Pattern[bytes]
) -> None:
    """What it wrote has arrived: the process dies before it knows."""
    place, ends = MET_BY.get(function, AUTO)

    with tapped(shop, function, kind) as tap:
        accepted = place(shop, customer)
        tap.kill(shop, function, accepted["orderId"], PATIENCE)
        assert shop.execution_ended(accepted["executionArn"], PATIENCE) == "SUCCEEDED"

    assert failures(shop, accepted["executionArn"]) == ["Runtime.ExitError"]
    assert status(shop, accepted["orderId"]) == ends


def test_marking_an_order_for_staff_survives_being_killed(shop: Shop, customer: Caller) -> None:
    breaks: AbstractContextManager[None] = raising(shop, "generate_receipt")

    with breaks, tapped(shop, "needs_attention", WRITING) as tap:
        accepted = by_partner(shop, customer)
        tap.kill(shop, "needs_attention", accepted["orderId"], PATIENCE)
        assert shop.execution_ended(accepted["executionArn"], PATIENCE) == "SUCCEEDED"

    assert failures(shop, accepted["executionArn"]) == ["TypeError", "Runtime.ExitError"]
    assert shop.staff("GET", f"/admin/orders/{accepted['orderId']}").json()["needsAttention"]
