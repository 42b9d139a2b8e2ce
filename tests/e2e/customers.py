"""Customers who order while something is done to a stage."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.e2e.shop import ENDED, Shop, until
from tests.e2e.test_events import announce, flat
from tests.e2e.test_orders import body_for

CUT_OFF = 502


class Customers:
    """They order one after the other, by each of the three ways in turn, as long as the `with` goes on."""

    def __init__(self, shop: Shop) -> None:
        self._shop, self._product = shop, shop.new_product(10_000)
        self._stopped, self._thread = threading.Event(), threading.Thread(target=self._order)
        self.answers: Counter[tuple[str, int]] = Counter()
        """How often each path was answered by each status."""
        self.orders: list[str] = []
        self.repeated = 0

    def __enter__(self) -> Customers:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def ends(self) -> Counter[str]:
        """How the orders ended, once all of them have. Those of the bus are there a little later, and a message whose
        function MiniStack killed comes back after its six minutes of invisibility."""
        return Counter(
            until(lambda order_id=order_id: self._status(order_id), ENDED.__contains__, 400)  # type: ignore[misc]
            for order_id in self.orders
        )

    def _status(self, order_id: str) -> str:
        answer = self._shop.partner("GET", f"/orders/{order_id}")
        return str(answer.json().get("status")) if answer.ok else ""

    def _order(self) -> None:
        ways: tuple[Callable[[], None], ...] = (self._by_queue, self._by_machine, self._by_bus, self._look)
        while not self._stopped.is_set():
            for way in ways:
                way()
            self._stopped.wait(2)

    def _by_queue(self) -> None:
        self._sent("POST", "/orders", body_for(self._product))

    def _by_machine(self) -> None:
        sent = {"productId": self._product, "quantity": 1, "customerEmail": "customer@example.com"}
        self._sent("POST", "/place-order", sent)

    def _by_bus(self) -> None:
        detail = flat(self._product)
        announce(self._shop, detail)
        self.orders.append(detail["OrderId"])

    def _look(self) -> None:
        self._sent("GET", f"/products/{self._product}")

    def _sent(self, method: str, path: str, body: Any = None) -> None:
        """Once more if it was cut off: MiniStack kills a function that is replaced while it runs, where Lambda lets it
        end."""
        once = {"Idempotency_Key": str(uuid.uuid4())} if body else {}
        answer = self._shop.partner(method, path, body, **once)
        if answer.status_code == CUT_OFF:
            self.repeated += 1
            answer = self._shop.partner(method, path, body, **once)
        self.answers[path, answer.status_code] += 1
        if answer.ok and body:
            self.orders.append(answer.json()["orderId"])
