"""What CloudWatch is told, and what its refusals are taken for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.kit.metric_names import METRICS, NAMESPACE, ORDERS_PLACED, REVENUE, STAGE
from chalicelib.reporting.cloudwatch import CloudWatchMetrics

from tests.contract.engines import client

VALUES = {ORDERS_PLACED: 3, REVENUE: Decimal("59.97")}


class Broken:
    """A CloudWatch whose every call ends like this, and which counts them."""

    def __init__(self, error: Exception) -> None:
        self.calls = 0
        self._error = error

    def put_metric_data(self, **_: Any) -> None:
        self.calls += 1
        raise self._error


def answered(code: str, status: int) -> ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "PutMetricData")


def test_values_arrive_with_the_stage_and_their_units(ministack: str) -> None:
    cloudwatch = client("cloudwatch", ministack, tries=1)

    CloudWatchMetrics(cloudwatch, "contract").publish(VALUES)

    now = datetime.now(UTC)
    for name, value in VALUES.items():
        points = cloudwatch.get_metric_statistics(
            Namespace=NAMESPACE,
            MetricName=name,
            Dimensions=[{"Name": STAGE, "Value": "contract"}],
            StartTime=now - timedelta(minutes=5),
            EndTime=now + timedelta(minutes=5),
            Period=60,
            Statistics=["Sum"],
        )["Datapoints"]
        unit = next(metric.unit for metric in METRICS if metric.name == name)
        assert [(point["Sum"], point["Unit"]) for point in points] == [(float(value), unit)]


@pytest.mark.parametrize(
    "error",
    [
        answered("Throttling", 400),
        answered("AccessDenied", 403),
        EndpointConnectionError(endpoint_url="https://monitoring.test"),
        ConnectTimeoutError(endpoint_url="https://monitoring.test"),
    ],
)
def test_what_was_certainly_not_taken_may_be_told_again(error: Exception) -> None:
    with pytest.raises(TemporarilyUnavailable):
        CloudWatchMetrics(Broken(error), "contract").publish(VALUES)


@pytest.mark.parametrize(
    "error", [answered("InternalServiceFault", 500), ReadTimeoutError(endpoint_url="https://monitoring.test")]
)
def test_what_may_have_been_taken_may_not(error: Exception) -> None:
    broken = Broken(error)

    with pytest.raises(type(error)):
        CloudWatchMetrics(broken, "contract").publish(VALUES)

    assert broken.calls == 1
