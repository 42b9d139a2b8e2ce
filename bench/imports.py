"""Files of orders: how fast rows become orders, and how much memory that takes, of which the Lambda has 256 MB.

The app's own handlers cut and place 10,000 orders; beside it the puts and messages that they can't do without, by bare
boto3, as many at a time. Memory is the peak of a process that does nothing else: cutting 100,000 rows, and writing the
report about them. `--write` writes docs/benchmarks/imports.md."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from bench.report import Measure, Result, at_most, console, main, page, table_of
from bench.stand import PRICE, PRODUCT, Stand, stand
from infra.paths import ROOT

ROWS = 10_000
MOST = 100_000
MEGABYTES = 256
RATIO = 2.0
HEADER = "reference,customerId,customerEmail,productId,quantity,price,street,city,zipCode,country"


def measure() -> Result:
    with stand() as here:
        here.stock_up()
        _upload(here, "placed.csv", ROWS)
        _upload(here, "cut.csv", MOST)
        placed = _child("place", "placed.csv", f"Placing {ROWS} orders …")
        cut = _child("cut", "cut.csv", f"Cutting {MOST} rows …")
        report = _child("report", "report.csv", f"Reporting on {MOST} rows …")
    orders = placed["orders"]
    found = [
        Measure("orders placed, of as many rows", f"{orders:,.0f} of {ROWS:,}", f"{ROWS:,}", orders == ROWS),
        Measure("rows a second, from the file to the report", f"{ROWS / placed['seconds']:,.0f}"),
        Measure("the same puts and messages by bare boto3", f"{ROWS / placed['bare']:,.0f}"),
        at_most("time of the import ÷ bare boto3", placed["seconds"] / placed["bare"], RATIO),
        Measure("of it reading and cutting, rows a second", f"{ROWS / placed['cutting']:,.0f}"),
        at_most("peak memory, placing", placed["megabytes"], MEGABYTES, " MB", 0),
        at_most(f"peak memory, reading and cutting {MOST:,} rows", cut["megabytes"], MEGABYTES, " MB", 0),
        at_most(f"peak memory, the report of {MOST:,} rows", report["megabytes"], MEGABYTES, " MB", 0),
        at_most(f"reading and cutting {MOST:,} rows", cut["seconds"], 900, " s", 0),
        at_most(f"the report of {MOST:,} rows", report["seconds"], 120, " s", 0),
    ]
    return Result("Importing files", found, "imports.md", page("imports.md", rows=ROWS, measures=table_of(found)))


def _upload(here: Stand, name: str, rows: int) -> None:
    lines = (
        f"R{n},customer-{n},c{n}@example.com,{PRODUCT},1,{PRICE},{n} Main St,Anytown,12345,USA" for n in range(rows)
    )
    content = "\n".join([HEADER, *lines]).encode()
    here.plain("s3").put_object(Bucket=here.environment["IMPORTS_BUCKET"], Key=f"orders/{name}", Body=content)


def _child(what: str, name: str, status: str) -> dict[str, Any]:
    """In a process of its own, whose environment is this one's: the stand's."""
    command = [sys.executable, "-m", "bench.importing", what, name]
    with console.status(status):
        ended = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    if ended.returncode:
        raise RuntimeError(ended.stderr[-3000:])
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main(measure)
