"""What the same order costs by each of the three workflows: its calls, and the bill for a million."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bench import bill
from bench.bill import Line
from bench.drive import NOTIFY, answer_bytes
from bench.ledger import Call, Ledger
from bench.prices import price_list
from bench.stand import Stand
from bench.workflows import BY_RULES, CONSUMERS, EVENTS, WORKFLOWS, WorkflowDriver

ORDERS = 10
TIMED_ROUNDS = 4
_DOCUMENTS = (NOTIFY, "generate_receipt")
"""The functions that write receipt and archive."""


@dataclass(frozen=True)
class WorkflowCosts:
    """Of one workflow. `calls` are those of one order; `functions` are invoked once for it, in this order."""

    name: str
    calls: list[Call]
    functions: list[str]
    transitions: float
    events: float
    busy: list[Line]
    quiet: list[Line]

    @property
    def announced(self) -> int:
        """Whether the order came by the bus."""
        return int(self.name == EVENTS)

    def requests(self) -> int:
        """HTTP requests of all its functions."""
        return sum(call.tries for call in self.calls)

    def units(self) -> tuple[float, float]:
        """DynamoDB's of writing, with those of indexes, and of reading, without the other side's book."""
        mine = [call for call in self.calls if call.target != "gateway"]
        return sum(call.writes + call.index_writes for call in mine), sum(call.reads for call in mine)

    def total(self, *, quiet: bool = False) -> float:
        """USD for a million orders."""
        lines = self.quiet if quiet else self.busy
        return bill.total(lines, *dict.fromkeys(line.stage for line in lines))

    def without_documents(self) -> float:
        """USD for a million orders, busy, without the functions that write receipt and archive."""
        return bill.total(self.busy, *{line.stage for line in self.busy if line.stage not in _DOCUMENTS})

    def of_service(self, service: str) -> float:
        """USD for a million orders, busy."""
        return sum(bill.of_service(self.busy, stage, service) for stage in {line.stage for line in self.busy})


def measure(here: Stand, ledger: Ledger) -> list[WorkflowCosts]:
    """Drive orders by each. The ledger loses what it has."""
    return [_of(workflow, here, ledger) for workflow in WORKFLOWS]


def _of(workflow: str, here: Stand, ledger: Ledger) -> WorkflowCosts:
    timed = WorkflowDriver(here, _unseen)
    WorkflowDriver(here, _unseen).run(workflow, ORDERS, batch=1)
    for _ in range(TIMED_ROUNDS):
        timed.run(workflow, ORDERS, batch=1)
    durations = {name: bill.duration_of(name, timing) for name, timing in timed.timings.items()}
    quiet_driver, quiet_calls = _driven(workflow, here, ledger, 1)
    busy_driver, busy_calls = _driven(workflow, here, ledger, ORDERS)
    return WorkflowCosts(
        workflow,
        quiet_calls,
        list(quiet_driver.timings),
        quiet_driver.transitions,
        quiet_driver.announced + sum(call.entries for call in quiet_calls if call.service == "events"),
        list(_lines(busy_driver, busy_calls, ORDERS, durations)),
        list(_lines(quiet_driver, quiet_calls, 1, durations)),
    )


def _driven(workflow: str, here: Stand, ledger: Ledger, orders: int) -> tuple[WorkflowDriver, list[Call]]:
    ledger.calls.clear()
    driver = WorkflowDriver(here, ledger.stage)
    driver.run(workflow, orders, batch=orders)
    return driver, list(ledger.calls)


def _lines(
    driver: WorkflowDriver, calls: Sequence[Call], orders: int, durations: dict[str, bill.Duration]
) -> Iterator[Line]:
    """The bill of one order, out of those of `orders` of them; a batch held them all."""
    prices = price_list()
    for stage in driver.timings:
        for (price, what), quantity in bill.sums([call for call in calls if call.stage == stage]).items():
            yield Line(stage, what, quantity / orders, prices[price])
        yield from _around(stage, 1 / orders if stage in CONSUMERS else 1.0, durations[stage])
        logged = sum(len(line.encode()) + bill.LOG_EVENT_BYTES for line in driver.logged[stage])
        yield Line(stage, "log lines", logged / orders, prices["logs.ingested"])
    if driver.answers:
        yield from bill.gateway(answer_bytes(driver.answers[0]), "the request")
    if driver.announced:
        yield Line(EVENTS, "OrderCreated, if it comes from the same account", 1, prices["events.event"])
    if driver.transitions:
        yield Line("state machine", "state transitions", driver.transitions / orders, prices["states.transition"])


def _around(stage: str, each: float, duration: bill.Duration) -> Iterator[Line]:
    prices = price_list()
    if stage in BY_RULES:
        yield Line(stage, "put there by a rule of the bus", 1, prices["sqs.request"])
    if stage in CONSUMERS:
        yield Line(stage, "receive and delete", 2 * each, prices["sqs.request"])
    yield Line(stage, "invocations", each, prices["lambda.request"])
    yield Line(stage, f"of {duration.memory} MB", duration.gb_seconds, prices[bill.GB_SECOND])


@contextmanager
def _unseen(_stage: str) -> Iterator[None]:
    yield
