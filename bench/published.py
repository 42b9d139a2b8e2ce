"""What an order costs in a design of the kind that is published: the same order, the same prices, other habits.

The five designs that this project takes in say what they are made of and not what they cost. This adds one up, a REST
API before a queue, from the habits that such write-ups share; each line says which. 54.65 USD is the figure that our
own target was set against. Where it comes from line by line is not published; these lines are how we come near it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.prices import price_list

GIVEN_USD = 54.65
"""For a million orders, as given to us."""
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Habit:
    """So much of something for one order, and the habit that it comes from."""

    what: str
    quantity: float
    price: str
    why: str

    @property
    def usd(self) -> float:
        """For a million orders."""
        return price_list()[self.price].of(self.quantity * MILLION)


_STATUSES = 5
_INDEXES = 3
"""Units that a change of status costs in indexes that hold whole items: by customer one, by status two."""

HABITS = (
    Habit("requests to the REST API", 1, "apigateway.request", "the same"),
    Habit("invocations", 3, "lambda.request", "accept, process, notify; one message a batch"),
    Habit("GB-seconds", 0.15, "lambda.gb_second.x86_64", "600 ms of 256 MB in all; clients made in the handler"),
    Habit("the order stored", 1 + 2, "dynamodb.write", "with an entry in an index by customer and one by status"),
    Habit(
        "its statuses, units",
        _STATUSES * (1 + _INDEXES),
        "dynamodb.write",
        "one write for each of the five, the index by status moves its entry each time",
    ),
    Habit("stock and payment, units", 2, "dynamodb.write", "a conditional update and a record, no ledger"),
    Habit("read units", 5, "dynamodb.read", "the order again in each function, the product, the stock"),
    Habit("requests to SQS", 3, "sqs.request", "send, receive, delete"),
    Habit("publishes to SNS", 3, "sns.publish", "one for each of created, completed and the mail"),
    Habit("events", 5, "events.event", "one for each status"),
    Habit("objects stored", 2, "s3.put", "receipt and archive: the same"),
    Habit("PutMetricData", 1, "cloudwatch.request", "one call for each order"),
    Habit("bytes of log", 6000, "logs.ingested", "the event as it came, and a line for each step, in three functions"),
)


def total() -> float:
    """USD for a million orders."""
    return sum(habit.usd for habit in HABITS)


def section(ours: float) -> Iterator[str]:
    """A chapter of docs/benchmarks/costs.md; `ours` is what a million orders cost here."""
    yield f"""
## Beside a design as it is published

A comparable published design adds up to **{GIVEN_USD:.2f} USD** for the same million orders; here it is
**{ours:.2f}**, {100 * (1 - ours / GIVEN_USD):.0f} % less. The figure was given to us as a sum, without its lines. What
follows is how we come near it: the same order at the same prices, with the habits that write-ups of queue-based order
systems share, each a line that can be checked. It adds up to **{total():.2f}**. Carriers, free tiers and the other
sides' books are left out here as they are above.

| an order takes | of them | × USD | = USD | the habit |
|---|---:|---:|---:|---|"""
    for habit in HABITS:
        quantity = f"{habit.quantity:,.2f}".rstrip("0").rstrip(".")
        yield f"| {habit.what} | {quantity} | {price_list()[habit.price]} | {habit.usd:.2f} | {habit.why} |"
    yield f"| | | | **{total():.2f}** | |"
    yield """
What makes the difference: a status that is passed within milliseconds shares the write of the next, no index changes
while an order moves on, ten messages come in a batch, counting hangs on the table's stream instead of a call for each
order, and a line of log says what happened instead of all that was there."""
