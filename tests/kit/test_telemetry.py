"""What a process measures of itself, and what the lines about it cost."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby
from types import SimpleNamespace
from typing import Any

import pytest
from chalicelib.kit import emf
from chalicelib.kit import metric_names as names
from chalicelib.kit.config import Runtime
from chalicelib.kit.errors import OutOfStock, StaleOrder
from chalicelib.kit.jsonio import dumps
from chalicelib.kit.telemetry import INTERVAL, SAMPLE, Telemetry

from bench import bill
from bench.prices import price_list


@dataclass
class Process:
    """One that invocations, steps and calls can be made in, on a clock that only this moves."""

    profile: str = "free"
    function: str = "process_orders"
    now: float = 1000.0
    lines: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        runtime = Runtime("prod", self.function, self.profile == "full")
        self.telemetry = Telemetry(self.lines.append, lambda: runtime, lambda: self.now)

    def invoke(self, *acts: Callable[[], None], status: int = 200) -> None:
        def handler(_event: Any) -> Any:
            for act in acts:
                act()
            return SimpleNamespace(status_code=status)

        self.telemetry.measured({}, handler)

    def call(self, name: str = "dynamodb.GetItem", ms: int = 5, retries: int = 0) -> Callable[[], None]:
        service, operation = name.split(".")

        def act() -> None:
            self.now += ms / 1000
            self.telemetry.called(service, operation, ms, retries)

        return act

    def step(self, name: str, ms: int = 5, error: Exception | None = None) -> Callable[[], None]:
        def act() -> None:
            with self.telemetry.step(name):
                self.now += ms / 1000
                if error:
                    raise error

        return act


@pytest.fixture
def process() -> Process:
    return Process()


@pytest.fixture
def warm(process: Process) -> Process:
    """Its first invocation is over and told."""
    process.invoke()
    process.lines.clear()
    return process


def shape_of(line: dict[str, Any]) -> dict[str, Any]:
    return {
        metric["Name"]: line[metric["Name"]] for part in line["_aws"]["CloudWatchMetrics"] for metric in part["Metrics"]
    }


def test_the_first_invocation_is_told_at_once_and_is_a_cold_start(process: Process) -> None:
    process.invoke(process.call(ms=7))

    [line] = process.lines
    assert (line["function"], line["cold"], line["invocations"]) == ("process_orders", 1, {"n": 1, "ms": 7, "max": 7})
    assert shape_of(line) == {"DependencyLatency": [7], "StepRetries": 0}


def test_when_all_is_well_there_is_a_line_in_five_minutes(warm: Process) -> None:
    for _ in range(60):
        warm.invoke(warm.call())
        warm.now += 10

    [line] = warm.lines
    assert "cold" not in line
    assert 29 <= line["invocations"]["n"] <= 31
    assert INTERVAL == 300


def test_what_failed_is_told_at_once(warm: Process) -> None:
    with pytest.raises(RuntimeError):
        warm.invoke(warm.step("reserve", error=RuntimeError("a bug")))

    [line] = warm.lines
    assert (line["errors"], line["steps"]["reserve"]["errors"]) == (1, 1)


@pytest.mark.parametrize(("status", "errors"), [(201, None), (404, None), (499, None), (500, 1), (503, 1)])
def test_an_answer_of_500_is_an_error_and_one_of_400_is_not(warm: Process, status: int, errors: int | None) -> None:
    warm.invoke(status=status)
    warm.now += INTERVAL
    warm.invoke()

    assert warm.lines[0].get("errors") == errors


@pytest.mark.parametrize("error", [OutOfStock(["MUG001"]), StaleOrder("again")])
def test_a_step_that_says_no_did_what_it_is_for(warm: Process, error: Exception) -> None:
    with pytest.raises(type(error)):
        warm.step("reserve", error=error)()

    assert (warm.telemetry.work.step, warm.telemetry.work.ms) == ("", {"reserve": 5})


def test_a_throttle_and_a_dead_letter_are_told_at_once(warm: Process) -> None:
    warm.invoke(lambda: warm.telemetry.call_failed("dynamodb", "PutItem", throttled=True), warm.call(retries=1))
    warm.invoke(warm.telemetry.message_again, warm.telemetry.gave_up)

    throttled, gave_up = warm.lines
    assert (throttled["throttled"], throttled["throttledCall"]) == (1, "dynamodb.PutItem")
    assert (throttled["retries"], throttled["calls"]["dynamodb"]["errors"]) == (1, 1)
    assert (gave_up["gaveUp"], gave_up["StepRetries"]) == (1, 1)


def test_the_slowest_call_is_named(warm: Process) -> None:
    warm.now += INTERVAL
    warm.invoke(warm.call(ms=5), warm.call("s3.PutObject", ms=80), warm.call("sqs.SendMessage", ms=9))

    [line] = warm.lines
    assert (line["slowest"], line["slowestMs"]) == ("s3.PutObject", 80)
    assert line["calls"]["s3"] == {"n": 1, "ms": 80, "max": 80}


def test_nothing_is_told_twice(warm: Process) -> None:
    for _ in range(2):
        warm.now += INTERVAL
        warm.invoke(warm.call())

    assert [line["calls"]["dynamodb"]["n"] for line in warm.lines] == [1, 1]


def test_of_many_values_a_fair_sample_is_told_with_their_true_number(warm: Process) -> None:
    random.seed(5)
    means: list[float] = []
    for _ in range(40):
        warm.now += INTERVAL
        warm.invoke(*[warm.call(ms=ms) for ms in range(1000)])
        values = warm.lines[-1]["DependencyLatency"]
        means.append(sum(values) / len(values))
        assert len(values) == SAMPLE <= emf.MAX_VALUES

    assert {line["calls"]["dynamodb"]["n"] for line in warm.lines} == {1000}
    assert abs(sum(means) / len(means) - 500) < 25  # of uniform values, standard error 6.5


def busy(profile: str) -> list[dict[str, Any]]:
    """All that a process can tell."""
    process = Process(profile)
    process.invoke(process.call(), process.step("reserve"), process.telemetry.message_again)
    with pytest.raises(RuntimeError):
        process.invoke(process.step("charge", error=RuntimeError()), process.telemetry.gave_up)
    process.invoke(
        lambda: process.telemetry.call_failed("sqs", "SendMessage", throttled=True), process.call("s3.GetObject")
    )
    return process.lines


@pytest.mark.parametrize("profile", ["free", "full"])
def test_each_metric_that_is_told_is_in_the_list_with_its_unit_and_dimensions(profile: str) -> None:
    listed = {(m.name, m.unit, m.dimensions) for m in (names.METRICS if profile == "full" else names.FREE)}

    told = {
        (metric["Name"], metric["Unit"], tuple(dimensions))
        for line in busy(profile)
        for part in line["_aws"]["CloudWatchMetrics"]
        for dimensions in part["Dimensions"]
        for metric in part["Metrics"]
    }

    assert told <= listed
    by_jobs = {m for m in listed if m[0] in JOBS or m[0] == names.DISCREPANCIES}
    assert told == listed - by_jobs


JOBS = {
    *(names.ORDERS_PLACED, names.ORDERS_COMPLETED, names.ORDERS_FAILED, names.REVENUE),
    *(names.ORDERS_STUCK, names.ORDERS_NEEDING_ATTENTION, names.ORDERS_MISSING),
}


@pytest.mark.parametrize("profile", ["free", "full"])
def test_each_line_is_as_the_specification_has_it(profile: str) -> None:
    for line in busy(profile):
        assert abs(line["_aws"]["Timestamp"]) > 1_600_000_000_000
        for part in line["_aws"]["CloudWatchMetrics"]:
            assert part["Namespace"] == "orderproc"
            for dimension in [name for dimensions in part["Dimensions"] for name in dimensions]:
                assert isinstance(line[dimension], str)
                assert line[dimension]
            for metric in part["Metrics"]:
                values = line[metric["Name"]]
                assert isinstance(values, int) or (1 <= len(values) <= 100 and all(isinstance(v, int) for v in values))
        assert json.loads(dumps(line)) == line


def test_the_free_profile_has_ten_metrics_with_the_stage_as_only_dimension() -> None:
    assert len(names.FREE) == 10
    assert {metric.dimensions for metric in names.FREE} == {("Stage",)}


def test_no_metric_is_listed_twice_and_each_has_a_meaning() -> None:
    keys = sorted((metric.name, metric.dimensions) for metric in names.METRICS)

    assert [key for key, same in groupby(keys) if len(list(same)) > 1] == []
    assert all(metric.meaning and metric.unit in ("Count", "Milliseconds", "None") for metric in names.METRICS)


CALLS = {  # of an order on its way through the workflow `queue`: docs/benchmarks/costs.md
    "api_handler": ["dynamodb.PutItem", "sqs.SendMessage"],
    "process_orders": [
        *("dynamodb.GetItem", "dynamodb.BatchGetItem", "dynamodb.TransactWriteItems", "dynamodb.PutItem"),
        *("dynamodb.UpdateItem", "dynamodb.TransactWriteItems", "sns.PublishBatch", "events.PutEvents"),
    ],
    "notify": ["dynamodb.GetItem", "s3.PutObject", "s3.PutObject"],
    "mail_receipt": ["dynamodb.GetItem", "s3.GetObject", "dynamodb.PutItem", "ses.SendRawEmail"],
}
STEPS = {
    "process_orders": ["validate", "reserve", "charge", "complete", "publish"],
    "notify": ["receipt"],
    "mail_receipt": ["mail"],
}


def test_for_a_million_orders_a_month_it_costs_less_than_two_cents() -> None:
    """Evenly over the month, so that each function has one process: in bursts a line tells of more orders."""
    each_seconds = 30 * 24 * 3600 / 1_000_000
    orders, told = 4000, 0

    for function, calls in CALLS.items():
        process = Process(function=function)
        for _ in range(orders):
            process.now += each_seconds
            process.invoke(
                *[process.call(name, random.choice([4, 7, 12, 25])) for name in calls],
                *[process.step(name) for name in STEPS.get(function, [])],
            )
        told += sum(len(dumps(line).encode()) + bill.LOG_EVENT_BYTES for line in process.lines)

    usd = price_list()["logs.ingested"].of(told / orders * bill.MILLION)
    assert 0.001 < usd < 0.02
