"""A cart that is bought twice, or changed while it is bought: one order for each version of it that was paid."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import Conflict, IdempotencyMismatch, InvalidRequest

from tests.checkout.carts import ANNE, of_the_cart
from tests.support.builders.examples import MOUSE
from tests.support.fakes.adapters import FakeAdapters


def test_an_order_knows_the_version_of_the_cart_that_it_bought(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    version = adapters.carts.get(ANNE).version

    placed = services.carts.checkout(of_the_cart(), None)
    services.carts.change.put(ANNE, "MOUSE001", 3)

    assert placed.cart_version == version != adapters.carts.get(ANNE).version


def test_what_is_put_in_while_the_cart_is_being_bought_stays(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    placed = services.carts.checkout(of_the_cart(), None)
    services.carts.change.remove(ANNE, "MOUSE001")
    services.carts.change.put(ANNE, "MOUSE001", 2)

    services.workflow.steps.run_all(placed.order_id)

    assert adapters.carts.get(ANNE).lines == {"MOUSE001": 2}


def bought_again(services: Services, times: int, **changes: Any) -> set[str]:
    return {services.carts.checkout(of_the_cart(**changes), None).order_id for _ in range(times)}


def test_twenty_checkouts_of_one_cart_at_once_make_one_order(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    together = Barrier(20)

    def checkout(n: int) -> str:
        together.wait()
        return services.carts.checkout(of_the_cart(correlation_id=f"request-{n}"), None).order_id

    with ThreadPoolExecutor(20) as pool:
        (order_id,) = set(pool.map(checkout, range(20)))

    assert list(adapters.store.orders) == [order_id]
    assert adapters.queue.messages == [order_id]


def test_a_second_click_finds_the_order_however_far_it_is(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    (order_id,) = bought_again(services, 2)
    services.workflow.steps.run_all(order_id)  # paid: the cart is empty now

    assert adapters.carts.get(ANNE).lines == {}
    assert bought_again(services, 2) == {order_id}
    assert list(adapters.store.orders) == [order_id]


def test_a_version_that_was_bought_is_not_bought_again_before_the_cart_was_emptied(
    services: Services, adapters: FakeAdapters
) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    adapters.carts.remove_bought = lambda order: None
    (order_id,) = bought_again(services, 1)
    services.workflow.steps.run_all(order_id)
    adapters.clock.advance(3600)

    assert bought_again(services, 2) == {order_id}


def test_after_a_minute_an_empty_cart_is_an_empty_cart(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    (order_id,) = bought_again(services, 1)
    services.workflow.steps.run_all(order_id)
    adapters.clock.advance(61)

    with pytest.raises(InvalidRequest):
        services.carts.checkout(of_the_cart(), None)


def cleared(services: Services) -> None:
    services.carts.change.clear(ANNE)


def taken_out(services: Services) -> None:
    services.carts.change.remove(ANNE, "MOUSE001")


def taken_out_twice(services: Services) -> None:
    services.carts.change.remove(ANNE, "MOUSE001")
    services.carts.change.remove(ANNE, "MOUSE001")


def changed_and_taken_out(services: Services) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 3)
    services.carts.change.remove(ANNE, "MOUSE001")


@pytest.mark.parametrize("paid", [False, True])
@pytest.mark.parametrize("emptied", [cleared, taken_out, taken_out_twice, changed_and_taken_out])
def test_a_cart_that_its_customer_emptied_is_empty_at_once(
    services: Services, emptied: Callable[[Services], None], paid: bool
) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    placed = services.carts.checkout(of_the_cart(), None)
    emptied(services)
    if paid:
        services.workflow.steps.run_all(placed.order_id)

    with pytest.raises(InvalidRequest):
        services.carts.checkout(of_the_cart(), None)


def test_of_a_cart_with_one_line_taken_out_the_payment_of_the_other_is_no_second_click(services: Services) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    services.carts.change.put(ANNE, "LAPTOP001", 1)
    placed = services.carts.checkout(of_the_cart(), None)
    services.carts.change.remove(ANNE, "LAPTOP001")
    services.workflow.steps.run_all(placed.order_id)

    with pytest.raises(InvalidRequest):
        services.carts.checkout(of_the_cart(), None)


def test_another_body_is_not_answered_with_the_order_that_emptied_the_cart(services: Services) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    services.workflow.steps.run_all(services.carts.checkout(of_the_cart(), None).order_id)

    with pytest.raises(InvalidRequest):
        services.carts.checkout(of_the_cart(fingerprint=b"two"), None)


@pytest.mark.parametrize("quantity", [2, 3])
def test_a_cart_that_was_changed_afterwards_is_a_new_order(services: Services, quantity: int) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    first = bought_again(services, 2)
    services.carts.change.put(ANNE, "MOUSE001", quantity)

    second = bought_again(services, 2)

    assert len(first | second) == 2


def test_the_same_things_in_a_new_cart_are_a_new_order(services: Services) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    services.workflow.steps.run_all(services.carts.checkout(of_the_cart(), None).order_id)

    services.carts.change.put(ANNE, "MOUSE001", 2)

    assert len(bought_again(services, 3)) == 1


def test_a_declined_card_does_not_keep_the_cart_from_being_bought(services: Services) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    declined = services.carts.checkout(of_the_cart(payment_method="pm_card_chargeDeclined"), None)
    services.workflow.steps.run_all(declined.order_id)

    (paid,) = bought_again(services, 3, fingerprint=b"another card")

    assert paid != declined.order_id


def test_a_cancelled_order_does_not_keep_the_cart_from_being_bought(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    first = services.carts.checkout(of_the_cart(), None)
    services.workflow.cancel(first)

    assert bought_again(services, 2) != {first.order_id}
    assert len(adapters.store.orders) == 2


def test_a_cart_is_not_tried_for_ever(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    for _ in range(20):
        services.workflow.steps.run_all(
            services.carts.checkout(of_the_cart(payment_method="pm_card_chargeDeclined"), None).order_id
        )

    with pytest.raises(Conflict, match="20 times"):
        services.carts.checkout(of_the_cart(), None)

    assert len(adapters.store.orders) == 20
    services.carts.change.put(ANNE, "MOUSE001", 1)
    assert len(bought_again(services, 2)) == 1


def test_another_body_while_the_cart_is_being_bought_is_refused_with_its_order(services: Services) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    first = services.carts.checkout(of_the_cart(), None)

    with pytest.raises(IdempotencyMismatch, match=first.order_id):
        services.carts.checkout(of_the_cart(fingerprint=b"two"), None)


def test_a_second_click_after_a_change_of_price_finds_the_order(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    first = services.carts.checkout(of_the_cart(), Decimal(40))
    adapters.catalogue.put(replace(MOUSE, price=Decimal("99.00")), None)

    assert services.carts.checkout(of_the_cart(), Decimal(40)).order_id == first.order_id


def test_no_client_can_send_the_key_that_is_made_of_the_version(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    (derived,) = bought_again(services, 1)
    version = adapters.carts.get(ANNE).version

    for key in (version, f"cart {version} 0"):
        assert services.carts.checkout(of_the_cart(idempotency_key=key), None).order_id != derived


def test_two_customers_carts_of_one_version_are_two_orders(services: Services, adapters: FakeAdapters) -> None:
    for customer in (ANNE, "ben"):
        services.carts.change.put(customer, "MOUSE001", 1)
    for cart in adapters.carts._carts.values():
        cart.token = "same"
    first = services.carts.checkout(of_the_cart(), None)

    second = services.carts.checkout(of_the_cart(owner="c-ben", customer_id="ben"), None)

    assert second.order_id != first.order_id
