"""Files of orders: how fast rows become orders, and how much memory that takes, of which the Lambda has 256 MB.

The app's own handlers cut and place 10,000 orders; beside it the puts and messages that they can't do without, by bare
boto3, as many at a time. Memory is the peak of a process that does nothing else: cutting 100,000 rows, and writing the
report about them. `python -m bench.imports` prints a table and ends with exit status 1 when a budget is exceeded;
`--write` writes it into docs/benchmarks/imports.md."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from bench.report import Measure, console, exit_status, show
from bench.stand import PRICE, PRODUCT, Stand, stand
from infra.paths import ROOT

ROWS = 10_000
MOST = 100_000
MEGABYTES = 256
RATIO = 2.0
DOCUMENT = "docs/benchmarks/imports.md"
HEADER = "reference,customerId,customerEmail,productId,quantity,price,street,city,zipCode,country"
_TEXT = f"""# Importing files

`python -m bench.imports --write` measured this and wrote this page; do not edit it.

{ROWS:,} orders of one line each, cut by `import_orders` and placed by `import_rows` in batches of five messages, one
after the other; in AWS up to five such batches are worked off at the same time. *Bare boto3* makes the conditional
puts of as many orders, eight at a time, and sends their messages by ten. Rows a second are this machine's, whose
emulator shares its two processors with the app; the ratio is what to go by. Memory is the peak of a process of its
own, with Python, boto3 and the app in it.
"""


def measure() -> list[Measure]:
    with stand() as here:
        here.stock_up()
        _upload(here, "placed.csv", ROWS)
        _upload(here, "cut.csv", MOST)
        with console.status(f"Placing {ROWS} orders …"):
            placed = _child("place", "placed.csv")
        with console.status(f"Cutting {MOST} rows …"):
            cut = _child("cut", "cut.csv")
        with console.status(f"Reporting on {MOST} rows …"):
            told = _child("report", "told.csv")
    ratio = placed["seconds"] / placed["bare"]
    memory = f"≤ {MEGABYTES} MB"
    return [
        Measure(
            "orders placed, of as many rows", f"{placed['orders']:,} of {ROWS:,}", f"{ROWS:,}", placed["orders"] == ROWS
        ),
        Measure("rows a second, from the file to the report", f"{ROWS / placed['seconds']:,.0f}"),
        Measure("the same puts and messages by bare boto3", f"{ROWS / placed['bare']:,.0f}"),
        Measure("time of the import ÷ bare boto3", f"{ratio:.2f}", f"≤ {RATIO}", ratio <= RATIO),
        Measure("of it reading and cutting, rows a second", f"{ROWS / placed['cutting']:,.0f}"),
        _memory("peak memory, placing", placed, memory),
        _memory(f"peak memory, reading and cutting {MOST:,} rows", cut, memory),
        _memory(f"peak memory, the report of {MOST:,} rows", told, memory),
        Measure(f"reading and cutting {MOST:,} rows", f"{cut['seconds']:.0f} s", "≤ 900 s", cut["seconds"] <= 900),
        Measure(f"the report of {MOST:,} rows", f"{told['seconds']:.0f} s", "≤ 120 s", told["seconds"] <= 120),
    ]


def run(*, write: bool = False) -> bool:
    """Measure and print; with `write`, also write the document. True if everything is within its budget."""
    found = measure()
    if write:
        rows = [f"| {one.name} | {one.found} | {one.budget} |" for one in found]
        page = [_TEXT, "| | found | budget |", "|---|---:|---:|", *rows, ""]
        (ROOT / DOCUMENT).write_text("\n".join(page), encoding="utf-8")
        console.print(f"Written: {DOCUMENT}")
    return show("Importing files", found)


def _memory(name: str, found: dict[str, Any], budget: str) -> Measure:
    return Measure(name, f"{found['megabytes']:.0f} MB", budget, found["megabytes"] <= MEGABYTES)


def _upload(here: Stand, name: str, rows: int) -> None:
    lines = (
        f"R{n},customer-{n},c{n}@example.com,{PRODUCT},1,{PRICE},{n} Main St,Anytown,12345,USA" for n in range(rows)
    )
    content = "\n".join([HEADER, *lines]).encode()
    here.plain("s3").put_object(Bucket=here.environment["IMPORTS_BUCKET"], Key=f"orders/{name}", Body=content)


def _child(what: str, name: str) -> dict[str, Any]:
    """In a process of its own, whose environment is this one's: the stand's."""
    command = [sys.executable, "-m", "bench.importing", what, name]
    ended = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    if ended.returncode:
        raise RuntimeError(ended.stderr[-3000:])
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(exit_status(lambda: run(write="--write" in sys.argv[1:])))
