"""The stage's alarms in CloudWatch."""

from __future__ import annotations

import re
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..kit.clock import to_iso
from ..kit.errors import TemporarilyUnavailable
from ..kit.wiring import service
from .ports import Alarm

PERMISSIONS = {
    "alarms": ["cloudwatch:DescribeAlarms *"],
}
_KINDS = ("MetricAlarms", "CompositeAlarms")
_RUNBOOK = re.compile(r"See (\S+\.md)\.$")
"""How the description of each alarm ends (infra/cloudformation/alarms.yaml)."""


@service
class CloudWatchAlarms:
    client: Any
    prefix: str

    def all(self) -> list[Alarm]:
        try:
            pages = self.client.get_paginator("describe_alarms").paginate(
                AlarmNamePrefix=self.prefix, AlarmTypes=["MetricAlarm", "CompositeAlarm"]
            )
            found = [alarm for page in pages for kind in _KINDS for alarm in page.get(kind, [])]
        except (ClientError, BotoCoreError) as error:
            raise TemporarilyUnavailable("CloudWatch does not say how the alarms are.") from error
        return [self._alarm(alarm) for alarm in found]

    def _alarm(self, found: dict[str, Any]) -> Alarm:
        description = found.get("AlarmDescription", "")
        runbook = _RUNBOOK.search(description)
        return Alarm(
            found["AlarmName"].removeprefix(self.prefix),
            found["StateValue"],
            description,
            found.get("StateReason", ""),
            to_iso(found["StateUpdatedTimestamp"]),
            runbook[1] if runbook else None,
        )
