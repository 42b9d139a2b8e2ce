"""Check orders for discrepancies: cheaply a hundred at a time, then closely each that looks wrong.

A million orders cost about 0.3 USD: 0.06 to read them, 0.06 their captures and 0.06 for each message that they should
have sent (half a read unit each, eventually consistent), 0.06 to list a day's archive each hour, and next to nothing
for the index. A HEAD for each receipt alone would cost 0.40."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice

from ..documents.ports import Documents
from ..documents.receipts import Receipts, archive_key, with_receipt
from ..kit.claims import IN_FLIGHT, Claim, Claims
from ..kit.clock import from_iso, to_iso
from ..kit.errors import StaleOrder
from ..kit.ports import Clock
from ..kit.wiring import service
from ..notifications.occasions import all_due, claim_key, unsent, untried
from ..orders.discrepancies import Details, Kind
from ..orders.model import UNSUCCESSFUL, Duty, Order, Status
from ..orders.ports import Orders
from ..payments.model import EntryStatus, LedgerEntry, Operation
from ..payments.ports import Ledger
from .model import Evidence, discrepancies, is_success

_MOST_LISTED = 300_000
"""Keys of one day that are kept in memory, 40 MB; beyond that each order's entry is asked for."""
_Entries = Mapping[tuple[str, Operation], LedgerEntry]


@dataclass
class Archive:
    """Which orders have their archive entry. The entry is stored last: where it is, the receipt is."""

    documents: Documents
    _folder: str = ""
    _listed: set[str] = field(default_factory=set)

    def has(self, order: Order) -> bool:
        """By one listing per day; what is not in it is asked for, since it may have come meanwhile."""
        key = archive_key(order)
        folder = key.removesuffix(f"{order.order_id}.json")
        if folder != self._folder:
            self._folder, self._listed = folder, set(islice(self.documents.keys(folder), _MOST_LISTED))
        return key in self._listed or self.documents.exists(key)


@service
class OrderChecks:
    orders: Orders
    ledger: Ledger
    documents: Documents
    receipts: Receipts
    claims: Claims
    ask: Callable[[Order, Sequence[str]], None]
    """Has messages sent that were not, by the keys of their occasions."""
    clock: Clock

    def suspects(self, orders: Sequence[Order], archive: Archive, too_old: str) -> list[Order]:
        """Those that something seems to be wrong with, by what may be a moment old."""
        known = self.ledger.look_up(list(_entries_of(orders)))
        claims = self._claims(orders)
        return [
            order
            for order in orders
            if discrepancies(
                order, self._evidence(order, known, claims, not is_success(order) or archive.has(order)), too_old
            )
        ]

    def look_at(self, order_id: str, too_old: str) -> tuple[Order, dict[Kind, Details]] | None:
        """The order, and what is certainly wrong with it now. None if there is no such order."""
        order = self.orders.get(order_id)
        if order is None:
            return None
        known = {(order_id, op): e for op in Operation if (e := self.ledger.get(order_id, op))}
        archived = not is_success(order) or self.documents.exists(archive_key(order))
        if archived:
            order = self._unmarked(order)
        return order, discrepancies(order, self._evidence(order, known, self._claims([order]), archived), too_old)

    def repair(self, order: Order, kind: Kind) -> None:
        """Do again what was not done. Twice is harmless. Raises StaleOrder, and what the stores raise."""
        if kind is Kind.RECEIPT_MISSING:
            self.receipts.issue(order)  # its arrival mails the confirmation, if that was not sent
            self._unmarked(order)
        elif kind is Kind.CAPTURED_NOT_REFUNDED:
            duties = order.duties | {Duty.REFUND}  # the housekeeper's from here on
            self.orders.save(replace(order, duties=duties), order.status)
        elif kind is Kind.MAIL_MISSING:
            self.ask(order, untried(order, self._claims([order]), self.clock.now()))

    def _unmarked(self, order: Order) -> Order:
        """The order without a mark that says that its receipt is missing, now that it is there, or not due any more."""
        written = with_receipt(order)
        if written == order:
            return order
        try:
            return self.orders.save(written, order.status)
        except StaleOrder:
            return order  # it is being changed: the next run looks again

    def _claims(self, orders: Iterable[Order]) -> dict[str, Claim]:
        return self.claims.look_up([claim_key(order, message) for order in orders for message in all_due(order)])

    def _evidence(self, order: Order, known: _Entries, claims: Mapping[str, Claim], archived: bool) -> Evidence:
        now = self.clock.now()
        return Evidence(
            _sum(order, Operation.CAPTURE, known),
            _sum(order, Operation.REFUND, known),
            archived,
            unsent(order, claims, to_iso(from_iso(now) - IN_FLIGHT)),
            tuple(untried(order, claims, now)),
        )


def _entries_of(orders: Iterable[Order]) -> Iterable[tuple[str, Operation]]:
    """What of the ledger is looked up: nothing of orders that never got as far as paying."""
    for order in orders:
        if order.reached(Status.PAYMENT_PROCESSING) is None:
            continue
        yield order.order_id, Operation.CAPTURE
        if order.status in UNSUCCESSFUL:
            yield order.order_id, Operation.REFUND


def _sum(order: Order, operation: Operation, known: _Entries) -> Decimal:
    """What that operation moved. In another currency than the order's it counts for nothing."""
    entry = known.get((order.order_id, operation))
    moved = entry is not None and entry.status is EntryStatus.SUCCEEDED and entry.currency == order.currency
    return entry.amount if entry and moved else order.total_amount * 0
