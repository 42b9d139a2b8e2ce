"""The stream of the orders table, and what must be counted of it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.documents.receipts import archive_key
from chalicelib.kit.jsonio import dumps
from chalicelib.orders.items import order_to_item
from chalicelib.orders.model import UNSUCCESSFUL, Order, Status
from chalicelib.orders.views import order_view
from chalicelib.reporting import count_orders, rebuild
from chalicelib.reporting.counts import added
from chalicelib.reporting.facts import facts_of, sold_at
from chalicelib.reporting.ports import Change

from tests.support.builders.examples import SETTINGS, order
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.counters import FakeCounterPages


def changes_in(states: Sequence[Order]) -> list[Change]:
    """From nothing to the last state."""
    return [Change(before, after) for before, after in zip([None, *states], states, strict=False)]


def record(change: Change, number: int = 1) -> dict[str, Any]:
    """As Lambda hands it over."""
    images = {"NewImage": _image(change.after)}
    if change.before:
        images["OldImage"] = _image(change.before)
    return {
        "eventID": f"{number:032x}",
        "eventName": "MODIFY" if change.before else "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1795271425,
            "Keys": {"orderId": {"S": change.after.order_id}},
            **images,
            "SequenceNumber": f"{number:021d}",
            "SizeBytes": 1024,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": "arn:aws:dynamodb:us-east-1:000000000000:table/orderproc-test-orders/stream/2026-11-21",
    }


def lived(adapters: FakeAdapters, states: list[Order], *, counting: bool = True) -> None:
    """The order goes its way: stored, its receipt written where it gets one, its changes counted."""
    for change in changes_in(states):
        adapters.store.orders[change.after.order_id] = change.after
        if counting:
            Services(SETTINGS, adapters).reporting.count_orders([record(change)])
        receipt(adapters, change.after)


def receipt(adapters: FakeAdapters, one: Order) -> None:
    """As the notifier does, or the reconciler: an entry once it is sold, unless it is cancelled by then."""
    if sold_at(one) and one.status not in UNSUCCESSFUL:
        adapters.documents.add(archive_key(one), dumps(order_view(one)).encode(), "application/json")


def sold(at: str = "2026-11-21T12:20:00.000Z") -> list[Order]:
    """The states of an order of the workflow `queue` that completes within a millisecond."""
    one = order(created_at=at)
    states = [replace(one, history=(replace(one.history[0], at=at),))]
    for status in (Status.PAYMENT_PROCESSING, Status.FULFILLMENT, Status.COMPLETED):
        row = replace(states[-1].history[0], status=status, at=at)
        states.append(replace(states[-1], history=(*states[-1].history, row)))
    return states


@contextmanager
def full_with(digests: int) -> Iterator[None]:
    """Counters are full sooner."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (count_orders, rebuild):
            patch.setattr(module, "FULL", digests)
        yield


def _image(order: Order) -> dict[str, Any]:
    return {
        name: {"B": base64.b64encode(value["B"]).decode()} if "B" in value else value
        for name, value in order_to_item(order).items()
    }


def wanted(orders: Iterable[Order]) -> dict[str, dict[str, Any]]:
    """What each hour must come to, from the last states of all orders."""
    hours: dict[str, list[dict[str, Any]]] = {}
    for one in orders:
        for fact in facts_of(one).values():
            hours.setdefault(fact.at[:13], []).append(dict(fact.counts))
    return {hour: added(parts) for hour, parts in hours.items()}


def counted(counter_pages: FakeCounterPages) -> dict[str, dict[str, Any]]:
    """What each hour was counted as."""
    hours: dict[str, list[Any]] = {}
    for place, page in counter_pages.pages.items():
        hours.setdefault(place.hour, []).append(page.counts)
    return {hour: total for hour, parts in hours.items() if (total := added(parts))}


def removal(one: Order) -> dict[str, Any]:
    """The record of an order that was deleted, which nothing of ours does."""
    whole = record(Change(None, one))
    return {
        **whole,
        "eventName": "REMOVE",
        "dynamodb": {
            **{name: value for name, value in whole["dynamodb"].items() if name != "NewImage"},
            "OldImage": _image(one),
        },
    }


def indexed(adapters: FakeAdapters, *orders: Order) -> None:
    """These orders are stored, and the stream has reached the search."""
    whole = orders or tuple(adapters.store.orders.values())
    adapters.store.orders |= {one.order_id: one for one in whole}
    Services(SETTINGS, adapters).search.index_records([record(Change(None, one)) for one in whole])
