"""What the use cases need of the outside world. `adapters/` implement these on AWS, `tests/fakes.py` in memory with the
same semantics; `tests/contract` holds both to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from ..domain.cart import Refusal, StoredCart
from ..domain.catalogue import Product, Stock
from ..domain.events import DomainEvent
from ..domain.gauges import QuietCart
from ..domain.inspection import Checkpoint, Finding
from ..domain.occasions import Claim
from ..domain.order import Order, Status
from ..domain.payments import GatewayAnswer, LedgerEntry, Operation
from ..wiring import Protocol
from .list_ports import OrderLists
from .list_ports import Page as Page  # noqa: PLC0414 - part of these ports, too

T = TypeVar("T")

MOST_OF_A_NAME = 10
"""Already two are too many to know which one is meant; ten are enough to name."""


class Clock(Protocol):
    def now(self) -> str:
        """The time as text of `domain.clock.to_iso`."""


class Orders(OrderLists, Protocol):
    """Orders, with the inventory they move: whatever must change together is one call here.

    Of several orders those that can't be read are left out and reported; one that is asked for itself raises Damaged.
    What could not be read back is not written: every write raises ValueError for it."""

    def add(self, order: Order) -> Order | None:
        """Store a new order. None when stored; else the order that was there already, untouched."""

    def get(self, order_id: str) -> Order | None:
        """The order as last written (strongly consistent), or None."""

    def save(self, order: Order, expected: Status) -> Order:
        """Replace the order if it still has the status `expected` and the revision that `order` was made from.

        Returns it as stored: a write that leaves the status as it is counts up the revision. Raises StaleOrder,
        as do all that follow."""

    def reserve(self, order: Order, expected: Status) -> Order:
        """`save`, and for every product `available -q, reserved +q`, all or nothing.

        Raises OutOfStock naming the products that are short."""

    # Each of these requires the reservation that it starts from: HELD, HELD, COMMITTED.

    def commit(self, order: Order, expected: Status) -> Order:
        """`save`, and `reserved -q`: the pieces left the shelf."""

    def release(self, order: Order, expected: Status) -> Order:
        """`save`, and `available +q, reserved -q`: a held reservation given back."""

    def restock(self, order: Order, expected: Status) -> Order:
        """`save`, and `available +q`: committed pieces back on the shelf."""


class Catalogue(Protocol):
    def products(self, product_ids: Sequence[str]) -> dict[str, Product]:
        """Those of the products that exist, as last written. Raises Damaged for one that can't be read."""

    def stock(self, product_ids: Sequence[str]) -> dict[str, Stock]:
        """Stock of those of the products that have any."""

    def all_stock(self) -> Iterator[Stock]:
        """Of every product, read page by page as it is asked for. Eventually consistent."""

    def low_stock(self, most: int) -> Iterator[Stock]:
        """Of every product with no more than that available, read page by page as it is asked for. Eventually
        consistent."""

    def readable(self, product_ids: Sequence[str], *, consistent: bool = False) -> dict[str, Product]:
        """Those of the products that exist and can be read, as they were a moment ago: half the price of
        `products`. `consistent`: as last written, at its price."""

    def put(self, product: Product, stock: int | None, as_of: str | None = None) -> bool:
        """Create or replace; `stock` sets what is available, None leaves it (0 for a new product).

        With `as_of` (a time of `domain.clock`, and what may follow it) nothing is written if this very write was
        made before, nor if a later one was: False in the latter case. Without it: always, as of `updated_at`."""

    def change_stock(self, product_id: str, delta: int) -> int | None:
        """Add to what is available and return it; None when that would go below 0."""

    def ids_by_name(self, name: str) -> list[str]:
        """Ids of products of exactly this name, in no particular order, MOST_OF_A_NAME at most. Eventually
        consistent."""

    def page(self, limit: int, after: Mapping[str, str] | None) -> Page[Product]:
        """Products in no particular but stable order, without those that can't be read."""


class Carts(Protocol):
    """One cart per customer: units per product, all in one currency. Untouched for 30 days it is empty.

    A cart that was emptied and is filled again is another cart: versions tell them apart."""

    def get(self, customer_id: str) -> StoredCart:
        """As last written. Lines that can't be read are left out."""

    def put(self, customer_id: str, product_id: str, quantity: int, currency: str) -> Refusal | None:
        """Set one line and leave the others, whichever device changes them at the same time. The first line's currency
        is the cart's. None if it was done. Raises TemporarilyUnavailable if the cart changes all the time."""

    def remove(self, customer_id: str, product_id: str) -> None: ...

    def clear(self, customer_id: str) -> None: ...

    def quiet(self, since: str, until: str) -> Iterator[QuietCart]:
        """Carts with something in them that were last touched from `since` to `until`, both included and to the
        second, read page by page as they are asked for. Eventually consistent. A purchase is no touch."""

    def remove_bought(self, order: Order) -> None:
        """Take what the order bought out of the version of the cart that it bought, once however often and late this
        is called.

        Lines put in since then stay, and so do units added to its lines. Raises TemporarilyUnavailable if the cart
        changes all the time."""


class Ledger(Protocol):
    """Payments as we know them: written before and after each call of the gateway."""

    def intend(self, entry: LedgerEntry) -> LedgerEntry | None:
        """Store it if this operation has no entry yet: None when stored, else the entry that is there."""

    def settle(self, entry: LedgerEntry) -> bool:
        """Replace an INTENT by how it ended. False, and nothing written, if it is no INTENT any more."""

    def get(self, order_id: str, operation: Operation) -> LedgerEntry | None: ...

    def look_up(self, keys: Sequence[tuple[str, Operation]]) -> dict[tuple[str, Operation], LedgerEntry]:
        """Those of the entries that there are, as they were a moment ago: half the price of `get`."""

    def correct(self, entry: LedgerEntry) -> None:
        """Write how an ABANDONED operation turned out after all."""

    def reopen(self, intent: LedgerEntry) -> bool:
        """Replace a DECLINED operation by the INTENT of its next attempt. False, and nothing written, if it is not the
        attempt before that was DECLINED."""


class Gateway(Protocol):
    """A payment provider. Every call may raise GatewayTimeout: it may or may not have acted; the same key is safe."""

    def capture(self, key: str, amount: Decimal, currency: str, payment_method: str) -> GatewayAnswer: ...

    def refund(self, key: str, reference: str, amount: Decimal, currency: str) -> GatewayAnswer: ...

    def find(self, key: str) -> GatewayAnswer | None:
        """What became of the call with this key; None if it never arrived."""


class HandOver(Protocol):
    def hand_over(self, order: Order) -> None:
        """Give an accepted order to the driver of its workflow. Raises TemporarilyUnavailable."""


@dataclass(frozen=True)
class DeadMessage:
    """A message of a dead-letter queue, hidden from others for a while. `handle` gives it back or deletes it."""

    message_id: str
    body: str
    attributes: Mapping[str, Any]
    """As they came, to be sent along again; `trace` is X-Ray's header or empty."""
    sent_at: str
    receives: int
    handle: str
    trace: str = ""


@dataclass(frozen=True)
class Depth:
    """About how many messages a queue holds: waiting, being worked on, and not due yet."""

    waiting: int
    in_flight: int
    delayed: int


@dataclass(frozen=True)
class Sent:
    """What became of messages sent: the new ids by the old ones, and why the others were not taken."""

    new_ids: Mapping[str, str]
    refused: Mapping[str, str]


class Backlog(Protocol):
    """What is on its way to the drivers. All may raise TemporarilyUnavailable."""

    def queue_of(self, order: Order) -> str | None:
        """The queue whose message brings the order's next step. None where an execution does."""

    def depth(self, queue: str) -> Depth: ...

    def is_running(self, order: Order) -> bool:
        """Whether the order's last execution is still under way."""


class DeadLetterQueues(Protocol):
    """Queues by their URLs, and functions by their names. All may raise TemporarilyUnavailable."""

    def depth(self, url: str) -> Depth: ...

    def take(self, url: str, most: int, hidden: int, *, patient: bool) -> list[DeadMessage]:
        """At most ten, hidden for so many seconds. None at all means, of a `patient` look, that none was there;
        of another, that none was found at once."""

    def give_back(self, url: str, messages: Sequence[DeadMessage]) -> None:
        """Others see them again at once; those that can't be given back come back by themselves."""

    def delete(self, url: str, messages: Sequence[DeadMessage]) -> set[str]:
        """The ids of those that are gone; the others come back by themselves."""

    def send(self, url: str, messages: Sequence[DeadMessage]) -> Sent:
        """As new messages with the bodies and attributes of these."""

    def invoke(self, function: str, payload: Any) -> None:
        """Asynchronously: Lambda has it, and tries as often as it does with any event."""


@dataclass(frozen=True)
class Reason:
    """Why a message failed on its last try; it names no person."""

    message_id: str
    text: str
    order_id: str
    at: str
    correlation_id: str
    passes: bool = False
    """The cause lies outside of the message, and may be gone another time."""


class Reasons(Protocol):
    """Kept a week longer than SQS keeps a message."""

    def keep(self, queue: str, reason: Reason) -> None: ...

    def of(self, queue: str, message_ids: Sequence[str]) -> dict[str, Reason]:
        """Those that are known, by message id."""


@dataclass(frozen=True)
class AuditRecord:
    """Who did what, to be read by people: `details` as it began, `outcome` as it ended, None if nobody knows."""

    record_id: str
    at: str
    who: str
    action: str
    details: Mapping[str, Any]
    outcome: Mapping[str, Any] | None = None


class AuditRecords(Protocol):
    def put(self, record: AuditRecord) -> None:
        """Store it, or replace the one of that time and id."""

    def page(self, day: str, limit: int, after: Mapping[str, str] | None) -> Page[AuditRecord]:
        """The day's records (`2026-11-21`, UTC), newest first."""


class Events(Protocol):
    def publish(self, events: Sequence[DomainEvent]) -> None:
        """To the bus and to the topic, all of them, at least once each. Raises TemporarilyUnavailable."""


class Documents(Protocol):
    def add(self, key: str, content: bytes, content_type: str) -> bool:
        """Store if there is none of that key. False if there was: it stays as it is."""

    def get(self, key: str) -> bytes | None: ...

    def exists(self, key: str) -> bool: ...

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys that begin so, read page by page as they are asked for."""

    def link(self, key: str, seconds: int) -> str:
        """A link that lets whoever has it read the document for so long."""


class Claims(Protocol):
    """What may happen once only is claimed first, and settled when it is known how it ended. Kept for 30 days."""

    def claim(self, occasion: str, asked_at: str | None = None) -> bool:
        """True for exactly one caller.

        With `asked_at`, the time at which a person asked for it, also if it was claimed before and is not known to
        have happened, so long before that no process can still be doing it: once for each time of asking."""

    def give_back(self, occasion: str) -> None:
        """The claimed thing did certainly not happen: another may claim it."""

    def sent(self, occasion: str) -> None:
        """It happened."""

    def refused(self, occasion: str, reason: str) -> None:
        """It did not happen, and will not."""

    def look_up(self, occasions: Sequence[str], *, consistent: bool = False) -> dict[str, Claim]:
        """Those of the claims that there are: as they were a moment ago, or at twice the price as last written."""


class Findings(Protocol):
    """What the inspector found, and how far it came."""

    def all(self) -> Iterator[Finding]:
        """Those that hold, and for a week those that were mended. A DAMAGED_ITEM is listed for a day: if it is still
        damaged then, the next to read it adds it again."""

    def put(self, finding: Finding) -> None: ...

    def add(self, finding: Finding) -> bool:
        """As `put`, but False, and nothing written, if it is listed already."""

    def remove(self, finding: Finding) -> None: ...

    def checkpoint(self) -> Checkpoint | None: ...

    def save(self, checkpoint: Checkpoint) -> None:
        """Unless another came further."""


class Mailer(Protocol):
    def send(self, sender: str, recipient: str, message: bytes) -> None:
        """Send one MIME message. Raises TemporarilyUnavailable and Undeliverable only where it was certainly not
        sent."""


class Texter(Protocol):
    def send(self, phone_number: str, text: str) -> None:
        """Send one SMS. Raises TemporarilyUnavailable and Undeliverable only where it was certainly not sent."""


class Log(Protocol):
    """Structured logging as the services use it: an event's name and fields that identify no person."""

    def info(self, event: str, **fields: Any) -> None: ...

    def warning(self, event: str, **fields: Any) -> None: ...

    def correlate(self, correlation_id: str) -> str:
        """All lines until the next call carry this id; the one chosen is returned."""

    def step(self, name: str) -> AbstractContextManager[None]:
        """Measures what is done in it: the order's next line says how long it took."""


def chunks(items: Iterable[T], size: int) -> Iterable[list[T]]:
    """The items in lists of at most `size`, for calls that take only so many."""
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
