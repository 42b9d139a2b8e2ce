"""A hundred buyers of one hot product, all at once, through all steps of their orders, by each workflow.

Half of them can have it. Beside it the same run with a product for each buyer, half of which are there: what the one
costs more than the other is the contention. A unit that was sold twice, or kept from a buyer who could have had it, is
over budget. `--write` writes docs/benchmarks/contention.md."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench.buyers import end_of, processed, stored
from bench.conflicts import HOLD, Conflicts
from bench.drive import QUEUE, WORKFLOWS
from bench.report import Measure, Result, console, main, markdown, page, table_of
from bench.stand import Stand, stand

BUYERS = 100
STOCK = 50


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
        """Everything was sold once, and every buyer who came too late got OUT_OF_STOCK."""
        ended = self.completed == STOCK and self.ends["OUT_OF_STOCK"] == BUYERS - STOCK
        return ended and (self.available, self.reserved) == (0, 0) and self.deliveries > 0


Runs = tuple[Run, Run]
"""The run on one product, and the run on a hundred."""


def measure() -> Result:
    """Of each workflow."""
    conflicts = Conflicts()
    conflicts.install()
    with stand() as here:
        # A process's first calls are slow, and belong to no run.
        _run(here, conflicts, QUEUE, "WARM", [f"WARM{n}" for n in range(BUYERS)])
        found = {workflow: _both(here, conflicts, workflow) for workflow in WORKFLOWS}
    return result(found)


def result(found: Mapping[str, Runs]) -> Result:
    met, must = information(found), measures(found)
    columns = markdown("", *(f">{name}" for name in found), rows=met)
    hold = HOLD * 1000
    text = page("contention.md", buyers=BUYERS, stock=STOCK, hold=hold, met=columns, measures=table_of(must))
    named = [Measure(name, ", ".join(cells)) for name, *cells in met]
    title = f"{BUYERS} buyers at once of a product of which there are {STOCK}: {', '.join(found)}"
    return Result(title, [*named, *must], "contention.md", text)


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
        deliveries = list(pool.map(lambda order_id: processed(here, workflow, order_id), ids))
    seconds = time.perf_counter() - started
    available, reserved = _stock(products)
    return Run(
        seconds=seconds,
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


def information(found: Mapping[str, Runs]) -> list[tuple[str, ...]]:
    """What the runs met, a row for each thing and in it a cell for each workflow."""
    cells: dict[str, Callable[[Run, Run], object]] = {
        "completed a second, one hot product": lambda hot, _: f"{hot.rate:.0f}",
        "completed a second, a product each": lambda _, own: f"{own.rate:.0f}",
        "hot ÷ a product each": lambda hot, own: f"{hot.rate / own.rate:.2f}",
        "transactions tried": lambda hot, _: hot.transactions,
        "cancelled by a conflict, and tried again": lambda hot, _: hot.conflicts,
        "conflicts with a product each": lambda _, own: own.conflicts,
        "deliveries that the slowest message needed": lambda hot, _: hot.deliveries,
    }
    return [(name, *(str(cell(*runs)) for runs in found.values())) for name, cell in cells.items()]


def _stock(products: Sequence[str]) -> tuple[int, int]:
    from chalicelib import bootstrap

    stock = bootstrap.services().inventory.products.catalogue.stock(products).values()
    return sum(one.available for one in stock), sum(one.reserved for one in stock)


if __name__ == "__main__":
    main(measure)
