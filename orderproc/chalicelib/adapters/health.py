"""Whether the services behind the API answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from . import aws
from .items import to_dynamodb

_SECONDS = 5.0
_last: tuple[float, dict[str, bool]] = (float("-inf"), {})


def check(orders_table: str, queue_url: str) -> dict[str, bool]:
    """One cheap read each, at most every five seconds: anybody may ask, and asking must not cost."""
    global _last  # noqa: PLW0603 - one process, one memory of the last look
    if time.monotonic() - _last[0] < _SECONDS:
        return _last[1]
    found = {
        "orders": _answers(
            lambda: aws.dynamodb().get_item(TableName=orders_table, Key=to_dynamodb({"orderId": "health"}))
        ),
        "queue": _answers(
            lambda: aws.client("sqs").get_queue_attributes(
                QueueUrl=queue_url, AttributeNames=["ApproximateNumberOfMessages"]
            )
        ),
    }
    _last = (time.monotonic(), found)
    return found


def _answers(call: Callable[[], Any]) -> bool:
    try:
        call()
    except Exception:  # noqa: BLE001
        return False  # the answer to the question asked, whatever the reason
    return True
