"""The slots of `pages/costs.md`: what `bench.cost` measured, with its arithmetic and the sources of the prices."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.orders.numbers import BLOCK

from bench import afterwards, bill, chatbot_costs, guards, monthly
from bench.afterwards import COUNT, RECONCILE
from bench.bill import MILLION, Line
from bench.drive import ACCEPT, NOTIFY, PROCESS, STAGES
from bench.indexing import INDEX
from bench.prices import price_list
from bench.report import markdown, table_of
from bench.report import page as filled

if TYPE_CHECKING:
    from bench.cost import Costs, WorkflowCosts

GIVEN_USD = 54.65
"""For a million orders by a comparable design as it is published: the figure that our own target was set against."""
_GB = 10**9
_INDEX_ENTRIES = 3
"""Of an order that ended."""
_HABITS = Path(__file__).with_name("habits.json")
"""How we come near that figure, whose lines are not published: so much of something for one order (what, quantity,
price), and the habit of such designs that it comes from."""
DOCUMENTS = (NOTIFY, "generate_receipt")
"""The functions that write receipt and archive."""


def page(costs: Costs) -> str:
    """The whole document."""
    prices, order = price_list(), costs.order
    a_month, a_second = costs.counted.values()
    searched_a_month, searched_a_second = costs.indexed.values()
    every_line = [*order.busy, *costs.reconciled, *a_month, *searched_a_month]
    values: dict[str, Any] = {f"bill_{stage}": _bill(order.busy, stage) for stage in STAGES}
    values |= _workflows(costs.workflows) | _habits(bill.total(order.busy, ACCEPT, PROCESS, NOTIFY))
    values |= monthly.slots(every_line, costs.publishing) | _chatbot(costs.questions) | _time(costs) | _apart(costs)
    values |= guards.slots()
    return filled(
        "costs.md",
        region=prices.region,
        as_of=prices.as_of,
        block=BLOCK,
        measures=table_of(costs.measures()),
        calls=_calls(costs),
        reconciled_orders=afterwards.RECONCILED,
        listings=afterwards.LISTINGS,
        bill_reconciled=_bill(costs.reconciled, RECONCILE),
        shards=afterwards.STREAM_SHARDS,
        bill_million_a_month=_bill(a_month, COUNT),
        bill_hundred_a_second=_bill(a_second, COUNT),
        search_million_a_month=_bill(searched_a_month, INDEX),
        search_hundred_a_second=_bill(searched_a_second, INDEX),
        by_service=_by_service(order.busy),
        prices=markdown("", ">USD", "for", "source", rows=_prices()),
        **values,
    )


def _calls(costs: Costs) -> str:
    rows = []
    for number, call in enumerate(costs.order.calls, 1):
        index = f" + {call.index_writes:g} for indexes" if call.index_writes else ""
        writes = f"{call.writes:g}{index}" if call.writes else ""
        reads = f"{call.reads:g}" if call.reads else ""
        name = f"{call.service} {call.operation}"
        rows.append((number, call.stage, name, call.target, f"{call.sent:,} B", writes, reads))
    return markdown(">", "stage", "call", "on", ">sent", ">write units", ">read units", rows=rows)


def _bill(lines: Iterable[Line], stage: str) -> str:
    mine = [line for line in lines if line.stage == stage]
    rows = [(line.service, line.what, _quantity(line.quantity), str(line.price), _usd(line)) for line in mine]
    rows.append(("", "", "", "", f"**{bill.total(mine, stage):.2f}**"))
    return markdown("service", "what", ">an order", ">× USD", ">= USD", rows=rows)


def _by_service(lines: Sequence[Line]) -> str:
    services = dict.fromkeys(line.service for line in lines)
    rows = [(one, *(_or_nothing(bill.of_service(lines, one, stage)) for stage in STAGES)) for one in services]
    return markdown("service", *(f">{stage}" for stage in STAGES), rows=rows)


def _workflows(found: Sequence[WorkflowCosts]) -> dict[str, Any]:
    queue, machine, events = found
    services = dict.fromkeys(line.service for one in found for line in one.busy if one.of_service(line.service))
    rows = [
        ("calls of the SDK", *(one.requests() for one in found)),
        ("functions invoked", *(one.functions for one in found)),
        ("state transitions", *(f"{one.transitions:g}" if one.transitions else "" for one in found)),
        ("events on the bus", *(f"{one.events:g}" for one in found)),
        ("DynamoDB's units of writing, indexes included", *(f"{one.units()[0]:g}" for one in found)),
        ("DynamoDB's units of reading", *(f"{one.units()[1]:g}" for one in found)),
        *((f"USD: {service}", *(_or_nothing(one.of_service(service)) for one in found)) for service in services),
        ("**USD for a million, busy**", *(f"**{one.total():.2f}**" for one in found)),
        ("quiet, one message a batch", *(f"{one.total(quiet=True):.2f}" for one in found)),
        (
            "busy, without the functions that write receipt and archive",
            *(f"{one.total(*DOCUMENTS):.2f}" for one in found),
        ),
    ]
    return {
        "workflows": markdown("", *(f">{one.name}" for one in found), rows=rows),
        "transitions": machine.transitions,
        "transitions_usd": machine.of_service("states"),
        "events": events.events,
        "saved": queue.of_service("apigateway") + queue.of_service("transfer"),
    }


def _habits(ours: float) -> dict[str, Any]:
    prices, total, rows = price_list(), 0.0, []
    for what, quantity, price, habit in json.loads(_HABITS.read_text(encoding="utf-8")):
        usd = prices[price].of(quantity * MILLION)
        total += usd
        rows.append((what, _quantity(quantity), str(prices[price]), f"{usd:.2f}", habit))
    rows.append(("", "", "", f"**{total:.2f}**", ""))
    return {
        "given": GIVEN_USD,
        "ours": ours,
        "less": 100 * (1 - ours / GIVEN_USD),
        "habits_usd": total,
        "habits": markdown("an order takes", ">of them", ">× USD", ">= USD", "the habit", rows=rows),
    }


def _chatbot(found: Sequence[chatbot_costs.QuestionCosts]) -> dict[str, Any]:
    models = chatbot_costs.MODELS
    rows = [
        (
            one.question,
            sum(call.tries for call in one.calls),
            f"{one.reads:g}",
            f"{one.tokens_in:.0f}",
            f"{one.tokens_out:.0f}",
            *(f"{usd:.4f}" for usd in (one.usd, *map(one.with_model, models.values()))),
        )
        for one in found
    ]
    head = ("question", ">calls", ">reads", ">tokens in", ">out", ">template", *(f">{name}" for name in models))
    return {
        "letters": chatbot_costs.CHARACTERS_A_TOKEN,
        "tool_tokens": chatbot_costs.TOOL_TOKENS["bedrock.claude_haiku_4_5"],
        "questions": markdown(*head, rows=rows),
    }


def _time(costs: Costs) -> dict[str, Any]:
    rows = []
    for stage, one in costs.order.durations.items():
        times = f"{one.cpu:.1f} ms", f"{one.waiting:.1f} ms", f"{one.gb_seconds:.5f}"
        rows.append((stage, f"{one.memory} MB", *times, f"{costs.order.expected(stage):.5f}"))
    return {
        "architecture": bill.GB_SECOND.rpartition(".")[2],
        "vcpu": bill.VCPU_MB,
        "assumed": ", ".join(f"{ms} ms ({service})" for service, ms in bill.ASSUMED_MS.items()),
        "slower": costs.slower_in_aws(ACCEPT, PROCESS, NOTIFY),
        "times": markdown("stage", ">memory", ">CPU", ">waiting", ">GB-seconds", ">to expect", rows=rows),
    }


def _apart(costs: Costs) -> dict[str, Any]:
    prices, order_bytes = price_list(), max(costs.order_bytes.values())
    documents = sum(call.sent for call in costs.order.calls if call.operation == "PutObject")
    return {
        "texted": len(costs.texted) - len(costs.order.calls),
        "order_bytes": order_bytes,
        "kept": (prices["dynamodb.stored"].usd + prices["dynamodb.pitr"].usd) * (order_bytes + 100) / 1000,
        "export": prices["dynamodb.export"].of(_GB),
        "stored": prices["s3.stored"].of(_GB),
        "restored": _restored(order_bytes),
        "document_bytes": documents,
        "documents": prices["s3.stored"].of(documents * MILLION),
        "book": bill.other_sides_book(costs.order.busy),
        "everything": costs.with_everything(),
    }


def _restored(order_bytes: int) -> float:
    """Of a GB of orders that were all lost: exported, and each written with its index entries."""
    prices, orders = price_list(), _GB / order_bytes
    units = orders * (ceil(order_bytes / 1024) + _INDEX_ENTRIES)
    return prices["dynamodb.export"].of(_GB) + prices["dynamodb.write"].of(units)


def _prices() -> Iterator[tuple[Any, ...]]:
    for price in price_list().prices.values():
        yield price.name + ("" if price.seen else " *"), price, price.unit, f"<{price.source}>"


def _quantity(quantity: float) -> str:
    return f"{quantity:,.5f}".rstrip("0").rstrip(".")


def _usd(line: Line) -> str:
    return f"{line.usd:.3f}{f' ({line.others})' if line.others else ''}"


def _or_nothing(usd: float) -> str:
    return f"{usd:.2f}" if usd else ""
