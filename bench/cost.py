"""What an order costs: its calls, from a ledger of real ones, and the bill for a million at list prices.

One order is driven for its calls, ten for the bill, and more for the time they take, by each of the three workflows.
`--write` writes docs/benchmarks/costs.md, which has each call and each line of the bill."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.orders.numbers import BLOCK

from bench import afterwards, bill, chatbot_costs, costs_page
from bench.afterwards import COUNT, RECONCILE
from bench.bill import Duration, Line
from bench.drive import ACCEPT, BY_RULES, EVENTS, MAIL, NOTIFY, PROCESS, STAGES, WORKFLOWS, Driver
from bench.indexing import INDEX, indexed
from bench.ledger import Call, Ledger
from bench.prices import price_list
from bench.report import Measure, Result, at_most, console, main
from bench.stand import Stand, stand

ORDERS = 10
TIMED_ROUNDS = 8
WITH_DOCUMENTS = (ACCEPT, PROCESS, NOTIFY)
WITHOUT_DOCUMENTS = (ACCEPT, PROCESS)
CALLS_ACCEPT, CALLS_ORDER = 2, 14
USD_ORDER, USD_WITHOUT_DOCUMENTS = 30.0, 20.0
ITEM_BYTES = 1024
PHONE = "+31612345678"


@dataclass(frozen=True)
class WorkflowCosts:
    """Of one workflow. `quiet` is the bill with one message a batch, `busy` with ten; `calls` are those of one order.
    What is summed here goes as far as receipt and archive: the mail is the same for all."""

    name: str
    calls: list[Call]
    durations: dict[str, Duration]
    """By function, each invoked once for an order."""
    transitions: float
    events: float
    busy: list[Line]
    quiet: list[Line]

    @property
    def functions(self) -> int:
        return len(self.durations.keys() - {MAIL})

    def requests(self, *stages: str) -> int:
        """HTTP requests of these functions, or of all: one that the SDK repeated counts again."""
        return sum(c.tries for c in self.calls if c.stage in stages or (not stages and c.stage != MAIL))

    def units(self) -> tuple[float, float]:
        """DynamoDB's of writing, with those of indexes, and of reading, without the other side's book."""
        mine = [call for call in self.calls if call.target != "gateway" and call.stage != MAIL]
        return sum(call.writes + call.index_writes for call in mine), sum(call.reads for call in mine)

    def total(self, *without: str, quiet: bool = False) -> float:
        """USD for a million orders."""
        lines = self.quiet if quiet else self.busy
        return bill.total(lines, *{line.stage for line in lines} - {MAIL, *without})

    def of_service(self, service: str) -> float:
        """USD for a million orders, busy."""
        return bill.of_service(self.busy, service, *{line.stage for line in self.busy} - {MAIL})

    def expected(self, stage: str) -> float:
        """GB-seconds of an order in AWS."""
        return self.durations[stage].expected([call for call in self.calls if call.stage == stage])


@dataclass(frozen=True)
class Costs:
    """All that was measured. `order` is by the workflow `queue`, with its mail; `texted` are its calls with SMS."""

    workflows: list[WorkflowCosts]
    texted: list[Call]
    order_bytes: dict[str, int]
    reconciled: list[Line]
    """What looking at each order once afterwards costs, however busy."""
    counted: dict[str, list[Line]]
    """What counting each order costs, by how many there are."""
    indexed: dict[str, list[Line]]
    """The same of indexing it for the search."""
    publishing: afterwards.Runs
    questions: list[chatbot_costs.QuestionCosts]

    @property
    def order(self) -> WorkflowCosts:
        return self.workflows[0]

    def measures(self) -> list[Measure]:
        busy, usd = self.order.busy, bill.total(self.order.busy, *WITH_DOCUMENTS)
        for_information = {
            "with being reconciled once afterwards": self.with_reconciliation(),
            "and with being counted, at a million a month": self.with_counting(),
            "and with being indexed for the search, at a million a month": self.with_search(),
            "and with the simulated payment provider's own book": self.with_everything(),
            "quiet, one message a batch": bill.total(self.order.quiet, *WITH_DOCUMENTS),
            "busy, with the times to expect in AWS": usd + self.slower_in_aws(*WITH_DOCUMENTS),
            "busy, with what the mail needs beside its carrier": bill.total(busy, *STAGES),
        }
        return [
            at_most("calls to accept an order", self.order.requests(ACCEPT), CALLS_ACCEPT, digits=0),
            at_most("calls of a whole order", self.order.requests(*WITH_DOCUMENTS), CALLS_ORDER, digits=0),
            at_most("USD for a million orders", usd, USD_ORDER),
            at_most("  without receipt and archive", bill.total(busy, *WITHOUT_DOCUMENTS), USD_WITHOUT_DOCUMENTS),
            *(Measure(f"  {name}", f"{found:.2f}") for name, found in for_information.items()),
            *(
                at_most(f"item of an order that is {status}", size, ITEM_BYTES, " B", 0)
                for status, size in self.order_bytes.items()
            ),
        ]

    def with_reconciliation(self) -> float:
        """USD for a million orders on their way, busy, each reconciled once."""
        return bill.total(self.order.busy, *WITH_DOCUMENTS) + bill.total(self.reconciled, RECONCILE)

    def with_counting(self) -> float:
        """The same with what counting them for the metrics costs, at a million a month."""
        return self.with_reconciliation() + bill.total(next(iter(self.counted.values())), COUNT)

    def with_search(self) -> float:
        """The same with its entries in the search's index."""
        return self.with_counting() + bill.total(next(iter(self.indexed.values())), INDEX)

    def with_everything(self) -> float:
        """The same with what the simulated payment provider writes into our DynamoDB."""
        return self.with_search() + bill.other_sides_book(self.order.busy)

    def slower_in_aws(self, *stages: str) -> float:
        """USD more for a million orders, if functions take as long as is to be expected there."""
        more = sum(self.order.expected(stage) - self.order.durations[stage].gb_seconds for stage in stages)
        return price_list()[bill.GB_SECOND].of(more * bill.MILLION)


def measure() -> Result:
    """Drive orders through a stand."""
    with console.status("Driving orders through the emulator …"), stand() as here:
        ledger = Ledger(here.plain)
        ledger.install()
        here.stock_up()
        costs = _costs(here, ledger)
    return Result("What an order costs", costs.measures(), "costs.md", costs_page.page(costs))


def _costs(here: Stand, ledger: Ledger) -> Costs:
    queue, *others = WORKFLOWS
    order = _workflow(queue, here, ledger)
    reconciled = afterwards.reconciled(here, ledger)
    counted = afterwards.counted(here, ledger)
    for_search = indexed(here, ledger)
    publishing = afterwards.published(here, ledger)
    texted = ledger.during(lambda: Driver(here, ledger.stage).whole_orders(1, batch=1, phoneNumber=PHONE))
    sizes = dict(ledger.order_bytes)
    workflows = [order, *(_workflow(name, here, ledger) for name in others)]
    questions = chatbot_costs.measure(here, ledger)
    return Costs(workflows, texted, sizes, reconciled, counted, for_search, publishing, questions)


def _workflow(name: str, here: Stand, ledger: Ledger) -> WorkflowCosts:
    timed = Driver(here)
    Driver(here).whole_orders(ORDERS, batch=1, workflow=name)  # a process's first calls are slow
    for _ in range(TIMED_ROUNDS):
        timed.whole_orders(ORDERS, batch=1, workflow=name)
    durations = {stage: bill.duration_of(stage, timing) for stage, timing in timed.timings.items()}
    leases = _leases(BY_RULES[0] if name == EVENTS else ACCEPT, ledger)
    quiet, busy = Driver(here, ledger.stage), Driver(here, ledger.stage)
    calls = _without_leases(ledger.during(lambda: quiet.whole_orders(1, batch=1, workflow=name)))
    many = _without_leases(ledger.during(lambda: busy.whole_orders(ORDERS, batch=ORDERS, workflow=name)))
    return WorkflowCosts(
        name,
        calls,
        durations,
        quiet.transitions,
        quiet.events_put + sum(call.entries for call in calls if call.service == "events"),
        [*bill.lines(busy, many, orders=ORDERS, batch=ORDERS, durations=durations), *leases],
        [*bill.lines(quiet, calls, orders=1, batch=1, durations=durations), *leases],
    )


def _leases(stage: str, ledger: Ledger) -> list[Line]:
    """What an order pays for its number: its share of the lease of a block."""
    from chalicelib import bootstrap

    def block() -> None:
        with ledger.stage(stage):
            for _ in range(BLOCK):
                bootstrap.services().orders.new.number()

    return bill.of_calls(stage, ledger.during(block), BLOCK)


def _without_leases(calls: list[Call]) -> list[Call]:
    """The one order in a block whose call leases for all is billed by `_leases`, whichever is driven here."""
    return [call for call in calls if (call.operation, call.target) != ("UpdateItem", "operations")]


if __name__ == "__main__":
    main(measure)
