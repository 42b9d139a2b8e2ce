"""Calls a running local stack as a partner or a customer would, and looks at what the emulator caught: mails and text
messages.
"""

from decimal import Decimal
from typing import Any

import boto3
import requests

from local.catalogue import USERS

_TIMEOUT = 30


def aws_client(described: dict[str, Any], service: Any) -> Any:
    """A client of one of the stack's AWS services, with root credentials."""
    login = described["access_key_id"], described["secret_access_key"]
    session = boto3.Session(*login, region_name=described["region"])
    return session.client(service, endpoint_url=described["endpoint_url"])


class Caller:
    """Calls the API with one header that says who calls."""

    def __init__(self, described: dict[str, Any], header: str, value: str) -> None:
        self._api = described["api_url"]
        self._http = requests.Session()
        self._http.headers[header] = value

    def call(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """The answer. Raises requests.HTTPError if it is an error."""
        answer = self._http.request(method, self._api + path, timeout=_TIMEOUT, **more)
        answer.raise_for_status()
        answered: dict[str, Any] = answer.json(parse_float=Decimal)
        return answered

    def find(self, path: str) -> dict[str, Any] | None:
        """The answer to a GET, or None if it is an error."""
        answer = self._http.get(self._api + path, timeout=_TIMEOUT)
        return answer.json(parse_float=Decimal) if answer.ok else None


def signed_in(described: dict[str, Any], user: str) -> str:
    """The ID token of one of the demo users, good for an hour."""
    login = {"USERNAME": USERS[user].username, "PASSWORD": USERS[user].password}
    answer = aws_client(described, "cognito-idp").initiate_auth(
        ClientId=described["user_pool_client_id"], AuthFlow="USER_PASSWORD_AUTH", AuthParameters=login
    )
    return str(answer["AuthenticationResult"]["IdToken"])


class Partner(Caller):
    """A partner's view of the API."""

    def __init__(self, described: dict[str, Any]) -> None:
        super().__init__(described, "X-API-Key", described["api_key"])
        self._emulator = described["endpoint_url"]

    def place(self, body: dict[str, Any]) -> dict[str, Any]:
        """Place an order; returns it as accepted. Raises requests.HTTPError if it is not."""
        return self.call("POST", "/orders", json=body)

    def order(self, order_id: str) -> dict[str, Any]:
        """The order as it is now."""
        return self.call("GET", f"/orders/{order_id}")

    def order_if_there(self, order_id: str) -> dict[str, Any] | None:
        """As `order`, or None while there is none."""
        return self.find(f"/orders/{order_id}")

    def receipt_link(self, order_id: str) -> str | None:
        """The presigned link to the receipt, or None while there is none."""
        found = self.find(f"/orders/{order_id}/receipt")
        return str(found["url"]) if found else None

    def ask(self, query: str, customer_id: str) -> dict[str, Any]:
        """Ask the chatbot about a customer's orders; returns `answer`, `source` and `orders`."""
        return self.call("POST", "/chatbot", json={"query": query, "customerId": customer_id})

    def mails(self, order_id: str) -> list[dict[str, Any]]:
        """The mails about the order, as MiniStack keeps them: Subject, To, BodyText, BodyHtml."""
        found = self._peek("ses/messages")["messages"]
        mails = [mail for account in found.values() for mail in account]
        return [mail for mail in mails if _mentions(order_id, mail)]

    def texts(self, order_id: str) -> list[str]:
        """The text messages about the order, which name it by its first eight characters."""
        found = self._peek("sns/sms-messages")["sms_messages"]
        texts = [str(message["Message"]) for messages in found.values() for message in messages]
        return [text for text in texts if order_id[:8] in text]

    def _peek(self, path: str) -> dict[str, Any]:
        found: dict[str, Any] = requests.get(f"{self._emulator}/_ministack/{path}", timeout=_TIMEOUT).json()
        return found


class Customer(Caller):
    """The demo customer's view of the API, signed in."""

    def __init__(self, described: dict[str, Any]) -> None:
        super().__init__(described, "Authorization", signed_in(described, "customer"))
        self._executions = aws_client(described, "stepfunctions")

    def fill_cart(self, product_id: str, quantity: int) -> dict[str, Any]:
        """A cart with that and nothing else; returns it."""
        self.call("DELETE", "/cart")
        return self.call("PUT", f"/cart/items/{product_id}", json={"quantity": quantity})

    def checkout(self, total: Decimal | int) -> dict[str, Any]:
        """Buy the cart; returns `orderId`, `executionArn` and `status`."""
        return self.call("POST", "/checkout", json={"total": float(total)})

    def order(self, order_id: str) -> dict[str, Any]:
        """The order as it is now."""
        return self.call("GET", f"/me/orders/{order_id}")

    def ask(self, query: str) -> dict[str, Any]:
        """Ask the chatbot about one's own orders; returns `answer`, `source` and `orders`."""
        return self.call("POST", "/me/chatbot", json={"query": query})

    def execution(self, arn: str) -> tuple[str, list[str]]:
        """Its status (RUNNING, SUCCEEDED, …) and the states that it entered so far."""
        status = self._executions.describe_execution(executionArn=arn)["status"]
        events = self._executions.get_execution_history(executionArn=arn, maxResults=1000)["events"]
        return status, [e["stateEnteredEventDetails"]["name"] for e in events if "stateEnteredEventDetails" in e]


def _mentions(order_id: str, mail: dict[str, Any]) -> bool:
    return any(order_id in str(mail.get(field) or "") for field in ("Subject", "BodyText", "BodyHtml"))
