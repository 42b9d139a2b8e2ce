"""The part of `bench.imports` whose memory is measured: run as `python -m bench.importing <what> <file>` with
the stand's environment, it does one thing and prints what it took as JSON."""

from __future__ import annotations

import json
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.drive import context, put_order, s3_event, sqs_event
from bench.stand import imported_app

THREADS = 8
ROWS_OF_RESULT = 100


class _Drained:
    """The order queue while a consumer keeps up. Here is none, and an import lets orders go first."""

    def __init__(self, queue: Any) -> None:
        self._queue = queue
        self.hand_over = queue.hand_over

    def waiting(self) -> int:
        self._queue.waiting()
        return 0


def place(app: Any, key: str) -> dict[str, Any]:
    """Cut the file and place its orders, then do the same calls without the app."""
    from chalicelib import bootstrap
    from chalicelib.kit import config

    settings = config.settings()
    imports = bootstrap.services().imports
    imports.rows = replace(imports.rows, hand_overs=_Drained(imports.rows.hand_overs))
    started = time.perf_counter()
    cutting = cut(app, key)["seconds"]
    for messages in _messages(settings.imports_queue_url):
        app.import_rows(sqs_event(messages), context())
    seconds = time.perf_counter() - started
    [one] = imports.progress.page(2, None).items
    if one.status != "DONE":
        raise RuntimeError(f"The import is {one.status}")
    found = {"seconds": seconds, "cutting": cutting, "orders": one.counts["accepted"], "megabytes": megabytes()}
    return {**found, "bare": _bare(settings.orders_table, settings.order_queue_url, one.rows)}


def cut(app: Any, key: str) -> dict[str, Any]:
    from chalicelib.kit import aws, config

    bucket = config.settings().imports_bucket
    started = time.perf_counter()
    etag = aws.client("s3").head_object(Bucket=bucket, Key=key)["ETag"].strip('"')
    app.import_orders(s3_event(bucket, key, eTag=etag), context())
    return {"seconds": time.perf_counter() - started, "megabytes": megabytes()}


def report(_app: Any, key: str) -> dict[str, Any]:
    """Of 100,000 rows that were placed, a tenth of them with two wrong fields."""
    from chalicelib import bootstrap
    from chalicelib.imports.model import MAX_ROWS, Import

    imports, now = bootstrap.services().imports, "2026-11-21T14:00:00.000Z"
    chunks = MAX_ROWS // ROWS_OF_RESULT
    one = imports.progress.begin(Import("bench", key, now, now, rows=MAX_ROWS, chunks=chunks))
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda n: imports.file.files.put_result("bench", n, _result(n)), range(1, chunks + 1)))
    started = time.perf_counter()
    imports.file.report.finish(one)
    return {"seconds": time.perf_counter() - started, "megabytes": megabytes()}


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
    ids = [str(uuid.uuid4()) for _ in range(orders)]
    started = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda order_id: put_order(dynamodb, table, template, order_id), ids))
    for at in range(0, orders, 10):
        bodies = [json.dumps({"orderId": i, "correlationId": i}) for i in ids[at : at + 10]]
        sqs.send_message_batch(
            QueueUrl=queue_url, Entries=[{"Id": str(n), "MessageBody": body} for n, body in enumerate(bodies)]
        )
    return time.perf_counter() - started


def _messages(url: str) -> Iterator[list[Any]]:
    """All of the queue, by five. They are deleted once they were processed, as Lambda does."""
    from chalicelib.kit import aws

    sqs: Any = aws.client("sqs")
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=5).get("Messages", []):
        yield messages
        entries = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(messages)]
        sqs.delete_message_batch(QueueUrl=url, Entries=entries)


def megabytes() -> float:
    """The peak of this program: `getrusage` would have that of the process it was forked from in it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    what, name = sys.argv[1:3]
    app, _ = imported_app()
    print(json.dumps({"place": place, "cut": cut, "report": report}[what](app, f"orders/{name}")))
