"""Carts as customers see them: always at the prices and stock of now."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from chalicelib.bootstrap import Services
from chalicelib.checkout.model import Cart
from chalicelib.checkout.views import cart_view
from chalicelib.kit.errors import Conflict, NotFound

from tests.support.builders.examples import MOUSE
from tests.support.fakes.adapters import FakeAdapters

ANNE = "anne"


def problems(cart: Cart) -> dict[str, str]:
    return {line.product_id: line.problem for line in cart.lines}


def test_the_total_is_that_of_its_lines(services: Services) -> None:
    services.carts.change.put(ANNE, "LAPTOP001", 2)

    cart = services.carts.change.put(ANNE, "MOUSE001", 3)

    assert [line.total for line in cart.lines] == [Decimal("2599.98"), Decimal("60.00")]
    assert cart.total == Decimal("2659.98")


def test_a_new_price_is_shown_at_once(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)

    adapters.catalogue.put(replace(MOUSE, price=Decimal("25.50")), None)

    assert services.carts.show(ANNE).total == Decimal("51.00")


def test_a_line_has_its_products_picture(services: Services, adapters: FakeAdapters) -> None:
    adapters.catalogue.set_image("LAPTOP001", "pictures/LAPTOP001.webp")
    services.carts.change.put(ANNE, "LAPTOP001", 1)
    services.carts.change.put(ANNE, "MOUSE001", 1)

    shown = cart_view(services.carts.show(ANNE), "https://shop.test")["items"]

    assert {line["productId"]: line["imageUrl"] for line in shown} == {
        "LAPTOP001": "https://shop.test/pictures/LAPTOP001.webp",
        "MOUSE001": None,
    }


def test_a_withdrawn_product_is_shown_without_a_price_and_not_counted(
    services: Services, adapters: FakeAdapters
) -> None:
    services.carts.change.put(ANNE, "LAPTOP001", 1)
    services.carts.change.put(ANNE, "MOUSE001", 1)

    del adapters.store.products["LAPTOP001"]

    cart = services.carts.show(ANNE)
    assert problems(cart) == {"LAPTOP001": "WITHDRAWN", "MOUSE001": ""}
    assert cart.total == Decimal("20.00")
    shown = cart_view(cart, "https://shop.test")["items"][0]
    assert (shown["lineTotal"], shown["imageUrl"]) == (None, None)


def test_a_product_of_which_too_few_are_left_is_shown_as_short(services: Services) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 5)
    assert problems(services.carts.show(ANNE)) == {"MOUSE001": ""}

    services.carts.change.put(ANNE, "MOUSE001", 6)

    cart = services.carts.show(ANNE)
    assert problems(cart) == {"MOUSE001": "SHORT"}
    assert cart.total == Decimal("120.00")


def test_what_is_not_in_the_catalogue_can_not_be_put_in(services: Services) -> None:
    with pytest.raises(NotFound):
        services.carts.change.put(ANNE, "NOTHING", 1)

    assert services.carts.show(ANNE).lines == ()


def test_a_cart_has_one_currency(services: Services, adapters: FakeAdapters) -> None:
    adapters.catalogue.put(replace(MOUSE, product_id="YEN", price=Decimal(100), currency="JPY"), 5)
    services.carts.change.put(ANNE, "MOUSE001", 1)

    with pytest.raises(Conflict):
        services.carts.change.put(ANNE, "YEN", 1)

    assert problems(services.carts.show(ANNE)) == {"MOUSE001": ""}


def test_the_101st_product_is_refused(services: Services, adapters: FakeAdapters) -> None:
    for n in range(101):
        adapters.catalogue.put(replace(MOUSE, product_id=f"P{n}"), 5)
    for n in range(100):
        services.carts.change.put(ANNE, f"P{n}", 1)

    with pytest.raises(Conflict, match="at most 100"):
        services.carts.change.put(ANNE, "P100", 1)
