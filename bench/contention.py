"""A hundred buyers of one hot product, all at once, through all steps of their orders, by each workflow.

Half of them can have it. Beside it the same run with a product for each buyer, half of which are there: what the one
costs more than the other is the contention. `python -m bench.contention` prints how fast they got through and what they
met, and ends with exit status 1 if a piece was sold twice, or kept from a buyer who could have had it."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from rich.table import Table

from bench.buyers import end_of, stored, worked_off
from bench.conflicts import HOLD, Conflicts
from bench.report import Measure, console, exit_status, show
from bench.stand import Stand, stand
from bench.workflows import QUEUE, WORKFLOWS
from infra.paths import ROOT

BUYERS = 100
STOCK = 50
DOCUMENT = "docs/benchmarks/contention.md"
_TITLE = f"{BUYERS} buyers at once of a product of which there are {STOCK}"
_TEXT = f"""# One hot product

`python -m bench.contention --write` measured this and wrote this page; do not edit it.

{BUYERS} buyers, all at once, each with an order of one piece, through all steps of their orders by the real adapters, a
thread each. In one run all want the same product, of which there are {STOCK} units; in the other each wants one of its
own, half of which are there. Both complete {STOCK} orders, so the ratio of the two is what contention costs.

The emulator works off one call at a time, so no two transactions ever meet in it. In DynamoDB they do, and the later
one is cancelled. That is stood in for: a transaction holds its product for {HOLD * 1000:.0f} ms, and one that begins
meanwhile is answered `TransactionCanceled` with the reason `TransactionConflict`. A step tries again for four
seconds, with jitter, before its message comes back to the queue (three deliveries at most).

Orders a second are this machine's, whose emulator takes one call at a time; the ratio is what to go by. It is lowest
where an order has the fewest other calls, since these are what the waiting hides behind.
"""


@dataclass(frozen=True)
class Run:
    """What a hundred buyers met. `ends` counts orders by status, or by the error's code; stock is left over all."""

    seconds: float
    transactions: int
    conflicts: int
    deliveries: int
    """Of the slowest order; 0 if one got to no end."""
    ends: Counter[str]
    available: int
    reserved: int

    @property
    def completed(self) -> int:
        return self.ends["COMPLETED"]

    @property
    def rate(self) -> float:
        """Orders completed a second."""
        return self.completed / self.seconds

    @property
    def exact(self) -> bool:
        """Everything was sold once, and whoever came too late was told so."""
        told = self.ends["COMPLETED"] == STOCK and self.ends["OUT_OF_STOCK"] == BUYERS - STOCK
        return told and (self.available, self.reserved) == (0, 0) and self.deliveries > 0


Runs = tuple[Run, Run]
"""The run on one product, and the run on a hundred."""


def measure() -> dict[str, Runs]:
    """Of each workflow."""
    conflicts = Conflicts()
    conflicts.install()
    with stand() as here:
        # A process's first calls are slow, and belong to no run.
        _run(here, conflicts, QUEUE, "WARM", [f"WARM{n}" for n in range(BUYERS)])
        return {workflow: _both(here, conflicts, workflow) for workflow in WORKFLOWS}


def _both(here: Stand, conflicts: Conflicts, workflow: str) -> Runs:
    hot, own = f"HOT-{workflow}", [f"{workflow}-{n:03d}" for n in range(BUYERS)]
    with console.status(f"{BUYERS} buyers by {workflow} …"):
        return _run(here, conflicts, workflow, hot, [hot] * BUYERS), _run(here, conflicts, workflow, "", own)


def _run(here: Stand, conflicts: Conflicts, workflow: str, hot: str, wanted: Sequence[str]) -> Run:
    products = list(dict.fromkeys(wanted))
    for number, product in enumerate(products):
        here.stock_up(product, STOCK if product == hot else int(number % (BUYERS // STOCK) == 0))
    ids = [stored(workflow, product) for product in wanted]
    conflicts.transactions = conflicts.conflicts = 0
    started = time.perf_counter()
    with ThreadPoolExecutor(BUYERS) as pool:
        deliveries = list(pool.map(lambda order_id: worked_off(here, workflow, order_id), ids))
    taken = time.perf_counter() - started
    available, reserved = _stock(products)
    return Run(
        seconds=taken,
        transactions=conflicts.transactions,
        conflicts=conflicts.conflicts,
        deliveries=0 if 0 in deliveries else max(deliveries),
        ends=Counter(end_of(order_id) for order_id in ids),
        available=available,
        reserved=reserved,
    )


def measures(found: Mapping[str, Runs]) -> list[Measure]:
    """What must hold."""
    return [
        Measure(
            f"{workflow}, {what}: sold, sold out, left, reserved",
            f"{run.completed}, {run.ends['OUT_OF_STOCK']}, {run.available}, {run.reserved}",
            f"{STOCK}, {BUYERS - STOCK}, 0, 0",
            run.exact,
        )
        for workflow, runs in found.items()
        for what, run in zip(("one product", "a product each"), runs, strict=True)
    ]


def run(*, write: bool = False) -> bool:
    """Measure and print; with `write`, also write the document. True if nothing was oversold and everything sold."""
    found = measure()
    table = Table(title=_TITLE, title_justify="left", title_style="bold")
    table.add_column("")
    for workflow in found:
        table.add_column(workflow, justify="right")
    for name, cells in _rows(found, _MET):  # what was sold stands in the next table
        table.add_row(name, *cells)
    console.print(table)
    if write:
        (ROOT / DOCUMENT).write_text(_page(found), encoding="utf-8")
        console.print(f"Written: {DOCUMENT}")
    return show("What must hold", measures(found))


_Rows = list[tuple[str, Callable[[Runs], str]]]
_MET: _Rows = [
    ("completed a second, one hot product", lambda runs: f"{runs[0].rate:.0f}"),
    ("completed a second, a product each", lambda runs: f"{runs[1].rate:.0f}"),
    ("hot ÷ a product each", lambda runs: f"{runs[0].rate / runs[1].rate:.2f}"),
    ("transactions tried", lambda runs: f"{runs[0].transactions}"),
    ("cancelled by a conflict, and tried again", lambda runs: f"{runs[0].conflicts}"),
    ("conflicts with a product each", lambda runs: f"{runs[1].conflicts}"),
    ("deliveries that the slowest message needed", lambda runs: f"{runs[0].deliveries}"),
]
_SOLD: _Rows = [
    ("completed, of as many units", lambda runs: f"{runs[0].completed} of {STOCK}"),
    ("told that it is sold out", lambda runs: f"{runs[0].ends['OUT_OF_STOCK']} of {BUYERS - STOCK}"),
    ("sold twice", lambda runs: f"{max(0, runs[0].completed - STOCK)}"),
    ("left over, and still reserved", lambda runs: f"{runs[0].available}, {runs[0].reserved}"),
]


def _rows(found: Mapping[str, Runs], rows: _Rows) -> Iterator[tuple[str, list[str]]]:
    for name, cell in rows:
        yield name, [cell(runs) for runs in found.values()]


def _page(found: Mapping[str, Runs]) -> str:
    head = [f"| | {' | '.join(found)} |", f"|---|{'---:|' * len(found)}"]
    rows = [f"| {name} | {' | '.join(cells)} |" for name, cells in _rows(found, [*_MET, *_SOLD])]
    return "\n".join([_TEXT.rstrip("\n"), "", *head, *rows]) + "\n"


def _stock(products: Sequence[str]) -> tuple[int, int]:
    from chalicelib import bootstrap

    stock = bootstrap.services().inventory.products.catalogue.stock(products).values()
    return sum(one.available for one in stock), sum(one.reserved for one in stock)


if __name__ == "__main__":
    sys.exit(exit_status(lambda: run(write="--write" in sys.argv[1:])))
