"""What an order costs: its calls, from a ledger of real ones, and the bill for a million at list prices.

`python -m bench.cost` prints the sums and ends with exit status 1 when a budget is exceeded; `--write` also writes
docs/benchmarks/costs.md, which has each call and each line of the bill."""

from __future__ import annotations

import sys

from bench import costs_page, order_costs
from bench.report import console, exit_status, show
from infra.paths import ROOT

DOCUMENT = "docs/benchmarks/costs.md"


def run(*, write: bool = False) -> bool:
    """Measure and print; with `write`, also write the document. True if everything is within its budget."""
    with console.status("Driving orders through the emulator …"):
        costs = order_costs.measure()
    within = show("What an order costs", costs.measures())
    if write:
        (ROOT / DOCUMENT).write_text(costs_page.page(costs), encoding="utf-8")
        console.print(f"Written: {DOCUMENT}")
    return within


if __name__ == "__main__":
    sys.exit(exit_status(lambda: run(write="--write" in sys.argv[1:])))
