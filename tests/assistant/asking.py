"""Questions in a shop, with the reads that they take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.bootstrap import Services
from chalicelib.kit.page import Page
from chalicelib.orders.model import Order

from tests.assistant.sample_orders import CUSTOMER, PARTNER, shop
from tests.support.builders.examples import SETTINGS, order
from tests.support.fakes.adapters import FakeAdapters


class Counted:
    """Orders, with the DynamoDB calls that reading them takes: a list is a Query and a BatchGetItem."""

    def __init__(self, orders: Any) -> None:
        self._orders = orders
        self.calls: list[str] = []

    def get(self, order_id: str) -> Order | None:
        self.calls.append("GetItem")
        found: Order | None = self._orders.get(order_id)
        return found

    def newest_ids(self, owner: str, customer_id: str | None) -> tuple[list[str], bool]:
        self.calls.append("Query")
        found: tuple[list[str], bool] = self._orders.newest_ids(owner, customer_id)
        return found

    def by_owner(self, owner: str, customer_id: str | None, limit: int, after: Mapping[str, str] | None) -> Page[Order]:
        self.calls += ["Query", "BatchGetItem"]
        page: Page[Order] = self._orders.by_owner(owner, customer_id, limit, after)
        return page


def asked(
    question: str,
    owner: str = PARTNER,
    customer_id: str | None = CUSTOMER,
    fakes: FakeAdapters | None = None,
    search: str = "off",
) -> tuple[Any, list[str]]:
    """The answer and the calls for it, in the customer's shop or in that one."""
    fakes = fakes or shop(owner)[1]
    counted = Counted(fakes.orders)
    services = Services(replace(SETTINGS, order_search=search), replace(fakes, orders=counted))
    return services.customers.answer_question(owner, question, customer_id), counted.calls


def behind(count: int) -> FakeAdapters:
    """The shop, where the customer placed so many orders after those that are told of."""
    _, fakes = shop()
    for n in range(count):
        at = f"2026-11-25T{n // 60:02d}:{n % 60:02d}:00.000Z"
        order_id = f"{n:08x}-aaaa-4000-8000-000000000000"
        fakes.orders.add(order(order_id=order_id, owner=PARTNER, customer_id=CUSTOMER, created_at=at))
    return fakes
