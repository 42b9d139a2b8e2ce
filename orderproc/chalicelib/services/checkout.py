"""Two short ways to an order: buy the cart, or buy one product. The catalogue gives the prices, and the order runs as
an execution of the state machine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from ..domain.commands import PlaceOrder
from ..domain.errors import Conflict, FieldError, InvalidRequest, NotFound
from ..domain.order import Line, Order, total_of
from .accept_order import AcceptOrder
from .carts import ShowCart
from .ports import Catalogue


@dataclass(frozen=True)
class Checkout:
    show_cart: ShowCart
    accept_order: AcceptOrder

    def __call__(self, command: PlaceOrder, expected_total: Decimal | None) -> Order:
        """Buy what is in the customer's cart; `command` comes without lines. The cart is emptied once it is paid.

        Raises InvalidRequest for an empty cart, Conflict where `expected_total` is not the cart's or a product was
        withdrawn, IdempotencyMismatch."""
        earlier = self.accept_order.earlier(command)  # by now the cart may be empty
        if earlier:
            return earlier
        cart = self.show_cart(command.customer_id)
        if not cart.lines:
            raise InvalidRequest([FieldError("", "the cart is empty")], "The cart is empty.")
        withdrawn = [line.product_id for line in cart.lines if line.price is None]
        if withdrawn:
            raise Conflict(f"{', '.join(withdrawn)} can't be bought any more; take it out of the cart first.")
        if expected_total is not None and expected_total != cart.total:
            raise Conflict(f"The cart's total is {cart.total} {cart.currency} now, not {expected_total}.")
        lines = tuple(Line(n.product_id, n.name, n.quantity, n.price) for n in cart.lines if n.price is not None)
        return self.accept_order(replace(command, lines=lines, currency=cart.currency, total_amount=cart.total))


@dataclass(frozen=True)
class BuyNow:
    catalogue: Catalogue
    accept_order: AcceptOrder

    def __call__(self, command: PlaceOrder, product_id: str, quantity: int) -> Order:
        """Buy one product; `command` comes without lines. Raises NotFound for no such product,
        IdempotencyMismatch."""
        earlier = self.accept_order.earlier(command)
        if earlier:
            return earlier
        product = self.catalogue.products([product_id]).get(product_id)
        if product is None:
            raise NotFound("There is no such product.")
        lines = (Line(product_id, product.name, quantity, product.price),)
        return self.accept_order(replace(command, lines=lines, currency=product.currency, total_amount=total_of(lines)))
