"""What a restoration undoes, in words for people: orders that are gone or set back, with the money that moved since."""

import csv
import io
from collections.abc import Iterable, Iterator
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


def rows(changes: Iterable[dict[str, Any]], entries: Iterable[Item]) -> list[Row]:
    """Of the changes of the orders table (`Levelling.undone`), and the ledger's entries since."""
    moved: dict[str, list[Item]] = {}
    for entry in entries:
        moved.setdefault(entry["orderId"]["S"], []).append(entry)
    found = [_row(change, moved.pop(_order(change)["orderId"]["S"], [])) for change in changes]
    found += [_row({"is": None, "becomes": None, "id": order_id}, entries) for order_id, entries in moved.items()]
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
    fate = SET_BACK if change["becomes"] else GONE if change["is"] else AS_IT_WAS
    currency = _text(order, "currency") or next((_text(entry, "currency") for entry in entries), "")
    total = Decimal(order.get("total", {}).get("N", "0"))
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
        _check(fate, captured, refunded, _text(change["is"] or {}, "status"), _in_doubt(entries)),
    )


def _exact(amount: Decimal, currency: str) -> Decimal:
    """With the currency's own digits: DynamoDB keeps no zeros at the end."""
    make_importable()
    from chalicelib.kit.money import exact

    return exact(amount, currency) if currency else amount


def _check(fate: str, captured: Decimal, refunded: Decimal, was: str, in_doubt: bool) -> str:
    if fate == GONE and in_doubt:
        return "ask the payment provider: a call was under way"
    if fate == GONE and captured > refunded:
        return "paid, and gone: refund it, or place it again"
    if fate == SET_BACK and refunded:
        return "refunded since: do not ship it"
    if fate == SET_BACK and was in ("CANCELLED", "FAILED"):
        return "it had ended as " + was
    return ""


def _in_doubt(entries: Iterable[Item]) -> bool:
    return any(_text(entry, "status") == "INTENT" for entry in entries)


def _order(change: dict[str, Any]) -> Item:
    found: Item = change["is"] or change["becomes"] or {}
    return found


def _sum(entries: Iterable[Item], operation: str) -> Decimal:
    amounts: Iterator[Decimal] = (
        Decimal(entry["amount"]["N"])
        for entry in entries
        if _text(entry, "operation") == operation and _text(entry, "status") == "SUCCEEDED"
    )
    return sum(amounts, Decimal(0))


def _text(item: Item, name: str) -> str:
    return str(item.get(name, {}).get("S", ""))


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) and not isinstance(value, Decimal) else text
