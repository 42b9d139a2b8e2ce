"""How every measure is shown: what was found, what it may be, and whether it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.progress import track
from rich.table import Table

from infra.errors import Refusal

_AT_LEAST = 120
NOT_TAKEN = 3
"""The exit status of a measure that could not be taken: it fails, for nothing is known of its budget."""
console = Console(highlight=False)
if not console.is_terminal:
    console.width = _AT_LEAST  # in a log, tables need not fit 80 columns


def rounds(number: int, what: str) -> Iterable[int]:
    """A range, with a bar. It moves once a second only, so that it disturbs no measure."""
    return track(range(number), what, console=console, transient=True, refresh_per_second=1, update_period=1)


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of a table. Without a `budget` it is for information, and `within` means nothing."""

    name: str
    found: str
    budget: str = ""
    within: bool = True

    @property
    def verdict(self) -> str:
        if not self.budget:
            return ""
        return "[green]ok[/]" if self.within else "[red]over[/]"


def at_most(name: str, found: float, budget: float, unit: str = "", digits: int = 2) -> Measure:
    """A number that may not exceed its budget; both are shown with `digits` decimals and the unit."""
    return Measure(name, f"{found:,.{digits}f}{unit}", f"≤ {budget:,g}{unit}", found <= budget)


def show(title: str, measures: Sequence[Measure]) -> bool:
    """Print the table. True if everything is within its budget."""
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("measure")
    table.add_column("found", justify="right")
    table.add_column("budget", justify="right")
    table.add_column("")
    for measure in measures:
        table.add_row(measure.name, measure.found, measure.budget, measure.verdict)
    console.print(table)
    return all(measure.within for measure in measures)


def exit_status(run: Callable[[], bool]) -> int:
    """For a measure that is run alone: 0 if it is within its budgets, 1 if not, NOT_TAKEN if it can't be taken."""
    try:
        return 0 if run() else 1
    except Refusal as refusal:
        console.print(f"[red]{refusal}[/]", soft_wrap=True)
        return NOT_TAKEN
