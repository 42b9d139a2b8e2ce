"""Carts: what a signed-in customer means to buy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..domain.cart import MAX_LINES, Cart, CartLine
from ..domain.catalogue import Product, Stock
from ..domain.errors import Conflict, NotFound
from .ports import Carts, Catalogue


@dataclass(frozen=True)
class ShowCart:
    carts: Carts
    catalogue: Catalogue
    default_currency: str

    def __call__(self, customer_id: str) -> Cart:
        """The cart at the prices and stock of now. A product that was withdrawn or is short is shown as such."""
        quantities = self.carts.get(customer_id)
        products = self.catalogue.products(list(quantities))
        stock = self.catalogue.stock(list(products))
        lines = tuple(_line(p, q, products, stock, self.default_currency) for p, q in sorted(quantities.items()))
        priced = [line.currency for line in lines if line.price is not None]
        return Cart(lines, priced[0] if priced else self.default_currency)


@dataclass(frozen=True)
class ChangeCart:
    carts: Carts
    catalogue: Catalogue
    show: ShowCart

    def put(self, customer_id: str, product_id: str, quantity: int) -> Cart:
        """Set how many pieces of a product are wanted. Raises NotFound for no such product, Conflict for a full cart
        or a product in another currency than the cart's."""
        product = self.catalogue.products([product_id]).get(product_id)
        if product is None:
            raise NotFound("There is no such product.")
        others = [line for line in self.show(customer_id).lines if line.price and line.product_id != product_id]
        if others and others[0].currency != product.currency:
            raise Conflict(f"The cart is in {others[0].currency}; {product_id} is sold in {product.currency}.")
        if not self.carts.put(customer_id, product_id, quantity):
            raise Conflict(f"A cart holds at most {MAX_LINES} different products.")
        return self.show(customer_id)

    def remove(self, customer_id: str, product_id: str) -> Cart:
        """Removing what is not there is fine: it is gone, as was asked."""
        self.carts.remove(customer_id, product_id)
        return self.show(customer_id)

    def clear(self, customer_id: str) -> None:
        self.carts.clear(customer_id)


def _line(
    product_id: str, quantity: int, products: Mapping[str, Product], stock: Mapping[str, Stock], currency: str
) -> CartLine:
    product = products.get(product_id)
    if product is None:
        return CartLine(product_id, "", quantity, None, currency, "WITHDRAWN")
    available = stock[product_id].available if product_id in stock else 0
    problem = "SHORT" if available < quantity else ""
    return CartLine(product_id, product.name, quantity, product.price, product.currency, problem)
