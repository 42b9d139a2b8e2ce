"""What the contract promises pages and the API does not have yet, played over the real app: a publishable key, tokens
for the orders of guests, order numbers, names in addresses. Each goes away once the API has it."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from web.dev.memory_shop import MemoryShop

PUBLISHABLE_KEY = "pk_local_storefront"
OWNER = "site"
"""The id of the publishable key, as the gateway would pass it on."""
_GUEST_PATHS = ("/place-order", "/guest/checkout")
_MORE_OF_ADDRESS = ("name", "company", "street2")
_MORE_OF_BODY = ("locale", "note")


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: str


class Request(NamedTuple):
    method: str
    path: str
    headers: Mapping[str, str]
    body: str
    claims: Mapping[str, Any] | None


Ask = Callable[..., Answer]
"""`(method, path, body, key=…, claims=…, headers=…)`: the real app."""


def problem(status: int, code: str, detail: str) -> Answer:
    said = {
        "type": f"/problems#{code}",
        "title": code,
        "status": status,
        "detail": detail,
        "requestId": "-",
        "code": code,
    }
    return Answer(status, {"Content-Type": "application/problem+json"}, json.dumps(said))


class PlannedRoutes:
    def __init__(self, shop: MemoryShop, ask: Ask) -> None:
        self._shop = shop
        self._ask = ask
        self._tokens: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self._more: dict[str, dict[str, Any]] = {}
        self._next_number = itertools.count(100_482, 7)

    def answer(self, request: Request) -> Answer | None:
        """None for what the app itself answers."""
        path = request.path.partition("?")[0]
        if request.method == "POST" and path in _GUEST_PATHS:
            if request.headers.get("x-api-key") != PUBLISHABLE_KEY:
                return problem(403, "INVALID_API_KEY", "An API key is needed.")
            return self._guest_order(request, path)
        if path.startswith("/guest/order"):
            return self._with_token(request, path.removeprefix("/guest/order"))
        if path == "/me/orders/claim":
            return self._claim(request)
        if path == "/checkout":
            return self._checkout(request)
        return None

    def complete(self, answer: Answer) -> Answer:
        """The app's answer with what it does not say yet."""
        if answer.status >= 300 or not answer.body:
            return answer
        body = json.loads(answer.body)
        for order in body.get("orders", [body]) if isinstance(body, dict) else []:
            if isinstance(order, dict) and "history" in order:
                self._complete_order(order)
        return answer._replace(body=json.dumps(body))

    def _complete_order(self, order: dict[str, Any]) -> None:
        order_id = order["orderId"]
        order["orderNumber"] = self._numbers.setdefault(order_id, str(next(self._next_number)))
        more = self._more.get(order_id, {})
        order["note"] = more.get("note")
        if order["shippingAddress"]:
            order["shippingAddress"] |= more.get("address", {})

    def _guest_order(self, request: Request, path: str) -> Answer:
        body, more = _split(json.loads(request.body))
        if path == "/guest/checkout":
            found = self._as_order(body)
            if isinstance(found, Answer):
                return found
            body, path = found, "/orders"
        answer = self._ask("POST", path, json.dumps(body), key=OWNER, headers=_key(request))
        if answer.status >= 300:
            return answer
        order_id = json.loads(answer.body)["orderId"]
        self._more.setdefault(order_id, more)
        token = next((t for t, known in self._tokens.items() if known == order_id), None) or uuid.uuid4().hex
        self._tokens[token] = order_id
        said = {"orderId": order_id, "executionArn": "", "status": "PENDING", "orderToken": token}
        return Answer(202, {"Content-Type": "application/json"}, json.dumps(said))

    def _as_order(self, body: dict[str, Any]) -> dict[str, Any] | Answer:
        """The catalogue gives the prices; the total must be the one that was shown."""
        products = self._shop.adapters.store.products
        unknown = [item["productId"] for item in body["items"] if item["productId"] not in products]
        if unknown:
            return problem(409, "CART_NOT_ORDERABLE", f"{unknown[0]} is not sold any more.")
        items = [{**item, "price": float(products[item["productId"]].price)} for item in body["items"]]
        total = sum(products[item["productId"]].price * item["quantity"] for item in body["items"])
        if float(total) != body.pop("total"):
            return problem(409, "TOTAL_MISMATCH", "The total is another by now.")
        return {**body, "customerId": body["customerEmail"], "items": items, "totalAmount": float(total)}

    def _with_token(self, request: Request, action: str) -> Answer:
        order_id = self._tokens.get(request.headers.get("authorization", "").removeprefix("Order "))
        if order_id is None:
            return problem(401, "INVALID_TOKEN", "The order's token is missing, forged or expired.")
        path = f"/orders/{order_id}{action}"
        return self.complete(self._ask(request.method, path, request.body or None, key=OWNER))

    def _claim(self, request: Request) -> Answer:
        order_id = self._tokens.get(json.loads(request.body)["orderToken"])
        order = self._shop.adapters.store.orders.get(order_id or "")
        claims = request.claims
        if claims is None:
            return problem(401, "INVALID_TOKEN", "Sign in first.")
        if order is None or order.customer_email != claims["email"]:
            return problem(404, "ORDER_NOT_FOUND", "There is no such order.")
        self._shop.give(order.order_id, f"c-{claims['sub']}", claims["sub"])
        path = f"/me/orders/{order_id}"
        return self.complete(self._ask("GET", path, None, claims=claims))

    def _checkout(self, request: Request) -> Answer:
        body, more = _split(json.loads(request.body or "{}"))
        answer = self._ask("POST", "/checkout", json.dumps(body), claims=request.claims, headers=_key(request))
        if answer.status < 300:
            self._more.setdefault(json.loads(answer.body)["orderId"], more)
        return answer


def _split(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the app takes, and what it does not take yet."""
    more: dict[str, Any] = {name: body.pop(name) for name in _MORE_OF_BODY if name in body}
    address = body.get("shippingAddress") or {}
    more["address"] = {name: address.pop(name) for name in _MORE_OF_ADDRESS if name in address}
    return body, more


def _key(request: Request) -> dict[str, str]:
    found = request.headers.get("idempotency-key")
    return {"Idempotency-Key": found} if found else {}
