"""The end of the demo: how the shop did today, as staff see it, and what was published to CloudWatch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table

from local.back_office import Staff
from local.client import aws_client
from local.demo_steps import heading
from local.processes import wait_for

_PATIENCE = 20.0
"""Orders are counted within seconds."""
_PUBLISHED = ("OrdersPlaced", "OrdersCompleted", "OrdersFailed", "Revenue")


def show_metrics(described: dict[str, Any], console: Console, fewest: int) -> None:
    """Print today's numbers once so many orders are counted, or after a while as they are then."""
    heading(console, "Today")
    day = _today(Staff(described), fewest)
    console.print(table(day))
    if day["orders"] < fewest:
        console.print("Not all orders are counted yet: look again with GET /admin/metrics.", style="yellow")
    published = _published(described)
    if published["OrdersPlaced"]:
        console.print(
            "Published to CloudWatch each minute: " + ", ".join(f"{name} {n:.10g}" for name, n in published.items()),
            soft_wrap=True,
        )
    else:
        console.print("CloudWatch gets them each minute, so they are there within one.")


def table(day: dict[str, Any]) -> Table:
    """What staff ask first."""
    result = Table(show_header=False)
    result.add_column()
    result.add_column(justify="right")
    total = day["timePerStage"].get("total")
    said = day["satisfaction"]
    rows = {
        "Orders": str(day["orders"]),
        "Paid for": f"{day['sold']} ({_percent(day['successRate'])})",
        "Failed": f"{day['failed']} ({', '.join(f'{n} {code}' for code, n in day['failures'].items()) or '–'})",
        "Revenue": _money(day["revenue"]),
        "Average order": _money(day["averageOrderValue"]),
        "From placed to done": f"{_time(total['median'])}, 95 % in {_time(total['p95'])}" if total else "–",
        "Satisfaction": f"{said['average']} of 5 ({said['responses']})" if said["responses"] else "no answers yet",
    }
    for name, text in rows.items():
        result.add_row(name, text)
    return result


def _today(staff: Staff, fewest: int) -> dict[str, Any]:
    today = datetime.now(UTC).date().isoformat()

    def look() -> dict[str, Any]:
        answer = staff.get("/admin/metrics", **{"from": today, "to": today, "by": "day"})
        day: dict[str, Any] = answer["totals"]
        return day

    return wait_for(look, lambda day: day["orders"] >= fewest, patience=_PATIENCE)


def _published(described: dict[str, Any]) -> dict[str, float]:
    cloudwatch = aws_client(described, "cloudwatch")
    now = datetime.now(UTC)
    found = {}
    for name in _PUBLISHED:
        points = cloudwatch.get_metric_statistics(
            Namespace="orderproc",
            MetricName=name,
            Dimensions=[{"Name": "Stage", "Value": described["stage"]}],
            StartTime=now - timedelta(hours=12),
            EndTime=now + timedelta(minutes=1),
            Period=60,
            Statistics=["Sum"],
        )["Datapoints"]
        found[name] = sum(point["Sum"] for point in points)
    return found


def _percent(rate: float | Decimal | None) -> str:
    return f"{rate * 100:.0f} %" if rate is not None else "–"


def _time(millis: int) -> str:
    return f"{millis} ms" if millis < 1000 else f"{millis / 1000:.1f} s"


def money(amount: int | Decimal, currency: str) -> str:
    """An amount with the digits that the API answers with, which are its currency's: yen have none, dinars three."""
    return f"{amount:,} {currency}"


def _money(amounts: dict[str, Any]) -> str:
    return ", ".join(money(amount, currency) for currency, amount in amounts.items()) or "–"
