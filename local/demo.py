"""`make demo`: three orders on their way, live, a checkout with its execution state by state, what comes by bus and by
file (`demo_flows.py`), what came of each order: receipt, mail, text messages; and some questions to the chatbot."""

import argparse
import sys
import textwrap
import time
from dataclasses import dataclass, field
from typing import Any

import requests
from rich.console import Console
from rich.live import Live
from rich.table import Table

from infra.errors import Refusal
from infra.progress import Steps
from local import processes, stack
from local.background import ready_stack
from local.catalogue import order_for
from local.client import Customer, Partner
from local.demo_flows import ask_the_chatbot, show_all
from local.demo_metrics import money, show_metrics
from local.demo_steps import failed, has_ended, heading, named, until

_PATIENCE = 60.0
_STAYS = " The local stack stays for you to look at: `make stop` ends it."


@dataclass
class Sample:
    """One order of the demo: what it shows, the request that places it, and where it has come to."""

    title: str
    body: dict[str, Any]
    order: dict[str, Any] = field(default_factory=dict)


def samples() -> list[Sample]:
    """One that completes, one whose card is declined, one for more than there is."""
    return [
        Sample("paid", order_for("LAPTOP001", "1299.99")),
        Sample("card declined", order_for("HEADSET001", "149.99", paymentMethod="pm_card_chargeDeclined")),
        Sample("out of stock", order_for("CAMERA001", "459.00", 5)),
    ]


def table(shown: list[Sample]) -> Table:
    """All orders with the statuses they went through, as far as they are."""
    result = Table(title="Orders", title_justify="left")
    for column in ("Order", "Number", "Id", "Statuses", "Outcome"):
        result.add_column(column)
    for sample in shown:
        order = sample.order
        passed = " → ".join(row["status"] for row in order.get("history", [])) or "…"
        number, order_id = order.get("orderNumber") or "", str(order.get("orderId", ""))[:8]
        result.add_row(sample.title, number, order_id, passed, _outcome(order))
    return result


def watch(partner: Partner, shown: list[Sample], console: Console) -> None:
    """Place the orders and follow them to their ends. Refuses if one does not end in time."""
    with Live(table(shown), console=console, refresh_per_second=8) as live:
        for sample in shown:
            sample.order = partner.place(sample.body)
            live.update(table(shown))

        def all_ended() -> bool:
            for sample in shown:
                sample.order = sample.order if has_ended(sample.order) else partner.order(sample.order["orderId"])
            live.update(table(shown))
            return all(has_ended(sample.order) for sample in shown)

        until(all_ended, bool, "An order did not end", _PATIENCE)


def check_out(customer: Customer, console: Console) -> None:
    """Fill a cart, buy it, and print each state of the execution as it is entered. Refuses if it does not succeed."""
    cart = customer.fill_cart("MOUSE001", 2)
    heading(console, "Checkout by the demo customer")
    for item in cart["items"]:
        console.print(f"Cart: {item['quantity']} × {item['name']}, {money(item['lineTotal'], cart['currency'])}")
    accepted = customer.checkout(cart["total"])
    console.print(f"Order {named(accepted)}, execution {accepted['executionArn']}", soft_wrap=True, highlight=False)
    began, shown = time.monotonic(), 0

    def look() -> str:
        nonlocal shown
        status, states = customer.execution(accepted["executionArn"])
        for state in states[shown:]:
            console.print(f"  {time.monotonic() - began:5.1f} s  {state}", highlight=False)
        shown = len(states)
        return status

    status = until(look, lambda status: status != "RUNNING", "The execution did not end", _PATIENCE)
    order = customer.order(accepted["orderId"])
    console.print(f"Execution {status}, order {order['orderNumber']} {order['status']}: staff can ship it now.")
    if (status, order["status"]) != ("SUCCEEDED", "CONFIRMED"):
        raise failed("The checkout did not end as it should")


def report(partner: Partner, sample: Sample, console: Console) -> None:
    """Print where the order's receipt, mails and messages are, and what they say."""
    order_id = sample.order["orderId"]
    completed = sample.order["status"] == "COMPLETED"
    _wait_for_news(partner, order_id, completed)
    heading(console, f"{sample.title}: order {named(sample.order)}")
    if completed:
        console.print("Receipt (PDF, link good for 15 minutes):")
        console.print(partner.receipt_link(order_id) or "not there yet", soft_wrap=True, markup=False)
    for mail in partner.mails(order_id):
        console.print(f"Mail to {', '.join(mail['To'])}: {mail['Subject']}", style="bold", markup=False)
        console.print(_indented(mail["BodyText"]), soft_wrap=True, markup=False, highlight=False)
    for text in partner.texts(order_id):
        console.print("Text message:", style="bold")
        console.print(_indented(text), soft_wrap=True, markup=False, highlight=False)


def main(arguments: list[str]) -> int:
    """The command; 0 when all orders ended as they should."""
    parser = argparse.ArgumentParser(prog="local.demo")
    parser.add_argument("--port", type=processes.port_number, default=None)
    port = parser.parse_args(arguments).port
    steps = Steps()
    console = steps.console
    try:
        described, started = ready_stack(port, steps)
        partner, shown = Partner(described), samples()
        watch(partner, shown, console)
        customer = Customer(described)
        check_out(customer, console)
        show_all(described, console)
        for sample in shown:
            report(partner, sample, console)
        ask_the_chatbot(partner, customer, shown[0].order, console)
        show_metrics(described, console, fewest=len(shown) + 1)
    except Refusal as refusal:
        steps.refuse(refusal)
        return 1
    except requests.RequestException as error:
        steps.refuse(
            Refusal(f"The local stack does not take the order ({error}): stop it with `make stop`, then again.")
        )
        return 1
    except KeyboardInterrupt:
        console.print("\nStopped." + (_STAYS if stack.running() else ""))
        return 130
    console.rule("Where to look", align="left")
    console.print(f"All mails     {described['endpoint_url']}/_ministack/ses/messages", soft_wrap=True)
    console.print(f"All messages  {described['endpoint_url']}/_ministack/sns/sms-messages", soft_wrap=True)
    if started:
        console.print(_STAYS.strip())
    return 0


def _outcome(order: dict[str, Any]) -> str:
    if order.get("error"):
        return f"[red]{order['error']['code']}[/red]"
    return f"[green]{order['status']}[/green]" if order.get("status") == "COMPLETED" else ""


def _indented(text: str) -> str:
    return textwrap.indent(text.strip(), "    ")


def _wait_for_news(partner: Partner, order_id: str, completed: bool) -> None:
    """Receipt, mail and messages follow the order's end by a few seconds."""

    def arrived() -> bool:
        messages = partner.mails(order_id) and len(partner.texts(order_id)) >= 2
        return bool(messages and (not completed or partner.receipt_link(order_id)))

    processes.wait_for(arrived, patience=15)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
