"""Place the orders, or store the products, of one message of an import; the last one completes the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ..domain.catalogue import Product
from ..domain.commands import PlaceOrder, PutProduct
from ..domain.errors import IdempotencyMismatch, MalformedMessage
from ..domain.imports import ImportStatus, RowError, RowRejected, as_of
from ..domain.order import Order
from ..jsonio import dumps
from .accept_order import AcceptOrder
from .import_ports import ImportFiles, Imports, ManyHandOvers
from .import_report import ImportReport, rejected
from .ports import Catalogue, Clock, Log, Orders

Row = Mapping[str, Any]
Outcome = dict[str, Any]
Each = Callable[[Callable[[Any], Outcome], Iterable[Any]], list[Outcome]]
"""Like `map`: the outcomes in the order of the rows, a few of them worked out at a time."""

_KINDS = ("orders", "products")
_REFERENCE_TAKEN = "was used before for an order with another content"


@dataclass(frozen=True)
class ImportRows:
    files: ImportFiles
    imports: Imports
    orders: Orders
    catalogue: Catalogue
    hand_overs: ManyHandOvers
    report: ImportReport
    read_order: Callable[[Row, str], PlaceOrder]
    read_product: Callable[[Row], PutProduct]
    clock: Clock
    log: Log
    each: Each = lambda work, rows: [work(row) for row in rows]

    def __call__(self, body: Mapping[str, Any], seconds_left: Callable[[], float] | None = None) -> None:
        """`body` is a message of `ImportFile`. Harmless when repeated. Raises MalformedMessage."""
        del seconds_left  # rows do not look at it yet
        import_id, number = _judged(body)
        running = self.imports.get(import_id)
        if running is None:
            raise MalformedMessage(f"There is no import {import_id}.")
        if running.status is not ImportStatus.RUNNING:
            return
        outcomes = self._orders(body) if body["kind"] == "orders" else self._products(body)
        shown = [{"row": row["row"], "line": row["line"], **o} for row, o in zip(body["rows"], outcomes, strict=True)]
        self.files.put_result(import_id, number, dumps({"rows": shown}).encode())
        now = self.imports.add(import_id, number, Counter(outcome["outcome"] for outcome in outcomes))
        if now and now.status is ImportStatus.RUNNING and now.chunks_done == now.chunks:
            self.report.finish(now)

    def _orders(self, body: Mapping[str, Any]) -> list[Outcome]:
        judged = [_tried(partial(self.read_order, row, body["importId"])) for row in body["rows"]]
        wanted = {line.product_id for found in judged if isinstance(found, PlaceOrder) for line in found.lines}
        products = self.catalogue.products(sorted(wanted))
        batch = _Gathered()
        accept = AcceptOrder(self.orders, batch, self.clock, self.log)
        outcomes = self.each(lambda found: _placed(found, accept, products), judged)
        # After the puts: an order whose message is lost is stored, and the housekeeper finds it.
        for order in self.hand_overs.hand_over(batch.orders):
            self.log.warning("hand_over_failed", orderId=order.order_id, reason="NotTaken")
        return outcomes

    def _products(self, body: Mapping[str, Any]) -> list[Outcome]:
        judged = [_tried(partial(self.read_product, row)) for row in body["rows"]]
        known = self.catalogue.products(sorted({j.product_id for j in judged if isinstance(j, PutProduct)}))
        spoken = [as_of(body["uploadedAt"], body["importId"], row["row"]) for row in body["rows"]]
        # One after the other: a product may stand in a file twice, and then its last row counts.
        return [self._stored(found, known, when) for found, when in zip(judged, spoken, strict=True)]

    def _stored(self, found: PutProduct | RowRejected, known: Mapping[str, Product], when: str) -> Outcome:
        if isinstance(found, RowRejected):
            return rejected(found.errors)
        now = self.clock.now()
        new = Product(found.product_id, found.name, found.description, found.price, found.currency, now, now)
        if before := known.get(new.product_id):
            new = replace(new, created_at=before.created_at)
        stored = self.catalogue.put(new, found.stock, as_of=when)
        return {"outcome": "accepted" if stored else "superseded", "productId": new.product_id}


class _Gathered:
    """Hands nothing over yet."""

    def __init__(self) -> None:
        self.orders: list[Order] = []

    def hand_over(self, order: Order) -> None:
        self.orders.append(order)


def _placed(found: PlaceOrder | RowRejected, accept: AcceptOrder, products: Mapping[str, Product]) -> Outcome:
    if isinstance(found, RowRejected):
        return rejected(found.errors)
    try:
        if wrong := _wrong_products(found, products):
            # What was accepted once stays so, whatever became of the product since.
            order = accept.earlier(found)
            if order is None:
                return rejected(wrong)
        else:
            order = accept(found)
    except IdempotencyMismatch:
        return rejected([RowError("reference", _REFERENCE_TAKEN, str(found.idempotency_key).rpartition("\n")[2][:80])])
    return {"outcome": "accepted", "orderId": order.order_id}


def _wrong_products(command: PlaceOrder, products: Mapping[str, Product]) -> list[RowError]:
    errors = []
    for n, line in enumerate(command.lines):
        product = products.get(line.product_id)
        if product is None:
            errors.append(RowError(f"items[{n}].productId", "is not a product of the catalogue", line.product_id))
        elif (product.price, product.currency) != (line.price, command.currency):
            message = f"must be the catalogue's price, {product.price} {product.currency}"
            errors.append(RowError(f"items[{n}].price", message, f"{line.price} {command.currency}"))
    return errors


def _tried(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except RowRejected as rejection:
        return rejection


def _judged(body: Mapping[str, Any]) -> tuple[str, int]:
    import_id, chunk, rows = body.get("importId"), body.get("chunk"), body.get("rows")
    is_whole = isinstance(import_id, str) and type(chunk) is int and isinstance(body.get("uploadedAt"), str)
    if not is_whole or body.get("kind") not in _KINDS or not isinstance(rows, list) or not _numbered(rows):
        raise MalformedMessage("The message is no part of an import.")
    return str(import_id), int(str(chunk))


def _numbered(rows: Sequence[Any]) -> bool:
    return all(isinstance(row, dict) and type(row.get("row")) is int and type(row.get("line")) is int for row in rows)
