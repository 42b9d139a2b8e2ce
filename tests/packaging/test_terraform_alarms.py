"""The alarms that Terraform makes are CloudFormation's. What the local cloud says of an alarm leaves parts of it out,
so the two lists are compared here."""

import re
from typing import Any

import pytest
import yaml

from infra.paths import TEMPLATES
from tests.packaging import cloudformation
from tools.terraform.tables import TERRAFORM

MODULE = TERRAFORM / "modules" / "monitoring"
LISTED: dict[str, dict[str, Any]] = yaml.safe_load((MODULE / "alarms.yaml").read_text(encoding="utf-8"))
ALARMS = cloudformation.of_type(cloudformation.load(TEMPLATES / "alarms.yaml"), "AWS::CloudWatch::Alarm")


def _key(alarm: dict[str, Any]) -> str:
    return str(alarm["AlarmName"]["Fn::Sub"]).removeprefix("orderproc-${Stage}-")


def test_both_have_the_same_alarms_in_the_same_order() -> None:
    assert list(LISTED) == [_key(alarm) for alarm in ALARMS.values()]


@pytest.mark.parametrize("alarm", ALARMS.values(), ids=_key)
def test_an_alarm_is_the_same_in_both(alarm: dict[str, Any]) -> None:
    listed = LISTED[_key(alarm)]

    assert _made(_key(alarm), listed) == {
        name: _text(value) for name, value in alarm.items() if name not in ("AlarmActions", "OKActions")
    }


def test_every_alarm_notifies_the_topic_both_ways() -> None:
    text = (MODULE / "alarms.tf").read_text(encoding="utf-8")

    for argument in ("alarm_actions", "ok_actions"):
        assert re.search(rf"{argument}\s+= \[var\.alarms_topic_arn\]", text)
    assert all(
        alarm[name] == [{"Ref": "AlarmsTopicArn"}]
        for alarm in ALARMS.values()
        for name in ("AlarmActions", "OKActions")
    )


def _made(key: str, listed: dict[str, Any]) -> dict[str, Any]:
    """What alarms.tf makes of an entry, as CloudFormation writes it."""
    made = {
        "AlarmName": f"orderproc-${{Stage}}-{key}",
        "AlarmDescription": f"{listed['description']} See ${{RunbookUrl}}/{key}.md.",
        "EvaluationPeriods": listed.get("periods", 1),
        "Threshold": listed["threshold"],
        "ComparisonOperator": listed.get("operator", "GreaterThanOrEqualToThreshold"),
        "TreatMissingData": listed.get("missing_data", "notBreaching"),
    }
    if "queries" in listed:
        return {**made, "Metrics": [_query(one) for one in listed["queries"]]}
    metric = listed["metric"]
    named = {"Dimensions": _dimensions(metric["dimensions"])} if metric["dimensions"] else {}
    kinds = {"Statistic": "statistic", "ExtendedStatistic": "extended_statistic"}
    statistic = {name: listed[key] for name, key in kinds.items() if key in listed}
    return {
        **made,
        "Namespace": metric["namespace"],
        "MetricName": metric["name"],
        "Period": listed["period"],
        **named,
        **statistic,
    }


def _query(one: dict[str, Any]) -> dict[str, Any]:
    if "expression" in one:
        return {"Id": one["id"], "Label": one["label"], "Expression": one["expression"]}
    metric = {"Namespace": one["namespace"], "MetricName": one["metric"], "Dimensions": _dimensions(one["dimensions"])}
    return {
        "Id": one["id"],
        "ReturnData": False,
        "MetricStat": {"Metric": metric, "Stat": one["statistic"], "Period": one["period"]},
    }


def _dimensions(by_name: dict[str, str]) -> list[dict[str, str]]:
    return [
        {
            "Name": name,
            "Value": "${OrderStateMachineArn}" if name == "StateMachineArn" else value.replace("${stage}", "${Stage}"),
        }
        for name, value in by_name.items()
    ]


def _text(value: Any) -> Any:
    """The template's value with references as text."""
    if isinstance(value, list):
        return [_text(one) for one in value]
    if isinstance(value, dict):
        if len(value) == 1 and (referred := value.get("Ref")):
            return f"${{{referred}}}"
        return value["Fn::Sub"] if "Fn::Sub" in value else {name: _text(one) for name, one in value.items()}
    return value
