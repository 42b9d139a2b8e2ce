"""What AWS bills for an order: each SDK call of the ledger, and what is billed though it is no call of ours."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.drive import ACCEPT, MAIL, NOTIFY, PROCESS, STAGES, Timing
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
_FUNCTIONS = {ACCEPT: "api_handler", PROCESS: "process_orders", NOTIFY: "notify", MAIL: "mail_receipt"}
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
    takes as much for each of its orders, since it is worked off one by one."""
    functions = tracked_config()["stages"]["local"]["lambda_functions"]
    memory = functions[_FUNCTIONS.get(stage, stage)]["lambda_memory_size"]
    cpu, wall = (statistics.quantiles(times, n=10)[0] * 1000 for times in (timing.cpu, timing.wall))
    return Duration(memory, cpu, max(0.0, wall - cpu))


def lines(
    calls: Sequence[Call],
    *,
    orders: int,
    batch: int,
    answer_bytes: int,
    logged: dict[str, list[str]],
    durations: dict[str, Duration],
) -> list[Line]:
    """The bill of one order, out of the calls that `orders` of them made in batches of `batch`."""
    found = list(gateway(answer_bytes))
    for stage in STAGES:
        found += _calls([call for call in calls if call.stage == stage], stage, orders)
        found += _around(stage, batch, logged[stage], orders, durations[stage])
    return [line for line in found if line.quantity]


def gateway(answer_bytes: int, route: str = "POST /orders") -> Iterator[Line]:
    """What API Gateway costs, and the answer's way to the client."""
    prices = price_list()
    yield Line(ACCEPT, route, 1, prices["apigateway.request"])
    yield Line(ACCEPT, "the answer, with its headers", answer_bytes, prices["transfer.out"])


def _calls(calls: Sequence[Call], stage: str, orders: int) -> Iterator[Line]:
    for (price, what), quantity in sums(calls).items():
        yield Line(stage, what, quantity / orders, price_list()[price])


def sums(calls: Sequence[Call]) -> dict[tuple[str, str], float]:
    """How much of what was used, by the name of its price and what it was for."""
    found: dict[tuple[str, str], float] = {}
    for call in calls:
        for price, what, quantity in _BILLED[call.service](call):
            if quantity:
                found[price, what] = found.get((price, what), 0) + quantity
    return found


def _around(stage: str, batch: int, logged: Sequence[str], orders: int, duration: Duration) -> Iterator[Line]:
    """What Lambda and the event source mapping cost around the handler."""
    prices, each = price_list(), 1 / batch if stage in (PROCESS, NOTIFY) else 1.0
    if stage in (PROCESS, NOTIFY):
        yield Line(stage, f"receive and delete, {batch} a batch", 2 * each, prices["sqs.request"])
    yield Line(stage, "invocations", each, prices["lambda.request"])
    time = f"{duration.cpu + duration.waiting:.1f} ms of {duration.memory} MB"
    yield Line(stage, time, duration.gb_seconds, prices[GB_SECOND])
    written = sum(len(line.encode()) + LOG_EVENT_BYTES for line in logged) / orders
    yield Line(stage, f"{len(logged) / orders:g} log lines", written, prices["logs.ingested"])


def _dynamodb(call: Call) -> Iterator[tuple[str, str, float]]:
    yield "dynamodb.write", f"{call.operation} {call.target}", call.writes
    yield "dynamodb.write", f"index entries of {call.operation} {call.target}", call.index_writes
    yield "dynamodb.read", f"{call.operation} {call.target}", call.reads


def _sqs(call: Call) -> Iterator[tuple[str, str, float]]:
    yield "sqs.request", f"{call.operation} {call.target}", _chunks(call.payload)


def _events(call: Call) -> Iterator[tuple[str, str, float]]:
    yield "events.event", f"events in {call.operation}", call.entries


def _sns(call: Call) -> Iterator[tuple[str, str, float]]:
    yield "sns.publish", f"{call.operation} {call.target}", _chunks(call.payload)


def _s3(call: Call) -> Iterator[tuple[str, str, float]]:
    reading = call.operation in ("GetObject", "HeadObject")
    yield "s3.get" if reading else "s3.put", f"{call.operation} {call.target}", 1


def _ses(call: Call) -> Iterator[tuple[str, str, float]]:
    yield "ses.mail", call.operation, 1


def _cloudwatch(call: Call) -> Iterator[tuple[str, str, float]]:
    yield "cloudwatch.request", call.operation, 1


def _stepfunctions(_call: Call) -> Iterator[tuple[str, str, float]]:
    """Starting an execution costs nothing; the states that it enters do."""
    yield from ()


_BILLED: dict[str, Callable[[Call], Iterator[tuple[str, str, float]]]] = {
    "dynamodb": _dynamodb,
    "sqs": _sqs,
    "events": _events,
    "sns": _sns,
    "s3": _s3,
    "ses": _ses,
    "stepfunctions": _stepfunctions,
    "cloudwatch": _cloudwatch,
}


def _chunks(payload: int) -> int:
    return max(1, math.ceil(payload / _CHUNK))


def total(bill: Sequence[Line], *stages: str) -> float:
    """USD for a million orders in these stages, without what carriers charge and what the other side keeps."""
    return sum(line.usd for line in bill if line.stage in stages and not line.others)


def other_sides_book(bill: Sequence[Line]) -> float:
    """USD for a million orders in the simulated payment provider's own table."""
    return sum(line.usd for line in bill if line.others == OTHER_SIDES_BOOK)


def of_service(bill: Sequence[Line], stage: str, service: str) -> float:
    """USD for a million orders, without the other side's own book."""
    mine = (line for line in bill if line.others != OTHER_SIDES_BOOK)
    return sum(line.usd for line in mine if (line.stage, line.service) == (stage, service))
