"""How much the app adds to the two calls that accepting an order cannot do without: the app's handler, warm, against
the same PutItem and SendMessage by bare boto3, by turns on the same emulator."""

from __future__ import annotations

import json
import statistics
import time
import uuid
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config

from bench.drive import answered, api_event, context, put_order
from bench.report import Measure, Result, at_most, main, rounds
from bench.stand import Stand, stand

ROUNDS = 400
WARM_UP = 40
RATIO = 1.3


def measure() -> Result:
    with stand() as here:
        here.stock_up()
        accept, floor = _app(here), _bare(here)
        for _ in range(WARM_UP):
            accept()
            floor()
        pairs = [(floor(), accept()) for _ in rounds(ROUNDS, "Accepting orders")]
    bare, app = (statistics.median(times) for times in zip(*pairs, strict=True))
    slow = [statistics.quantiles(times, n=20)[-1] for times in zip(*pairs, strict=True)]
    return Result(
        "Accepting an order",
        [
            Measure("two calls by bare boto3, p50", f"{bare * 1000:.2f} ms"),
            Measure("an order accepted by the app, p50", f"{app * 1000:.2f} ms"),
            at_most("the app against bare boto3, p50", app / bare, RATIO),
            Measure("the app against bare boto3, p95", f"{slow[1] / slow[0]:.2f}"),
        ],
    )


def _app(here: Stand) -> Callable[[], float]:
    def accept() -> float:
        event = api_event()
        started = time.perf_counter()
        answer = here.app.app(event, context())
        seconds = time.perf_counter() - started
        answered(answer, 201)
        here.logs.lines.clear()
        return seconds

    return accept


def _bare(here: Stand) -> Callable[[], float]:
    """The calls that the app makes, item and message as large, with clients configured alike."""
    config = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})
    dynamodb, sqs = boto3.client("dynamodb", config=config), boto3.client("sqs", config=config)
    table, queue = here.environment["ORDERS_TABLE_NAME"], here.environment["ORDER_QUEUE_URL"]
    template = _stored_item(here, table)

    def floor() -> float:
        order_id = str(uuid.uuid4())
        body = json.dumps({"orderId": order_id, "correlationId": order_id})
        started = time.perf_counter()
        put_order(dynamodb, table, template, order_id)
        sqs.send_message(QueueUrl=queue, MessageBody=body)
        return time.perf_counter() - started

    return floor


def _stored_item(here: Stand, table: str) -> Any:
    """An order as the app stores it."""
    order_id = json.loads(here.app.app(api_event(), context())["body"])["orderId"]
    return here.plain("dynamodb").get_item(TableName=table, Key={"orderId": {"S": order_id}})["Item"]


if __name__ == "__main__":
    main(measure)
