"""What a restoration undoes, in words for people: orders that are gone or set back, with the money that moved since."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from infra.backups.tables import Item
from infra.paths import make_importable

_ERASED = {"S": "erased@invalid.example"}
GONE, SET_BACK, AS_IT_WAS = "gone", "set back", "as it was"


class Row(NamedTuple):
    """An order that changed since the moment, or whose money did. Amounts are those that moved since."""

    order_id: str
    number: str
    placed_at: str
    email: str
    fate: str
    was: str
    """Its status that is undone; empty where it was lost."""
    becomes: str
    currency: str
    total: Decimal
    captured: Decimal
    refunded: Decimal
    references: str
    check: str
    """What a person must do about it; empty for nothing."""


def rows(
    changes: Iterable[dict[str, Any]], entries: Iterable[Item], exists: Callable[[str], bool] = lambda _: True
) -> list[Row]:
    """Of the changes of the orders table (`Levelling.undone`), and the ledger's entries since. `exists` says whether
    there is an order of that id: one that was lost before the restoration is in no change, but its money is in the
    ledger."""
    moved: dict[str, list[Item]] = {}
    for entry in entries:
        moved.setdefault(entry["orderId"]["S"], []).append(entry)
    found = [_row(change, moved.pop(_order(change)["orderId"]["S"], [])) for change in changes]
    for order_id, its in moved.items():
        found.append(_row({"is": None, "becomes": None, "id": order_id, "gone": not exists(order_id)}, its))
    return sorted(found, key=lambda row: (not row.check, row.placed_at, row.order_id))


def erased_since(changes: Iterable[dict[str, Any]]) -> list[str]:
    """Ids of orders whose person was erased since the moment: what comes back must be erased again."""
    return [
        change["becomes"]["orderId"]["S"]
        for change in changes
        if change["is"] and change["becomes"] and change["is"].get("email") == _ERASED != change["becomes"].get("email")
    ]


def unsettled(found: Iterable[Row]) -> dict[str, Decimal]:
    """By currency: what customers paid for orders that are gone."""
    totals: dict[str, Decimal] = {}
    for row in found:
        if row.fate == GONE and row.captured > row.refunded:
            totals[row.currency] = totals.get(row.currency, Decimal(0)) + row.captured - row.refunded
    return totals


def as_csv(found: Iterable[Row]) -> str:
    """With a heading. A spreadsheet must not take a text for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(Row._fields)
    writer.writerows([_cell(value) for value in row] for row in found)
    return out.getvalue()


def _row(change: dict[str, Any], entries: list[Item]) -> Row:
    order = _order(change)
    captured, refunded = (_sum(entries, operation) for operation in ("capture", "refund"))
    fate = SET_BACK if change["becomes"] else GONE if change["is"] or change.get("gone") else AS_IT_WAS
    shipped = len(_shipments(change["is"])) > len(_shipments(change["becomes"]))
    currency = _text(order, "currency") or next((_text(entry, "currency") for entry in entries), "")
    total = _decimal(order, "total")
    return Row(
        change.get("id") or _text(order, "orderId"),
        order.get("number", {}).get("N", ""),
        _text(order, "createdAt"),
        _text(change["is"] or order, "email"),
        fate,
        _text(change["is"] or {}, "status"),
        _text(change["becomes"] or {}, "status"),
        currency,
        _exact(total, currency),
        _exact(captured, currency),
        _exact(refunded, currency),
        " ".join(filter(None, (_text(entry, "reference") for entry in entries))),
        "; ".join(_checks(fate, captured, refunded, _text(change["is"] or {}, "status"), _in_doubt(entries), shipped)),
    )


def _exact(amount: Decimal, currency: str) -> Decimal:
    """With the currency's own digits: DynamoDB keeps no zeros at the end. What is no such amount is shown as it is."""
    make_importable()
    from chalicelib.kit.money import exact

    try:
        return exact(amount, currency) if currency else amount
    except ValueError:
        return amount


def _checks(fate: str, captured: Decimal, refunded: Decimal, was: str, in_doubt: bool, shipped: bool) -> Iterator[str]:
    if fate == GONE and in_doubt:
        yield "ask the payment provider: a call was under way"
    elif fate == GONE and captured > refunded:
        yield "paid, and gone: refund it, or place it again"
    elif fate == SET_BACK and refunded:
        yield "refunded since: do not ship it"
    elif fate == SET_BACK and was in ("CANCELLED", "FAILED"):
        yield "it had ended as " + was
    if shipped and fate == SET_BACK:
        yield "shipped since: do not send it again, record the shipment"
    elif shipped:
        yield "shipped, and gone: correct the stock"


def _in_doubt(entries: Iterable[Item]) -> bool:
    return any(_text(entry, "status") == "INTENT" for entry in entries)


def _order(change: dict[str, Any]) -> Item:
    found: Item = change["is"] or change["becomes"] or {}
    return found


def _shipments(item: Item | None) -> list[Any]:
    return list((item or {}).get("parcels", {}).get("L", ()))


def _sum(entries: Iterable[Item], operation: str) -> Decimal:
    amounts: Iterator[Decimal] = (
        _decimal(entry, "amount")
        for entry in entries
        if _text(entry, "operation") == operation and _text(entry, "status") == "SUCCEEDED"
    )
    return sum(amounts, Decimal(0))


def _decimal(item: Item, name: str) -> Decimal:
    return Decimal(item.get(name, {}).get("N", "0"))


def _text(item: Item, name: str) -> str:
    return str(item.get(name, {}).get("S", ""))


def _cell(value: object) -> str:
    make_importable()
    from chalicelib.kit.spreadsheets import safe

    return str(value) if isinstance(value, Decimal) else safe(str(value))
