"""Staff see the stage's alarms, each with its runbook."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import Stubber
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.operations.cloudwatch import CloudWatchAlarms
from chalicelib.operations.ports import Alarm

from infra.paths import TEMPLATES
from tests.contract.engines import client
from tests.packaging.cloudformation import load, of_type
from tests.support.api.gateway import Gateway
from tests.support.fakes.adapters import FakeAdapters

AT = datetime(2026, 11, 21, 14, 30, 25, 123000, UTC)
SINCE = "2026-11-21T14:30:25.123Z"


def alarm(name: str, state: str) -> Alarm:
    return Alarm(name, state, "Old orders.", "1 >= 1", SINCE, "docs/runbooks/orders-stuck.md")


def test_those_that_ring_come_first(api: Gateway, adapters: FakeAdapters) -> None:
    states = {"a": "OK", "b": "INSUFFICIENT_DATA", "d": "ALARM", "c": "ALARM"}
    adapters.alarms.found = [alarm(name, state) for name, state in states.items()]

    found = api.get("/admin/alarms", groups="admin").json["alarms"]

    assert [one["name"] for one in found] == ["c", "d", "b", "a"]
    assert found[0]["runbook"] == "docs/runbooks/orders-stuck.md"


def test_only_staff_see_them(api: Gateway) -> None:
    assert api.get("/admin/alarms", groups="other").status == 403


def test_that_cloudwatch_does_not_answer_is_said(api: Gateway, adapters: FakeAdapters) -> None:
    adapters.alarms.down = True

    assert api.get("/admin/alarms", groups="admin").status == 503


def described(**more: Any) -> dict[str, Any]:
    return {"AlarmName": "orderproc-blue-x", "StateValue": "OK", "StateUpdatedTimestamp": AT, **more}


def test_the_stages_alarms_are_read_with_their_runbooks() -> None:
    cloudwatch = client("cloudwatch", "http://127.0.0.1:1")
    text = "Orders are old. See https://wiki.example/runbooks/orders-stuck.md."
    with Stubber(cloudwatch) as scripted:
        asked = {"AlarmNamePrefix": "orderproc-blue-", "AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}
        whole = described(AlarmDescription=text, StateReason="calm")
        scripted.add_response("describe_alarms", {"MetricAlarms": [whole], "CompositeAlarms": [described()]}, asked)
        found = CloudWatchAlarms(cloudwatch, "orderproc-blue-").all()

    assert found == [
        Alarm("x", "OK", text, "calm", SINCE, "https://wiki.example/runbooks/orders-stuck.md"),
        Alarm("x", "OK", "", "", SINCE, None),
    ]


def test_a_cloudwatch_that_refuses_is_unavailable() -> None:
    cloudwatch = client("cloudwatch", "http://127.0.0.1:1")
    with Stubber(cloudwatch) as scripted:
        scripted.add_client_error("describe_alarms", "ThrottlingException", http_status_code=400)

        with pytest.raises(TemporarilyUnavailable):
            CloudWatchAlarms(cloudwatch, "orderproc-blue-").all()


def test_every_alarm_that_is_deployed_names_its_runbook_in_the_way_that_is_read() -> None:
    deployed = of_type(load(TEMPLATES / "alarms.yaml"), "AWS::CloudWatch::Alarm")
    texts = {name: one["AlarmDescription"]["Fn::Sub"] for name, one in deployed.items()}

    assert [name for name, text in texts.items() if not re.search(r"See \S+\.md\.$", text)] == []
