"""A line in the embedded metric format becomes metrics in the local cloud, as CloudWatch Logs makes them."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from typing import Any

import pytest
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from local.emulator.embedded_metrics import Point, points

NOW = 1_800_000_000.0


def line(*, sets: Any = (("Stage",),), metrics: Any = ({"Name": "Orders", "Unit": "Count"},), **root: Any) -> str:
    directive = {"Namespace": "shop", "Dimensions": sets, "Metrics": metrics}
    said = {"Timestamp": NOW * 1000, "CloudWatchMetrics": [directive]}
    return json.dumps({"_aws": said, "Stage": "blue", "Step": "charge", **root})


def found(text: str) -> list[Point]:
    return list(points(text, now=NOW))


def test_a_number_is_a_point_of_its_metric() -> None:
    assert found(line(Orders=3)) == [Point("shop", "Orders", 3.0, "Count", {"Stage": "blue"}, NOW)]


def test_an_array_is_several_points() -> None:
    assert [point.value for point in found(line(Orders=[1, 2.5]))] == [1.0, 2.5]


def test_each_set_of_dimensions_is_a_metric_of_its_own() -> None:
    several = found(line(sets=[["Stage"], ["Stage", "Step"], []], Orders=1))

    assert [point.dimensions for point in several] == [{"Stage": "blue"}, {"Stage": "blue", "Step": "charge"}, {}]


def test_a_metric_without_a_unit_has_none() -> None:
    assert found(line(metrics=[{"Name": "Orders"}], Orders=1))[0].unit == "None"


@pytest.mark.parametrize(
    "text",
    [
        "an ordinary line",
        '{"message": "an ordinary record"}',
        '{"_aws": "no metrics"}',
        '{"_aws": {"CloudWatchMetrics": []',
        line(),
        line(Orders="three"),
        line(Orders=True),
        line(Orders=[1] * 101),
        line(sets=[["Missing"]], Orders=1),
        line(sets=[["Orders"]], Orders=1),
    ],
)
def test_what_says_no_metric_yields_none(text: str) -> None:
    assert found(text) == []


def test_a_point_of_long_ago_or_far_ahead_is_refused() -> None:
    assert list(points(line(Orders=1), now=NOW + 15 * 24 * 3600)) == []
    assert list(points(line(Orders=1), now=NOW - 3 * 3600)) == []


def test_what_our_metrics_library_prints_is_understood() -> None:
    metrics = EphemeralMetrics(namespace="orderproc")
    metrics.add_dimension("Stage", "blue")
    metrics.add_metric("Discrepancies", MetricUnit.Count, 2)
    with redirect_stdout(io.StringIO()) as printed:
        metrics.flush_metrics()

    (point,) = points(printed.getvalue().strip())

    assert (point.namespace, point.name, point.value, point.unit) == ("orderproc", "Discrepancies", 2.0, "Count")
    assert point.dimensions == {"Stage": "blue"}
