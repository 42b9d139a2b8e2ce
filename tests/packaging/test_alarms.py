"""An alarm watches what the code reports, under the names that it reports it by."""

import sys
from pathlib import Path

from chalicelib import metric_names

from infra.paths import TEMPLATES

sys.path.insert(0, str(Path(__file__).parent))
from cloudformation import load, of_type, ref


def test_the_alarm_on_contradictions_watches_the_inspectors_metric() -> None:
    alarm = of_type(load(TEMPLATES / "resources.yaml"), "AWS::CloudWatch::Alarm")["InconsistenciesAlarm"]

    assert (alarm["Namespace"], alarm["MetricName"]) == (metric_names.NAMESPACE, metric_names.INCONSISTENCIES)
    assert alarm["Dimensions"] == [{"Name": "Stage", "Value": ref("Stage")}]
    assert alarm["AlarmActions"] == alarm["OKActions"] == [ref("AlarmsTopic")]


def test_it_rings_at_the_first_one_and_not_while_nothing_is_reported() -> None:
    alarm = of_type(load(TEMPLATES / "resources.yaml"), "AWS::CloudWatch::Alarm")["InconsistenciesAlarm"]

    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (1, "GreaterThanOrEqualToThreshold")
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 3600  # one run of the inspector
