"""Counts as people read them: rates, averages, quantiles. Money by currency, exact; durations in milliseconds."""

from __future__ import annotations

from datetime import datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ..kit.money import digits
from .counts import Counts, Number, quantile
from .report import Bucket, Report

STAGES = {
    "pending": "pending",
    "validating": "validating",
    "inventory_check": "inventoryCheck",
    "payment_processing": "paymentProcessing",
    "confirmed": "confirmed",
    "fulfillment": "fulfillment",
    "total": "total",
}
"""Names of the stages as counted, and as shown. `total` is from placing an order to its first end."""
SCORES = ("1", "2", "3", "4", "5")


def report_view(report: Report, zone: tzinfo, by: str, zone_name: str) -> dict[str, Any]:
    """The answer but for its cursor."""
    return {
        "from": local(report.start, zone),
        "to": local(report.end, zone),
        "by": by,
        "timeZone": zone_name,
        "totals": figures(report.total) if report.total else None,
        "buckets": [{"start": local(b.start, zone), **figures(b)} for b in report.buckets],
    }


def local(moment: datetime, zone: tzinfo) -> str:
    """`2026-11-21T15:00:00+01:00`."""
    return moment.astimezone(zone).isoformat(timespec="seconds")


def figures(bucket: Bucket) -> dict[str, Any]:
    """What there is to say of a bucket; a rate, average or time is null where there was nothing to divide by."""
    counts = bucket.counts
    sold, failed = _n(counts, "sold"), _n(counts, "failed")
    failures = _n_by(counts, "failed/")
    return {
        "orders": _n(counts, "placed"),
        "ordersByWorkflow": _n_by(counts, "placed/"),
        "sold": sold,
        "completed": _n(counts, "completed"),
        "failed": failed,
        "cancelled": _n(counts, "cancelled"),
        "refunded": _n(counts, "refunded"),
        "successRate": _rate(sold, sold + failed),
        "failureRate": _rate(failed, sold + failed),
        "failures": failures,
        "failureRates": {code: _rate(n, sold + failed) for code, n in failures.items()},
        "orderValue": _money_by(counts, "value/"),
        "revenue": _money_by(counts, "revenue/"),
        "averageOrderValue": _averages(counts),
        "refunds": _money_by(counts, "refund/"),
        "timePerStage": {shown: times for stage, shown in STAGES.items() if (times := _times(counts, stage))},
        "satisfaction": _satisfaction(counts),
        **_gauges(bucket),
    }


def _gauges(bucket: Bucket) -> dict[str, Any]:
    if bucket.low_stock is None:
        return {}
    value = {currency: _exact(Decimal(amount), currency) for currency, amount in sorted(bucket.carts_value.items())}
    return {
        "lowStock": bucket.low_stock,
        "cartsAbandoned": bucket.carts_abandoned,
        "cartsAbandonedValue": value,
    }


def _times(counts: Counts, stage: str) -> dict[str, int | None] | None:
    median = quantile(counts, stage, 0.5)
    return {"median": median, "p95": quantile(counts, stage, 0.95)} if median is not None else None


def _satisfaction(counts: Counts) -> dict[str, Any]:
    scores = {score: _n(counts, f"score/{score}") for score in SCORES}
    responses = sum(scores.values())
    points = sum(int(score) * n for score, n in scores.items())
    return {
        "responses": responses,
        "average": _rounded(Decimal(points) / responses, "0.01") if responses else None,
        "scores": scores,
    }


def _averages(counts: Counts) -> dict[str, Decimal]:
    """What an order that was paid for came to."""
    return {
        currency: _exact(revenue / sold, currency)
        for currency, revenue in _money_by(counts, "revenue/").items()
        if (sold := _n(counts, f"sold/{currency}"))
    }


def _money_by(counts: Counts, prefix: str) -> dict[str, Decimal]:
    return {currency: _exact(Decimal(amount), currency) for currency, amount in _by(counts, prefix)}


def _n_by(counts: Counts, prefix: str) -> dict[str, int]:
    return {name: int(number) for name, number in _by(counts, prefix)}


def _by(counts: Counts, prefix: str) -> list[tuple[str, Number]]:
    return [(name[len(prefix) :], number) for name, number in sorted(counts.items()) if name.startswith(prefix)]


def _n(counts: Counts, name: str) -> int:
    return int(counts.get(name, 0))


def _rate(part: int, whole: int) -> Decimal | None:
    return _rounded(Decimal(part) / whole, "0.0001") if whole else None


def _exact(amount: Decimal, currency: str) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-digits(currency)), ROUND_HALF_UP)


def _rounded(value: Decimal, quantum: str) -> Decimal:
    return value.quantize(Decimal(quantum), ROUND_HALF_UP)
