"""Carts: what a signed-in customer means to buy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from ..inventory.model import Product, Stock
from ..inventory.ports import Catalogue
from ..kit.errors import Conflict, NotFound
from ..kit.money import MAX_AMOUNT
from ..kit.wiring import service
from .model import Cart, CartLine, StoredCart
from .ports import Carts
from .rules import MAX_LINES, Problem, Refusal


@service
class ShowCart:
    carts: Carts
    catalogue: Catalogue
    default_currency: str

    def __call__(self, customer_id: str) -> Cart:
        """The cart at the prices and stock of now. A problem is shown on its line, and no line keeps the cart
        from being shown."""
        stored = self.carts.get(customer_id)
        products = self.catalogue.readable(list(stored.lines), consistent=True)
        stock = self.catalogue.stock(list(products))
        cart = at_prices(stored, products, self.default_currency)
        return replace(cart, lines=tuple(_short_if_so(line, stock) for line in cart.lines))


@service
class ChangeCart:
    carts: Carts
    catalogue: Catalogue
    show: ShowCart

    def put(self, customer_id: str, product_id: str, quantity: int) -> Cart:
        """Set how many units of a product are wanted. Raises NotFound for no such product, Conflict for a full cart
        or a product in another currency than the cart's."""
        product = self.catalogue.products([product_id]).get(product_id)
        if product is None:
            raise NotFound("There is no such product.", "PRODUCT_NOT_FOUND")
        refusal = self.carts.put(customer_id, product_id, quantity, product.currency)
        if refusal is Refusal.CURRENCY:
            currency = self.show(customer_id).currency
            words = f"The cart is in {currency}; {product_id} is sold in {product.currency}."
            raise Conflict(words, "CURRENCY_MISMATCH")
        if refusal is Refusal.FULL:
            raise Conflict(f"A cart holds at most {MAX_LINES} different products.", "CART_FULL")
        return self.show(customer_id)

    def remove(self, customer_id: str, product_id: str) -> Cart:
        """Removing what is not there is fine: it is gone, as was asked."""
        self.carts.remove(customer_id, product_id)
        return self.show(customer_id)

    def clear(self, customer_id: str) -> None:
        self.carts.clear(customer_id)


def at_prices(stored: StoredCart, products: Mapping[str, Product], default_currency: str) -> Cart:
    """What is in the cart, at the prices of these products (by their ids). Their stock is not looked at."""
    currency = stored.currency or _first_currency(stored, products) or default_currency
    lines = (_line(p, q, products, currency) for p, q in sorted(stored.lines.items()))
    return Cart(_within_limits(lines), currency, stored.version)


def _first_currency(stored: StoredCart, products: Mapping[str, Product]) -> str:
    """Of a cart from before carts had one of their own."""
    return next((products[p].currency for p in sorted(stored.lines) if p in products), "")


def _line(product_id: str, quantity: int, products: Mapping[str, Product], currency: str) -> CartLine:
    product = products.get(product_id)
    if product is None:
        return CartLine(product_id, "", quantity, None, currency, Problem.WITHDRAWN)
    problem = Problem.CURRENCY if product.currency != currency else Problem.NONE
    return CartLine(product_id, product.name, quantity, product.price, product.currency, problem, product.image)


def _short_if_so(line: CartLine, stock: Mapping[str, Stock]) -> CartLine:
    available = stock[line.product_id].available if line.product_id in stock else 0
    is_short = line.problem is Problem.NONE and available < line.quantity
    return replace(line, problem=Problem.SHORT) if is_short else line


def _within_limits(lines: Iterable[CartLine]) -> tuple[CartLine, ...]:
    """The lines with those marked that would make the total larger than any order's."""
    judged: list[CartLine] = []
    total = Decimal(0)
    for line in lines:
        worth = Decimal(0) if line.total is None or line.problem is Problem.CURRENCY else line.total
        too_large = total + worth > MAX_AMOUNT
        judged.append(replace(line, problem=Problem.TOO_LARGE) if too_large else line)
        total += Decimal(0) if too_large else worth
    return tuple(judged)
