"""Two short ways to an order: buy the cart, or buy one product. The catalogue gives the prices, and the order runs as
an execution of the state machine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from ..domain.cart import NOT_SUMMED, Cart, Problem
from ..domain.commands import PlaceOrder
from ..domain.errors import Conflict, FieldError, InvalidRequest, NotFound
from ..domain.order import Line, Order, total_of
from .accept_order import AcceptOrder
from .carts import ShowCart
from .ports import Catalogue

_WORDS = {
    Problem.WITHDRAWN: "can't be bought any more",
    Problem.CURRENCY: "is sold in another currency than the cart's",
    Problem.TOO_LARGE: "makes the cart worth more than an order may be",
}


@dataclass(frozen=True)
class Checkout:
    show_cart: ShowCart
    accept_order: AcceptOrder

    def __call__(
        self, command: PlaceOrder, expected_total: Decimal | None, expected_currency: str | None = None
    ) -> Order:
        """Buy what is in the customer's cart; `command` comes without lines. What was bought leaves the cart once it
        is paid.

        Raises InvalidRequest for an empty cart, Conflict where what was expected is not so any more or a line can't be
        bought, IdempotencyMismatch."""
        earlier = self.accept_order.earlier(command)  # by now the cart may be empty
        if earlier:
            return earlier
        cart = self.show_cart(command.customer_id)
        if not cart.lines:
            raise InvalidRequest([FieldError("", "the cart is empty")], "The cart is empty.")
        _require_as_expected(cart, expected_total, expected_currency)
        lines = tuple(
            Line(n.product_id, n.name, n.quantity, n.price, n.name) for n in cart.lines if n.price is not None
        )
        bought = replace(command, lines=lines, currency=cart.currency, total_amount=cart.total)
        return _accepted(self.accept_order, replace(bought, cart_version=cart.version))


@dataclass(frozen=True)
class BuyNow:
    catalogue: Catalogue
    accept_order: AcceptOrder

    def __call__(self, command: PlaceOrder, product_id: str, quantity: int) -> Order:
        """Buy one product; `command` comes without lines. Raises NotFound for no such product, Conflict where so many
        cost more than an order may, IdempotencyMismatch."""
        earlier = self.accept_order.earlier(command)
        if earlier:
            return earlier
        product = self.catalogue.products([product_id]).get(product_id)
        if product is None:
            raise NotFound("There is no such product.")
        lines = (Line(product_id, product.name, quantity, product.price, product.name),)
        bought = replace(command, lines=lines, currency=product.currency, total_amount=total_of(lines))
        return _accepted(self.accept_order, bought)


def _require_as_expected(cart: Cart, total: Decimal | None, currency: str | None) -> None:
    wrong = [f"{n.product_id} {_WORDS[n.problem]}" for n in cart.lines if n.problem in NOT_SUMMED]
    if wrong:
        raise Conflict(f"{'; '.join(wrong)}: change the cart first.")
    other_total = total is not None and total != cart.total
    if other_total or currency not in (None, cart.currency):
        shown = f"{cart.total if total is None else total} {currency or ''}".strip()
        raise Conflict(f"The cart's total is {cart.total} {cart.currency} now, not {shown}.")


def _accepted(accept: AcceptOrder, command: PlaceOrder) -> Order:
    """The amounts are the catalogue's, not the caller's: what is wrong with them is no fault of the request."""
    try:
        return accept(command)
    except InvalidRequest as error:
        wrong = "; ".join(f"{found.field} {found.message}" for found in error.errors)
        raise Conflict(f"This can't be ordered: {wrong}.") from None
