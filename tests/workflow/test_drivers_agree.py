"""The same order by any driver ends the same, whatever it pays with and whatever is wrong with it: one order, one set
of steps. A new driver joins by its name in DRIVERS, once `Simulation` can run it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.inventory.model import Stock
from chalicelib.kit.jsonio import loads
from chalicelib.orders.model import Line, total_of

from tests.reliability.simulation import IN_STOCK, Simulation
from tests.support.builders.examples import command

REFERENCE = "queue"
DRIVERS = ["stepfunctions", "events"]
"""Each is compared with the reference."""

PIECES = 2
_LAPTOPS = (Line("LAPTOP001", "Gaming Laptop", PIECES, Decimal("1299.99")),)
_ORDERS: dict[str, dict[str, Any]] = {
    "visa": {},
    "declined": {"payment_method": "pm_card_chargeDeclined"},
    "insufficient funds": {"payment_method": "pm_card_chargeDeclinedInsufficientFunds"},
    "time-out once": {"payment_method": "pm_sim_timeoutOnce"},
    "unavailable": {"payment_method": "pm_sim_unavailable"},
    "out of stock": {"lines": (Line("LAPTOP001", "", IN_STOCK + 1, Decimal("1299.99")),)},
    # As checkout places it, with the catalogue's title: one driver asks the catalogue without storing the answer.
    "price mismatch": {"lines": (Line("LAPTOP001", "Laptop", 1, Decimal("1.00"), "Gaming Laptop"),)},
    "unknown product": {"lines": (Line("NOTHING", "", 1, Decimal("1.00")),)},
    "several lines": {
        "lines": (*_LAPTOPS, Line("MOUSE001", "", 1, Decimal("20.00")), *_LAPTOPS),
    },
    "no phone": {"phone_number": None},
    "no name on its lines": {"lines": (Line("MOUSE001", "", 1, Decimal("20.00")),)},
}
_ENDS_BADLY = {
    "declined": "CARD_DECLINED",
    "insufficient funds": "INSUFFICIENT_FUNDS",
    "unavailable": "PAYMENT_UNAVAILABLE",
    "out of stock": "OUT_OF_STOCK",
    "price mismatch": "PRICE_MISMATCH",
    "unknown product": "PRODUCT_NOT_FOUND",
}
DECLINED = {"declined", "insufficient funds"}
SOLD = {"visa": 2, "time-out once": 2, "several lines": 4, "no phone": 2}


@dataclass(frozen=True)
class Outcome:
    """All that an order leaves behind, with its id written as `ID` and without times."""

    history: list[tuple[str, str]]
    order: dict[str, Any]
    stock: dict[str, Stock]
    ledger: dict[str, tuple[str, Decimal, str, str]]
    gateway: dict[str, tuple[bool, Decimal, str]]
    documents: dict[str, Any]
    notified: list[str]
    events: list[str]
    cart: dict[str, int]


def outcome(driver: str, name: str, fulfilment: str) -> Outcome:
    """Of a good day with this driver: everything runs until nothing moves any more."""
    sim = Simulation()
    order: dict[str, Any] = {"lines": _LAPTOPS, **_ORDERS[name]}
    order["total_amount"] = total_of(order["lines"])
    placed = command(**order, workflow=driver, fulfilment=fulfilment, from_cart=fulfilment == "manual")
    for line in placed.lines:
        sim.fakes.carts.put(placed.customer_id, line.product_id, line.quantity, "EUR")
    placed = replace(placed, cart_version=sim.fakes.carts.get(placed.customer_id).version)
    sim.fakes.carts.put(placed.customer_id, "KEPT001", 3, "EUR")

    sim.accept(placed)
    sim.come_to_rest()

    assert sim.broken_promises() == []
    return _outcome(sim)


def _outcome(sim: Simulation) -> Outcome:
    fakes = sim.fakes
    (order,) = sim.orders

    def anonymous(text: str) -> str:
        return text.replace(order.order_id, "ID")

    return Outcome(
        history=[(row.status.value, row.detail) for row in order.history],
        order={
            "lines": order.lines,
            "payment": order.payment and (order.payment.status, order.payment.amount, order.payment.refunded),
            "failure": order.failure,
            "reservation": order.reservation,
            "open": order.open,
            "attention": order.attention,
        },
        stock=dict(fakes.store.stock),
        ledger={
            entry.operation.value: (entry.status.value, entry.amount, anonymous(entry.reference), entry.code)
            for entry in fakes.ledger.entries.values()
        },
        gateway={anonymous(k): (a.approved, a.amount, a.code) for k, a in fakes.gateway.done.items()},
        documents={anonymous(k): _content(anonymous(f.decode())) for k, f in fakes.documents.files.items()},
        notified=sorted(occasion for _, occasion in sim.facts().notified),
        events=sorted(set(fakes.events.types)),
        cart=dict(fakes.carts.get(order.customer_id).lines),
    )


def _content(document: str) -> Any:
    """A document without what tells the driver, or the moment."""
    if not document.startswith("{"):
        return document.split(",", maxsplit=1)[0]
    archived = loads(document)
    changes = [row["status"] for row in archived["history"]]
    return {**archived, "workflow": "", "updatedAt": "", "history": changes, "payment": archived["payment"]["amount"]}


every_order = pytest.mark.parametrize("name", _ORDERS)
both = pytest.mark.parametrize("fulfilment", ["auto", "manual"])


@pytest.mark.parametrize("driver", DRIVERS)
@both
@every_order
def test_the_same_order_ends_the_same(name: str, fulfilment: str, driver: str) -> None:
    assert outcome(driver, name, fulfilment) == outcome(REFERENCE, name, fulfilment)


@pytest.mark.parametrize("driver", [REFERENCE, *DRIVERS])
@both
@every_order
def test_it_ends_as_the_contract_says(name: str, fulfilment: str, driver: str) -> None:
    left = outcome(driver, name, fulfilment)

    if name in _ENDS_BADLY:
        assert left.history[-1][0] == "FAILED"
        assert left.order["failure"].code == _ENDS_BADLY[name]
        assert left.stock["LAPTOP001"] == Stock("LAPTOP001", IN_STOCK, 0)
        assert left.notified == ["mail-notice", "sms-created", "sms-failed"]
        assert left.documents == {}
        assert left.gateway.keys() == ({"ID:capture"} if name in DECLINED else set())
        assert left.cart["KEPT001"] == 3
        assert len(left.cart) == 2  # as it was
        return
    assert left.history[-1][0] == ("CONFIRMED" if fulfilment == "manual" else "COMPLETED")
    assert left.stock["LAPTOP001"] == Stock("LAPTOP001", IN_STOCK - SOLD.get(name, 0), 0)
    assert left.ledger["capture"][0] == "SUCCEEDED"
    assert left.documents.keys() == {"receipts/ID.pdf", "orders/2026/11/21/ID.json"}
    assert "mail-confirmation" in left.notified
    if fulfilment == "manual":
        assert left.cart == {"KEPT001": 3}
