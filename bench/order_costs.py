"""Measures what orders cost: one for its calls, ten for the bill, and more for the time they take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench import bill, chatbot_costs, counting_costs, publishing_costs, reconciliation_costs, workflow_costs
from bench.bill import Duration, Line
from bench.drive import ACCEPT, COUNT, NOTIFY, PROCESS, RECONCILE, STAGES, Driver, answer_bytes
from bench.ledger import Call, Ledger
from bench.prices import price_list
from bench.report import Measure, at_most
from bench.stand import Stand, stand
from bench.workflow_costs import WorkflowCosts

ORDERS = 10
TIMED_ROUNDS = 12
WITH_DOCUMENTS = (ACCEPT, PROCESS, NOTIFY)
WITHOUT_DOCUMENTS = (ACCEPT, PROCESS)
CALLS_ACCEPT, CALLS_ORDER = 2, 14
USD_ORDER, USD_WITHOUT_DOCUMENTS = 30.0, 20.0
ITEM_BYTES = 1024
PHONE = "+31612345678"


@dataclass(frozen=True)
class Costs:
    """All that was measured. `quiet`: one message a batch; `busy`: ten. `texted` are the calls of an order with SMS."""

    calls: list[Call]
    texted: list[Call]
    order_bytes: dict[str, int]
    workflows: list[WorkflowCosts]
    document_bytes: int
    durations: dict[str, Duration]
    busy: list[Line]
    quiet: list[Line]
    inspected: list[Line]
    """What looking at each order once afterwards costs, however busy."""
    counted: dict[str, list[Line]]
    """What counting each order costs, by how many there are."""
    publishing: publishing_costs.Runs
    questions: list[chatbot_costs.QuestionCosts]

    def measures(self) -> list[Measure]:
        expected = bill.total(self.busy, *WITH_DOCUMENTS) + self.slower_in_aws(*WITH_DOCUMENTS)
        return [
            at_most("calls to accept an order", self.count(ACCEPT), CALLS_ACCEPT, digits=0),
            at_most("calls of a whole order", self.count(*WITH_DOCUMENTS), CALLS_ORDER, digits=0),
            at_most("USD for a million orders", bill.total(self.busy, *WITH_DOCUMENTS), USD_ORDER),
            at_most("  without receipt and archive", bill.total(self.busy, *WITHOUT_DOCUMENTS), USD_WITHOUT_DOCUMENTS),
            Measure("  with being inspected once afterwards", f"{self.with_reconciliation():.2f}"),
            Measure("  and with being counted, at a million a month", f"{self.with_counting():.2f}"),
            Measure("  and with the simulated payment provider's own book", f"{self.with_everything():.2f}"),
            Measure("  quiet, one message a batch", f"{bill.total(self.quiet, *WITH_DOCUMENTS):.2f}"),
            Measure("  busy, with the times to expect in AWS", f"{expected:.2f}"),
            Measure("  busy, with what the mail needs beside its carrier", f"{bill.total(self.busy, *STAGES):.2f}"),
            *(
                at_most(f"item of an order that is {status}", size, ITEM_BYTES, " B", 0)
                for status, size in self.order_bytes.items()
            ),
        ]

    def count(self, *stages: str) -> int:
        """HTTP requests, so that one which the SDK repeated counts again."""
        return sum(call.tries for call in self.calls if call.stage in stages)

    def with_reconciliation(self) -> float:
        """USD for a million orders on their way, busy, each inspected once."""
        return bill.total(self.busy, *WITH_DOCUMENTS) + bill.total(self.inspected, RECONCILE)

    def with_counting(self) -> float:
        """The same with what counting them for the metrics takes, at a million a month."""
        return self.with_reconciliation() + bill.total(next(iter(self.counted.values())), COUNT)

    def with_everything(self) -> float:
        """The same with what the simulated payment provider writes into our DynamoDB."""
        return self.with_counting() + bill.other_sides_book(self.busy)

    def slower_in_aws(self, *stages: str) -> float:
        """USD more for a million orders, if functions take as long as is to be expected there."""
        more = sum(self.expected(stage) - self.durations[stage].gb_seconds for stage in stages)
        return price_list()[bill.GB_SECOND].of(more * bill.MILLION)

    def expected(self, stage: str) -> float:
        """GB-seconds of an order."""
        return self.durations[stage].expected([call for call in self.calls if call.stage == stage])


def measure() -> Costs:
    """Drive orders through a stand."""
    with stand() as here:
        ledger = Ledger(here.plain)
        ledger.install()
        here.stock_up()
        durations = _durations(here)
        quiet = _bill(here, ledger, 1, durations)
        calls = list(ledger.calls)
        busy = _bill(here, ledger, ORDERS, durations)
        inspected = reconciliation_costs.lines(here, ledger)
        counted = counting_costs.lines(here, ledger)
        publishing = publishing_costs.measure(here, ledger)
        ledger.calls.clear()
        Driver(here, ledger.stage).whole_orders(1, batch=1, phoneNumber=PHONE)
        documents = sum(call.sent for call in calls if call.operation == "PutObject")
        texted, sizes = list(ledger.calls), dict(ledger.order_bytes)
        workflows = workflow_costs.measure(here, ledger)
        questions = chatbot_costs.measure(here, ledger)
        return Costs(
            calls,
            texted,
            sizes,
            workflows,
            documents,
            durations,
            busy,
            quiet,
            inspected,
            counted,
            publishing,
            questions,
        )


def _durations(here: Stand) -> dict[str, Duration]:
    """By stage, warm, without the ledger looking."""
    Driver(here, _unseen).whole_orders(ORDERS, batch=1)
    driver = Driver(here, _unseen)
    for _ in range(TIMED_ROUNDS):
        driver.whole_orders(ORDERS, batch=1)
    return {stage: bill.duration_of(stage, driver.timings[stage]) for stage in STAGES}


@contextmanager
def _unseen(_stage: str) -> Iterator[None]:
    yield


def _bill(here: Stand, ledger: Ledger, orders: int, durations: dict[str, Duration]) -> list[Line]:
    ledger.calls.clear()
    driver = Driver(here, ledger.stage)
    driver.whole_orders(orders, batch=orders)
    return bill.lines(
        ledger.calls,
        orders=orders,
        batch=orders,
        answer_bytes=answer_bytes(driver.answers[0]),
        logged=driver.logged,
        durations=durations,
    )
