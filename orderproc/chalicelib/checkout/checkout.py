"""Short ways to an order: buy one's cart, a guest's cart, or one product. The catalogue gives the prices, and the order
runs as an execution of the state machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

from ..inventory.ports import Catalogue
from ..kit.clock import to_millis
from ..kit.errors import Conflict, FieldError, IdempotencyMismatch, InvalidRequest, NotFound
from ..kit.wiring import service
from ..orders.accept import AcceptOrder
from ..orders.commands import PlaceOrder
from ..orders.model import UNSUCCESSFUL, Line, Order, total_of
from .carts import ShowCart, at_prices
from .model import Cart, StoredCart, version_before
from .rules import NOT_SUMMED, Problem

_WORDS = {
    Problem.WITHDRAWN: "can't be bought any more",
    Problem.CURRENCY: "is sold in another currency than the cart's",
    Problem.TOO_LARGE: "makes the cart worth more than an order may be",
}
_MOST_TRIES = 20
"""Orders made of one version of a cart, each after the one before had failed or was cancelled."""
_REPEATED_WITHIN = 60_000
"""Milliseconds in which a repeated request still finds the order that emptied the cart."""


@service
class Checkout:
    show_cart: ShowCart
    accept_order: AcceptOrder

    def __call__(
        self, command: PlaceOrder, expected_total: Decimal | None, expected_currency: str | None = None
    ) -> Order:
        """Buy what is in the customer's cart; `command` comes without lines. What was bought leaves the cart once it
        is paid.

        Without an Idempotency-Key the cart's version is the key: one order at a time is made of it, however many ask.

        Raises InvalidRequest for an empty cart, Conflict where what was expected is not so any more or a line can't be
        bought, IdempotencyMismatch."""
        earlier = self.accept_order.earlier(command)  # by now the cart may be empty
        if earlier:
            return earlier
        cart = self.show_cart(command.customer_id)
        try:
            _require_buyable(cart, expected_total, expected_currency)
        except (InvalidRequest, Conflict):
            if repeated := self._repeated(command, cart):
                return repeated
            raise
        bought = replace(_of_cart(command, cart), cart_version=cart.version)
        if command.idempotency_key or not cart.version:
            with _at_catalogue_prices():
                return self.accept_order(bought)
        return self._once(bought)

    def _once(self, command: PlaceOrder) -> Order:
        """The order of this version of the cart. One that failed or was cancelled does not count: the customer tries
        again, with another card or after the stock came."""
        for attempt in range(_MOST_TRIES):
            with _at_catalogue_prices():
                order, is_new = self.accept_order.first(_keyed(command, command.cart_version, attempt))
            if is_new:
                return order
            if order.status not in UNSUCCESSFUL:
                return _require_same_body(order, command)
        words = f"This cart was ordered {_MOST_TRIES} times without success: change it before the next try."
        raise Conflict(words, "CART_NOT_ORDERABLE")

    def _repeated(self, command: PlaceOrder, cart: Cart) -> Order | None:
        """The order that the same request, sent a moment ago, made of the cart before its payment emptied it or prices
        changed: a second click, or a retry whose first answer was lost. A cart that the customer emptied is empty."""
        version = cart.version if cart.lines else version_before(cart.version)
        if command.idempotency_key or not version:
            return None
        for attempt in range(_MOST_TRIES):
            order = self.accept_order.with_key(_keyed(command, version, attempt))
            if order is None:
                return None
            if order.status not in UNSUCCESSFUL:
                age = to_millis(self.accept_order.clock.now()) - to_millis(order.created_at)
                return order if order.fingerprint == command.fingerprint and age <= _REPEATED_WITHIN else None
        return None


@service
class GuestCheckout:
    catalogue: Catalogue
    accept_order: AcceptOrder
    default_currency: str

    def __call__(
        self,
        command: PlaceOrder,
        units: Mapping[str, int],
        expected_total: Decimal | None,
        expected_currency: str | None,
    ) -> Order:
        """Buy so many units of each product; `command` comes without lines. The client keeps the cart.

        Raises Conflict where what was expected is not so any more or a line can't be bought, IdempotencyMismatch."""
        earlier = self.accept_order.earlier(command)
        if earlier:
            return earlier
        products = self.catalogue.readable(list(units), consistent=True)
        cart = at_prices(StoredCart(units), products, self.default_currency)
        _require_buyable(cart, expected_total, expected_currency)
        with _at_catalogue_prices():
            return self.accept_order(_of_cart(command, cart))


@service
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
            raise NotFound("There is no such product.", "PRODUCT_NOT_FOUND")
        lines = (Line(product_id, product.name, quantity, product.price, product.name),)
        bought = replace(command, lines=lines, currency=product.currency, total_amount=total_of(lines))
        with _at_catalogue_prices():
            return self.accept_order(bought)


def _of_cart(command: PlaceOrder, cart: Cart) -> PlaceOrder:
    """The command with what is in the cart, every line of which can be bought."""
    lines = tuple(Line(n.product_id, n.name, n.quantity, n.price, n.name) for n in cart.lines if n.price is not None)
    return replace(command, lines=lines, currency=cart.currency, total_amount=cart.total)


def _keyed(command: PlaceOrder, version: str, attempt: int) -> PlaceOrder:
    # No key that a client could send has a line end in it.
    return replace(command, idempotency_key=f"cart\n{version}\n{attempt}")


def _require_same_body(order: Order, command: PlaceOrder) -> Order:
    if order.fingerprint != command.fingerprint:
        raise IdempotencyMismatch(
            f"This cart was ordered already with another body, as {order.order_id}: change the cart, cancel that order,"
            " or send an Idempotency-Key to order it once more."
        )
    return order


def _require_buyable(cart: Cart, total: Decimal | None, currency: str | None) -> None:
    if not cart.lines:
        raise InvalidRequest([FieldError("", "the cart is empty")], "The cart is empty.")
    wrong = [f"{n.product_id} {_WORDS[n.problem]}" for n in cart.lines if n.problem in NOT_SUMMED]
    if wrong:
        raise Conflict(f"{'; '.join(wrong)}: change the cart first.", "CART_NOT_ORDERABLE")
    other_total = total is not None and total != cart.total
    if other_total or currency not in (None, cart.currency):
        shown = f"{cart.total if total is None else total} {currency or ''}".strip()
        raise Conflict(f"The cart's total is {cart.total} {cart.currency} now, not {shown}.", "TOTAL_MISMATCH")


@contextmanager
def _at_catalogue_prices() -> Iterator[None]:
    """The amounts are the catalogue's, not the caller's: what is wrong with them is no fault of the request."""
    try:
        yield
    except InvalidRequest as error:
        wrong = "; ".join(f"{found.field} {found.message}" for found in error.errors)
        raise Conflict(f"This can't be ordered: {wrong}.", "NOT_ORDERABLE") from None
