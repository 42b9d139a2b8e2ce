"""A hundred buyers of one hot product, all at once, through all steps of their orders.

Half of them can have it. `python -m bench.contention` prints how fast they got through and what they met, and ends
with exit status 1 if a piece was sold twice, or kept from a buyer who could have had it."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse, HTTPHeaders

from bench.drive import api_event, context
from bench.report import Measure, console, exit_status, show
from bench.stand import PRODUCT, Stand, stand

BUYERS = 100
STOCK = 50
HOLD = 0.01
"""Seconds: about what a transaction takes in DynamoDB."""
MAX_DELIVERIES = 3
"""As the queue does, before it gives a message up."""


@dataclass
class Conflicts:
    """The emulator works off one call at a time, so that no two transactions ever meet in it. In DynamoDB they do, and
    the later one is cancelled. This stands in for that: a transaction holds its products for HOLD seconds, and one
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


def measure() -> list[Measure]:
    conflicts = Conflicts()
    conflicts.install()
    with stand() as here, console.status(f"{BUYERS} buyers …"):
        here.stock_up(stock=STOCK)
        ids = [_accepted(here) for _ in range(BUYERS)]
        conflicts.transactions = conflicts.conflicts = 0
        started = time.perf_counter()
        with ThreadPoolExecutor(BUYERS) as pool:
            deliveries = list(pool.map(_worked_off, ids))
        taken = time.perf_counter() - started
        ends = Counter(_end_of(order_id) for order_id in ids)
        available, reserved = _stock()
    completed = ends["COMPLETED"]
    return [
        Measure("orders ended a second", f"{BUYERS / taken:.0f}"),
        Measure("transactions", f"{conflicts.transactions}"),
        Measure("  that met another", f"{conflicts.conflicts}"),
        Measure("deliveries of the slowest order", str(max(deliveries)), f"≤ {MAX_DELIVERIES}", 0 not in deliveries),
        Measure("completed", str(completed), f"= {STOCK}", completed == STOCK),
        Measure("sold out", str(ends["OUT_OF_STOCK"]), f"= {BUYERS - STOCK}", ends["OUT_OF_STOCK"] == BUYERS - STOCK),
        Measure("left, and still reserved", f"{available}, {reserved}", "0, 0", (available, reserved) == (0, 0)),
    ]


def run() -> bool:
    """Measure and print. True if nothing was oversold and everything sold."""
    return show(f"{BUYERS} buyers at once of a product of which there are {STOCK}", measure())


def _accepted(here: Stand) -> str:
    return str(json.loads(here.app.app(api_event(), context())["body"])["orderId"])


def _worked_off(order_id: str) -> int:
    """At which delivery the order got to its end; 0 if at none."""
    from chalicelib import bootstrap
    from chalicelib.domain.errors import OrderProcError

    for delivery in range(1, MAX_DELIVERIES + 1):
        try:
            bootstrap.services().order_steps.run_all(order_id, last_try=delivery == MAX_DELIVERIES)
        except OrderProcError:
            continue
        return delivery
    return 0


def _end_of(order_id: str) -> str:
    """COMPLETED, or the error's code."""
    from chalicelib import bootstrap

    order = bootstrap.services().order_steps.orders.get(order_id)
    if order is None:
        return "LOST"
    return order.failure.code if order.failure else order.status.value


def _stock() -> tuple[int, int]:
    from chalicelib import bootstrap

    stock = bootstrap.services().products.catalogue.stock([PRODUCT])[PRODUCT]
    return stock.available, stock.reserved


if __name__ == "__main__":
    sys.exit(exit_status(run))
