"""How much the app adds to the two calls that accepting an order cannot do without.

The app's handler, warm, against the same PutItem and SendMessage by bare boto3, by turns on the same emulator.
`python -m bench.accept` prints a table and ends with exit status 1 when the budget is exceeded."""

from __future__ import annotations

import json
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config

from bench.drive import api_event, context
from bench.report import Measure, exit_status, rounds, show
from bench.stand import Stand, stand

ROUNDS = 400
WARM_UP = 40
RATIO = 1.3


def measure() -> list[Measure]:
    with stand() as here:
        here.stock_up()
        accept, floor = _app(here), _bare(here)
        for _ in range(WARM_UP):
            accept()
            floor()
        pairs = [(floor(), accept()) for _ in rounds(ROUNDS, "Accepting orders")]
    bare, app = (statistics.median(times) for times in zip(*pairs, strict=True))
    slow = [statistics.quantiles(times, n=20)[-1] for times in zip(*pairs, strict=True)]
    return [
        Measure("two calls by bare boto3, p50", f"{bare * 1000:.2f} ms"),
        Measure("an order accepted by the app, p50", f"{app * 1000:.2f} ms"),
        Measure("the app against bare boto3, p50", f"{app / bare:.2f}", f"≤ {RATIO}", app / bare <= RATIO),
        Measure("the app against bare boto3, p95", f"{slow[1] / slow[0]:.2f}"),
    ]


def run() -> bool:
    """Measure and print. True if it is within its budget."""
    return show("Accepting an order", measure())


def _app(here: Stand) -> Callable[[], float]:
    def accept() -> float:
        event = api_event()
        started = time.perf_counter()
        answer = here.app.app(event, context())
        taken = time.perf_counter() - started
        if answer["statusCode"] != 201:
            raise RuntimeError(f"The app answered {answer['statusCode']}: {answer['body']}")
        here.logs.lines.clear()
        return taken

    return accept


def _bare(here: Stand) -> Callable[[], float]:
    """The calls that the app makes, item and message as large, with clients configured alike."""
    template = _stored_item(here)
    config = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})
    dynamodb, sqs = boto3.client("dynamodb", config=config), boto3.client("sqs", config=config)
    table, queue = here.environment["ORDERS_TABLE_NAME"], here.environment["ORDER_QUEUE_URL"]

    def floor() -> float:
        order_id = str(uuid.uuid4())
        item = {**template, "orderId": {"S": order_id}}
        body = json.dumps({"orderId": order_id, "correlationId": order_id})
        started = time.perf_counter()
        dynamodb.put_item(
            TableName=table,
            Item=item,
            ConditionExpression="attribute_not_exists(orderId)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
        sqs.send_message(QueueUrl=queue, MessageBody=body)
        return time.perf_counter() - started

    return floor


def _stored_item(here: Stand) -> dict[str, Any]:
    """An order as the app stores it."""
    order_id = json.loads(here.app.app(api_event(), context())["body"])["orderId"]
    found: dict[str, Any] = here.plain("dynamodb").get_item(
        TableName=here.environment["ORDERS_TABLE_NAME"], Key={"orderId": {"S": order_id}}
    )["Item"]
    return found


if __name__ == "__main__":
    sys.exit(exit_status(run))
