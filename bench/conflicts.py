"""Simulates the conflicts that DynamoDB has and the emulator has not."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse, HTTPHeaders

HOLD = 0.01
"""Seconds: about what a transaction takes in DynamoDB."""


@dataclass
class Conflicts:
    """The emulator handles one call at a time, so that no two transactions ever meet in it. In DynamoDB they do, and
    the later one is cancelled. This simulates it: a transaction holds its products for HOLD seconds, and one
    that begins meanwhile is answered as DynamoDB would. Many threads count."""

    transactions: int = 0
    conflicts: int = 0
    _held_until: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def install(self) -> None:
        """For all clients that are made from boto3's default session from now on."""
        if boto3.DEFAULT_SESSION is None:
            boto3.setup_default_session()
        session: Any = boto3.DEFAULT_SESSION
        session.events.register("provide-client-params.dynamodb.TransactWriteItems", self._note)
        session.events.register("before-call.dynamodb.TransactWriteItems", self._begin)

    def _note(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        updates = [item["Update"]["Key"] for item in params["TransactItems"] if "Update" in item]
        context["products"] = [key["productId"]["S"] for key in updates]
        context["items"] = len(params["TransactItems"])

    def _begin(self, context: dict[str, Any], **_: Any) -> Any:
        now, products = time.monotonic(), context["products"]
        with self._lock:
            self.transactions += 1
            if any(now < self._held_until.get(product, 0) for product in products):
                self.conflicts += 1
                return AWSResponse("", 400, HTTPHeaders(), None), _cancelled(context["items"])
            self._held_until.update(dict.fromkeys(products, now + HOLD))
        return None


def _cancelled(items: int) -> dict[str, Any]:
    reasons = [{"Code": "None"}] + [{"Code": "TransactionConflict"}] * (items - 1)
    error = {
        "Code": "TransactionCanceledException",
        "Message": "Transaction cancelled, please refer cancellation reasons",
    }
    return {"Error": error, "CancellationReasons": reasons, "ResponseMetadata": {"HTTPStatusCode": 400}}
