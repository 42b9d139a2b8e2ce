"""The routes that take a body, each with one that is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.support.api.gateway import Answer, Gateway
from tests.support.builders.examples import body


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    body: Mapping[str, Any]
    required: tuple[str, ...]
    """The fields that must be there, innermost ones included."""
    groups: str | None = None

    def call(self, api: Gateway, sent: Any, headers: Mapping[str, str] | None = None) -> Answer:
        return api.call(self.method, self.path, sent, groups=self.groups, headers=headers)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


ORDERS = Route(
    "POST",
    "/orders",
    body(),
    (
        "customerId",
        "customerEmail",
        "items",
        "items[0].productId",
        "items[0].quantity",
        "shippingAddress",
        "shippingAddress.street",
        "shippingAddress.city",
        "shippingAddress.zipCode",
        "shippingAddress.country",
    ),
)
PRODUCT = Route(
    "PUT",
    "/products/LAPTOP001",
    {"name": "Laptop", "description": "Fast.\nVery.", "price": Decimal("999.00"), "currency": "EUR", "stock": 3},
    ("name", "price"),
    "admin",
)
STOCK = Route(
    "POST", "/products/LAPTOP001/stock", {"delta": 5, "reason": "Delivery 4711"}, ("delta", "reason"), "admin"
)

CHATBOT = Route("POST", "/chatbot", {"query": "Where is my order?", "customerId": "customer123"}, ("query",))

WITH_BODY = (ORDERS, PRODUCT, STOCK, CHATBOT)


def changed(whole: Any, field: str, value: Any) -> Any:
    """A copy with the field at that path (`items[0].price`) set to `value`."""
    return _at(whole, _steps(field), lambda inner, step: _put(inner, step, value))


def without(whole: Any, field: str) -> Any:
    """A copy without the field at that path."""
    return _at(whole, _steps(field), lambda inner, step: {k: v for k, v in inner.items() if k != step})


def fields_of(whole: Any, path: str = "") -> list[str]:
    """The paths of all fields, also of those that hold others."""
    inner: list[tuple[str, Any]] = []
    if isinstance(whole, Mapping):
        inner = [(f"{path}.{name}" if path else name, value) for name, value in whole.items()]
    elif isinstance(whole, list):
        inner = [(f"{path}[{n}]", value) for n, value in enumerate(whole)]
    return [found for name, value in inner for found in (name, *fields_of(value, name))]


def _steps(field: str) -> list[str | int]:
    parts = field.replace("[", ".[").split(".")
    return [int(part[1:-1]) if part.startswith("[") else part for part in parts]


def _at(whole: Any, steps: list[str | int], change: Any) -> Any:
    if len(steps) == 1:
        return change(whole, steps[0])
    return _put(whole, steps[0], _at(whole[steps[0]], steps[1:], change))


def _put(inner: Any, step: Any, value: Any) -> Any:
    if isinstance(inner, list):
        return [value if n == step else old for n, old in enumerate(inner)]
    return {**inner, step: value}
