"""The dashboard shows metrics that exist, the alarms that exist, in a body that CloudWatch takes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from infra.deploy import dashboard
from infra.deploy.stacks import body_of
from infra.paths import ROOT, TEMPLATES
from tests.packaging.cloudformation import load, of_type
from tests.packaging.test_alarms import ALARMS, AWS, OF_THE_ACCOUNT, OWN, name_of, values_of
from tests.support import alarm_costs

MACHINE = "${OrderStateMachineArn}"


@pytest.fixture(params=["free", "full"])
def widgets(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    monkeypatch.setenv("METRICS_PROFILE", request.param)
    shown: list[dict[str, Any]] = json.loads(dashboard.body())["widgets"]
    return shown


def metrics_of(widgets: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    for widget in widgets:
        yield from alarm_costs.metrics_of(widget)


def test_every_metric_is_one_that_our_code_or_aws_reports(widgets: list[dict[str, Any]]) -> None:
    for namespace, name, *dimensions in metrics_of(widgets):
        if namespace == "orderproc":
            assert name in OWN
            assert dimensions == ["Stage", "${Stage}"]
            continue
        expected, names = AWS[namespace]
        assert name in names
        assert dimensions[:1] == [expected] or (name in OF_THE_ACCOUNT and not dimensions)
        assert all(value in {*known_values(expected), MACHINE} for value in dimensions[1:])


@cache
def known_values(dimension: str) -> set[str]:
    if dimension == "TableName":
        tables = of_type(load(TEMPLATES / "resources.yaml"), "AWS::DynamoDB::Table").values()
        return {table["TableName"]["Fn::Sub"] for table in tables}
    return values_of(dimension)


def test_an_expression_calculates_with_what_its_widget_has(widgets: list[dict[str, Any]]) -> None:
    for widget in widgets:
        options = [row[-1] for row in widget["properties"].get("metrics", [])]
        ids = {option["id"] for option in options if "id" in option}
        for option in options:
            assert set(re.findall(r"[a-z]\w*", option.get("expression", ""))) <= ids


def test_business_stands_above_technology(widgets: list[dict[str, Any]]) -> None:
    rows = [(widget["y"], metric[0]) for widget in widgets for metric in alarm_costs.metrics_of(widget)]

    business = [y for y, namespace in rows if namespace == "orderproc"]
    technology = [y for y, namespace in rows if namespace.startswith("AWS/")]
    assert min(business) < min(technology)
    assert {name for name in OWN if "Order" in name or name == "Revenue"} <= {
        metric[1] for widget in widgets if widget["y"] < min(technology) for metric in alarm_costs.metrics_of(widget)
    }


def test_widgets_do_not_overlap_and_fit_the_grid(widgets: list[dict[str, Any]]) -> None:
    taken = [
        (x, y)
        for widget in widgets
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    ]

    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24


def test_it_shows_the_state_of_every_alarm(widgets: list[dict[str, Any]]) -> None:
    [shown] = [widget["properties"]["alarms"] for widget in widgets if widget["type"] == "alarm"]

    assert {arn.rpartition(":")[2] for arn in shown} == {name_of(alarm) for alarm in ALARMS.values()}


def test_the_free_profile_stays_within_what_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_PROFILE", "free")

    assert alarm_costs.dashboard_metrics() <= alarm_costs.FREE_DASHBOARD_METRICS


def test_the_full_profile_has_every_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_PROFILE", "full")
    shown = json.loads(dashboard.body())["widgets"]

    functions = {metric[3] for metric in metrics_of(shown) if metric[:2] == ("AWS/Lambda", "Duration")}
    assert len(functions) == len(dashboard.functions())


@pytest.mark.parametrize("profile", ["free", "full"])
def test_the_template_brings_the_body_and_is_still_taken(monkeypatch: pytest.MonkeyPatch, profile: str) -> None:
    monkeypatch.setenv("METRICS_PROFILE", profile)
    path = TEMPLATES / "dashboard.yaml"

    text = body_of(path)

    assert len(text.encode()) <= 51_200
    [line] = [line for line in text.splitlines() if "DashboardBody" in line]
    quoted = line.partition("!Sub '")[2].removesuffix("'").replace("''", "'")
    assert json.loads(quoted) == json.loads(dashboard.body())


def test_its_link_leads_to_the_index_of_the_runbooks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNBOOK_URL", "https://wiki.example/docs/runbooks")

    assert "[docs/runbooks](https://wiki.example/docs/runbooks/README.md)" in dashboard.body()
    assert (ROOT / "docs" / "runbooks" / "README.md").is_file()


def test_functions_are_those_that_are_deployed() -> None:
    from infra.deploy.post_deploy import FUNCTIONS

    assert set(dashboard.functions()) == set(FUNCTIONS)
