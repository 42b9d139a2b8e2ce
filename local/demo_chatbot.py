"""The demo's questions to the chatbot, asked by a partner and by the demo customer."""

from typing import Any

from rich.console import Console

from local.client import Customer, Partner
from local.demo_steps import failed, heading


def ask_the_chatbot(partner: Partner, customer: Customer, order: dict[str, Any], console: Console) -> None:
    """Print each question with its answer and who worded it. `order` is one of the partner's that completed. Refuses if
    an answer is not about the orders that it should be."""
    order_id, customer_id = order["orderId"], order["customerId"]
    heading(console, "Questions to the chatbot")
    status = _show(f"What's the status of order {order_id}?", partner.ask, console, customer_id)
    recent = _show("Show me my recent orders", partner.ask, console, customer_id)
    _show("How do I track my package?", partner.ask, console, customer_id)
    mine = _show("Laat mijn laatste bestellingen zien", customer.ask, console)
    if status["orders"] != [order_id] or order_id not in recent["orders"] or not mine["orders"]:
        raise failed("The chatbot did not find the order")


def _show(question: str, ask: Any, console: Console, *customer_id: str) -> dict[str, Any]:
    answer: dict[str, Any] = ask(question, *customer_id)
    console.print(f"> {question}", style="bold", markup=False, highlight=False, soft_wrap=True)
    console.print(answer["answer"], markup=False, highlight=False, soft_wrap=True)
    console.print(f"(source: {answer['source']})\n", style="dim", highlight=False)
    return answer
