"""The reconciler killed, refused or left without a reply at every single call that it makes: the next run finds all
that is wrong, and what is safe to repair is repaired once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import fields
from datetime import datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.discrepancies import Kind as Wrong
from chalicelib.orders.model import Order
from chalicelib.payments.model import EntryStatus, Operation

from tests.reliability.faults import Died, Fault, Kind, Plan, Tapped, as_asked
from tests.reliability.stories import every_kind
from tests.support.builders import discrepancies as inspected
from tests.support.builders.discrepancies import HOUR, listed
from tests.support.builders.examples import LAPTOP, MOUSE, SETTINGS
from tests.support.fakes.adapters import FakeAdapters

_PORTS = (
    "orders",
    "catalogue",
    "ledger",
    "gateway",
    "events",
    "documents",
    "findings",
    "hand_over",
    "carts",
    "claims",
    "dead_letter_queues",
)
_REPAIRED = (Wrong.CAPTURED_NOT_REFUNDED, Wrong.RECEIPT_MISSING)


@cache
def _stocked() -> tuple[FakeAdapters, dict[Wrong, Order]]:
    fakes = FakeAdapters()
    for product in (LAPTOP, MOUSE):
        fakes.catalogue.put(product, 9)
    services = Services(SETTINGS, fakes)
    makers = {
        Wrong.CAPTURED_NOT_REFUNDED: inspected.worthless,
        Wrong.FINISHED_UNPAID: inspected.unpaid,
        Wrong.RECEIPT_MISSING: inspected.without_receipt,
        Wrong.STUCK: inspected.forgotten,
        Wrong.NEEDS_ATTENTION: inspected.marked,
    }
    orders = {kind: make(services, fakes) for kind, make in makers.items()}
    inspected.miscounted(fakes)
    fakes.clock.advance(3 * HOUR)
    return fakes, orders


def _copy_of(fakes: FakeAdapters) -> FakeAdapters:
    """With the same contents, which takes less time than to make them again."""
    copied = FakeAdapters()
    seen: dict[int, Any] = {}
    for field in fields(fakes):
        contents = getattr(getattr(fakes, field.name), "__dict__", {})
        for name, value in contents.items():
            if isinstance(value, dict | list | set | str | int | datetime):
                setattr(getattr(copied, field.name), name, deepcopy(value, seen))
    return copied


class Shop:
    """One order of each discrepancy, and a product that is off."""

    def __init__(self) -> None:
        fakes, self.orders = _stocked()
        self.fakes = _copy_of(fakes)

    def process(self, plan: Plan) -> Services:
        """The services in a new process."""
        ports = {name: Tapped(name, getattr(self.fakes, name), plan) for name in _PORTS}
        rest = {name: getattr(self.fakes, name) for name in ("clock", "pause", "render_receipt", "metrics")}
        return Services(SETTINGS, SimpleNamespace(**ports, **rest))

    def inspect(self, plan: Plan = as_asked) -> None:
        with suppress(Exception, Died):  # the next run comes in an hour
            self.process(plan).operations.reconciliation()


def every_point(kind: Kind) -> Iterator[tuple[Shop, str]]:
    """The shops after a run went wrong at its first call, at its second, and so on, and another run went well."""
    for number in itertools.count(1):
        shop, fault = Shop(), Fault(number, kind)
        shop.inspect(fault)
        if not fault.hit:
            return
        shop.fakes.clock.advance(HOUR)
        Services(SETTINGS, shop.fakes).workflow.housekeeper()
        shop.inspect()
        yield shop, str(fault)


@every_kind
def test_the_next_run_lists_all_that_is_wrong(kind: Kind) -> None:
    for shop, circumstances in every_point(kind):
        wanted = {(wrong, order.order_id) for wrong, order in shop.orders.items()}
        found = listed(shop.fakes)

        assert set(found) == wanted | {(Wrong.RESERVED_MISMATCH, "LAPTOP001")}, circumstances
        assert {wrong for (wrong, _), finding in found.items() if finding.repaired} == set(_REPAIRED), circumstances


@every_kind
def test_what_can_be_repaired_is_repaired_once(kind: Kind) -> None:
    for shop, circumstances in every_point(kind):
        fakes, worthless = shop.fakes, shop.orders[Wrong.CAPTURED_NOT_REFUNDED].order_id
        Services(SETTINGS, fakes).workflow.housekeeper()
        shop.inspect()

        refunds = [key for key in fakes.gateway.done if key.endswith(Operation.REFUND)]
        assert refunds == [f"{worthless}:{Operation.REFUND}"], circumstances
        assert fakes.ledger.get(worthless, Operation.REFUND).status is EntryStatus.SUCCEEDED, circumstances
        assert not fakes.store.orders[worthless].open, circumstances
        mine = [key for key in fakes.documents.files if shop.orders[Wrong.RECEIPT_MISSING].order_id in key]
        assert len(mine) == 2, circumstances


def test_the_walk_visits_every_call() -> None:
    """Else an empty walk would prove nothing."""
    calls: list[Any] = []

    def note(call: Any) -> Any:
        calls.append(str(call))
        return call.do()

    Shop().inspect(note)

    assert {
        "orders.created_between",
        "orders.open_before",
        "orders.save",
        "catalogue.all_stock",
        "ledger.look_up",
        "documents.keys",
        "documents.add",
        "findings.put",
        "findings.save",
    } <= set(calls)


def test_a_receipt_cut_off_between_its_two_documents_is_never_taken_for_whole() -> None:
    """The archive entry comes last, so that where it is the receipt is, too."""
    for number in (1, 2):
        for kind in (Kind.DIES_BEFORE, Kind.DIES_AFTER):
            shop = Shop()
            order = shop.orders[Wrong.RECEIPT_MISSING]
            with pytest.raises(Died):
                shop.process(Fault(number, kind)).workflow.receipts.issue(order)
            archived = any(key.startswith("orders/") and order.order_id in key for key in shop.fakes.documents.files)
            assert not archived or f"receipts/{order.order_id}.pdf" in shop.fakes.documents.files

            shop.inspect()

            assert len([key for key in shop.fakes.documents.files if order.order_id in key]) == 2
