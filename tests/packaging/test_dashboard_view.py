"""What `make dashboard` makes of the deployed body: what it asks CloudWatch, and the picture in the terminal."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from botocore.stub import ANY, Stubber
from rich.console import Console

from infra.deploy import dashboard
from infra.errors import Refusal
from infra.ops import dashboard_terminal
from infra.ops.dashboard_data import Alarm, Panel, Picture, Reader, Series, queries_of
from infra.ops.show_dashboard import address
from infra.target import Target
from tests.contract.engines import client as aws_client

START = 1_800_000_000.0


class Session:
    """Of boto3, with a CloudWatch that a test scripts."""

    def __init__(self) -> None:
        self.cloudwatch = aws_client("cloudwatch", "http://127.0.0.1:1")

    def client(self, *_: Any, **__: Any) -> Any:
        return self.cloudwatch


@pytest.fixture
def session() -> Session:
    return Session()


def target(session: Any, partition: str = "aws") -> Target:
    return Target("prod", "eu-west-1", "123456789012", partition, None, session)


def series(label: str, *values: float, stat: str = "Sum") -> Series:
    return Series(label, "#1f77b4", stat, 60, [(START + 60 * i, value) for i, value in enumerate(values)])


def picture(*panels: Panel) -> Picture:
    return Picture("orderproc-prod", START, START + 600, list(panels))


def test_each_row_becomes_a_query_with_the_widgets_period_and_statistic_or_its_own() -> None:
    rows = [
        ["AWS/SQS", "Age", "QueueName", "a", {"stat": "Maximum", "id": "a"}],
        [".", ".", ".", "b", {"period": 300, "visible": False, "id": "b"}],
        [{"expression": "a/b", "label": "share"}],
    ]

    queries = [query for query, _ in queries_of({"metrics": rows, "stat": "Sum", "period": 60})]

    assert [query["MetricStat"]["Metric"]["Dimensions"][0]["Value"] for query in queries[:2]] == ["a", "b"]
    assert [(q["MetricStat"]["Stat"], q["MetricStat"]["Period"]) for q in queries[:2]] == [
        ("Maximum", 60),
        ("Sum", 300),
    ]
    assert [query["ReturnData"] for query in queries] == [True, False, True]
    assert queries[2]["Expression"] == "a/b"


def test_one_number_over_the_whole_time_calculates_with_sums() -> None:
    rows = [["orderproc", "A", {"id": "a"}], [{"expression": "100*a/(a+b)"}], ["orderproc", "B", {"id": "b"}]]

    queries = [query for query, _ in queries_of({"metrics": rows, "stat": "Sum"}, whole=True)]

    assert queries[1]["Expression"] == "100*SUM(a)/(SUM(a)+SUM(b))"


def test_the_reader_shows_the_deployed_widgets_with_their_numbers_and_alarms(session: Session) -> None:
    body = json.loads(dashboard.body().replace("${Stage}", "prod"))
    body["widgets"] = [
        widget for widget in body["widgets"] if widget["properties"].get("title") in ("Alarms", "Orders")
    ]
    at = datetime.now(UTC)
    results = [{"Id": name, "Timestamps": [at, at], "Values": [2.0, 3.0]} for name in ("m0", "c", "f")]
    alarms = [
        {"AlarmName": "orderproc-prod-orders-age", "StateValue": "OK"},
        {"AlarmName": "orderproc-prod-orders-dlq", "StateValue": "ALARM"},
    ]
    with Stubber(session.cloudwatch) as scripted:
        scripted.add_response("get_dashboard", {"DashboardBody": json.dumps(body)})
        scripted.add_response("describe_alarms", {"MetricAlarms": alarms}, {"AlarmNames": ANY, "MaxRecords": 100})
        scripted.add_response("get_metric_data", {"MetricDataResults": results})
        shown = Reader(target(session)).picture(3600)

    by_title = {panel.title: panel for panel in shown.panels}
    assert [alarm.name for alarm in by_title["Alarms"].alarms] == ["orders-dlq", "orders-age"]
    assert [(s.label, s.number) for s in by_title["Orders"].series] == [("Placed", 5), ("Completed", 5), ("Failed", 5)]


def test_a_stage_without_a_dashboard_is_refused(session: Session) -> None:
    with Stubber(session.cloudwatch) as scripted:
        scripted.add_client_error("get_dashboard", "ResourceNotFound", http_status_code=404)

        with pytest.raises(Refusal, match="no dashboard"):
            Reader(target(session)).body()


@pytest.mark.parametrize(
    ("partition", "domain"),
    [("aws", "eu-west-1.console.aws.amazon.com"), ("aws-cn", "console.amazonaws.cn")],
)
def test_on_aws_the_dashboard_is_in_the_console(session: Session, partition: str, domain: str) -> None:
    found = address(target(session, partition))

    assert found == f"https://{domain}/cloudwatch/home?region=eu-west-1#dashboards/dashboard/orderproc-prod"


def test_a_sparkline_fills_its_time_and_leaves_gaps() -> None:
    gap = Series("x", "", "Sum", 60, [(START, 1), (START + 60, 8), (START + 240, 0)])

    assert dashboard_terminal.sparkline(gap, START, START + 300, 10) == "▂▂██    ▁▁"


@pytest.mark.parametrize(("value", "text"), [(None, "–"), (0, "0"), (12.34, "12.3"), (1234.5, "1,234")])
def test_numbers_are_for_people(value: float | None, text: str) -> None:
    assert dashboard_terminal.number(value) == text


def test_counts_are_added_up_and_of_others_the_last_one_stands() -> None:
    assert series("orders", 1, 2, 3).number == 6
    assert series("age", 1, 2, 3, stat="Maximum").number == 3
    assert series("none").number is None


@pytest.mark.parametrize("width", [80, 140])
def test_the_terminal_shows_ringing_alarms_with_what_they_mean(width: int) -> None:
    ringing = Alarm("orders-dlq", "ALARM", "Messages were given up on.", "1 >= 1")
    shown = picture(
        Panel("alarm", "Alarms", 0, 0, 24, 4, alarms=[ringing, Alarm("orders-age", "OK", "Old.", "")]),
        Panel("timeSeries", "Orders", 0, 4, 12, 6, series=[series("Placed", 3, 4)]),
        Panel("singleValue", "Now", 12, 4, 12, 3, series=[series("Stuck", 0)]),
    )
    console = Console(width=width, record=True, file=StringIO())
    console.print(dashboard_terminal.render(shown, width))

    text = console.export_text()
    assert "● orders-dlq" in text
    assert "Messages were given up on." in text
    assert "Old." not in text
    assert re.search(r"Placed.*█.*7", text)


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_the_terminal_cuts_no_number_and_keeps_labels_apart(width: int) -> None:
    labels = ["Placed today", "Completed", "Awaiting staff", "Revenue (EUR)"]
    values = [19366, 1234567, 1002003004, 88888]
    numbers = [series(label, value) for label, value in zip(labels, values, strict=True)]
    shown = picture(
        Panel("singleValue", "Today", 0, 0, 12, 3, series=numbers),
        Panel("timeSeries", "Orders", 12, 0, 12, 6, series=numbers),
        Panel("singleValue", "Whole row", 0, 6, 24, 3, series=numbers),
    )
    console = Console(width=width, record=True, file=StringIO())
    console.print(dashboard_terminal.render(shown, width))

    text = console.export_text()
    for label, value in zip(labels, values, strict=True):
        assert len(re.findall(rf"(?<![\d,]){value:,}(?![\d,])", text)) == 3, text
        assert len(re.findall(rf"(?<!\w){re.escape(label)}(?= )", text)) == 3, text
    assert all(len(line) <= width for line in text.splitlines())
