"""Dead letters to look at: what lies in the queues, as SQS and Lambda put it there."""

from __future__ import annotations

import json
from typing import Any

from tests.support.builders.examples import SETTINGS
from tests.support.fakes.dead_letters import FakeSqs

ORDERS = SETTINGS.order_queue_url
DLQ = f"{ORDERS}-dlq"
MAIL_DLQ = "https://sqs.test/mail-dlq"
IMPORT_FILES_DLQ = "https://sqs.test/import-files-dlq"
METRICS_DLQ = "https://sqs.test/metrics-dlq"
NAMES = [
    *("orders", "notifications", "inventory", "payment", "shipping", "imports", "exports"),
    *("mail", "import-files", "metrics", "search"),
]
MAIL = "orderproc-test-mail_receipt"


def given_up(function: str = MAIL, key: str = "receipts/o-1.pdf", **more: Any) -> str:
    """What Lambda sends of a call that it gave up on."""
    record = {
        "version": "1.0",
        "requestContext": {
            "functionArn": f"arn:aws:lambda:us-east-1:000000000000:function:{function}:$LATEST",
            "condition": "RetriesExhausted",
        },
        "requestPayload": {"Records": [{"s3": {"object": {"key": key}}}]},
        "responsePayload": {"errorType": "MessageRejected", "errorMessage": "a@b.test is not verified"},
        **more,
    }
    return json.dumps(record)


def bodies(count: int) -> list[str]:
    return [json.dumps({"orderId": f"o-{n}"}) for n in range(count)]


def put(sqs: FakeSqs, count: int, url: str = DLQ) -> list[str]:
    return [sqs.put(url, text) for text in bodies(count)]


def stream_batch(condition: str = "RetryAttemptsExhausted") -> str:
    """What Lambda sends of a stream: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html"""
    return json.dumps(
        {
            "requestContext": {
                "requestId": "316aa6d0-8154-xmpl-9af7-85d5f4a6bc81",
                "functionArn": "arn:aws:lambda:us-east-2:123456789012:function:orderproc-test-count_orders",
                "condition": condition,
                "approximateInvokeCount": 1,
            },
            "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
            "version": "1.0",
            "timestamp": "2026-11-21T00:13:49.717Z",
            "DDBStreamBatchInfo": {
                "shardId": "shardId-00000001573689847184-864758bb",
                "startSequenceNumber": "800000000003126276362",
                "endSequenceNumber": "800000000003126276362",
                "approximateArrivalOfFirstRecord": "2026-11-21T00:13:19Z",
                "approximateArrivalOfLastRecord": "2026-11-21T00:13:20Z",
                "batchSize": 3,
                "streamArn": "arn:aws:dynamodb:us-east-2:123456789012:table/orders/stream/2026-11-14T00:04:06.388",
            },
        }
    )
