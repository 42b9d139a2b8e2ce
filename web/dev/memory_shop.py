"""The real app over the tests' fakes, with products, a clock that runs, and orders that are processed in the
background, slowly enough to be watched."""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from chalicelib import bootstrap
from chalicelib.bootstrap import Services
from chalicelib.inventory.model import Product
from chalicelib.kit.clock import to_iso
from chalicelib.kit.errors import GatewayTimeout
from chalicelib.orders.model import HistoryRow, Order, Status

from local.catalogue import PRODUCTS
from tests.support.builders.examples import SETTINGS, order
from tests.support.fakes.adapters import FakeAdapters, FakeDocuments
from tests.support.fakes.orders import FakeOrders
from web.dev.office import Office

DRIVER = "driver"


class _Clock:
    @property
    def moment(self) -> datetime:
        return datetime.now(UTC)

    def now(self) -> str:
        return to_iso(self.moment)

    def advance(self, seconds: float) -> None:
        """It runs by itself."""


class _Orders(FakeOrders):
    """The driver's writes take their time; callers' do not."""

    def __init__(self, store: Any, seconds: float) -> None:
        super().__init__(store)
        self._seconds = seconds

    def save(self, order: Order, expected: Status) -> Order:
        self._pause()
        return super().save(order, expected)

    def reserve(self, order: Order, expected: Status) -> Order:
        self._pause()
        return super().reserve(order, expected)

    def _pause(self) -> None:
        if threading.current_thread().name == DRIVER:
            time.sleep(self._seconds)


class _Documents(FakeDocuments):
    url = ""

    def link(self, key: str, seconds: int, file_name: str) -> str:  # noqa: ARG002
        return f"{self.url}/documents/{key}"


class _HandOver:
    def __init__(self) -> None:
        self.services: Services | None = None

    def hand_over(self, order: Order) -> None:
        threading.Thread(target=self._drive, args=(order.order_id,), name=DRIVER, daemon=True).start()

    def _drive(self, order_id: str) -> None:
        assert self.services is not None  # noqa: S101
        workflow = self.services.workflow
        for attempt in range(1, 5):
            try:
                order = workflow.steps.run_all(order_id, attempt == 4, attempt > 1)
                break
            except GatewayTimeout:
                time.sleep(1)
        workflow.receipts.issue(order)


class MemoryShop:
    """`seconds` is how long each step of an order takes."""

    def __init__(self, documents_url: str, site_url: str, seconds: float) -> None:
        clock: Any = _Clock()
        hand_over = _HandOver()
        self.documents = _Documents()
        self.documents.url = documents_url
        self.adapters = adapters = FakeAdapters(clock=clock, documents=self.documents)
        adapters.orders = _Orders(adapters.store, seconds)
        hand_over_any: Any = hand_over
        adapters.hand_over = hand_over_any
        adapters.render_receipt = _real_receipt()
        now = clock.now()
        for sold in PRODUCTS:
            price = Decimal(sold.price)
            adapters.catalogue.put(
                Product(sold.product_id, sold.name, sold.description, price, "EUR", now, now), sold.stock
            )
            adapters.catalogue.set_image(sold.product_id, f"pictures/{sold.product_id}.webp")
        settings = replace(SETTINGS, trust_api_key_header=False, site_url=site_url)
        self.services = hand_over.services = Services(settings, adapters)
        self.office = Office(adapters, self.services, documents_url)
        bootstrap.use(self.services)

    def fill(self, number: int) -> None:
        """So many completed orders of one customer, a minute apart, the last one just now."""
        now = self.adapters.clock.moment
        for n in range(number):
            at = to_iso(now - timedelta(minutes=n))
            history = tuple(HistoryRow(status, at) for status in (Status.PENDING, Status.COMPLETED))
            made = order(order_id=str(uuid.uuid5(uuid.NAMESPACE_OID, str(n))), created_at=at, history=history)
            self.adapters.orders.add(made)


def _real_receipt() -> Any:
    from chalicelib.bootstrap.adapters import Adapters

    return Adapters(SETTINGS).render_receipt
