"""The part of `bench.exports` whose memory is measured: one export, and what it took as JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

from bench.importing import megabytes

NOW = "2026-03-01T00:00:00.000Z"
"""Later than all orders of bench.growth."""


class _Fixed:
    def now(self) -> str:
        return NOW


def export(dynamodb: Any, s3: Any, bucket: str, orders_table: str, operations_table: str, of: str) -> dict[str, Any]:
    """By the app's own adapters."""
    from chalicelib.exports.dynamodb import DynamoExports
    from chalicelib.exports.model import Export, Format
    from chalicelib.exports.s3 import S3ExportFiles
    from chalicelib.exports.write import WriteExport
    from chalicelib.kit.observability import log
    from chalicelib.orders.dynamodb import DynamoOrders

    calls = [0]
    for client in (dynamodb, s3):
        client.meta.events.register("after-call.*", lambda **_: calls.__setitem__(0, calls[0] + 1))
    exports, files = DynamoExports(dynamodb, operations_table), S3ExportFiles(s3, bucket)
    asked = Export(
        f"bench-{of}-{orders_table}", "bench", "orders", Format(of), "2026-01-01T00:00:00.000Z", NOW, NOW, NOW
    )
    exports.add(asked)
    write = WriteExport(DynamoOrders(dynamodb, orders_table, ""), exports, files, _NoMessages(), _Fixed(), log)
    started = time.process_time()
    write(asked.export_id)
    seconds, peak = time.process_time() - started, megabytes()
    done = exports.get(asked.export_id)
    if done is None or done.status != "DONE":
        raise RuntimeError(f"The export is {done}")
    content: bytes = s3.get_object(Bucket=bucket, Key=done.key)["Body"].read()
    lines = content.count(b"\n") - (of == "csv")
    return {
        "seconds": seconds,
        "megabytes": peak,
        "calls": calls[0],
        "orders": done.orders,
        "lines": lines,
        "bytes": len(content),
        "parts": len(done.parts),
    }


class _NoMessages:
    def send(self, export_id: str, seconds: int = 0) -> None:  # noqa: ARG002
        raise RuntimeError("One process was to write all of it.")


def main(dynamodb_url: str, s3_url: str, *more: str) -> None:
    os.environ |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
    os.environ |= {"AWS_ENDPOINT_URL_DYNAMODB": dynamodb_url, "AWS_ENDPOINT_URL_S3": s3_url}
    from chalicelib.kit import aws

    print(json.dumps(export(aws.client("dynamodb", seconds=30), aws.client("s3", seconds=30), *more)))


if __name__ == "__main__":
    main(*sys.argv[1:])
