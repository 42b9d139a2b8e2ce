"""Orders that a process left between two writes: written with the functions' own adapters, into the same tables.

What comes next is left to the deployed functions, each with its own role."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from chalicelib.kit.chunks import chunks
from chalicelib.kit.clock import to_iso
from chalicelib.kit.dynamodb import batch_get, to_dynamodb
from chalicelib.kit.dynamodb_claims import DynamoClaims
from chalicelib.orders.dynamodb_writes import Deferred, StockMove
from chalicelib.orders.items import order_from_item, order_to_item
from chalicelib.orders.model import HistoryRow, Line, Order, Payment, PaymentStatus, Reservation, Status, total_of
from chalicelib.payments.dynamodb import DynamoLedger
from chalicelib.payments.model import EntryStatus, LedgerEntry, Operation, gateway_key
from chalicelib.payments.simulated import SimulatedGateway

from tests.e2e.shop import Shop

_TICK = Path(__file__).parents[1] / "events" / "schedule.json"
PRICE = Decimal("25.00")


def order_of(products: Iterable[str], path: Sequence[Status], *, minutes_old: float = 5, **changes: Any) -> Order:
    """One unit of each product, at the price of `Shop.new_product`. It went through these statuses a while ago."""
    at = to_iso(datetime.now(UTC) - timedelta(minutes=minutes_old))
    lines = tuple(Line(product, "Test product", 1, PRICE) for product in products)
    order = Order(
        order_id=f"interrupted-{uuid.uuid4()}",
        owner="p-nobody",
        customer_id="customer123",
        customer_email="customer@example.com",
        lines=lines,
        currency="EUR",
        total_amount=total_of(lines),
        created_at=at,
        history=tuple(HistoryRow(status, at) for status in path),
        payment_method="pm_card_visa",
        correlation_id="interrupted",
    )
    return replace(order, **changes)


class InterruptedOrders:
    """What a process had written when it died."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._client = shop.client("dynamodb")
        self._ledger = DynamoLedger(self._client, self._table("payments"))
        self._gateway = SimulatedGateway(self._client, self._table("gateway"))

    def claimed(self, order: Order, occasion: str) -> None:
        """It was about to send the message, an hour ago."""
        an_hour_ago = DynamoClaims(self._client, self._table("claims"), lambda: time.time() - 3600)
        assert an_hour_ago.claim(f"{order.order_id}#{occasion}")

    def _table(self, holds: str) -> str:
        return f"orderproc-{self._shop.described['stage']}-{holds}"

    def store(self, order: Order, owes: Sequence[StockMove] = ()) -> Order:
        """The order, with the units that it holds set aside, and with its deferred to the stock if it has one."""
        if order.reservation is Reservation.HELD:
            for product, quantity in order.quantities().items():
                self._move(StockMove(product, -quantity, +quantity))
        item = order_to_item(order)
        self._client.put_item(TableName=self._table("orders"), Item=Deferred(tuple(owes)).on(item) if owes else item)
        return order

    def stored(self, order_ids: Sequence[str]) -> list[Order]:
        """The orders as they are now, in no particular order; one that is not there yet is left out."""
        items: list[Any] = []
        for some in chunks(order_ids, 100):
            keys = [to_dynamodb({"orderId": order_id}) for order_id in some]
            items += batch_get(self._client, self._table("orders"), keys, consistent=True)
        return [order_from_item(item) for item in items]

    def _move(self, move: StockMove) -> None:
        self._client.update_item(
            TableName=self._table("inventory"),
            Key=to_dynamodb({"productId": move.product_id}),
            UpdateExpression="SET available = available + :a, reserved = reserved + :r",
            ExpressionAttributeValues=to_dynamodb({":a": move.available, ":r": move.reserved}),
        )

    def owes(self, order: Order) -> bool:
        found = self._client.get_item(TableName=self._table("orders"), Key=to_dynamodb({"orderId": order.order_id}))
        return "owes" in found["Item"]

    def charged(self, order: Order) -> Order:
        """The money was taken, and all know it."""
        return replace(order, payment=self.charge(order))

    def charge(self, order: Order, *, noted: bool = True) -> Payment:
        """The gateway took the money. Unless it was `noted`, the ledger knows only that it was asked for."""
        intent = LedgerEntry(
            order.order_id,
            Operation.CAPTURE,
            EntryStatus.INTENT,
            order.total_amount,
            order.currency,
            order.updated_at,
        )
        self._ledger.intend(intent)
        key = gateway_key(order.order_id, Operation.CAPTURE)
        answer = self._gateway.capture(key, order.total_amount, order.currency, order.payment_method)
        if noted:
            self._ledger.record_outcome(replace(intent, status=EntryStatus.SUCCEEDED, reference=answer.reference))
        return Payment(PaymentStatus.CAPTURED, answer.reference, order.total_amount, Decimal("0.00"))

    def kept(self, order: Order) -> Decimal:
        """What the gateway has of it: captured less refunded. It also remembers what it declined."""
        answers = {operation: self._gateway.find(gateway_key(order.order_id, operation)) for operation in Operation}
        amounts = {
            operation: answer.amount if answer and answer.approved else Decimal(0)
            for operation, answer in answers.items()
        }
        return amounts[Operation.CAPTURE] - amounts[Operation.REFUND]

    def run(self, function: str, event: dict[str, Any]) -> Any:
        """What the function answers. Fails if it raised."""
        name = f"orderproc-{self._shop.described['stage']}-{function}"
        answer = self._shop.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
        said = json.loads(answer["Payload"].read() or b"null")
        assert "FunctionError" not in answer, said
        return said

    def step(self, function: str, order: Order, **more: Any) -> Any:
        """One step of the state machine."""
        return self.run(function, {"orderId": order.order_id, "correlationId": "interrupted", **more})

    def housekeeping(self) -> Any:
        return self.run("housekeeper", json.loads(_TICK.read_text(encoding="utf-8")))
