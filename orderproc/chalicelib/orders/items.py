"""Orders as DynamoDB items and back.

A write costs by the kilobyte, an index entry by the write: so history is stored as (status, milliseconds), names are
short where staff do not need to read them in the console, and what can be derived is not stored. An order of one line
stays below 1 KB from its first write to its last. Unknown attributes are ignored: a newer version may add some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from decimal import Decimal
from operator import attrgetter
from typing import Any
from zlib import crc32

from ..kit.clock import from_iso, from_millis, to_millis
from ..kit.damaged_items import reads
from ..kit.dynamodb import Item, from_dynamodb, to_dynamodb
from ..kit.money import exact
from .model import (
    ALL_EVENTS,
    UNSUCCESSFUL,
    Address,
    Duty,
    Failure,
    Feedback,
    HistoryRow,
    Line,
    Order,
    Payment,
    PaymentStatus,
    Reservation,
    Shipment,
    ShipmentStatus,
    Status,
)

OPEN_SHARDS = 8
"""Partitions of the index of open orders: each takes 1,000 writes a second."""
_OPTIONAL_TEXTS = ("phone", "trace", "attention", "retryAt", "reference", "note", "locale")

_TEXTS = ("orderId", "owner", "email", "method", "workflow", "currency", "createdAt", "status")

_ADDRESS = attrgetter(*(field.name for field in fields(Address)))

_FIRST = 5
"""Fields that addresses had first."""


def customer_key(owner: str, customer_id: str) -> str:
    """The partition of one customer of one owner. Raises ValueError for an owner with a `|`: two pairs could share
    a key, and one partner see another's orders."""
    if "|" in owner:
        raise ValueError(f"{owner!r} can't own orders")
    return f"{owner}|{customer_id}"


def shard_of(order_id: str) -> str:
    return str(crc32(order_id.encode()) % OPEN_SHARDS)


def day_key(day: str, shard: str) -> str:
    """The partition of one shard of a day's orders, by their creation."""
    return f"{day}#{shard}"


def order_to_item(order: Order) -> Item:
    """Raises ValueError for an order that `order_from_item` could not read: an amount that is none in its currency."""
    currency = order.currency
    return to_dynamodb(
        {
            "orderId": order.order_id,
            "owner": order.owner,
            "customerKey": customer_key(order.owner, order.customer_id),
            "createdAt": order.created_at,
            "day": day_key(order.created_at[:10], shard_of(order.order_id)),
            "openShard": shard_of(order.order_id) if _stays_open(order) else None,
            "status": order.status.value,
            "history": [_history_to_list(row) for row in order.history],
            "titles": _titles(order.lines),
            "lines": [[n.product_id, n.name, n.quantity, exact(n.price, currency)] for n in order.lines],
            "currency": currency,
            "total": exact(order.total_amount, currency),
            "email": order.customer_email,
            "phone": order.phone_number,
            **_address_attributes("address", order.shipping_address),
            **_address_attributes("billing", order.billing_address),
            "number": int(order.order_number) if order.order_number else None,
            "reference": order.reference,
            "note": order.note,
            "metadata": list(map(list, order.metadata)) or None,
            "locale": order.locale or None,
            "method": order.payment_method,
            "workflow": order.workflow,
            "manual": True if order.fulfilment == "manual" else None,
            "stock": None if order.reservation is Reservation.NONE else order.reservation.value,
            "payment": _payment_to_list(order.payment, currency) if order.payment else None,
            "error": [order.failure.code, order.failure.message] if order.failure else None,
            "trace": order.correlation_id or None,
            "print": order.fingerprint or None,
            "todo": sorted(order.duties - {Duty.STOCK}) or None,
            "news": list(order.unpublished) or None,
            "handovers": order.handovers or None,
            "tries": order.tries or None,
            "retryAt": order.retry_at or None,
            "parcels": [_shipment_to_list(s) for s in order.shipments] or None,
            "feedback": _feedback_to_list(order.feedback) if order.feedback else None,
            "cart": order.cart_version or order.from_cart or None,
            "attention": order.attention or None,
            "tags": list(order.tags) or None,
            "revision": order.revision or None,
        }
    )


def _stays_open(order: Order) -> bool:
    """Once it is written: deferred stock updates are made by then."""
    return (replace(order, duties=order.duties - {Duty.STOCK}) if Duty.STOCK in order.duties else order).open


@reads("order", "orderId")
def order_from_item(item: Item) -> Order:
    v = from_dynamodb(item)
    _judge(v)
    currency = v["currency"]
    error = v.get("error")
    order = Order(
        order_id=v["orderId"],
        owner=v["owner"],
        customer_id=v["customerKey"].split("|", 1)[1],
        customer_email=v["email"],
        lines=tuple(_lines_from_lists(v["lines"], v.get("titles", False), currency)),
        currency=currency,
        total_amount=exact(v["total"], currency),
        created_at=v["createdAt"],
        history=tuple(_history_from_list(row) for row in v["history"]),
        payment_method=v["method"],
        phone_number=v.get("phone"),
        shipping_address=_address_from_attributes("address", v),
        billing_address=_address_from_attributes("billing", v),
        order_number=str(int(v["number"])) if "number" in v else "",
        reference=v.get("reference"),
        note=v.get("note"),
        metadata=tuple((name, value) for name, value in v.get("metadata", ())),
        locale=v.get("locale", ""),
        workflow=v["workflow"],
        fulfilment="manual" if v.get("manual") else "auto",
        reservation=Reservation(v.get("stock", Reservation.NONE.value)),
        payment=_payment_from_list(v["payment"], currency) if "payment" in v else None,
        failure=Failure(*error) if error else None,
        correlation_id=v.get("trace", ""),
        fingerprint=bytes(v["print"]) if "print" in v else b"",
        duties=frozenset(map(Duty, (*v.get("todo", ()), *([Duty.STOCK] if "owes" in v else [])))),
        unpublished=tuple(v.get("news", ())),
        handovers=int(v.get("handovers", 0)),
        tries=int(v.get("tries", 0)),
        retry_at=v.get("retryAt", ""),
        shipments=tuple(_shipment_from_list(s) for s in v.get("parcels", ())),
        feedback=_feedback_from_list(*v["feedback"]) if "feedback" in v else None,
        from_cart=bool(v.get("cart")),
        cart_version=v["cart"] if isinstance(v.get("cart"), str) else "",
        attention=v.get("attention", ""),
        tags=tuple(map(str, v.get("tags", ()))),
        revision=int(v.get("revision", 0)),
    )
    return order if order.open or "openShard" not in v else _with_unnamed_duties(order)


def _with_unnamed_duties(order: Order) -> Order:
    """Stored as open by a version that did not say what for, or by hand: all that may be left is to be done. Each duty
    finds out whether it was done before."""
    if order.status in UNSUCCESSFUL:
        duties = {Duty.REFUND}
    else:
        duties = {Duty.CART} if order.from_cart else set()
        duties |= {Duty.RECEIPT} if order.workflow == "stepfunctions" else set()
    return replace(order, duties=frozenset(duties), unpublished=ALL_EVENTS)


def _judge(v: Item) -> None:
    """Raises ValueError for values that Python would take, and that later code would fail on."""
    wrong = [name for name in _TEXTS if not isinstance(v[name], str)]
    if wrong:
        raise ValueError(f"{', '.join(wrong)} must be text")
    from_iso(v["createdAt"])
    if "retryAt" in v:
        from_iso(v["retryAt"])
    odd = [name for name in _OPTIONAL_TEXTS if not isinstance(v.get(name, ""), str)]
    if odd:
        raise ValueError(f"{', '.join(odd)} must be text")
    if v["history"][-1][0] != v["status"]:
        raise ValueError(f"the status is {v['status']}, but the history ends with {v['history'][-1][0]}")


def _address_attributes(name: str, address: Address | None) -> Item:
    """Two attributes: the second one, which few orders have, an older version passes over."""
    if address is None:
        return {}
    whole = list(_ADDRESS(address))
    return {name: whole[:_FIRST], f"{name}More": whole[_FIRST:] if any(whole[_FIRST:]) else None}


def _address_from_attributes(name: str, v: Item) -> Address | None:
    return Address(*v[name], *v.get(f"{name}More", ())) if name in v else None


def _titles(lines: Sequence[Line]) -> list[str] | bool | None:
    """An attribute of its own, which an older version passes over. True where every line is called by its title."""
    if not any(line.title for line in lines):
        return None
    return True if all(line.title == line.name for line in lines) else [line.title for line in lines]


def _lines_from_lists(lines: list[list[Any]], titles: list[str] | bool, currency: str) -> Iterator[Line]:
    for n, (product_id, name, quantity, price) in enumerate(lines):
        if quantity != int(quantity) or not isinstance(product_id, str):
            raise ValueError("a line is damaged")
        title = titles[n] if isinstance(titles, list) else name if titles else ""
        yield Line(product_id, name, int(quantity), exact(price, currency), title)


def _history_to_list(row: HistoryRow) -> list[Any]:
    short = [row.status.value, to_millis(row.at)]
    return [*short, row.detail] if row.detail else short


def _history_from_list(row: list[Any]) -> HistoryRow:
    return HistoryRow(Status(row[0]), from_millis(int(row[1])), row[2] if len(row) > 2 else "")


def _shipment_to_list(shipment: Shipment) -> list[Any]:
    items = [[product_id, quantity] for product_id, quantity in shipment.items]
    short = [shipment.carrier, shipment.tracking_number, items, shipment.status.value, to_millis(shipment.at)]
    return [*short, to_millis(shipment.handed_over_at)] if shipment.handed_over_at else short


def _shipment_from_list(values: list[Any]) -> Shipment:
    carrier, number, items, status, at, *shipped = values
    units = tuple((product_id, int(quantity)) for product_id, quantity in items)
    handed_over_at = from_millis(int(shipped[0])) if shipped else ""
    return Shipment(carrier, number, units, ShipmentStatus(status), from_millis(int(at)), handed_over_at)


def _feedback_to_list(feedback: Feedback) -> list[Any]:
    short = [feedback.score, feedback.comment, to_millis(feedback.at)]
    return [*short, feedback.mark] if feedback.mark else short


def _feedback_from_list(score: Decimal, comment: str, at: Decimal, *mark: str) -> Feedback:
    return Feedback(int(score), comment, from_millis(int(at)), *mark)


def _payment_to_list(payment: Payment, currency: str) -> list[Any]:
    amount, refunded = exact(payment.amount, currency), exact(payment.refunded, currency)
    return [payment.status.value, payment.reference, amount, refunded]


def _payment_from_list(values: list[Any], currency: str) -> Payment:
    status, reference, amount, refunded = values
    return Payment(PaymentStatus(status), reference, exact(amount, currency), exact(refunded, currency))
