"""`python -m bench [NAME …]`: the named measures, or all, each in a process of its own, and a table of how they did.
Each can also be run alone: `python -m bench.cost`, with `--write` where a page of docs/benchmarks/ comes from it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence

from rich.table import Table

from bench.report import OVER, console
from infra.paths import ROOT

NAMES = (
    *("limits", "package", "cold_import", "receipt", "accept", "cost", "contention", "growth"),
    *("catalogue", "search", "imports", "exports"),
    *("site", "orders_page"),
)
VERDICTS = {0: "[green]within budget[/]", OVER: "[red]over budget[/]"}


def main(names: Sequence[str]) -> int:
    """0 when each measure was taken and is within its budgets."""
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        console.print(f"[red]There is no measure {', '.join(unknown)}: choose from {', '.join(NAMES)}.[/]")
        return 2
    table = Table("measure", title="All measures", title_justify="left", title_style="bold")
    table.add_column("time", justify="right")
    table.add_column("")
    statuses = []
    chosen = names or NAMES
    for number, name in enumerate(chosen, 1):
        console.rule(f"{number} of {len(chosen)}: {name}", align="left")
        started = time.monotonic()
        status = subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False, cwd=ROOT).returncode
        verdict = VERDICTS.get(status, f"[red]not measured (ended with {status})[/]")
        table.add_row(name, f"{time.monotonic() - started:.0f} s", verdict)
        statuses.append(status)
    console.print(table)
    return int(any(statuses))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
