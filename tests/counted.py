"""The stream of the orders table, and what must be counted of it."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from typing import Any

from chalicelib.adapters.items import order_to_item
from chalicelib.domain.counts import added
from chalicelib.domain.facts import facts_of
from chalicelib.domain.order import Order
from chalicelib.services.counter_ports import Change

from tests.fakes_counters import FakeTallies


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


def _image(order: Order) -> dict[str, Any]:
    return {
        name: {"B": base64.b64encode(value["B"]).decode()} if "B" in value else value
        for name, value in order_to_item(order).items()
    }


def wanted(orders: Iterable[Order]) -> dict[str, dict[str, Any]]:
    """What each hour must come to, from the last states of all orders."""
    hours: dict[str, list[dict[str, Any]]] = {}
    for order in orders:
        for fact in facts_of(order).values():
            hours.setdefault(fact.at[:13], []).append(dict(fact.counts))
    return {hour: added(parts) for hour, parts in hours.items()}


def counted(tallies: FakeTallies) -> dict[str, dict[str, Any]]:
    """What each hour was counted as."""
    hours: dict[str, list[Any]] = {}
    for place, tally in tallies.tallies.items():
        hours.setdefault(place.hour, []).append(tally.counts)
    return {hour: total for hour, parts in hours.items() if (total := added(parts))}
