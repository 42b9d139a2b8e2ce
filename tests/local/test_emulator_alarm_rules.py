"""Alarms of the local cloud change state as AWS documents it: the tables are those of
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html."""

from __future__ import annotations

from typing import Any

import pytest

from local.emulator.alarm_rules import period, reason, series, state, windows
from local.emulator.metric_math import Series, Unsupported

TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
RETAINED = "RETAINED"


def alarm(**changed: Any) -> dict[str, Any]:
    return {
        "AlarmName": "an alarm",
        "Namespace": "shop",
        "MetricName": "Orders",
        "Dimensions": [],
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 3,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "StateValue": "OK",
        **changed,
    }


def points(text: str) -> Series:
    """`0` is a point that does not breach, `X` one that does, `-` none."""
    return [{"0": 0.0, "X": 1.0, "-": None}[mark] for mark in text.split()]


@pytest.mark.parametrize(
    ("needed", "data", "states"),
    [
        (3, "0 - X - X", ("OK", "OK", "OK", "OK")),
        (3, "0 - - - -", ("OK", "OK", "OK", "OK")),
        (3, "- - - - -", ("INSUFFICIENT_DATA", RETAINED, "ALARM", "OK")),
        (3, "0 X X - X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        (3, "- - X - -", ("ALARM", RETAINED, "ALARM", "OK")),
        (2, "0 - X - X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        (2, "0 0 X 0 X", ("ALARM", "ALARM", "ALARM", "ALARM")),
        (2, "0 - X - -", ("OK", "OK", "ALARM", "OK")),
        (2, "- - - - 0", ("OK", "OK", "ALARM", "OK")),
        (2, "- - - X -", ("ALARM", RETAINED, "ALARM", "OK")),
    ],
)
@pytest.mark.parametrize("before", ["OK", "ALARM", "INSUFFICIENT_DATA"])
def test_missing_data_are_treated_as_in_the_tables(
    needed: int, data: str, states: tuple[str, ...], before: str
) -> None:
    for treat, wanted in zip(TREATMENTS, states, strict=True):
        one = alarm(DatapointsToAlarm=needed, TreatMissingData=treat, StateValue=before)

        assert state(one, points(data)) == (before if wanted == RETAINED else wanted), treat


@pytest.mark.parametrize("data", ["- - - - X", "- - - X -"])
def test_a_late_breaching_point_alone_waits_for_the_next(data: str) -> None:
    assert state(alarm(TreatMissingData="missing"), points(data)) == "OK"


@pytest.mark.parametrize("data", ["- - - X 0", "- - X - 0"])
def test_and_the_next_one_decides(data: str) -> None:
    assert state(alarm(TreatMissingData="missing", StateValue="ALARM"), points(data)) == "OK"


@pytest.mark.parametrize(
    ("operator", "breaching"),
    [
        ("GreaterThanOrEqualToThreshold", (5.0, 6.0)),
        ("GreaterThanThreshold", (6.0,)),
        ("LessThanThreshold", (4.0,)),
        ("LessThanOrEqualToThreshold", (4.0, 5.0)),
    ],
)
def test_each_operator_compares_with_the_threshold(operator: str, breaching: tuple[float, ...]) -> None:
    one = alarm(ComparisonOperator=operator, Threshold=5, EvaluationPeriods=1)

    assert [value for value in (4.0, 5.0, 6.0) if state(one, [None, None, value]) == "ALARM"] == list(breaching)


def test_an_alarm_that_needs_all_its_periods_stays_calm_with_one_less() -> None:
    assert state(alarm(), points("0 0 0 X X")) == "OK"
    assert state(alarm(), points("0 0 X X X")) == "ALARM"


def test_anomaly_bands_are_refused_rather_than_guessed() -> None:
    with pytest.raises(Unsupported):
        state(alarm(ComparisonOperator="GreaterThanUpperThreshold"), points("0 0 0 0 0"))


def test_periods_end_with_the_last_full_minute_and_reach_two_farther() -> None:
    five_minutes = alarm(Period=300, EvaluationPeriods=1)

    assert windows(five_minutes, now=6030.0) == [(5100.0, 5400.0), (5400.0, 5700.0), (5700.0, 6000.0)]
    assert windows(five_minutes, now=6060.0)[-1] == (5760.0, 6060.0)


def test_a_period_below_a_minute_has_its_own_step() -> None:
    assert windows(alarm(Period=10, EvaluationPeriods=1), now=6035.0)[-1] == (6020.0, 6030.0)


def test_a_scale_shortens_periods_and_steps() -> None:
    assert windows(alarm(EvaluationPeriods=1), now=6031.0, scale=0.1)[-1] == (6024.0, 6030.0)


def query(name: str, metric: str, *, shown: bool = False, seconds: int = 60) -> dict[str, Any]:
    stat = {"Metric": {"Namespace": "shop", "MetricName": metric}, "Period": seconds, "Stat": "Sum"}
    return {"Id": name, "MetricStat": stat, "ReturnData": shown}


def rate(expression: str) -> dict[str, Any]:
    queries = [{"Id": "rate", "Expression": expression, "ReturnData": True}]
    return alarm(Metrics=[*queries, query("failed", "Failed"), query("all", "All", seconds=300)])


def test_an_alarm_on_metric_math_watches_the_expression_that_is_returned() -> None:
    data: dict[str, Series] = {"Failed": [1.0, None], "All": [4.0, 2.0]}
    one = rate("100 * FILL(failed, 0) / all")

    assert series(one, lambda stat: data[stat["Metric"]["MetricName"]], 2) == [25.0, 0.0]
    assert period(one) == 300


def test_an_alarm_watches_one_thing() -> None:
    one = rate("failed / all")
    one["Metrics"].append(query("more", "More", shown=True))

    with pytest.raises(Unsupported, match="exactly one"):
        series(one, lambda stat: [2.0], 1)


@pytest.mark.parametrize("expression", ["ANOMALY_DETECTION_BAND(failed, 2)", "failed / unknown", "rate + 1"])
def test_what_math_lacks_is_an_error_that_says_so(expression: str) -> None:
    with pytest.raises(Unsupported):
        series(rate(expression), lambda stat: [1.0], 1)


def test_the_unit_of_an_alarm_chooses_the_data() -> None:
    assert series(alarm(Unit="Count"), lambda stat: [1.0 if stat["Unit"] == "Count" else None], 1) == [1.0]


def test_the_reason_names_the_numbers_that_decided() -> None:
    assert "[3, 4, 5]" in reason(alarm(), [9.0, 3.0, 4.0, None, 5.0], "ALARM")
    assert "0 datapoint(s) [] of 3 (missing data: missing)" in reason(alarm(), [None] * 5, "INSUFFICIENT_DATA")
