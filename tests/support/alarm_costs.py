"""What the alarms and the dashboard cost a month, counted from the templates: what CloudWatch bills is metrics, so an
alarm that calculates with two counts twice. List prices of us-east-1 (https://aws.amazon.com/cloudwatch/pricing/)."""

import json
import re
from decimal import Decimal

from infra.deploy import dashboard
from infra.paths import TEMPLATES

FREE_ALARM_METRICS = 10
USD_PER_ALARM_METRIC = Decimal("0.10")
FREE_DASHBOARD_METRICS = 50
USD_PER_DASHBOARD = Decimal("3.00")


def alarms() -> int:
    """How many alarms a stage has."""
    return len(dashboard.alarm_names())


def alarm_metrics() -> int:
    """How many metrics they watch, one that two alarms watch counted twice."""
    return len(re.findall(r"\bMetricName: ", (TEMPLATES / "alarms.yaml").read_text(encoding="utf-8")))


def dashboard_metrics() -> int:
    """How many different metrics the dashboard shows, in the profile that the environment names."""
    shown = json.loads(dashboard.body())["widgets"]
    return len({metric for widget in shown for metric in metrics_of(widget)})


def usd_a_month() -> Decimal:
    """What one stage pays, if the account has no other alarms and no fourth dashboard."""
    beyond = max(alarm_metrics() - FREE_ALARM_METRICS, 0) * USD_PER_ALARM_METRIC
    return beyond + (USD_PER_DASHBOARD if dashboard_metrics() > FREE_DASHBOARD_METRICS else 0)


def metrics_of(widget: dashboard.Widget) -> list[tuple[str, ...]]:
    """Namespace, name and dimensions of each metric of a widget, `.` written out; none of texts and expressions."""
    found: list[tuple[str, ...]] = []
    for row in widget["properties"].get("metrics", []):
        words = [word for word in row if isinstance(word, str)]
        if words:
            found.append(tuple(found[-1][i] if word == "." else word for i, word in enumerate(words)))
    return found
