"""Calls a deployed stack as its customers, staff and partners do, and looks into it as its operators do."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

import boto3
import requests

T = TypeVar("T")
ENDED = frozenset({"COMPLETED", "CONFIRMED", "FAILED", "CANCELLED", "REFUNDED"})


def until(look: Callable[[], T], right: Callable[[T], bool] = bool, seconds: float = 15) -> T:
    """The first look that is right. Fails when none was in time, saying what was seen last."""
    deadline = time.monotonic() + seconds
    while True:
        seen = look()
        if right(seen):
            return seen
        assert time.monotonic() < deadline, f"not within {seconds} s: {seen}"
        time.sleep(0.2)


class Shop:
    """A running stack."""

    def __init__(self, described: dict[str, Any]) -> None:
        self.described = described
        keys = described["access_key_id"], described["secret_access_key"]
        self.session = boto3.Session(*keys, region_name=described["region"])

    def client(self, service: Any) -> Any:
        return self.session.client(service, endpoint_url=self.described["endpoint_url"])

    @cached_property
    def cognito(self) -> Any:
        return self.client("cognito-idp")

    @cached_property
    def executions(self) -> Any:
        return self.client("stepfunctions")

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """`Idempotency_Key` and the like are headers."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.request(method, self.described["api_url"] + path, json=body, headers=named, timeout=60)

    def sign_in(self, user: str, client_id: str | None = None) -> dict[str, str]:
        """IdToken, AccessToken, …"""
        login = self.described["users"][user]
        return self.tokens(client_id or self.described["user_pool_client_id"], login["username"], login["password"])

    def tokens(self, client_id: str, username: str, password: str) -> dict[str, str]:
        answer: dict[str, str] = self.cognito.initiate_auth(
            ClientId=client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": username, "PASSWORD": password},
        )["AuthenticationResult"]
        return answer

    @cached_property
    def staff(self) -> Caller:
        return Caller(self, Authorization=self.sign_in("admin")["IdToken"])

    @cached_property
    def partner(self) -> Caller:
        return Caller(self, X_API_Key=self.described["api_key"])

    def signed_in(self, user: str) -> Caller:
        return Caller(self, Authorization=self.sign_in(user)["IdToken"])

    def new_product(self, stock: int, price: float = 25.0) -> str:
        """One that no other test buys."""
        product_id = f"T{uuid.uuid4().hex[:10].upper()}"
        sent = {"name": "Test product", "price": price, "currency": "EUR", "stock": stock}
        answer = self.staff("PUT", f"/products/{product_id}", sent)
        assert answer.ok, answer.text
        return product_id

    def stock(self, product_id: str) -> tuple[int, int]:
        """(available, reserved), from the table itself."""
        table = self.described["resources"]["inventory_table"]
        key = {"productId": {"S": product_id}}
        item = self.client("dynamodb").get_item(TableName=table, Key=key, ConsistentRead=True)["Item"]
        return int(item["available"]["N"]), int(item["reserved"]["N"])

    def states(self, execution_arn: str) -> list[str]:
        """The states that an execution entered, in order."""
        pages = self.executions.get_paginator("get_execution_history").paginate(executionArn=execution_arn)
        events = [event for page in pages for event in page["events"]]
        return [e["stateEnteredEventDetails"]["name"] for e in events if "stateEnteredEventDetails" in e]

    def execution_ended(self, execution_arn: str, seconds: float = 30) -> str:
        def status() -> str:
            return str(self.executions.describe_execution(executionArn=execution_arn)["status"])

        return until(status, lambda seen: seen != "RUNNING", seconds)

    def mails(self, order_id: str) -> list[str]:
        """Subjects of the mails that name the order, or go to the address."""
        found = requests.get(f"{self.described['endpoint_url']}/_ministack/ses/messages", timeout=30).json()["messages"]
        mails = [mail for account in found.values() for mail in account]
        said = [(mail["Subject"], f"{mail.get('BodyText')} {mail['Subject']} {mail.get('To')}") for mail in mails]
        return [subject for subject, text in said if order_id in text]


def shipped_order(shop: Shop, product_name: str = "Test product") -> dict[str, Any]:
    """Completed and shipped, of a partner's customer who has no other."""
    sent = {
        "customerId": f"asks-{uuid.uuid4().hex[:8]}",
        "customerEmail": "asks@example.com",
        "items": [{"productId": shop.new_product(stock=5), "name": product_name, "quantity": 2, "price": 25}],
        "totalAmount": 50,
        "shippingAddress": {"street": "1 Test Street", "city": "Town", "zipCode": "1", "country": "NL"},
    }
    order_id = shop.partner("POST", "/orders", sent).json()["orderId"]
    shop.partner.ended(f"/orders/{order_id}", 60)
    shipped = shop.staff("POST", f"/admin/orders/{order_id}/ship", shipment())
    assert shipped.ok, shipped.text
    order: dict[str, Any] = shop.partner("GET", f"/orders/{order_id}").json()
    return order


def shipment() -> dict[str, str]:
    return {"carrier": "PostNL", "trackingNumber": f"3S{uuid.uuid4().hex[:10].upper()}"}


class Caller:
    """Somebody with a token or a key."""

    def __init__(self, shop: Shop, **headers: str) -> None:
        self._shop, self._headers = shop, headers

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        return self._shop.call(method, path, body, **{**self._headers, **headers})

    def ended(self, path: str, seconds: float = 15) -> Any:
        """The order once it ended."""
        return until(lambda: self("GET", path).json(), lambda order: order["status"] in ENDED, seconds)
