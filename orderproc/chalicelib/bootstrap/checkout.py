"""Builds the use cases of orders, the catalogue, carts and checkout."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..kit.observability import log

if TYPE_CHECKING:
    from ..checkout.carts import ChangeCart, ShowCart
    from ..checkout.checkout import BuyNow, Checkout, GuestCheckout
    from ..checkout.place_order import PlaceOrders
    from ..inventory.images import ProductImages
    from ..inventory.products import Products
    from ..kit.config import Settings
    from ..orders.accept import AcceptOrder
    from ..orders.claim import ClaimOrder
    from ..orders.new_order import NewOrder
    from ..orders.order_list import OrderList
    from ..orders.order_tokens import OrderTokens
    from ..orders.queries import OrderQueries
    from ..orders.tags import TagOrder
    from .adapters import Adapters


class Orders:
    def __init__(self, settings: Settings, adapters: Adapters) -> None:
        self._settings = settings
        self._a = adapters

    @cached_property
    def new(self) -> NewOrder:
        from ..orders.new_order import NewOrder
        from ..orders.numbers import OrderNumbers

        # One for the process: all that accept here share a lease of numbers.
        return NewOrder(OrderNumbers(self._a.number_leases), self._a.clock, self._settings.default_locale)

    @cached_property
    def place(self) -> PlaceOrders:
        from ..checkout.place_order import PlaceOrders

        return PlaceOrders(self._a.catalogue, self.accept)

    @cached_property
    def accept(self) -> AcceptOrder:
        from ..orders.accept import AcceptOrder

        return AcceptOrder(self._a.orders, self.new, self._a.hand_over, self._a.clock, log)

    @cached_property
    def queries(self) -> OrderQueries:
        from ..orders.queries import OrderQueries

        return OrderQueries(self._a.orders)

    @cached_property
    def tag(self) -> TagOrder:
        from ..orders.tags import TagOrder

        return TagOrder(self._a.orders)

    @cached_property
    def listing(self) -> OrderList:
        from ..orders.order_list import OrderList

        return OrderList(self._a.orders, self._a.clock)

    @cached_property
    def tokens(self) -> OrderTokens:
        from ..orders.order_tokens import OrderTokens

        return OrderTokens(self._a.link_secrets, self._a.clock)

    @cached_property
    def claim(self) -> ClaimOrder:
        from ..orders.claim import ClaimOrder

        return ClaimOrder(self._a.orders, self.tokens, log)


class Inventory:
    def __init__(self, adapters: Adapters) -> None:
        self._a = adapters

    @cached_property
    def products(self) -> Products:
        from ..inventory.products import Products
        from ..inventory.search import SearchProducts

        return Products(self._a.catalogue, self._a.clock, log, SearchProducts(self._a.catalogue, self._a.clock))

    @cached_property
    def images(self) -> ProductImages:
        from ..inventory.images import ProductImages

        return ProductImages(self.products, self._a.catalogue, self._a.images, self._a.clock)


class Carts:
    def __init__(self, settings: Settings, adapters: Adapters, orders: Orders) -> None:
        self._settings = settings
        self._a = adapters
        self._orders = orders

    @cached_property
    def show(self) -> ShowCart:
        from ..checkout.carts import ShowCart

        return ShowCart(self._a.carts, self._a.catalogue, self._settings.default_currency)

    @cached_property
    def change(self) -> ChangeCart:
        from ..checkout.carts import ChangeCart

        return ChangeCart(self._a.carts, self._a.catalogue, self.show)

    @cached_property
    def checkout(self) -> Checkout:
        from ..checkout.checkout import Checkout

        return Checkout(self.show, self._orders.accept)

    @cached_property
    def buy_now(self) -> BuyNow:
        from ..checkout.checkout import BuyNow

        return BuyNow(self._a.catalogue, self._orders.accept)

    @cached_property
    def guest_checkout(self) -> GuestCheckout:
        from ..checkout.checkout import GuestCheckout

        return GuestCheckout(self._a.catalogue, self._orders.accept, self._settings.default_currency)
