"""A payment provider for those who have none yet. It keeps a ledger of its own, takes idempotency keys as Stripe does,
and follows the payment method (contract §4). It takes no money."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from ..kit.dynamodb import DynamoDBClient, Item, from_dynamodb, get, put_if
from ..kit.errors import GatewayTimeout
from ..kit.wiring import service
from .model import GatewayAnswer

_DECLINES = {
    "pm_card_chargeDeclined": ("CARD_DECLINED", "The card was declined."),
    "pm_card_chargeDeclinedInsufficientFunds": ("INSUFFICIENT_FUNDS", "The card has insufficient funds."),
}

PERMISSIONS = {
    "find": ["dynamodb:GetItem table/gateway"],
    "answer": ["dynamodb:PutItem table/gateway"],
}


@service
class SimulatedGateway:
    client: DynamoDBClient
    table: str

    def capture(self, key: str, amount: Decimal, currency: str, payment_method: str) -> GatewayAnswer:
        if payment_method == "pm_sim_unavailable":
            raise GatewayTimeout("The simulated gateway does not answer to this payment method.")
        if payment_method == "pm_sim_timeoutOnce" and self._remember(f"{key}:attempt", {}) is None:
            raise GatewayTimeout("The simulated gateway timed out, this once.")
        code, message = _DECLINES.get(payment_method, ("", ""))
        answer = GatewayAnswer(not code, _reference("ch", key), amount, code, message)
        return self._answer_once(key, answer, currency)

    def refund(self, key: str, reference: str, amount: Decimal, currency: str) -> GatewayAnswer:
        del reference  # a real provider would look up the charge by it
        return self._answer_once(key, GatewayAnswer(True, _reference("re", key), amount), currency)

    def find(self, key: str) -> GatewayAnswer | None:
        item = get(self.client, self.table, {"key": key})
        return _answer(item) if item else None

    def _answer_once(self, key: str, answer: GatewayAnswer, currency: str) -> GatewayAnswer:
        said = {name: value for name, value in asdict(answer).items() if value != ""}
        earlier = self._remember(key, {**said, "currency": currency})
        return _answer(earlier) if earlier else answer

    def _remember(self, key: str, values: dict[str, Any]) -> Item | None:
        """Write down a call: None the first time, what was written then after that."""
        return put_if(self.client, self.table, {"key": key, **values}, "attribute_not_exists(#k)", k="key")


def _reference(prefix: str, key: str) -> str:
    return f"{prefix}_sim_{hashlib.sha256(key.encode()).hexdigest()[:20]}"


def _answer(item: Item) -> GatewayAnswer:
    v = from_dynamodb(item)
    return GatewayAnswer(v["approved"], v["reference"], v["amount"], v.get("code", ""), v.get("message", ""))
