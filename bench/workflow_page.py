"""The table of the three workflows side by side, for docs/benchmarks/costs.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bench.workflow_costs import WorkflowCosts

_TEXT = """
## The three workflows

The same order of one line by each: from `POST /orders` (`queue`), from `POST /place-order` (`stepfunctions`), from an
`OrderCreated` event (`events`), up to its receipt and archive, without the mail. USD are for a million orders, busy,
without the simulated provider's book. The functions of the state machine were called in the order that its definition
gives; the bus, its rules and the queues were the emulator's.

"""
_REMARKS = """
- `stepfunctions` pays for its transitions: {transitions:.0f} of them, {states:.0f} USD. What it gives for that is an
  execution to look at. As an Express workflow (`WORKFLOW_TYPE`) it pays for requests and duration instead.
  Each retry is one transition more: an order that waits out an outage of half an hour pays for 35, 0.0009 USD.
- `events` publishes the same events as `queue` by three calls to SNS and three to EventBridge instead of one each. The
  event that brought the order is among its {events:.0f}; whoever puts it pays for it. There is no answer to send and no
  API to pay for: {saved:.2f} USD.
- EventBridge takes nothing for rules and for delivering to queues of the same account. Each delivery is counted as one
  request of SQS.
- What reaches the notifications queue comes from SNS, which delivers to SQS for nothing.
"""

Row = tuple[str, Callable[[WorkflowCosts], str]]


def _usd(service: str) -> Callable[[WorkflowCosts], str]:
    def found(costs: WorkflowCosts) -> str:
        usd = costs.of_service(service)
        return f"{usd:.2f}" if usd else ""

    return found


_CALLS: list[Row] = [
    ("calls of the SDK", lambda c: f"{c.requests()}"),
    ("functions invoked", lambda c: f"{len(c.functions)}"),
    ("state transitions", lambda c: f"{c.transitions:g}" if c.transitions else ""),
    ("events on the bus", lambda c: f"{c.events:g}"),
    ("DynamoDB's units of writing, indexes included", lambda c: f"{c.units()[0]:g}"),
    ("DynamoDB's units of reading", lambda c: f"{c.units()[1]:g}"),
]
_SUMS: list[Row] = [
    ("**USD for a million, busy**", lambda c: f"**{c.total():.2f}**"),
    ("quiet, one message a batch", lambda c: f"{c.total(quiet=True):.2f}"),
    ("busy, without the functions that write receipt and archive", lambda c: f"{c.without_documents():.2f}"),
]


def section(found: Sequence[WorkflowCosts]) -> str:
    """For the document."""
    head = [f"| | {' | '.join(one.name for one in found)} |", f"|---|{'---:|' * len(found)}"]
    rows = [f"| {name} | {' | '.join(cells)} |" for name, cells in _rows(found)]
    queue, machine, events = found
    remarks = _REMARKS.format(
        transitions=machine.transitions,
        states=machine.of_service("states"),
        events=events.events,
        saved=queue.of_service("apigateway") + queue.of_service("transfer"),
    )
    return _TEXT + "\n".join([*head, *rows]) + "\n" + remarks


def _rows(found: Sequence[WorkflowCosts]) -> Iterator[tuple[str, list[str]]]:
    services = dict.fromkeys(line.service for one in found for line in one.busy)
    of_services: list[Row] = [(f"USD: {service}", _usd(service)) for service in services]
    for name, cell in [*_CALLS, *of_services, *_SUMS]:
        yield name, [cell(one) for one in found]
