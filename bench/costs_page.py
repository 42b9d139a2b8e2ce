"""Writes docs/benchmarks/costs.md: the same figures, with their arithmetic and the sources of the prices."""

from __future__ import annotations

from collections.abc import Iterator

from bench import bill, chatbot_costs, counting_costs, monthly, published, reconciliation_costs, workflow_page
from bench.drive import ACCEPT, COUNT, MAIL, NOTIFY, PROCESS, RECONCILE, STAGES
from bench.order_costs import WITH_DOCUMENTS, Costs
from bench.prices import price_list

_TITLES = {
    ACCEPT: "Accepting it: `POST /orders`",
    PROCESS: "Its steps: `process_orders`",
    NOTIFY: "Receipt and archive: `notify`",
    MAIL: "The mail: `mail_receipt`",
}
_INTRODUCTION = """# What an order costs

`python -m bench.cost --write` measured this and wrote this page; do not edit it. Prices are AWS's list prices in
{region} as of {as_of}, without free tiers and discounts.

The order is the contract's example: one line, paid by card, workflow `queue`, no phone number. *Busy* has ten
messages in each batch that Lambda reads from a queue, *quiet* has one; the budgets are for *busy*.

Hooks of botocore recorded every SDK call while the app's own handlers took real orders through the emulator.
DynamoDB's units follow its rules ([units][units], [indexes][indexes]) from the items before and after each write: a
kilobyte a unit, twice in a transaction, and one for each index entry that comes or goes. What is billed without a
call of ours stands beside it: API Gateway, Lambda, the reading of queues, logs, and the answer's way to the client.

The simulated payment provider keeps its book in our DynamoDB. A real provider keeps its own, so that line is marked
as the other side's, and no sum but the one that names it has it in.

[units]: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
[indexes]: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
"""
_INSPECTED = """
### Looked at once afterwards: `reconciler`

An order must have ended two hours after it was placed; then it is read once, with its capture and the claims of
its messages, in batches of a hundred. What a run of the reconciler over {orders} orders used more than a run over
none, for each of them; and the listing of a day's archive, which a run lists as far as it has come: {listings}
times each key, a thousand a call.

| service | what | an order | × USD | = USD |
|---|---|---:|---:|---:|
"""
_COUNTED = """
### Counted for the metrics: `count_orders`, {name}

The stream of the orders table costs its reader nothing. A batch waits for a minute, and {shards} shards of the stream
have one each; what is written is one item for a quarter of an hour and a part of the orders, however many came.

| service | what | an order | × USD | = USD |
|---|---|---:|---:|---:|
"""
_TIME = """## Lambda's time

Warm, on {architecture}. The bill has the time as measured here, where the emulator answers in about a millisecond and a
whole vCPU is there. AWS gives one at {vcpu} MB and a share of it below, and its calls take longer. The last column is
what to expect there, with CPU time stretched by {vcpu} ÷ memory and calls of {assumed}
(rough figures; AWS publishes none). That is {slower:.2f} USD more for accepting, steps and documents.

| stage | memory | CPU | waiting | GB-seconds | to expect |
|---|---:|---:|---:|---:|---:|
"""
_APART = """
## What the sums leave out

- **Carriers.** SES takes {ses:.0f} USD for a million mails, and what an SMS costs depends on the
  [country](https://aws.amazon.com/sns/sms-pricing/). An order with a phone number makes {texted} calls more: a claim,
  a publish and the note that it was sent for each of its two messages, and one more look at the order.
- **Keeping.** A million orders of {order_bytes} bytes cost {kept:.2f} USD a month in DynamoDB with point-in-time
  recovery (index entries and payments apart); their receipts and archive, {document_bytes:,} bytes an order,
  {documents:.2f} USD in S3.
- **Standing.** What a month costs without orders stands [above](#what-stands-orders-or-not).
- **Cold starts**, which take longer than the warm calls measured here: `python -m bench.cold_import`.
- **The other side's book**, {gateway:.2f} USD: the table of the simulated payment provider, which a real one keeps for
  itself and charges for. Read with everything in: {everything:.2f} USD, each order inspected once.
"""
_PRICES = """## Prices

`bench/prices.json` has them, and where each was read when the list was last checked. Those marked * could not be
looked up then: check them first.

| | USD | for | source |
|---|---:|---|---|
"""


def page(costs: Costs) -> str:
    """The whole document."""
    prices = price_list()
    parts = [_INTRODUCTION.format(region=prices.region, as_of=prices.as_of), *_budgets(costs), *_calls(costs)]
    parts += [*_bills(costs), workflow_page.section(costs.workflows)]
    parts += published.section(bill.total(costs.busy, *WITH_DOCUMENTS))
    orders = [*costs.busy, *costs.inspected, *next(iter(costs.counted.values()))]
    parts += monthly.section(monthly.month(orders, costs.publishing))
    parts += [chatbot_costs.section(costs.questions)]
    parts += [*_time(costs), _apart(costs), *_price_rows()]
    return "".join(part.rstrip("\n") + "\n" for part in parts)


def _budgets(costs: Costs) -> Iterator[str]:
    yield "\n## In short\n\n| | found | budget | |\n|---|---:|---:|---|"
    for one in costs.measures():
        verdict = ("ok" if one.within else "**over**") if one.budget else ""
        yield f"| {one.name.strip()} | {one.found} | {one.budget} | {verdict} |"


def _calls(costs: Costs) -> Iterator[str]:
    yield "\n## Its calls\n\n| | stage | call | on | sent | write units | read units |"
    yield "|---:|---|---|---|---:|---:|---:|"
    for number, call in enumerate(costs.calls, 1):
        index = f" + {call.index_writes:g} for indexes" if call.index_writes else ""
        writes = f"{call.writes:g}{index}" if call.writes else ""
        reads = f"{call.reads:g}" if call.reads else ""
        name = f"{call.service} {call.operation}"
        yield f"| {number} | {call.stage} | {name} | {call.target} | {call.sent:,} B | {writes} | {reads} |"


def _bills(costs: Costs) -> Iterator[str]:
    yield "\n## The bill, busy: a million orders"
    for stage in STAGES:
        yield f"\n### {_TITLES[stage]}\n\n| service | what | an order | × USD | = USD |\n|---|---|---:|---:|---:|"
        for line in costs.busy:
            if line.stage == stage:
                yield f"| {line.service} | {line.what} | {_quantity(line)} | {line.price} | {_usd(line)} |"
        yield f"| | | | | **{bill.total(costs.busy, stage):.2f}** |"
    yield _INSPECTED.format(orders=reconciliation_costs.ORDERS, listings=reconciliation_costs.LISTINGS).rstrip("\n")
    for line in costs.inspected:
        yield f"| {line.service} | {line.what} | {_quantity(line)} | {line.price} | {_usd(line)} |"
    yield f"| | | | | **{bill.total(costs.inspected, RECONCILE):.2f}** |"
    for name, lines in costs.counted.items():
        yield _COUNTED.format(name=name, shards=counting_costs.STREAM_SHARDS).rstrip("\n")
        for line in lines:
            yield f"| {line.service} | {line.what} | {_quantity(line)} | {line.price} | {_usd(line)} |"
        yield f"| | | | | **{bill.total(lines, COUNT):.2f}** |"
    services = dict.fromkeys(line.service for line in costs.busy)
    yield "\n### By service\n\n| service | " + " | ".join(STAGES) + " |\n|---|" + "---:|" * len(STAGES)
    for service in services:
        sums = [bill.of_service(costs.busy, stage, service) for stage in STAGES]
        yield f"| {service} | " + " | ".join(f"{usd:.2f}" if usd else "" for usd in sums) + " |"


def _time(costs: Costs) -> Iterator[str]:
    slower = costs.slower_in_aws(ACCEPT, PROCESS, NOTIFY)
    assumed = ", ".join(f"{ms} ms ({service})" for service, ms in bill.ASSUMED_MS.items())
    architecture = bill.GB_SECOND.rpartition(".")[2]
    yield "\n" + _TIME.format(vcpu=bill.VCPU_MB, architecture=architecture, slower=slower, assumed=assumed).rstrip()
    for stage, one in costs.durations.items():
        times = f"{one.cpu:.1f} ms | {one.waiting:.1f} ms | {one.gb_seconds:.5f} | {costs.expected(stage):.5f}"
        yield f"| {stage} | {one.memory} MB | {times} |"


def _apart(costs: Costs) -> str:
    prices, order_bytes = price_list(), max(costs.order_bytes.values())
    kept = (prices["dynamodb.stored"].usd + prices["dynamodb.pitr"].usd) * (order_bytes + 100) / 1000
    return _APART.format(
        ses=prices["ses.mail"].of(bill.MILLION),
        texted=len(costs.texted) - len(costs.calls),
        gateway=bill.other_sides_book(costs.busy),
        everything=costs.with_everything(),
        order_bytes=order_bytes,
        kept=kept,
        document_bytes=costs.document_bytes,
        documents=prices["s3.stored"].of(costs.document_bytes * bill.MILLION),
    )


def _price_rows() -> Iterator[str]:
    yield "\n" + _PRICES.rstrip()
    for price in price_list().prices.values():
        star = "" if price.seen else " *"
        yield f"| {price.name}{star} | {price} | {price.unit} | <{price.source}> |"


def _quantity(line: bill.Line) -> str:
    return f"{line.quantity:,.5f}".rstrip("0").rstrip(".")


def _usd(line: bill.Line) -> str:
    return f"{line.usd:.3f}{f' ({line.others})' if line.others else ''}"
