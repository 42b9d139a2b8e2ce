"""What the orders' stream is set to after a deployment: which changes are counted, and where failures go."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chalicelib.orders.model import Order
from chalicelib.reporting.facts import new_facts
from hypothesis import given

from infra.deploy import stream_mapping
from infra.errors import Refusal
from tests.support.builders.generated_histories import histories
from tests.support.stream import changes_in, record

STREAM = "arn:aws:dynamodb:eu-west-1:123456789012:table/orderproc-test-orders/stream/2026-11-21T12:00:16.652"
QUEUES = "arn:aws:sqs:eu-west-1:123456789012:orderproc-test-"
OUTPUTS = {
    "OrdersStreamArn": STREAM,
    "MetricsDlqArn": f"{QUEUES}metrics-dlq",
    "SearchDlqArn": f"{QUEUES}search-dlq",
}
FUNCTION = "count_orders"
NAME = f"orderproc-test-{FUNCTION}"


class InUse(Exception):
    """As boto3 raises it while a mapping is on its way."""


class Functions:
    """Lambda's mappings of one function. As AWS does it adds what nobody set, and writes patterns in its own way."""

    class exceptions:  # noqa: N801 - boto3's name
        ResourceInUseException = InUse

    def __init__(self, busy: int = 0) -> None:
        self.busy, self.updates = busy, 0
        self.mapping: dict[str, Any] = {"UUID": "1", "EventSourceArn": STREAM, "State": "Enabled", "BatchSize": 1000}

    def list_event_source_mappings(self, FunctionName: str) -> dict[str, Any]:  # noqa: N803
        other = {"UUID": "2", "EventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:other"}
        return {"EventSourceMappings": [other, self.mapping]}

    def update_event_source_mapping(self, UUID: str, **wanted: Any) -> None:  # noqa: N803
        assert UUID == "1"
        if self.busy:
            self.busy -= 1
            raise InUse
        self.updates += 1
        filters = [
            {"Pattern": json.dumps(json.loads(f["Pattern"]), indent=1)} for f in wanted["FilterCriteria"]["Filters"]
        ]
        destination = {**wanted["DestinationConfig"], "OnSuccess": {}}
        self.mapping |= {**wanted, "FilterCriteria": {"Filters": filters[::-1]}, "DestinationConfig": destination}


def applied(functions: Functions) -> Functions:
    stream_mapping.apply(functions, NAME, FUNCTION, OUTPUTS)  # type: ignore[arg-type]
    return functions


def problems(functions: Functions) -> list[str]:
    return stream_mapping.problems(functions, NAME, FUNCTION, OUTPUTS)  # type: ignore[arg-type]


def matches(pattern: Any, found: Any) -> bool:
    """As far as ours go: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html"""
    if isinstance(pattern, list):
        return found in pattern
    return all(name in found and matches(inner, found[name]) for name, inner in pattern.items())


def passes(one: dict[str, Any], function: str = FUNCTION) -> bool:
    filters = stream_mapping.settings(function, OUTPUTS)["FilterCriteria"]["Filters"]
    return any(matches(json.loads(each["Pattern"]), one) for each in filters)


@given(histories())
def test_every_change_that_brings_something_to_count_passes(states: list[Order]) -> None:
    for change in changes_in(states):
        assert passes(record(change)) or new_facts(change.before, change.after) == []


def test_removals_and_what_happens_on_the_way_to_payment_do_not() -> None:
    removed = {"eventName": "REMOVE", "dynamodb": {"OldImage": {"status": {"S": "COMPLETED"}}}}
    under_way = {"eventName": "MODIFY", "dynamodb": {"NewImage": {"status": {"S": "PAYMENT_PROCESSING"}}}}

    assert not passes(removed)
    assert not passes(under_way)


@pytest.mark.parametrize("event", ["INSERT", "MODIFY", "REMOVE"])
def test_every_change_reaches_the_searchs_index_unless_it_is_switched_off(
    event: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = {"eventName": event, "dynamodb": {"NewImage": {"status": {"S": "PENDING"}}}}
    assert passes(one, "index_orders")

    monkeypatch.setenv("ORDER_SEARCH", "off")

    assert not passes(one, "index_orders")


def test_each_reader_has_dead_letters_of_its_own() -> None:
    destinations = {
        stream_mapping.settings(function, OUTPUTS)["DestinationConfig"]["OnFailure"]["Destination"]
        for function in stream_mapping.DEAD_LETTERS
    }

    assert destinations == {OUTPUTS["MetricsDlqArn"], OUTPUTS["SearchDlqArn"]}


def test_a_mapping_just_made_is_set() -> None:
    functions = Functions()
    assert problems(functions) != []

    applied(functions)

    assert problems(functions) == []
    assert functions.mapping["BisectBatchOnFunctionError"] is True
    assert functions.mapping["MaximumRetryAttempts"] > 0
    assert functions.mapping["DestinationConfig"]["OnFailure"]["Destination"].endswith("metrics-dlq")


def test_a_mapping_that_is_set_is_left_alone() -> None:
    assert applied(applied(Functions())).updates == 1


def test_a_mapping_that_is_on_its_way_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.deploy.stream_mapping.time.sleep", lambda seconds: None)

    assert applied(Functions(busy=3)).updates == 1
    with pytest.raises(Refusal, match="deploy again"):
        applied(Functions(busy=1000))


@pytest.mark.parametrize("name", ["DestinationConfig", "FilterCriteria", "MaximumRecordAgeInSeconds"])
def test_a_setting_that_was_lost_is_a_problem(name: str) -> None:
    functions = applied(Functions())
    del functions.mapping[name]

    [problem] = problems(functions)
    assert NAME in problem


def test_an_outage_of_half_an_hour_loses_nothing_and_neither_does_waiting_for_what_cannot_be_read() -> None:
    """A try that meets a silent dependency takes ten seconds. Lambda repeats once a minute at the slowest."""
    wanted = stream_mapping.settings(FUNCTION, OUTPUTS)

    assert wanted["MaximumRetryAttempts"] * 10 >= 30 * 60
    assert wanted["MaximumRetryAttempts"] * 60 <= wanted["MaximumRecordAgeInSeconds"] / 2
