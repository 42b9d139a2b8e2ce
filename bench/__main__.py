"""`python -m bench`: every measure, each in a process of its own, and a table of how they did."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence

from rich.table import Table

from bench.report import NOT_TAKEN, console
from infra.paths import ROOT

NAMES = ("limits", "package", "cold_import", "receipt", "accept", "cost", "contention", "growth", "imports")
VERDICTS = {0: "[green]within budget[/]", 1: "[red]over budget[/]", NOT_TAKEN: "[red]not measured[/]"}


def main(names: Sequence[str]) -> int:
    """Run the named measures, or all; 0 when each is within its budgets."""
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        console.print(f"[red]There is no measure {', '.join(unknown)}: choose from {', '.join(NAMES)}.[/]")
        return 2
    table = Table(title="All measures", title_justify="left", title_style="bold")
    for column in ("measure", "time", ""):
        table.add_column(column, justify="right" if column == "time" else "left")
    failed = False
    chosen = names or NAMES
    for number, name in enumerate(chosen, 1):
        console.rule(f"{number} of {len(chosen)}: {name}", align="left")
        started = time.monotonic()
        status = subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False, cwd=ROOT).returncode
        failed |= status != 0
        verdict = VERDICTS.get(status, f"[red]ended with {status}[/]")
        table.add_row(name, f"{time.monotonic() - started:.0f} s", verdict)
    console.print(table)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
