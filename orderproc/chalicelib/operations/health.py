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


Reads = Mapping[str, Callable[[], Any]]


def check(names: Settings, few: Few) -> dict[str, bool]:
    """One cheap read each, a few at a time, at most every five seconds: anybody may ask, and asking must not cost."""
    global _last  # noqa: PLW0603 - one process, one memory of the last look
    if time.monotonic() - _last[0] < _SECONDS:
        return _last[1]
    # Clients are made here and not in the threads: boto3 makes one at a time.
    reads = {**_of_orders(names), **_of_tables(names), **_of_drivers(names)}
    found = dict(zip(reads, few(_answers, reads.values()), strict=True))
    _last = (time.monotonic(), found)
    return found


def _of_orders(names: Settings) -> Reads:
    """The table of orders, and its indexes that lists are read from."""
    table, client = names.orders_table, aws.dynamodb()

    def index(name: str, key: str) -> Callable[[], Any]:
        return lambda: client.query(
            TableName=table,
            IndexName=name,
            KeyConditionExpression="#k = :k",
            ExpressionAttributeNames={"#k": key},
            ExpressionAttributeValues=to_dynamodb({":k": "health"}),
            Limit=1,
        )

    return {
        "orders": lambda: client.get_item(TableName=table, Key=to_dynamodb({"orderId": "health"})),
        "orders/by-customer": index("by-customer", "customerKey"),
        "orders/by-owner": index("by-owner", "owner"),
        "orders/by-day": index("by-day", "day"),
    }


def _of_tables(names: Settings) -> Reads:
    """The other tables, by what the API may do with each."""
    client = aws.dynamodb()

    def item(table: str, **key: str) -> Callable[[], Any]:
        return lambda: client.get_item(TableName=table, Key=to_dynamodb(key))

    def product(table: str) -> Callable[[], Any]:
        return lambda: client.batch_get_item(RequestItems={table: {"Keys": [to_dynamodb({"productId": "health"})]}})

    return {
        "products": product(names.products_table),
        "inventory": product(names.inventory_table),
        "carts": item(names.carts_table, customerId="health"),
        "payments": item(names.payments_table, orderId="health", operation="health"),
        "operations": item(names.operations_table, scope="health", item="health"),
        "metrics": lambda: client.query(
            TableName=names.metrics_table,
            KeyConditionExpression="#b = :b",
            ExpressionAttributeNames={"#b": "bucket"},
            ExpressionAttributeValues=to_dynamodb({":b": "health"}),
            Limit=1,
        ),
    }


def _of_drivers(names: Settings) -> Reads:
    """What accepted orders are handed to and told by, and where their documents are. Not the bus: every account has its
    default one."""
    sqs, topic = aws.client("sqs"), aws.client("sns")
    machines, documents = aws.client("stepfunctions"), aws.client("s3")
    return {
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
        return False  # the answer to the question asked, whatever the reason
    return True
