"""The owner's month, as slots of `pages/costs.md`: what a stage costs without orders, what fits into the free tier,
what a month costs by its orders."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.kit import metric_names
from chalicelib.orders.discrepancies import Kind

from bench import bill
from bench.afterwards import Runs
from bench.bill import MILLION, Line
from bench.prices import MINUTES_A_MONTH, POLLS_OF_A_QUEUE, price_list
from bench.report import markdown
from bench.standing import Standing, standing
from infra.paths import APP

ALWAYS_FREE: Mapping[str, float] = {
    "lambda.request": 1e6,
    bill.GB_SECOND: 400_000,
    "sqs.request": 1e6,
    "sns.publish": 1e6,
    "logs.ingested": 5e9,
    "transfer.out": 100e9,
    "cloudwatch.request": 1e6,
    "cloudwatch.metric": 10,
    "cloudwatch.alarm": 10,
    "cloudwatch.dashboard": 3,
    "xray.trace": 100_000,
    "states.transition": 4_000,
}
"""What an account has free each month for good, if nothing else in it uses the same:
https://aws.amazon.com/free/. DynamoDB's 25 units are of provisioned capacity, so on-demand tables have none of them;
what new accounts get as credits or for a year (API Gateway, S3, SES) is not counted."""
VOLUMES = (0, 1_000, 10_000, 100_000, 1_000_000)
TRACES_OF_AN_ORDER = 1.0
"""At up to one request a second X-Ray records each: https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html"""
SMS_USD = 0.00645
"""To a number in the United States, its carrier's fee apart: https://aws.amazon.com/sns/sms-pricing/"""
DEPENDENCIES = 8
"""Services of AWS that functions call."""
_NAMES = {"lambda.request": "Lambda's invocations", bill.GB_SECOND: "Lambda's time, GB-seconds", "xray.trace": "traces"}


@dataclass(frozen=True)
class Month:
    """`lines` are the bill of one order, carriers and other sides' books left out."""

    lines: Sequence[Line]
    standing: Sequence[Standing]
    publishing: Runs

    def used(self, orders: int) -> dict[str, float]:
        """How much of what, by the name of its price."""
        found: dict[str, float] = {"xray.trace": TRACES_OF_AN_ORDER * orders}
        parts = [(line.price.name, line.quantity * orders) for line in self.lines]
        parts += [(one.price, one.quantity) for one in self.standing]
        for name, quantity in [*parts, *self.publishing.with_orders(orders).items()]:
            found[name] = found.get(name, 0) + quantity
        return found

    def usd(self, orders: int, *, free: bool) -> float:
        """The bill, with or without AWS's free tier."""
        prices = price_list()
        return sum(
            prices[name].of(max(0.0, quantity - (ALWAYS_FREE.get(name, 0) if free else 0)))
            for name, quantity in self.used(orders).items()
        )

    def fitting(self) -> dict[str, int | None]:
        """Orders a month for which the free tier of each is enough; None where it is not even without orders."""
        idle, one = self.used(0), self.used(1)
        found: dict[str, int | None] = {}
        for name, free in ALWAYS_FREE.items():
            each = one.get(name, 0) - idle.get(name, 0)
            left = free - idle.get(name, 0)
            if each:
                found[name] = int(left / each) if left > 0 else None
        return found


def slots(lines: Sequence[Line], publishing: Runs) -> dict[str, Any]:
    """Of the bill of one order, in which carriers and other sides' books may be."""
    prices = price_list()
    one = Month([line for line in lines if not line.others], [*standing(), *publishing.standing()], publishing)
    not_free = sorted({line.price.name for line in one.lines} - ALWAYS_FREE.keys())
    not_free_usd = sum(line.usd for line in one.lines if line.price.name in not_free)
    more = publishing.with_orders(MINUTES_A_MONTH)
    mail = prices["ses.mail"]
    return {
        **_metrics(),
        "standing": _standing(one),
        "free_tier": _free_tier(one),
        "paid": ", ".join(f"`{name}`" for name in not_free),
        "paid_usd": not_free_usd,
        "paid_thousand": not_free_usd / 1000,
        "by_volume": _by_volume(one),
        "billed": sum(line.usd for line in one.lines),
        "traced": prices["xray.trace"].of(TRACES_OF_AN_ORDER * MILLION),
        "publishing": sum(prices[name].of(quantity) for name, quantity in more.items()),
        "mail": mail.of(1),
        "mail_million": mail.of(MILLION),
        "sms": 2 * SMS_USD,
        "sms_million": 2 * SMS_USD * MILLION,
        "polling": prices["sqs.request"].of(POLLS_OF_A_QUEUE),
        "archive": prices["s3.put"].of(MILLION),
    }


def _standing(one: Month) -> str:
    rows = []
    for part in one.standing:
        free = ALWAYS_FREE.get(part.price)
        allowance = f"the first {free:,.0f}" if free else ""
        rows.append((part.what, f"{part.quantity:,.0f}", str(price_list()[part.price]), f"{part.usd:.2f}", allowance))
    total, left = sum(part.usd for part in one.standing), one.usd(0, free=True)
    rows.append(("", "", "", f"**{total:.2f}**", f"**{left:.2f}** left to pay"))
    return markdown("what", ">a month", ">× USD", ">= USD", "of it free", rows=rows)


def _metrics() -> dict[str, Any]:
    usd = price_list()["cloudwatch.metric"].of(1)
    free = [metric for metric in metric_names.METRICS if metric.free]
    counts = _values()
    full = [(metric, counts[metric.dimensions[-1]]) for metric in metric_names.METRICS if not metric.free]
    number = sum(values for _, values in full)
    rows = [(f"`{metric.name}`", metric.meaning, 0, f"{usd:.2f}") for metric in free]
    total = (f"**{len(free)}**", "", "**0**", f"**{usd * len(free):.2f}**")
    more = [(f"`{m.name}`", f"`{m.dimensions[-1]}`", values, f"{usd * values:.2f}") for m, values in full]
    total_more = ("", "", f"**{number}**", f"**{usd * number:.2f}**")
    return {
        "metric_usd": usd,
        "free_metrics": len(free),
        "metrics_free": markdown(
            "metric", "what it counts", ">USD a month", ">beside other stages", rows=[*rows, total]
        ),
        "metrics_full": markdown("metric", "by", ">of them, at most", ">USD a month", rows=[*more, total_more]),
    }


def _values() -> dict[str, int]:
    """How many different values each dimension has."""
    app = (APP / "app.py").read_text(encoding="utf-8")
    triggers = re.findall(r"^@app\.(?:on_\w+|schedule|lambda_function|authorizer)\(", app, flags=re.MULTILINE)
    code = "".join(path.read_text(encoding="utf-8") for path in (APP / "chalicelib").rglob("*.py"))
    return {
        metric_names.FUNCTION: len(triggers) + 1,  # and the one behind the REST API
        metric_names.STEP: len(set(re.findall(r"\.step\(\"(\w+)\"\)", code))),
        metric_names.DEPENDENCY: DEPENDENCIES,
        metric_names.KIND: len(Kind),
    }


def _free_tier(one: Month) -> str:
    rows = []
    for name, orders in sorted(one.fitting().items(), key=lambda pair: pair[1] or 0):
        enough = "used up without orders" if orders is None else f"{orders:,}"
        rows.append((_NAMES.get(name, price_list()[name].unit), f"{ALWAYS_FREE[name]:,.0f}", enough))
    return markdown("allowance", ">a month", ">orders", rows=rows)


def _by_volume(one: Month) -> str:
    rows = []
    for orders in VOLUMES:
        whole = one.usd(orders, free=False)
        each = f"{whole / orders:.6f}" if orders else ""
        rows.append((f"{orders:,}", f"{one.usd(orders, free=True):.2f}", f"{whole:.2f}", each))
    return markdown(">orders a month", ">with the free tier", ">at list prices", ">list price of an order", rows=rows)
