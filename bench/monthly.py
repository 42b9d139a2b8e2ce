"""The owner's month: what stands, what fits into the free tier, what a month costs by its orders, what to turn off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench import bill, custom_metrics
from bench.bill import Line
from bench.prices import price_list
from bench.publishing_costs import MINUTES_A_MONTH, Runs
from bench.standing import POLLS_OF_A_QUEUE, Standing, standing

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
_NAMES = {"lambda.request": "Lambda's invocations", bill.GB_SECOND: "Lambda's time, GB-seconds", "xray.trace": "traces"}


@dataclass(frozen=True)
class Month:
    """`lines` are the bill of one order, carriers and other sides' books left out."""

    lines: Sequence[Line]
    stands: Sequence[Standing]
    publishing: Runs

    def used(self, orders: int) -> dict[str, float]:
        """How much of what, by the name of its price."""
        found: dict[str, float] = {"xray.trace": TRACES_OF_AN_ORDER * orders}
        for line in self.lines:
            found[line.price.name] = found.get(line.price.name, 0) + line.quantity * orders
        for one in self.stands:
            found[one.price] = found.get(one.price, 0) + one.quantity
        for name, quantity in self.publishing.with_orders(orders).items():
            found[name] = found.get(name, 0) + quantity
        return found

    def publishing_more(self) -> float:
        """USD a month that publishing costs more with orders in every minute than with none."""
        prices = price_list()
        more = self.publishing.with_orders(MINUTES_A_MONTH)
        return sum(prices[name].of(quantity) for name, quantity in more.items())

    def usd(self, orders: int, *, free: bool) -> float:
        """The bill, with or without AWS's free tier."""
        prices = price_list()
        return sum(
            prices[name].of(max(0.0, quantity - (ALWAYS_FREE.get(name, 0) if free else 0)))
            for name, quantity in self.used(orders).items()
        )

    def fitting(self) -> dict[str, int | None]:
        """Orders a month for which the free tier of each is enough; None where it is not even for what stands."""
        idle, one = self.used(0), self.used(1)
        found: dict[str, int | None] = {}
        for name, free in ALWAYS_FREE.items():
            each = one.get(name, 0) - idle.get(name, 0)
            left = free - idle.get(name, 0)
            if each:
                found[name] = int(left / each) if left > 0 else None
        return found


def month(lines: Sequence[Line], publishing: Runs) -> Month:
    """Of the bill of one order, in which carriers and other sides' books may be."""
    mine = [line for line in lines if not line.others]
    return Month(mine, [*standing(), *publishing.standing()], publishing)


def section(one: Month) -> Iterator[str]:
    """Chapters of docs/benchmarks/costs.md."""
    yield from _stands(one)
    yield from custom_metrics.section()
    yield from _free(one)
    yield from _by_volume(one)
    yield from _carriers()
    yield from _turn_off()


def _stands(one: Month) -> Iterator[str]:
    prices = price_list()
    yield "\n## What stands, orders or not\n\nA month of one stage, at list prices."
    yield "\n| what | a month | × USD | = USD | of it free |\n|---|---:|---:|---:|---|"
    for part in one.stands:
        free = ALWAYS_FREE.get(part.price)
        said = f"the first {free:,.0f}" if free else ""
        yield f"| {part.what} | {part.quantity:,.0f} | {prices[part.price]} | {part.usd:.2f} | {said} |"
    yield f"| | | | **{sum(part.usd for part in one.stands):.2f}** | **{one.usd(0, free=True):.2f}** left to pay |"
    yield """
To it comes the hour's look at low stock and at carts left behind, which reads both tables: some three cents a month for
each ten thousand carts and products."""


def _free(one: Month) -> Iterator[str]:
    yield """
## What fits into the free tier

For good and each month, if nothing else in the account uses it. How many orders each allowance is enough for, after
what stands has had its part:

| allowance | a month | orders |
|---|---:|---:|"""
    for name, orders in sorted(one.fitting().items(), key=lambda pair: pair[1] or 0):
        enough = "used up by what stands" if orders is None else f"{orders:,}"
        yield f"| {_NAMES.get(name, price_list()[name].unit)} | {ALWAYS_FREE[name]:,.0f} | {enough} |"
    paid = sorted({line.price.name for line in one.lines} - ALWAYS_FREE.keys())
    each = sum(line.usd for line in one.lines if line.price.name in paid)
    yield f"""
Not in it from the first order on: {", ".join(f"`{name}`" for name in paid)}, together {each:.2f} USD a million orders,
so {each / 1000:.2f} USD for a shop with a thousand a month."""


def _by_volume(one: Month) -> Iterator[str]:
    yield """
## A month by its orders

Workflow `queue`, with receipt, archive, metrics, alarms and traces, without carriers. USD.

| orders a month | with the free tier | at list prices | list price of an order |
|---:|---:|---:|---:|"""
    for orders in VOLUMES:
        whole = one.usd(orders, free=False)
        each = f"{whole / orders:.6f}" if orders else ""
        yield f"| {orders:,} | {one.usd(orders, free=True):.2f} | {whole:.2f} | {each} |"
    billed = sum(line.usd for line in one.lines)
    traced = price_list()["xray.trace"].of(TRACES_OF_AN_ORDER * bill.MILLION)
    more = one.publishing_more()
    yield f"""
At list prices that is [what stands](#what-stands-orders-or-not), {billed:.2f} USD a million orders for the bill above
with mail, reconciliation and counting, {traced:.2f} for their traces, and up to {more:.2f} a month because the job that
publishes metrics has more to do in a minute with news."""


def _carriers() -> Iterator[str]:
    mail = price_list()["ses.mail"].of(1)
    yield f"""
## What mail and SMS add

| for an order | USD | a million |
|---|---:|---:|
| its mail, by SES | {mail:.5f} | {mail * bill.MILLION:,.0f} |
| two SMS (created, completed), to the United States * | {2 * SMS_USD:.5f} | {2 * SMS_USD * bill.MILLION:,.0f} |

A message to a phone costs more than all the processing of some hundred orders, and several times that in
[other countries](https://aws.amazon.com/sns/sms-pricing/): send a number only where the customer asked for it. SNS
stops at the account's [spending limit](https://docs.aws.amazon.com/sns/latest/dg/sms_preferences.html), 1 USD a month
at first."""


def _turn_off() -> Iterator[str]:
    prices = price_list()
    traces = prices["xray.trace"].of(TRACES_OF_AN_ORDER * bill.MILLION)
    transitions = prices["states.transition"].of(12 * bill.MILLION)
    rows = (
        ("SMS", "send orders without `phoneNumber`", "the customer reads the mail"),
        (
            f"{traces:.2f} USD a million orders at up to one a second, a twentieth of it above",
            "deploy with `TRACING=false`",
            "the map of calls; trace ids stay in the logs",
        ),
        (
            f"{prices['sqs.request'].of(POLLS_OF_A_QUEUE):.2f} USD a month for each queue",
            "no orders by the bus or by file: disable the mappings of `inventory_worker`, `payment_worker`, "
            "`shipping_worker`, `import_rows`",
            "those ways in",
        ),
        (
            f"{transitions:.0f} USD a million orders of the state machine",
            "deploy with `WORKFLOW_TYPE=EXPRESS`",
            "executions are kept in the logs only",
        ),
        ("what alarms cost beyond the free ten", "delete those that nobody would get up for", "they do not ring"),
        ("a line of log for each order", "`LOG_LEVEL=WARNING`", "the line that says what became of it"),
        (
            f"{prices['s3.put'].of(bill.MILLION):.2f} USD a million orders",
            "no archive: a change of `documents/receipts.py`",
            "rebuilding metrics, and a check of the reconciler's",
        ),
    )
    yield "\n## What to turn off first\n\nFrom what is missed least to what is missed most:"
    yield "\n| | saves | how | what is lost |\n|---:|---|---|---|"
    for number, (saves, how, lost) in enumerate(rows, 1):
        yield f"| {number} | {saves} | {how} | {lost} |"
