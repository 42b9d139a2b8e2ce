"""Place the orders, or store the products, of one message of an import; the last one completes the report.

A message comes again without having failed, as another with the same rows, while live orders would have to wait behind
its rows, and when the function's time is nearly over."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ..inventory.commands import PutProduct
from ..inventory.model import Product
from ..inventory.ports import Catalogue
from ..kit.concurrency import Few
from ..kit.errors import MalformedMessage
from ..kit.jsonio import dumps
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from ..orders.accept import AcceptOrder
from ..orders.commands import PlaceOrder
from ..orders.model import Order
from ..orders.new_order import NewOrder
from ..orders.numbers import OrderNumbers
from ..orders.ports import NumberLeases, Orders
from .model import ImportStatus, OutOfTime, as_of
from .outcomes import Found, Outcome, Outcomes, Row, placed
from .ports import ImportFiles, Imports, ManyHandOvers, RowMessages
from .records import as_message
from .report import ImportReport

Body = Mapping[str, Any]

ENOUGH = 500
"""Orders that wait in the order queue, from which on an import lets them go first. A live order finds before it at most
as many, and those of the messages that were begun by then."""
_A_SECOND = 20
"""Orders that a busy consumer processes, as a guess of when to look again."""
_SOONEST, _LATEST = 5, 300
_KINDS = ("orders", "products")


@service
class ImportRows:
    files: ImportFiles
    imports: Imports
    orders: Orders
    catalogue: Catalogue
    hand_overs: ManyHandOvers
    messages: RowMessages
    report: ImportReport
    number_leases: NumberLeases
    locale: str
    """The shop's."""
    read_order: Callable[[Row, str], PlaceOrder]
    read_product: Callable[[Row], PutProduct]
    passes: Callable[[Exception], bool]
    """Whether the error is temporary."""
    clock: Clock
    log: Log
    few: Few
    chance: Callable[[], float] = random.random

    def __call__(self, body: Body, *, seconds_left: Callable[[], float] | None = None) -> None:
        """`body` is a message of `ImportFile` or `EndImports`. Harmless when repeated.

        Raises MalformedMessage, and what may pass."""
        if body.get("end") is True:
            self._end(str(body.get("importId")))
            return
        import_id, number, done = _judged(body)
        if not self._is_running(import_id) or self._lets_others_go_first(body):
            return
        outcomes = Outcomes(done, seconds_left or (lambda: float("inf")), self.passes, self.log)
        try:
            self._work(body, outcomes)
            self._finish(import_id, number, body["rows"], outcomes)
        except OutOfTime:
            self._later(body, _SOONEST, "OutOfTime", done)

    def _end(self, import_id: str) -> None:
        found = self.imports.get(import_id)
        if found and found.status is ImportStatus.RUNNING:
            self.report.finish(found)

    def _is_running(self, import_id: str) -> bool:
        """A message that was redriven after its import had failed resumes it."""
        found = self.imports.get(import_id)
        if found is None:
            raise MalformedMessage(f"There is no import {import_id}.")
        if found.status is ImportStatus.FAILED:
            self.imports.reopen(import_id)
        return found.status in (ImportStatus.RUNNING, ImportStatus.FAILED)

    def _lets_others_go_first(self, body: Body) -> bool:
        if body["kind"] != "orders" or (waiting := self.hand_overs.waiting()) < ENOUGH:
            return False
        longest = min(_LATEST, max(2 * _SOONEST, waiting // _A_SECOND))
        # So that not all look again at once.
        self._later(body, round(longest * (1 + self.chance()) / 2), "OrdersWait", body.get("done", {}))
        return True

    def _later(self, body: Body, seconds: int, reason: str, done: Mapping[Any, Outcome]) -> None:
        """With the rows that were placed, so that however slow all is it comes to an end."""
        kept = {str(row): outcome for row, outcome in done.items() if "errors" not in outcome}
        self.messages.send_later(as_message({**body, "done": kept}), seconds)
        self.log.info("import_rows_delayed", chunk=body["chunk"], rows=len(body["rows"]) - len(kept), reason=reason)

    def _work(self, body: Body, outcomes: Outcomes) -> None:
        left = [row for row in body["rows"] if row["row"] not in outcomes.done]
        if body["kind"] == "orders":
            self._place(left, body["importId"], outcomes)
        else:
            self._store(left, body, outcomes)

    def _finish(self, import_id: str, number: int, rows: Sequence[Row], outcomes: Outcomes) -> None:
        found = [outcomes.done[row["row"]] for row in rows]
        shown = [{"row": row["row"], "line": row["line"], **o} for row, o in zip(rows, found, strict=True)]
        self.files.put_result(import_id, number, dumps({"rows": shown}).encode())
        now = self.imports.add(import_id, number, Counter(outcome["outcome"] for outcome in found))
        if now and now.status is ImportStatus.FAILED:  # it was given up while this was under way
            self.imports.reopen(import_id)
            now = replace(now, status=ImportStatus.RUNNING)
        if now and now.status is ImportStatus.RUNNING and now.chunks_done == now.chunks:
            outcomes.require_time()
            self.report.finish(now)

    def _place(self, rows: Sequence[Row], import_id: str, outcomes: Outcomes) -> None:
        read = [(row, outcomes.tried(row, partial(self.read_order, row, import_id))) for row in rows]
        wanted = [(row, command) for row, command in read if command]
        products = self._found(
            {line.product_id for _, command in wanted for line in command.lines}, self.catalogue.products
        )
        batch = _Gathered()
        # One lease for all of them: a row that comes again keeps the number of its stored order.
        number = OrderNumbers(self.number_leases, max(1, len(wanted)))
        new_order = NewOrder(number, self.clock, self.locale)
        accept = AcceptOrder(self.orders, new_order, batch, self.clock, self.log)

        def work(entry: tuple[Row, PlaceOrder]) -> Outcome:
            return outcomes.work(entry[0], partial(placed, entry[1], accept, products))

        try:
            self.few(work, wanted)
        except Exception:
            self._hand_over(batch)  # they are stored, and for one that comes again they are no news
            raise
        self._hand_over(batch)

    def _hand_over(self, batch: _Gathered) -> None:
        # After the puts: an order whose message is lost is stored, and the housekeeper finds it.
        for order in self.hand_overs.hand_over(batch.orders):
            self.log.warning("hand_over_failed", orderId=order.order_id, reason="NotTaken")

    def _store(self, rows: Sequence[Row], body: Body, outcomes: Outcomes) -> None:
        read = [(row, outcomes.tried(row, partial(self.read_product, row))) for row in rows]
        wanted = [(row, command) for row, command in read if command]
        known = self._found({command.product_id for _, command in wanted}, self.catalogue.also_withdrawn)
        # One after the other: a product may stand in a file twice, and then its last row counts.
        for row, command in wanted:
            when = as_of(body["uploadedAt"], body["importId"], row["row"])
            outcomes.work(row, partial(self._stored, command, known.get(command.product_id), when))

    def _stored(self, found: PutProduct, before: Product | Exception | None, when: str) -> Outcome:
        whole = before if isinstance(before, Product) else None  # a damaged one is replaced
        new = found.product(self.clock.now(), whole)
        stored = self.catalogue.put(new, found.stock, as_of=when)
        return {"outcome": "accepted" if stored else "superseded", "productId": new.product_id}

    def _found(self, product_ids: Iterable[str], read: Callable[[Sequence[str]], dict[str, Product]]) -> Found:
        """One that is damaged is found by halves, so that the others cost few calls more."""
        ids = sorted(product_ids)
        try:
            return {**read(ids)}
        except Exception as error:
            if self.passes(error):
                raise
            if len(ids) == 1:
                return {ids[0]: error}
        half = len(ids) // 2
        return {**self._found(ids[:half], read), **self._found(ids[half:], read)}


class _Gathered:
    """Hands nothing over yet."""

    def __init__(self) -> None:
        self.orders: list[Order] = []

    def hand_over(self, order: Order) -> None:
        self.orders.append(order)


def _judged(body: Body) -> tuple[str, int, dict[int, Outcome]]:
    """The import, the number of the message, and what was done of it before. Raises MalformedMessage."""
    import_id, chunk, rows, done = (body.get(name) for name in ("importId", "chunk", "rows", "done"))
    is_whole = isinstance(import_id, str) and type(chunk) is int and isinstance(body.get("uploadedAt"), str)
    if not is_whole or body.get("kind") not in _KINDS or not isinstance(rows, list) or not _numbered(rows):
        raise MalformedMessage("The message is no part of an import.")
    if not isinstance(done or {}, dict):
        raise MalformedMessage("What was done of the message's rows can't be read.")
    return str(import_id), int(str(chunk)), {int(row): outcome for row, outcome in (done or {}).items()}


def _numbered(rows: Sequence[Any]) -> bool:
    return all(isinstance(row, dict) and type(row.get("row")) is int and type(row.get("line")) is int for row in rows)
