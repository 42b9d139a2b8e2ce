"""Carts in memory, which expire on a clock of seconds."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.checkout.model import STEP_OF_REMOVAL, QuietCart, StoredCart
from chalicelib.checkout.rules import MAX_LINES, Refusal
from chalicelib.kit.clock import from_iso, to_iso
from chalicelib.orders.model import Order

_KEPT = timedelta(days=30)
_tokens = itertools.count(1)


@dataclass
class _Cart:
    currency: str
    expires: datetime
    lines: dict[str, int] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=dict)
    version: int = 1
    token: str = field(default_factory=lambda: f"cart{next(_tokens)}")


class FakeCarts:
    def __init__(self, clock: Any) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._carts: dict[str, _Cart] = {}
        self._claims: dict[str, datetime] = {}

    def get(self, customer_id: str) -> StoredCart:
        with self._lock:
            cart = self._live(customer_id)
            return StoredCart(dict(cart.lines), cart.currency, f"{cart.token}.{cart.version}") if cart else StoredCart()

    def put(self, customer_id: str, product_id: str, quantity: int, currency: str) -> Refusal | None:
        with self._lock:
            cart = self._live(customer_id)
            others = cart.lines.keys() - {product_id} if cart else set()
            if cart and others and cart.currency != currency:
                return Refusal.CURRENCY
            if len(others) >= MAX_LINES:
                return Refusal.FULL
            if cart is None or not cart.lines or cart.currency != currency:
                cart = self._carts[customer_id] = _Cart(currency, self._until())
                cart.version = 0
            cart.since.setdefault(product_id, cart.version)
            cart.lines[product_id] = quantity
            self._changed(cart)
            return None

    def remove(self, customer_id: str, product_id: str) -> None:
        with self._lock:
            cart = self._live(customer_id)
            if cart and product_id in cart.lines:
                del cart.lines[product_id], cart.since[product_id]
                self._changed(cart, STEP_OF_REMOVAL)

    def clear(self, customer_id: str) -> None:
        with self._lock:
            self._carts.pop(customer_id, None)

    def remove_bought(self, order: Order) -> None:
        with self._lock:
            now = self._clock.moment
            if now - from_iso(order.created_at) > _KEPT or order.order_id in self._claims:
                return
            self._claims[order.order_id] = now
            token, _, version = order.cart_version.partition(".")
            cart = self._live(order.customer_id)
            if cart is None or token not in ("", cart.token):
                return
            changed = False
            for product_id, quantity in order.quantities().items():
                if product_id in cart.lines and (not token or cart.since[product_id] < int(version)):
                    changed = True
                    cart.lines[product_id] -= quantity
                    if cart.lines[product_id] <= 0:
                        del cart.lines[product_id], cart.since[product_id]
            cart.version += changed

    def forget_claims(self) -> None:
        """As TTL does, some day after they expired."""
        self._claims = {key: at for key, at in self._claims.items() if at + timedelta(days=32) > self._clock.moment}

    def quiet(self, since: str, until: str) -> Iterator[QuietCart]:
        with self._lock:
            touched = [(to_iso(c.expires.replace(microsecond=0) - _KEPT), c) for c in self._carts.values() if c.lines]
            return iter([QuietCart(at, dict(cart.lines)) for at, cart in touched if since <= at <= until])

    def _live(self, customer_id: str) -> _Cart | None:
        cart = self._carts.get(customer_id)
        return cart if cart and cart.expires >= self._clock.moment else None

    def _until(self) -> datetime:
        until: datetime = self._clock.moment + _KEPT
        return until

    def _changed(self, cart: _Cart, step: int = 1) -> None:
        cart.version += step
        cart.expires = self._until()
