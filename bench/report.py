"""How every measure is shown: what was found, what it may be, and whether it is; and how its page is written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from rich.console import Console
from rich.progress import track
from rich.table import Table

from infra.errors import Refusal
from infra.paths import ROOT

_AT_LEAST = 120
_TEMPLATES = Path(__file__).with_name("pages")
_DOCUMENTS = ROOT / "docs" / "benchmarks"
NOT_TAKEN, OVER = 1, 3
"""Exit statuses of a measure. Python itself ends with 1 after an error, so what crashes counts as not measured."""
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
        return "ok" if self.within else "**over**"


def at_most(name: str, found: float, budget: float, unit: str = "", digits: int = 2) -> Measure:
    """A number that may not exceed its budget; both are shown with `digits` decimals and the unit."""
    return Measure(name, f"{found:,.{digits}f}{unit}", f"≤ {budget:,g}{unit}", found <= budget)


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured. `page` is the text of `docs/benchmarks/<name>`, for those measures that have one."""

    title: str
    measures: Sequence[Measure]
    name: str = ""
    page: str = ""


def main(measure: Callable[[], Result]) -> NoReturn:
    """Take one measure, print it and, with `--write`, write its page. Ends with 0 if it is within its budgets, OVER if
    not, and NOT_TAKEN if it can't be taken or nothing in it was held against a budget."""
    try:
        result = measure()
    except Refusal as refusal:
        console.print(f"[red]Not measured: {refusal}[/]", soft_wrap=True)
        sys.exit(NOT_TAKEN)
    table = Table("measure", title=result.title, title_justify="left", title_style="bold")
    for column in ("found", "budget"):
        table.add_column(column, justify="right")
    table.add_column("")
    for one in result.measures:
        table.add_row(one.name, one.found, one.budget, one.verdict, style="" if one.within else "red")
    console.print(table)
    if result.page and "--write" in sys.argv[1:]:
        (_DOCUMENTS / result.name).write_text(result.page, encoding="utf-8")
        console.print(f"Written: docs/benchmarks/{result.name}")
    if not any(one.budget for one in result.measures):
        sys.exit(NOT_TAKEN)
    sys.exit(0 if all(one.within for one in result.measures) else OVER)


def page(name: str, **values: object) -> str:
    """`pages/<name>` with its slots filled. A slot without a value is a KeyError."""
    return (_TEMPLATES / name).read_text(encoding="utf-8").format_map(values)


def table_of(measures: Iterable[Measure]) -> str:
    """The measures in Markdown."""
    rows = [(one.name.strip(), one.found, one.budget, one.verdict) for one in measures]
    return markdown("", ">found", ">budget", "", rows=rows)


def markdown(*columns: str, rows: Iterable[Sequence[Any]]) -> str:
    """A table in Markdown. A column whose name begins with `>` is aligned to the right."""
    head = [column.removeprefix(">") for column in columns]
    lines = ["---:" if column.startswith(">") else "---" for column in columns]
    shown = [f"| {' | '.join(map(str, row))} |" for row in [head, *rows]]
    return "\n".join([shown[0], f"|{'|'.join(lines)}|", *shown[1:]])
