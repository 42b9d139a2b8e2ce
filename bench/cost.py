"""What an order costs: its calls, from a ledger of real ones, and the bill for a million at list prices.

`python -m bench.cost` prints it and ends with exit status 1 when a budget is exceeded; `--write` also writes
docs/costs.md."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.table import Table

from bench import bill, costs_page, order_costs, workflow_page
from bench.drive import STAGES
from bench.ledger import Call
from bench.report import console, exit_status, show
from infra.paths import ROOT

DOCUMENT = "docs/costs.md"


def run(*, write: bool = False) -> bool:
    """Measure and print; with `write`, also write the document. True if everything is within its budget."""
    with console.status("Driving orders through the emulator …"):
        costs = order_costs.measure()
    console.print(_calls_table(costs.calls))
    console.print(_bill_table(costs))
    console.print(workflow_page.table(costs.workflows))
    within = show("What an order costs", costs.measures())
    if write:
        (ROOT / DOCUMENT).write_text(costs_page.page(costs), encoding="utf-8")
        console.print(f"Written: {DOCUMENT}")
    return within


def _calls_table(calls: Sequence[Call]) -> Table:
    table = Table(title="The calls of one order, as they were made", title_justify="left", title_style="bold")
    for name in ("", "stage", "call", "on", "sent", "write units", "read units"):
        table.add_column(name, justify="right" if name in ("", "sent", "write units", "read units") else "left")
    for number, call in enumerate(calls, 1):
        units = f"{call.writes:g}" + (f" + {call.index_writes:g} index" if call.index_writes else "")
        table.add_row(
            str(number),
            call.stage,
            f"{call.service} {call.operation}",
            call.target,
            f"{call.sent:,} B",
            units if call.writes else "",
            f"{call.reads:g}" if call.reads else "",
        )
    return table


def _bill_table(costs: order_costs.Costs) -> Table:
    title = "A million orders at list prices, USD (quiet: one message a batch; busy: ten)"
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in ("stage", "service", "quiet", "busy"):
        table.add_column(name, justify="right" if name in ("quiet", "busy") else "left")
    for stage in STAGES:
        for service in dict.fromkeys(line.service for line in costs.busy if line.stage == stage):
            table.add_row(
                stage, service, *(f"{bill.of_service(b, stage, service):.2f}" for b in (costs.quiet, costs.busy))
            )
        table.add_section()
    for line in costs.inspected:
        table.add_row(line.stage, f"{line.service}: {line.what}", *[f"{line.usd:.3f}"] * 2)
    return table


if __name__ == "__main__":
    sys.exit(exit_status(lambda: run(write="--write" in sys.argv[1:])))
