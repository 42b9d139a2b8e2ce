"""What AWS bills for an order: each SDK call of the ledger, and what is billed though it is no call of ours."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.drive import ACCEPT, BY_RULES, EVENTS, QUEUES, Driver, Timing, answer_bytes
from bench.ledger import Call
from bench.prices import Price, price_list
from infra.deploy import runtime
from infra.deploy.deploy import tracked_config

MILLION = 1_000_000
VCPU_MB = 1769
"""At this memory a function has one vCPU, and a share in proportion below:
https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"""
LOG_EVENT_BYTES = 26
"""CloudWatch counts these for each line beside its text:
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html"""
_CHUNK = 64 * 1024
ASSUMED_MS = {"dynamodb": 5, "sqs": 10, "events": 15, "sns": 15, "s3": 30, "ses": 50}
"""How long a call takes in AWS, roughly: AWS publishes no such figures. For an estimate beside the bill, not in it."""
GB_SECOND = f"lambda.gb_second.{runtime.ARCHITECTURE}"
"""What `make deploy` with this Python would run the functions on."""
CARRIERS = frozenset({"ses.mail"})
"""What others charge for carrying a message; listed apart."""
OTHER_SIDES_BOOK = "the other side's own book"
_OTHER_SIDES_TABLE = " gateway"
"""How lines of the simulated payment provider's own table end. A real provider keeps its own book: listed apart."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the bill: so much of something for one order."""

    stage: str
    what: str
    quantity: float
    price: Price

    @property
    def service(self) -> str:
        return self.price.name.partition(".")[0]

    @property
    def others(self) -> str:
        """Why it is no cost of the order's processing, empty if it is."""
        if self.price.name in CARRIERS:
            return "carrier"
        return OTHER_SIDES_BOOK if self.what.endswith(_OTHER_SIDES_TABLE) else ""

    @property
    def usd(self) -> float:
        """For a million orders."""
        return self.price.of(self.quantity * MILLION)


@dataclass(frozen=True, slots=True)
class Duration:
    """One order's share of a function's time as measured here, in milliseconds; what was not CPU time was waiting."""

    memory: int
    cpu: float
    waiting: float

    @property
    def gb_seconds(self) -> float:
        return (self.cpu + self.waiting) / 1000 * self.memory / 1024

    def expected(self, calls: Sequence[Call]) -> float:
        """GB-seconds to expect in AWS: CPU time stretched to the share of a vCPU that the memory buys, and calls that
        take as long as ASSUMED_MS says."""
        waiting = sum(ASSUMED_MS[call.service] for call in calls)
        return (self.cpu * max(1.0, VCPU_MB / self.memory) + waiting) / 1000 * self.memory / 1024


def duration_of(stage: str, timing: Timing) -> Duration:
    """Of invocations with one order each, the fastest tenth: neighbours on this machine only ever add to them. A batch
    takes as much for each of its orders, since it is processed one by one."""
    cpu, wall = (statistics.quantiles(times, n=10)[0] * 1000 for times in (timing.cpu, timing.wall))
    return Duration(memory_of(stage), cpu, max(0.0, wall - cpu))


def memory_of(stage: str) -> int:
    """Megabytes that the stage's function has."""
    functions = tracked_config()["stages"]["local"]["lambda_functions"]
    return int(functions["api_handler" if stage == ACCEPT else stage]["lambda_memory_size"])


def lines(
    driver: Driver, calls: Sequence[Call], *, orders: int, batch: int, durations: dict[str, Duration]
) -> list[Line]:
    """The bill of one order, out of the calls that `orders` of them made in batches of `batch`."""
    found: list[Line] = []
    if driver.answers:
        found += _lines(ACCEPT, ("apigateway.request", "the request", 1))
        found += _lines(ACCEPT, ("transfer.out", "the answer, with its headers", answer_bytes(driver.answers[0])))
    for stage in driver.timings:
        found += of_calls(stage, [call for call in calls if call.stage == stage], orders)
        found += _around(stage, batch)
        found += timed(stage, (durations[stage].cpu + durations[stage].waiting) / 1000)
        found += logged(stage, driver.logged[stage], orders)
    if driver.events_put:
        found += _lines(EVENTS, ("events.event", "OrderCreated, if it comes from the same account", 1))
    if driver.transitions:
        found += _lines("state machine", ("states.transition", "state transitions", driver.transitions / orders))
    return found


def of_calls(stage: str, calls: Iterable[Call], orders: int) -> list[Line]:
    """The calls of so many orders, for one of them."""
    return _lines(stage, *((price, what, quantity / orders) for (price, what), quantity in sums(calls).items()))


def timed(stage: str, seconds: float) -> list[Line]:
    """What so much time of the stage's function costs."""
    memory = memory_of(stage)
    return _lines(stage, (GB_SECOND, f"{seconds * 1000:.1f} ms of {memory} MB", seconds * memory / 1024))


def logged(stage: str, written: Sequence[str], orders: int) -> list[Line]:
    """What the log of so many orders costs, for one of them."""
    return _lines(stage, ("logs.ingested", f"{len(written) / orders:g} log lines", log_bytes(written) / orders))


def log_bytes(written: Iterable[str]) -> int:
    return sum(len(line.encode()) + LOG_EVENT_BYTES for line in written)


def sums(calls: Iterable[Call]) -> dict[tuple[str, str], float]:
    """How much of what was used, by the name of its price and what it was for."""
    found: dict[tuple[str, str], float] = {}
    for call in calls:
        for price, what, quantity in _BILLED[call.service](call):
            if quantity:
                found[price, what] = found.get((price, what), 0) + quantity
    return found


def _around(stage: str, batch: int) -> list[Line]:
    """What Lambda and the event source mapping cost around the handler."""
    each = 1 / batch if stage in QUEUES else 1.0
    found = _lines(stage, ("sqs.request", "put there by a rule of the bus", 1)) if stage in BY_RULES else []
    if stage in QUEUES:
        found += _lines(stage, ("sqs.request", f"receive and delete, {batch} a batch", 2 * each))
    return [*found, *_lines(stage, ("lambda.request", "invocations", each))]


def _lines(stage: str, *parts: tuple[str, str, float]) -> list[Line]:
    """Of (price, what, quantity); what there is nothing of costs nothing."""
    prices = price_list()
    return [Line(stage, what, quantity, prices[price]) for price, what, quantity in parts if quantity > 0]


def _dynamodb(call: Call) -> Iterator[tuple[str, str, float]]:
    yield "dynamodb.write", f"{call.operation} {call.target}", call.writes
    yield "dynamodb.write", f"index entries of {call.operation} {call.target}", call.index_writes
    yield "dynamodb.read", f"{call.operation} {call.target}", call.reads


def _s3(call: Call) -> Iterator[tuple[str, str, float]]:
    price = "s3.get" if call.operation in ("GetObject", "HeadObject") else "s3.put"
    yield price, f"{call.operation} {call.target}", 1


_BILLED: dict[str, Callable[[Call], Iterable[tuple[str, str, float]]]] = {
    "dynamodb": _dynamodb,
    "sqs": lambda call: [("sqs.request", f"{call.operation} {call.target}", _chunks(call.payload))],
    "events": lambda call: [("events.event", f"events in {call.operation}", call.entries)],
    "sns": lambda call: [("sns.publish", f"{call.operation} {call.target}", _chunks(call.payload))],
    "s3": _s3,
    "ses": lambda call: [("ses.mail", call.operation, 1)],
    "stepfunctions": lambda _: (),  # starting an execution costs nothing; the states that it enters do
    "cloudwatch": lambda call: [("cloudwatch.request", call.operation, 1)],
}


def _chunks(payload: int) -> int:
    return max(1, math.ceil(payload / _CHUNK))


def total(bill: Iterable[Line], *stages: str) -> float:
    """USD for a million orders in these stages, without what carriers charge and what the other side keeps."""
    return sum(line.usd for line in bill if line.stage in stages and not line.others)


def other_sides_book(bill: Iterable[Line]) -> float:
    """USD for a million orders in the simulated payment provider's own table."""
    return sum(line.usd for line in bill if line.others == OTHER_SIDES_BOOK)


def of_service(bill: Iterable[Line], service: str, *stages: str) -> float:
    """USD for a million orders, without the other side's own book."""
    mine = (line for line in bill if line.others != OTHER_SIDES_BOOK)
    return sum(line.usd for line in mine if line.service == service and line.stage in stages)
