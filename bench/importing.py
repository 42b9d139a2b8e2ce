"""The part of `bench.imports` whose memory is measured: run as `python -m bench.importing <what> <file>` with
the stand's environment, it does one thing and prints what it took as JSON."""

from __future__ import annotations

import json
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bench.stand import LogMeter

THREADS = 8
ROWS_OF_RESULT = 100


def place(app: Any, key: str) -> dict[str, Any]:
    """Cut the file and place its orders, then do the same calls without the app."""
    from chalicelib import bootstrap
    from chalicelib.kit import config

    settings = config.settings()
    services = bootstrap.services()
    rows = services.imports.rows
    services.imports.rows = replace(rows, hand_overs=_Drained(rows.hand_overs))
    started = time.perf_counter()
    app.import_orders(_s3_event(key, settings.imports_bucket), _context())
    cutting = time.perf_counter() - started
    while messages := _received(settings.imports_queue_url):
        app.import_rows(_sqs_event(messages), _context())
        _deleted(settings.imports_queue_url, messages)
    taken = time.perf_counter() - started
    [one] = services.imports.progress.page(2, None).items
    if one.status != "DONE":
        raise RuntimeError(f"The import is {one.status}")
    megabytes = _megabytes()
    bare = _bare(settings.orders_table, settings.order_queue_url, one.rows)
    return {
        "seconds": taken,
        "cutting": cutting,
        "bare": bare,
        "orders": one.counts["accepted"],
        "megabytes": megabytes,
    }


class _Drained:
    """The order queue while a consumer keeps up. Here is none, and an import lets orders go first."""

    def __init__(self, queue: Any) -> None:
        self._queue = queue
        self.hand_over = queue.hand_over

    def waiting(self) -> int:
        self._queue.waiting()
        return 0


def cut(app: Any, key: str) -> dict[str, Any]:
    from chalicelib.kit import config

    started = time.perf_counter()
    app.import_orders(_s3_event(key, config.settings().imports_bucket), _context())
    return {"seconds": time.perf_counter() - started, "megabytes": _megabytes()}


def report(_app: Any, key: str) -> dict[str, Any]:
    """Of 100,000 rows that were placed, a tenth of them with two wrong fields."""
    from chalicelib import bootstrap
    from chalicelib.imports.model import MAX_ROWS, Import

    services, now = bootstrap.services(), "2026-11-21T14:00:00.000Z"
    chunks = MAX_ROWS // ROWS_OF_RESULT
    one = services.imports.progress.begin(Import("bench", key, now, now, rows=MAX_ROWS, chunks=chunks))
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda n: services.imports.file.files.put_result("bench", n, _result(n)), range(1, chunks + 1)))
    started = time.perf_counter()
    services.imports.file.report.finish(one)
    return {"seconds": time.perf_counter() - started, "megabytes": _megabytes()}


def _result(chunk: int) -> bytes:
    first = (chunk - 1) * ROWS_OF_RESULT + 1
    errors = [{"field": "items[0].quantity", "message": "must be a whole number", "value": "many"}] * 2
    rows = [
        {"row": n, "line": n + 1, "outcome": "rejected", "errors": errors}
        if n % 10 == 0
        else {"row": n, "line": n + 1, "outcome": "accepted", "orderId": str(uuid.uuid4())}
        for n in range(first, first + ROWS_OF_RESULT)
    ]
    return json.dumps({"rows": rows}).encode()


def _bare(table: str, queue_url: str, orders: int) -> float:
    """Seconds for the puts and messages alone."""
    from chalicelib.kit import aws

    dynamodb, sqs = aws.dynamodb(), aws.client("sqs")
    template = dynamodb.scan(TableName=table, Limit=1)["Items"][0]

    def put(order_id: str) -> None:
        dynamodb.put_item(
            TableName=table,
            Item={**template, "orderId": {"S": order_id}},
            ConditionExpression="attribute_not_exists(orderId)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )

    ids = [str(uuid.uuid4()) for _ in range(orders)]
    started = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(put, ids))
    for at in range(0, orders, 10):
        bodies = [json.dumps({"orderId": i, "correlationId": i}) for i in ids[at : at + 10]]
        sqs.send_message_batch(
            QueueUrl=queue_url, Entries=[{"Id": str(n), "MessageBody": body} for n, body in enumerate(bodies)]
        )
    return time.perf_counter() - started


def _s3_event(key: str, bucket: str) -> dict[str, Any]:
    from chalicelib.kit import aws

    etag = aws.client("s3").head_object(Bucket=bucket, Key=key)["ETag"].strip('"')
    return {"Records": [{"s3": {"bucket": {"name": bucket}, "object": {"key": key, "eTag": etag}}}]}


def _received(url: str) -> list[Any]:
    from chalicelib.kit import aws

    answer = aws.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=5)
    found: list[Any] = answer.get("Messages", [])
    return found


def _sqs_event(messages: list[Any]) -> dict[str, Any]:
    return {
        "Records": [
            {"messageId": m["MessageId"], "receiptHandle": m["ReceiptHandle"], "body": m["Body"], "attributes": {}}
            for m in messages
        ]
    }


def _deleted(url: str, messages: list[Any]) -> None:
    """As Lambda does."""
    from chalicelib.kit import aws

    entries = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(messages)]
    aws.client("sqs").delete_message_batch(QueueUrl=url, Entries=entries)


def _context() -> Any:
    return SimpleNamespace(function_name="bench", memory_limit_in_mb=256, aws_request_id=str(uuid.uuid4()))


def _megabytes() -> float:
    """The peak of this program: `getrusage` would have that of the process it was forked from in it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    import contextlib

    from infra.paths import APP

    what, name = sys.argv[1:3]
    sys.path.insert(0, str(APP))
    with contextlib.redirect_stdout(LogMeter()):
        import app as orderproc

        found = {"place": place, "cut": cut, "report": report}[what](orderproc, f"orders/{name}")
    print(json.dumps(found))
