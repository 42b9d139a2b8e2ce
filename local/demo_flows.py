"""The demo's second half: an order from the bus, a shipment on its way, a file of orders, a message in the
dead-letter queue and how staff repair it, and questions to the chatbot."""

import csv
import io
import json
import uuid
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from local.back_office import Carrier, Outside, Staff
from local.catalogue import ALARM_CLOCK, SAMPLE_ORDER, order_for
from local.client import Customer, Partner
from local.demo_steps import failed, has_ended, heading, named, until

_ROWS = 60
_BAD = {7: ("quantity", "none"), 23: ("customerEmail", "nobody"), 41: ("productId", "NOTHING001")}
"""Rows of the file that are wrong, each with its field and its value."""
_COLUMNS = (
    *("customerId", "customerEmail", "productId", "quantity", "price", "currency"),
    *("street", "city", "zipCode", "country"),
)


def show_all(described: dict[str, Any], console: Console) -> None:
    """All four, one after the other. Refuses if one does not end as it should."""
    partner, staff, outside = Partner(described), Staff(described), Outside(described)
    order_id = order_from_the_bus(partner, outside, console)
    follow_a_shipment(partner, staff, Carrier(described), order_id, console)
    import_a_file(staff, outside, console)
    repair_a_dead_letter(partner, staff, outside, console)


def order_from_the_bus(partner: Partner, outside: Outside, console: Console) -> str:
    """Put the shortest possible order on the bus and wait for its end; returns its id."""
    order_id = f"bus-{uuid.uuid4().hex[:8]}"
    order = {"OrderId": order_id, "Product": "Laptop", "Quantity": 1, "Price": 1200}
    heading(console, "An order that another system puts on the bus")
    console.print_json(json.dumps(order))
    outside.put_order(order)
    ended = until(lambda: partner.order_if_there(order_id), has_ended, "The order from the bus did not end")
    _show_history(ended, console)
    if ended["status"] != "COMPLETED":
        raise failed(f"The order from the bus ended as {ended['status']}")
    return order_id


def follow_a_shipment(partner: Partner, staff: Staff, carrier: Carrier, order_id: str, console: Console) -> None:
    """Staff ship the order, and the carrier reports that it arrived."""
    heading(console, "Its shipment")
    number = f"JD{uuid.uuid4().int % 10**10:010d}"
    staff.post(f"/admin/orders/{order_id}/ship", {"carrier": "DHL", "trackingNumber": number})
    _show_shipment("Staff ship it", partner.order(order_id), console)
    carrier.report(str(uuid.uuid4()), "DHL", number, "DELIVERED")
    _show_shipment("The carrier reports", partner.order(order_id), console)


def import_a_file(staff: Staff, outside: Outside, console: Console) -> None:
    """Put a file with some bad rows into the bucket, watch its progress, and show the report on the bad ones."""
    name = f"demo-{uuid.uuid4().hex[:8]}"
    heading(console, f"A file of {_ROWS} orders, {len(_BAD)} of them wrong: orders/{name}.csv")
    outside.upload(f"orders/{name}.csv", _file(name))
    found = _watched(staff, f"orders/{name}.csv", console)
    report = json.loads(outside.download(f"reports/{name}.json"))
    rejected = [row for row in report["rows"] if row["outcome"] == "rejected"]
    table = Table(title=f"reports/{name}.json", title_justify="left")
    for column in ("Row", "Field", "What is wrong"):
        table.add_column(column)
    for row in rejected:
        for error in row["errors"]:
            table.add_row(str(row["row"]), error["field"], error["message"])
    console.print(table)
    if (found["counts"]["accepted"], {row["row"] for row in rejected}) != (_ROWS - len(_BAD), set(_BAD)):
        raise failed(f"The import ended as {found['counts']}")


def repair_a_dead_letter(partner: Partner, staff: Staff, outside: Outside, console: Console) -> None:
    """An order that can't be processed, because its product is damaged in the table: its message reaches the
    dead-letter queue, the product is repaired, the message redriven, and the order completes."""
    heading(console, "A message that exhausts its retries")
    product_id = ALARM_CLOCK.product_id
    try:
        outside.damage_product(product_id)
        _redrive_an_order_for(product_id, partner, staff, console)
    finally:  # however the demo ends, the catalogue is whole
        staff.put_product(ALARM_CLOCK)


def _redrive_an_order_for(product_id: str, partner: Partner, staff: Staff, console: Console) -> None:
    order = partner.place(order_for(product_id, ALARM_CLOCK.price))
    console.print(f"Order {named(order)} is for {product_id}, whose price was deleted from the table by hand.")
    with console.status("Five tries, in half a minute …"):
        letter = until(lambda: _dead_letter(staff, order["orderId"]), bool, "The message was not seen")
    console.print(f"In the dead-letter queue of [b]{letter['queue']}[/b]: {letter['reason']}", highlight=False)
    staff.put_product(ALARM_CLOCK)
    done = staff.post("/admin/dead-letters/redrive", {"queue": "orders", "messageIds": [letter["messageId"]]})
    console.print(f"Staff put the price back, and the message: {done['redriven']} redriven.", highlight=False)
    ended = until(lambda: partner.order(order["orderId"]), has_ended, "The redriven order did not end")
    _show_history(ended, console)
    if ended["status"] != "COMPLETED":
        raise failed(f"The redriven order ended as {ended['status']}")


def ask_the_chatbot(partner: Partner, customer: Customer, order: dict[str, Any], console: Console) -> None:
    """Print each question with its answer and who worded it. `order` is one of the partner's that completed. Refuses if
    an answer is not about the orders that it should be."""
    order_id, customer_id = order["orderId"], order["customerId"]
    heading(console, "Questions to the chatbot")
    status = _asked(f"What's the status of order {order_id}?", partner.ask, console, customer_id)
    recent = _asked("Show me my recent orders", partner.ask, console, customer_id)
    _asked("How do I track my package?", partner.ask, console, customer_id)
    mine = _asked("Laat mijn laatste bestellingen zien", customer.ask, console)
    if status["orders"] != [order_id] or order_id not in recent["orders"] or not mine["orders"]:
        raise failed("The chatbot did not find the order")


def _asked(question: str, ask: Any, console: Console, *customer_id: str) -> dict[str, Any]:
    answer: dict[str, Any] = ask(question, *customer_id)
    console.print(f"> {question}", style="bold", markup=False, highlight=False, soft_wrap=True)
    console.print(answer["answer"], markup=False, highlight=False, soft_wrap=True)
    console.print(f"(source: {answer['source']})\n", style="dim", highlight=False)
    return answer


def _watched(staff: Staff, key: str, console: Console) -> dict[str, Any]:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Rows", total=_ROWS)

        def look() -> dict[str, Any]:
            imports: list[dict[str, Any]] = staff.get("/admin/imports")["imports"]
            mine: dict[str, Any] = next((found for found in imports if found["file"] == key), {})
            counts = mine.get("counts", {"accepted": 0, "rejected": 0})
            progress.update(task, completed=counts["accepted"] + counts["rejected"])
            return mine

        return until(look, lambda mine: mine.get("status", "RUNNING") != "RUNNING", "The file was not imported")


def _dead_letter(staff: Staff, order_id: str) -> dict[str, Any] | None:
    found = staff.get("/admin/dead-letters", queue="orders")["messages"]
    return next((letter for letter in found if letter["orderId"] == order_id), None)


def _show_history(order: dict[str, Any], console: Console) -> None:
    passed = " → ".join(row["status"] for row in order["history"])
    console.print(f"Order {named(order)}: {passed}", style="green", highlight=False)


def _show_shipment(who: str, order: dict[str, Any], console: Console) -> None:
    shipment = order["shipment"]
    console.print(f"{who}: {shipment['carrier']} {shipment['trackingNumber']}, {shipment['status']}", highlight=False)


def _file(name: str) -> bytes:
    text = io.StringIO()
    rows = csv.DictWriter(text, _COLUMNS, extrasaction="ignore")
    rows.writeheader()
    for number in range(1, _ROWS + 1):
        row = SAMPLE_ORDER["shippingAddress"] | {
            "customerId": f"{name}-{number}",
            "customerEmail": "customer@example.com",
            "productId": "COFFEE001",
            "quantity": "1",
            "price": "7.95",
            "currency": "EUR",
        }
        if number in _BAD:
            field, wrong = _BAD[number]
            row[field] = wrong
        rows.writerow(row)
    return text.getvalue().encode()
