"""Whether the services behind the API answer, each part that it needs by name."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ..kit import aws
from ..kit.dynamodb import to_dynamodb
from ..kit.sdk_calls import THROTTLES

if TYPE_CHECKING:
    from ..kit.concurrency import Few
    from ..kit.config import Settings

_SECONDS = 5.0
_last: tuple[float, dict[str, bool]] = (float("-inf"), {})

PERMISSIONS = {
    "check": [
        "dynamodb:GetItem table/orders",
        "dynamodb:Query table/orders/index/by-customer",
        "dynamodb:Query table/orders/index/by-owner",
        "dynamodb:Query table/orders/index/by-day",
        "dynamodb:BatchGetItem table/products",
        "dynamodb:BatchGetItem table/inventory",
        "dynamodb:GetItem table/carts",
        "dynamodb:GetItem table/payments",
        "dynamodb:GetItem table/operations health",
        "dynamodb:Query table/metrics",
        "sqs:GetQueueAttributes queue/orders",
        "sns:GetTopicAttributes topic/orders",
        "states:DescribeStateMachine state-machine/orders",
        "states:DescribeStateMachine state-machine/orders-express",
        "s3:ListBucket bucket/documents",
    ],
}


def check(names: Settings, few: Few) -> dict[str, bool]:
    """One cheap read each, a few at a time, at most every five seconds: the route is public and must not cost."""
    global _last  # noqa: PLW0603 - one process, one memory of the last look
    if time.monotonic() - _last[0] < _SECONDS:
        return _last[1]
    reads = _reads(names)
    found = dict(zip(reads, few(_answers, reads.values()), strict=True))
    _last = (time.monotonic(), found)
    return found


def _reads(names: Settings) -> Mapping[str, Callable[[], Any]]:
    """By what the API may do with each table; of the orders also the indexes that lists are read from. Not the bus:
    every account has its default one."""
    # Clients are made here and not in the threads: boto3 makes one at a time.
    client, sqs, topic = aws.dynamodb(), aws.client("sqs"), aws.client("sns")
    machines, documents, orders = aws.client("stepfunctions"), aws.client("s3"), names.orders_table

    def item(table: str, **key: str) -> Callable[[], Any]:
        return lambda: client.get_item(TableName=table, Key=to_dynamodb(key))

    def product(table: str) -> Callable[[], Any]:
        return lambda: client.batch_get_item(RequestItems={table: {"Keys": [to_dynamodb({"productId": "health"})]}})

    def query(table: str, key: str, **index: str) -> Callable[[], Any]:
        return lambda: client.query(
            TableName=table,
            KeyConditionExpression="#k = :k",
            ExpressionAttributeNames={"#k": key},
            ExpressionAttributeValues=to_dynamodb({":k": "health"}),
            Limit=1,
            **index,  # type: ignore[arg-type]
        )

    return {
        "orders": item(orders, orderId="health"),
        "orders/by-customer": query(orders, "customerKey", IndexName="by-customer"),
        "orders/by-owner": query(orders, "owner", IndexName="by-owner"),
        "orders/by-day": query(orders, "day", IndexName="by-day"),
        "products": product(names.products_table),
        "inventory": product(names.inventory_table),
        "carts": item(names.carts_table, customerId="health"),
        "payments": item(names.payments_table, orderId="health", operation="health"),
        "operations": item(names.operations_table, scope="health", item="health"),
        "metrics": query(names.metrics_table, "bucket"),
        "queue": lambda: sqs.get_queue_attributes(
            QueueUrl=names.order_queue_url, AttributeNames=["ApproximateNumberOfMessages"]
        ),
        "topic": lambda: topic.get_topic_attributes(TopicArn=names.topic_arn),
        "stateMachine": lambda: _active(machines.describe_state_machine(stateMachineArn=names.state_machine_arn)),
        "documents": lambda: documents.head_bucket(Bucket=names.documents_bucket),
    }


def _active(machine: Mapping[str, Any]) -> None:
    if machine.get("status", "ACTIVE") != "ACTIVE":
        raise LookupError("The state machine is being deleted.")


def _answers(call: Callable[[], Any]) -> bool:
    try:
        call()
    except ClientError as error:
        return aws.code_of(error) in THROTTLES  # it is there, and busy
    except Exception:  # noqa: BLE001
        return False  # the answer to the question asked, for any reason
    return True
