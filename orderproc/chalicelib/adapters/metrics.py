"""Metrics in CloudWatch's embedded format: a line of the log that becomes a metric, without a call.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..domain.inspection import Kind

NAMESPACE = "orderproc"
ALL = "Inconsistencies"


@dataclass(frozen=True)
class Metrics:
    stage: str

    def contradictions(self, found: Mapping[Kind, int]) -> None:
        """How many there are, in all (`Inconsistencies`) and of each kind (`InconsistenciesStuck`, …)."""
        from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit  # a tenth of a second: only here

        metrics = EphemeralMetrics(namespace=NAMESPACE)
        metrics.add_dimension("Stage", self.stage)
        metrics.add_metric(ALL, MetricUnit.Count, sum(found.values()))
        for kind, number in found.items():
            metrics.add_metric(ALL + kind.value.replace("_", " ").title().replace(" ", ""), MetricUnit.Count, number)
        metrics.flush_metrics()
