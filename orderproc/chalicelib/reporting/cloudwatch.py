"""Metrics put into CloudWatch by a call. Its client makes one call and no more: a repetition would count twice."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..kit.aws import certainly_not_done
from ..kit.errors import TemporarilyUnavailable
from ..kit.metric_names import NAMESPACE, REVENUE, STAGE
from ..kit.wiring import service

PERMISSIONS = {
    "put": ["cloudwatch:PutMetricData * orderproc"],
}


@service
class CloudWatchMetrics:
    client: Any
    stage: str

    def publish(self, values: Mapping[str, int | Decimal]) -> None:
        dimensions = [{"Name": STAGE, "Value": self.stage}]
        data = [
            {
                "MetricName": name,
                "Dimensions": dimensions,
                "Value": float(value),  # CloudWatch knows no decimals; exact money is at GET /admin/metrics
                "Unit": "None" if name == REVENUE else "Count",
            }
            for name, value in values.items()
        ]
        try:
            self.client.put_metric_data(Namespace=NAMESPACE, MetricData=data)
        except (ClientError, BotoCoreError) as error:
            if certainly_not_done(error):
                raise TemporarilyUnavailable("CloudWatch did not take the metrics.") from error
            raise
