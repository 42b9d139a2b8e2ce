"""Calls a running local stack as a partner or a customer would, and looks at what the emulator caught: mails and text
messages.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import boto3
import requests

from local.provision import USERS, sign_in

_TIMEOUT = 30


class Partner:
    """A partner's view of the API."""

    def __init__(self, described: dict[str, Any]) -> None:
        self._api = described["api_url"]
        self._emulator = described["endpoint_url"]
        self._http = requests.Session()
        self._http.headers["X-API-Key"] = described["api_key"]

    def place(self, body: dict[str, Any]) -> dict[str, Any]:
        """Place an order; returns it as accepted. Raises requests.HTTPError if it is not."""
        answer = self._http.post(f"{self._api}/orders", json=body, timeout=_TIMEOUT)
        answer.raise_for_status()
        order: dict[str, Any] = answer.json()
        return order

    def order(self, order_id: str) -> dict[str, Any]:
        """The order as it is now."""
        answer = self._http.get(f"{self._api}/orders/{order_id}", timeout=_TIMEOUT)
        answer.raise_for_status()
        order: dict[str, Any] = answer.json()
        return order

    def order_if_there(self, order_id: str) -> dict[str, Any] | None:
        """As `order`, or None while there is none."""
        answer = self._http.get(f"{self._api}/orders/{order_id}", timeout=_TIMEOUT)
        return answer.json() if answer.ok else None

    def receipt_link(self, order_id: str) -> str | None:
        """The presigned link to the receipt, or None while there is none."""
        answer = self._http.get(f"{self._api}/orders/{order_id}/receipt", timeout=_TIMEOUT)
        return str(answer.json()["url"]) if answer.ok else None

    def ask(self, query: str, customer_id: str) -> dict[str, Any]:
        """Ask the chatbot about a customer's orders; returns `answer`, `source` and `orders`."""
        asked = {"query": query, "customerId": customer_id}
        answer = self._http.post(f"{self._api}/chatbot", json=asked, timeout=_TIMEOUT)
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
        return said

    def mails(self, order_id: str) -> list[dict[str, Any]]:
        """The mails about the order, as MiniStack keeps them: Subject, To, BodyText, BodyHtml."""
        found = self._peek("ses/messages")["messages"]
        mails = [mail for account in found.values() for mail in account]
        return [mail for mail in mails if _mentions(order_id, mail)]

    def texts(self, order_id: str) -> list[str]:
        """The text messages about the order, which name it by its first eight characters."""
        found = self._peek("sns/sms-messages")["sms_messages"]
        texts = [_text_of(message) for messages in found.values() for message in messages]
        return [text for text in texts if order_id[:8] in text]

    def _peek(self, path: str) -> dict[str, Any]:
        found: dict[str, Any] = requests.get(f"{self._emulator}/_ministack/{path}", timeout=_TIMEOUT).json()
        return found


class Customer:
    """The demo customer's view of the API, signed in."""

    def __init__(self, described: dict[str, Any]) -> None:
        self._api = described["api_url"]
        session = boto3.Session(
            described["access_key_id"], described["secret_access_key"], region_name=described["region"]
        )
        cognito = session.client("cognito-idp", endpoint_url=described["endpoint_url"])
        self._executions = session.client("stepfunctions", endpoint_url=described["endpoint_url"])
        self._http = requests.Session()
        self._http.headers["Authorization"] = sign_in(cognito, described["user_pool_client_id"], USERS["customer"])

    def fill_cart(self, product_id: str, quantity: int) -> dict[str, Any]:
        """A cart with that and nothing else; returns it."""
        self._call("DELETE", "/cart")
        return self._call("PUT", f"/cart/items/{product_id}", {"quantity": quantity})

    def checkout(self, total: Decimal | int) -> dict[str, Any]:
        """Buy the cart; returns `orderId`, `executionArn` and `status`."""
        return self._call("POST", "/checkout", {"total": float(total)})

    def order(self, order_id: str) -> dict[str, Any]:
        """The order as it is now."""
        return self._call("GET", f"/me/orders/{order_id}")

    def ask(self, query: str) -> dict[str, Any]:
        """Ask the chatbot about one's own orders; returns `answer`, `source` and `orders`."""
        return self._call("POST", "/me/chatbot", {"query": query})

    def execution(self, arn: str) -> tuple[str, list[str]]:
        """Its status (RUNNING, SUCCEEDED, …) and the states that it entered so far."""
        status = self._executions.describe_execution(executionArn=arn)["status"]
        events = self._executions.get_execution_history(executionArn=arn, maxResults=1000)["events"]
        return status, [e["stateEnteredEventDetails"]["name"] for e in events if "stateEnteredEventDetails" in e]

    def _call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        answer = self._http.request(method, f"{self._api}{path}", json=body, timeout=_TIMEOUT)
        answer.raise_for_status()
        answered: dict[str, Any] = answer.json(parse_float=Decimal)
        return answered


def _mentions(order_id: str, mail: dict[str, Any]) -> bool:
    return any(order_id in str(mail.get(field) or "") for field in ("Subject", "BodyText", "BodyHtml"))


def _text_of(message: dict[str, Any]) -> str:
    read: Callable[[str], Any] = message.get
    return str(read("Message") or read("message") or "")
