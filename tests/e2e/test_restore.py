"""A shop that lost its orders, stock and receipts has them again as they were, and says whose money is left over."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from infra.ops import backup, restore
from tests.e2e.shop import Shop, until
from tests.support.builders.examples import body

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture
def command(shop: Shop, stack_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find the stack as `make` does."""
    from infra.ops import operate

    monkeypatch.setattr(operate, "STACK", stack_folder / "stack.json")


def place(shop: Shop, product: str) -> str:
    sent = body(customerId="restored", items=[{"productId": product, "quantity": 2}], totalAmount=None)
    order_id = str(shop.partner("POST", "/orders", sent).json()["orderId"])
    assert shop.partner.ended(f"/orders/{order_id}", 60)["status"] == "COMPLETED"
    until(lambda: receipt(shop, order_id), seconds=30)
    until(lambda: shop.mails(order_id), seconds=30)
    return order_id


def receipt(shop: Shop, order_id: str) -> bytes:
    link = shop.partner("GET", f"/orders/{order_id}/receipt")
    return requests.get(link.json()["url"], timeout=30).content if link.status_code == 200 else b""


def seen(shop: Shop, product: str, order_ids: list[str]) -> dict[str, Any]:
    """All that a partner sees of them, and the stock."""
    listed = shop.partner("GET", "/orders?customerId=restored").json()["orders"]
    return {
        "listed": [order["orderId"] for order in listed],
        "orders": [shop.partner("GET", f"/orders/{order_id}").json() for order_id in order_ids],
        "receipts": [receipt(shop, order_id) for order_id in order_ids],
        "stock": shop.stock(product),
    }


def lose(shop: Shop, product: str, order_ids: list[str]) -> None:
    """As a mistaken script would."""
    resources, dynamodb, s3 = shop.described["resources"], shop.client("dynamodb"), shop.client("s3")
    for order_id in order_ids:
        dynamodb.delete_item(TableName=resources["orders_table"], Key={"orderId": {"S": order_id}})
        entry = {"orderId": {"S": order_id}, "operation": {"S": "capture"}}
        dynamodb.delete_item(TableName=resources["payments_table"], Key=entry)
        s3.delete_object(Bucket=resources["documents_bucket"], Key=f"receipts/{order_id}.pdf")
    dynamodb.delete_item(TableName=resources["inventory_table"], Key={"productId": {"S": product}})
    dynamodb.delete_item(TableName=resources["products_table"], Key={"productId": {"S": product}})


@contextmanager
def asking(shop: Shop) -> Iterator[list[requests.Response]]:
    """A partner asks all the time."""
    answers: list[requests.Response] = []
    done = threading.Event()

    def ask() -> None:
        while not done.wait(0.2):
            answers.append(shop.partner("GET", "/orders?limit=1"))

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield answers
    finally:
        done.set()
        thread.join()


@pytest.mark.usefixtures("command")
def test_lost_orders_stock_and_receipts_come_back(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    product = shop.new_product(stock=10)
    kept = [place(shop, product), place(shop, product)]
    before = seen(shop, product, kept)
    assert backup.main(["create", "e2e"]) == 0
    undone = place(shop, product)
    paid = shop.partner("GET", f"/orders/{undone}").json()["totalAmount"]
    lose(shop, product, kept)

    assert restore.main(["--to", "e2e", "--plan"]) == 0
    assert "orders placed since are gone" in capsys.readouterr().out
    with asking(shop) as answers:
        assert restore.main(["--to", "e2e", "--yes"]) == 0
    printed = capsys.readouterr().out

    assert seen(shop, product, kept) == before
    assert shop.partner("GET", f"/orders/{undone}").status_code == 404
    assert f"{paid:.2f} EUR were paid for orders that are gone" in printed
    closed = [answer for answer in answers if answer.status_code == 503]
    assert closed
    assert {(answer.json()["code"], answer.headers["Retry-After"]) for answer in closed} == {
        ("TEMPORARILY_UNAVAILABLE", "120")
    }
    assert {answer.status_code for answer in answers} <= {200, 503}
    again = place(shop, product)  # the shop goes on, with numbers that no order had before
    numbers = [shop.partner("GET", f"/orders/{one}").json()["orderNumber"] for one in (*kept, again)]
    assert len(set(numbers)) == 3
    assert [len(shop.mails(order_id)) for order_id in kept] == [1, 1]
    assert backup.main(["delete", "e2e"]) == 0
