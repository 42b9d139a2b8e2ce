"""What becomes of the rows of one message. Any error of a row is that row's outcome. What may pass, like an outage,
is not: then the message fails, and comes again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ..inventory.model import Product
from ..inventory.prices import NO_PRODUCT, priced
from ..kit.errors import IdempotencyMismatch, InvalidRequest, OrderProcError
from ..kit.ports import Log
from ..kit.redaction import reason_of
from ..orders.accept import AcceptOrder
from ..orders.commands import PlaceOrder
from ..orders.model import Order
from .model import OutOfTime, RowError, RowRejected
from .report import rejected

Row = Mapping[str, Any]
Outcome = dict[str, Any]
Found = Mapping[str, Product | Exception]
"""Products by their ids, and instead of one that can't be read, why not."""
T = TypeVar("T")

ROW_SECONDS = 15.0
"""What a row may take: a client that meets a silent service gives up after three calls of 4 s, with pauses."""
_REFERENCE_TAKEN = "was used before for an order with another content"
_OURS = "could not be processed because of an error of ours; the other rows are not affected"


class Outcomes:
    """Of a message's rows, by their numbers. `done` are those known so far."""

    def __init__(
        self,
        done: dict[int, Outcome],
        seconds_left: Callable[[], float],
        passes: Callable[[Exception], bool],
        log: Log,
    ) -> None:
        self.done = done
        self._seconds_left, self._passes, self._log = seconds_left, passes, log
        self._outage: Exception | None = None

    def work(self, row: Row, act: Callable[[], Outcome]) -> Outcome:
        """The row's outcome by `act`, which calls other services.

        Raises what may pass, and from then on at once: what one row met, the others would meet, each for as long.
        Raises OutOfTime when there is no time for another row."""
        if self._outage:
            raise self._outage
        self.require_time()
        self.done[row["row"]] = outcome = self.tried(row, act) or self.done[row["row"]]
        return outcome

    def require_time(self) -> None:
        if self._seconds_left() < ROW_SECONDS:
            raise OutOfTime

    def tried(self, row: Row, act: Callable[[], T]) -> T | None:
        """What `act` returns; None where it can't be done, and then the row has its outcome. Raises what may pass."""
        try:
            return act()
        except Exception as error:
            if self._passes(error):
                self._outage = error
                raise
            self.done[row["row"]] = rejected(self._wrong(row, error))
            return None

    def _wrong(self, row: Row, error: Exception) -> list[RowError]:
        if isinstance(error, RowRejected):
            return error.errors
        if isinstance(error, InvalidRequest):
            return [RowError(e.field, e.message) for e in error.errors] or [RowError("", error.detail)]
        if isinstance(error, OrderProcError):
            return [RowError("", str(error))]
        self._log.warning("import_row_failed", row=row["row"], reason=reason_of(error, row))
        return [RowError("", _OURS)]


def placed(command: PlaceOrder, accept: AcceptOrder, products: Found) -> Outcome:
    """Raises RowRejected, and what accepting raises."""
    command, wrong = _priced(command, products)
    wrong = wrong or _wrong_products(command, products)
    try:
        # An accepted order stays accepted, even if its products or prices have changed since.
        order = accept.earlier(command) if wrong else _accepted(command, accept)
    except IdempotencyMismatch:
        reference = str(command.idempotency_key).rpartition("\n")[2][:80]
        raise RowRejected([RowError("reference", _REFERENCE_TAKEN, reference)]) from None
    if order is None:
        raise RowRejected(wrong)
    return {"outcome": "accepted", "orderId": order.order_id}


def _accepted(command: PlaceOrder, accept: AcceptOrder) -> Order:
    try:
        return accept(command)
    except InvalidRequest:
        if earlier := accept.earlier(command):
            return earlier
        raise


def _priced(command: PlaceOrder, products: Found) -> tuple[PlaceOrder, list[RowError]]:
    whole = {product_id: found for product_id, found in products.items() if isinstance(found, Product)}
    command, errors = priced(command, whole)
    return command, [RowError(error.field, error.message) for error in errors]


def _wrong_products(command: PlaceOrder, products: Found) -> list[RowError]:
    errors = []
    for n, line in enumerate(command.lines):
        product = products.get(line.product_id)
        if product is None:
            errors.append(RowError(f"items[{n}].productId", NO_PRODUCT, line.product_id))
        elif isinstance(product, Exception):
            message = "is damaged in the catalogue: put the product again"
            errors.append(RowError(f"items[{n}].productId", message, line.product_id))
        elif (product.price, product.currency) != (line.price, command.currency):
            message = f"must be the catalogue's price, {product.price} {product.currency}"
            errors.append(RowError(f"items[{n}].price", message, f"{line.price} {command.currency}"))
    return errors
