"""What a shop's page sends for its guests, and guests and customers after that."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from chalicelib.bootstrap import Services

from tests.support.api.gateway import Answer, Gateway, recorded
from tests.support.builders.examples import SETTINGS

PAGE = SETTINGS.publishable_key_id
QUICK = {"productId": "MOUSE001", "quantity": 1, "customerEmail": "noor@example.com"}
ADDRESS = {"street": "Keizersgracht 1", "city": "Amsterdam", "zipCode": "1015 CJ", "country": "NL"}
CART = {
    "items": [{"productId": "MOUSE001", "quantity": 2}, {"productId": "LAPTOP001", "quantity": 1}],
    "customerEmail": "noor@example.com",
    "shippingAddress": ADDRESS,
    "total": Decimal("1339.99"),
    "currency": "EUR",
}
PLACING = [("/place-order", QUICK), ("/guest/checkout", CART)]
OF_THE_ORDER: list[tuple[str, str, Any]] = [
    ("GET", "", None),
    ("POST", "/cancel", None),
    ("GET", "/receipt", None),
    ("POST", "/feedback", {"score": 5}),
    ("POST", "/chatbot", {"query": "Where is my order?"}),
]


def new_key() -> str:
    return str(uuid.uuid4())


def placed(api: Gateway, path: str = "/guest/checkout", body: Any = None, key: str = "") -> Answer:
    headers = {"Idempotency-Key": key} if key else {}
    return api.post(path, body or dict(PLACING)[path], key=PAGE, headers=headers)


def with_token(api: Gateway, token: str, method: str = "GET", action: str = "", body: Any = None) -> Answer:
    return api.call(method, f"/guest/order{action}", body, key=None, headers={"Authorization": f"Order {token}"})


def claim(
    api: Gateway, token: Any, email: str = "noor@example.com", *, verified: str = "true", sub: str = "noor"
) -> Answer:
    event = api.event("POST", "/me/orders/claim", {"orderToken": token})
    about = {"sub": sub, "email": email, "email_verified": verified, "cognito:groups": ""}
    event["requestContext"]["authorizer"] = {"claims": {**recorded("cognito_claims"), **about}}
    return api.send(event)


def mine(api: Gateway, path: str = "/me/orders", sub: str = "noor") -> Any:
    event = api.event("GET", path)
    about = {"sub": sub, "email": f"{sub}@example.com", "cognito:groups": ""}
    event["requestContext"]["authorizer"] = {"claims": {**recorded("cognito_claims"), **about}}
    return api.send(event).json


def finished(services: Services, order_id: str) -> None:
    services.workflow.receipts.issue(services.workflow.steps.run_all(order_id))


def but_ids(answer: Answer) -> Any:
    headers = {name: value for name, value in answer.headers.items() if name != "x-correlation-id"}
    return answer.status, headers, {**answer.json, "requestId": ""}
