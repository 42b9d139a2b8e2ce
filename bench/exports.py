"""Exporting orders: memory and time for 100,000 orders against 1,000, in either format. The Lambda has 256 MB.

Orders are in tables of AWS's DynamoDB Local, written by the app's own codec; files go to the emulator's S3, in parts.
Each export is a process of its own that does nothing else. Time is the process's own, so that neighbours on a busy
machine do not count."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.progress import Progress

from bench import growth
from bench.growth import LARGE, SMALL
from bench.report import Measure, Result, at_most, console, main
from infra.errors import Refusal
from infra.paths import ROOT
from tests.contract import engines

MEGABYTES = 256
MEMORY_RATIO = 1.5
TIME_RATIO = 1.5
"""Of one order's."""
BUCKET = "bench-exports"


def measure(small: int = SMALL, large: int = LARGE) -> Result:
    if reason := engines.no_dynamodb_local():
        raise Refusal(f"Exports can't be measured. {reason}")
    with (
        tempfile.TemporaryDirectory() as folder,
        engines.dynamodb_local(Path(folder), heap="1g") as dynamodb_url,
        engines.ministack(Path(folder)) as s3_url,
    ):
        engines.client("s3", s3_url).create_bucket(Bucket=BUCKET)
        client = growth.client_of(dynamodb_url)
        tables = {size: engines.make_tables(client, f"of-{size}") for size in (small, large)}
        with Progress(console=console, transient=True, refresh_per_second=1) as progress:
            task = progress.add_task("Storing orders", total=small + large)
            for size, names in tables.items():
                growth.fill(client, names["orders"], size, lambda: progress.advance(task, growth.BATCH))
        found = [
            line
            for of in ("csv", "jsonl")
            for line in _lines(of, *(_exported(dynamodb_url, s3_url, tables[size], of) for size in (small, large)))
        ]
    return Result(f"Exporting {small:,} and {large:,} orders", found)


def _lines(of: str, small: dict[str, Any], large: dict[str, Any]) -> Iterator[Measure]:
    per_order = [found["seconds"] / found["orders"] for found in (small, large)]
    yield Measure(
        f"{of}: orders in the file, once each",
        f"{small['orders']:,} and {large['orders']:,}",
        f"{small['expected']:,} and {large['expected']:,}",
        all(found["orders"] == found["expected"] == found["lines"] for found in (small, large)),
    )
    yield at_most(f"{of}: peak memory, {large['orders']:,} orders", large["megabytes"], MEGABYTES, " MB", 0)
    yield Measure(f"{of}: peak memory, {small['orders']:,} orders", f"{small['megabytes']:.0f} MB")
    yield at_most(f"{of}: peak memory, ratio", large["megabytes"] / small["megabytes"], MEMORY_RATIO)
    yield Measure(f"{of}: an order", " → ".join(f"{seconds * 1e6:.0f} µs" for seconds in per_order))
    yield at_most(f"{of}: an order, ratio", per_order[1] / per_order[0], TIME_RATIO)
    yield Measure(f"{of}: calls for a thousand orders", " → ".join(_calls(found) for found in (small, large)))
    yield Measure(f"{of}: the file, parts", f"{large['bytes'] / 1e6:.0f} MB, {large['parts']}")


def _calls(found: dict[str, Any]) -> str:
    return f"{1000 * found['calls'] / found['orders']:.0f}"


def _exported(dynamodb_url: str, s3_url: str, tables: dict[str, str], of: str) -> dict[str, Any]:
    """In a process of its own."""
    command = [sys.executable, "-m", "bench.exporting", dynamodb_url, s3_url, BUCKET, tables["orders"]]
    command += [tables["operations"], of]
    with console.status(f"Exporting {tables['orders']} as {of} …"):
        ended = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    if ended.returncode:
        raise RuntimeError(ended.stderr[-3000:])
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return {**found, "expected": int(tables["orders"].split("-")[1])}


if __name__ == "__main__":
    main(measure)
