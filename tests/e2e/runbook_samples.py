"""Real things for the samples of the runbooks: what each page is about, as trouble leaves it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from chalicelib.orders.model import Duty, Reservation, Status

from tests.e2e.alarm_causes import DEAD
from tests.e2e.interrupted_orders import InterruptedOrders, order_of
from tests.e2e.shop import Shop, until
from tests.e2e.test_orders import body_for, placed
from tests.support.imported_files import HEADER, line

Make = Callable[[], str]


class Samples:
    """What to make for the variables that the pages set to a sample, each time that they do."""

    def __init__(self, shop: Shop) -> None:
        self._shop, self._interrupted = shop, InterruptedOrders(shop)
        self._prefix = f"orderproc-{shop.described['stage']}"
        self._pages: dict[str, dict[str, Make]] = {
            "orders-stuck": {"ORDER": self._lost},
            "orders-need-attention": {"ORDER": self._lost},
            "needs-attention": {"ORDER": self._lost},
            "refund-refused": {"ORDER": self._refused},
            "mail-not-received": {"ORDER": self._in_doubt},
        }

    def of(self, page: str) -> dict[str, Make]:
        """For one page."""
        queue = page.removesuffix("-dlq")
        return {
            "ORDER": lambda: self._completed,
            "NUMBER": lambda: str(self._shop.partner("GET", f"/orders/{self._completed}").json()["orderNumber"]),
            "MESSAGE": (lambda: self._dead_letter(queue)) if queue != page else lambda: str(uuid.uuid4()),
            "PRODUCT": self._product_with_one_reserved,
            "EXECUTION": self._execution,
            "IMPORT": self._import,
            "KEY": self._api_key,
            "MEMBER": lambda: f"{uuid.uuid4().hex}@example.com",
            "PERSON": self._person,
            "DAY": lambda: datetime.now(UTC).strftime("%Y/%m/%d"),
            **self._pages.get(page, {}),
        }

    def tidy(self) -> None:
        """What was given up on would ring alarms for others."""
        for queue in DEAD:
            self._shop.client("sqs").purge_queue(QueueUrl=self._dlq(queue))

    @cached_property
    def _completed(self) -> str:
        order_id: str = placed(self._shop, body_for(self._shop.new_product(9)))["orderId"]
        self._shop.partner.ended(f"/orders/{order_id}", 60)
        until(lambda: self._shop.partner("GET", f"/orders/{order_id}/receipt").ok, seconds=60)
        return order_id

    def _lost(self) -> str:
        """An order that was accepted just now and not handed over: the housekeeper does not look at it yet."""
        order = order_of([self._shop.new_product(9)], [Status.PENDING], minutes_old=0)
        return self._interrupted.store(order).order_id

    def _execution(self) -> str:
        sent = {"productId": self._shop.new_product(9), "quantity": 1, "customerEmail": "customer@example.com"}
        accepted = self._shop.partner("POST", "/place-order", sent)
        assert accepted.ok, accepted.text
        return str(accepted.json()["executionArn"]).rpartition(":")[2]

    def _product_with_one_reserved(self) -> str:
        """For no order."""
        product = self._shop.new_product(9)
        self._shop.client("dynamodb").update_item(
            TableName=f"{self._prefix}-inventory",
            Key={"productId": {"S": product}},
            UpdateExpression="SET reserved = :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )
        return product

    def _refused(self) -> str:
        """A cancelled order whose refund the provider declined."""
        path = [Status.PENDING, Status.PAYMENT_PROCESSING, Status.CANCELLED]
        left: dict[str, Any] = {"reservation": Reservation.RELEASED, "duties": frozenset({Duty.REFUND})}
        order = order_of([self._shop.new_product(9)], path, **left)
        self._interrupted.store(self._interrupted.charged(order))
        declined = {"orderId": order.order_id, "operation": "refund", "status": "DECLINED", "code": "REFUSED"}
        texts = {**declined, "currency": "EUR", "at": order.updated_at}
        item: dict[str, Any] = {name: {"S": value} for name, value in texts.items()}
        item["amount"] = {"N": str(order.total_amount)}
        self._shop.client("dynamodb").put_item(TableName=f"{self._prefix}-payments", Item=item)
        return order.order_id

    def _in_doubt(self) -> str:
        """A completed order whose confirmation may not have been sent."""
        path = [Status.PENDING, Status.PAYMENT_PROCESSING, Status.FULFILLMENT, Status.COMPLETED]
        order = self._interrupted.store(order_of([self._shop.new_product(9)], path, reservation=Reservation.COMMITTED))
        self._interrupted.claimed(order, "mail-confirmation")
        return order.order_id

    def _import(self) -> str:
        key = f"orders/{uuid.uuid4().hex}.csv"
        right = line(1, customerId="c1", productId=self._shop.new_product(9), price="25.00")
        bucket = self._shop.described["resources"]["imports_bucket"]
        self._shop.client("s3").put_object(Bucket=bucket, Key=key, Body=f"{HEADER}\n{right}".encode())

        def look() -> list[str]:
            seen = self._shop.staff("GET", "/admin/imports?limit=100").json()["imports"]
            return [one["importId"] for one in seen if one["file"] == key and one["finishedAt"]]

        return until(look, seconds=60)[0]

    def _api_key(self) -> str:
        made = self._shop.client("apigateway").create_api_key(name=f"{self._prefix}-leaked", enabled=True)
        return str(made["id"])

    def _person(self) -> str:
        """Somebody who has signed up."""
        person, pool = f"{uuid.uuid4().hex}@example.com", self._shop.described["user_pool_id"]
        self._shop.cognito.admin_create_user(UserPoolId=pool, Username=person, MessageAction="SUPPRESS")
        return person

    def _dead_letter(self, queue: str) -> str:
        body = json.dumps({"orderId": self._completed})
        return str(self._shop.client("sqs").send_message(QueueUrl=self._dlq(queue), MessageBody=body)["MessageId"])

    def _dlq(self, queue: str) -> str:
        return str(self._shop.client("sqs").get_queue_url(QueueName=f"{self._prefix}-{queue}-dlq")["QueueUrl"])
