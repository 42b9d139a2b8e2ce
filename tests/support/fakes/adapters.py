"""The ports in memory, with the semantics of the real ones: conditions fail, pages end, transactions are all or none.
`tests/contract` runs one suite over these and over the adapters, so that they can be trusted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.assistant.ports import Model
from chalicelib.bootstrap.adapters import Adapters
from chalicelib.inventory.model import Product, Stock
from chalicelib.inventory.ports import MOST_OF_A_NAME
from chalicelib.kit.claims import Claim, ClaimState
from chalicelib.kit.clock import to_iso
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.kit.observability import log
from chalicelib.kit.page import Page
from chalicelib.kit.uploads import UploadForm
from chalicelib.operations.ports import Alarm, DeadLetterQueues
from chalicelib.orders.events import DomainEvent
from chalicelib.orders.model import Order, Shipment, ShipmentStatus
from chalicelib.reconciliation.report_damage import ReportDamage

from tests.support.fakes.backlog import FakeBacklog
from tests.support.fakes.carts import FakeCarts
from tests.support.fakes.counters import FakeCounterPages
from tests.support.fakes.dead_letters import (
    FakeAuditRecords,
    FakeFunctions,
    FakeReasons,
    FakeSqs,
    FakeTries,
    dead_letter_queues,
)
from tests.support.fakes.discrepancies import FakeFindings, FakeMetrics
from tests.support.fakes.gauges import FakeGauges
from tests.support.fakes.imports import FakeImportFiles, FakeImports, FakeManyHandOvers, FakeRowMessages
from tests.support.fakes.link_secrets import FakeLinkSecrets
from tests.support.fakes.metrics import FakeCounters, FakeOpenOrders, FakePublishedMetrics
from tests.support.fakes.numbers import FakeNumberLeases
from tests.support.fakes.orders import FakeOrders, FakeStore
from tests.support.fakes.payments import FakeGateway, FakeLedger
from tests.support.fakes.shipments import FakeCarrierSecrets, FakeShipmentNumbers
from tests.support.fakes.staff_sessions import FakeStaffSessions


class FakeClock:
    """Time that passes only when told to."""

    def __init__(self, start: str = "2026-11-21T14:30:25.123Z") -> None:
        self.moment = datetime.fromisoformat(start).astimezone(UTC)

    def now(self) -> str:
        return to_iso(self.moment)

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class FakeCatalogue:
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    def products(self, product_ids: Sequence[str]) -> dict[str, Product]:
        found = {p: self._store.one("product", p, self._store.products) for p in product_ids}
        return {p: product for p, product in found.items() if product}

    def stock(self, product_ids: Sequence[str]) -> dict[str, Stock]:
        return self._store.whole("stock", {p: self._store.stock[p] for p in product_ids if p in self._store.stock})

    def all_stock(self) -> Iterator[Stock]:
        return iter(list(self._store.whole("stock", dict(self._store.stock)).values()))

    def low_stock(self, most: int) -> Iterator[Stock]:
        return (stock for stock in self.all_stock() if stock.available <= most)

    def readable(self, product_ids: Sequence[str], *, consistent: bool = False) -> dict[str, Product]:
        products = self._store.products
        return self._store.whole("product", {p: products[p] for p in product_ids if p in products})

    def put(self, product: Product, stock: int | None, as_of: str | None = None) -> bool:
        with self._store.lock:
            before = self._store.as_of.get(product.product_id, "")
            if as_of and before >= as_of:
                return before == as_of
            self._store.as_of[product.product_id] = as_of or product.updated_at
            known = self._store.products.get(product.product_id)
            self._store.products[product.product_id] = replace(product, image=known.image if known else "")
            self._store.damaged.pop(("product", product.product_id), None)
            now = self._store.stock.get(product.product_id, Stock(product.product_id, 0, 0))
            self._store.stock[product.product_id] = replace(now, available=now.available if stock is None else stock)
            return True

    def all_products(self) -> Iterator[Product]:
        return iter(list(self._store.whole("product", dict(self._store.products)).values()))

    def set_image(self, product_id: str, image: str) -> bool:
        with self._store.lock:
            known = self._store.products.get(product_id)
            if known:
                self._store.products[product_id] = replace(known, image=image)
            return known is not None

    def change_stock(self, product_id: str, delta: int) -> int | None:
        with self._store.lock:
            now = self._store.stock.get(product_id)
            if now is None or now.available + delta < 0:
                return None
            self._store.stock[product_id] = replace(now, available=now.available + delta)
            return now.available + delta

    def ids_by_name(self, name: str) -> list[str]:
        ids = [product.product_id for product in self._store.products.values() if product.name == name]
        return ids[:MOST_OF_A_NAME]

    def page(self, limit: int, after: Mapping[str, str] | None) -> Page[Product]:
        ids = sorted(self._store.products)
        ids = [p for p in ids if after is None or p > after["productId"]]
        following = {"productId": ids[limit - 1]} if len(ids) > limit else None
        shown = self._store.whole("product", {p: self._store.products[p] for p in ids[:limit]})
        return Page(list(shown.values()), following)


class FakeImages:
    def __init__(self) -> None:
        self.uploads: dict[str, bytes] = {}
        self.shown: dict[str, tuple[bytes, str]] = {}

    def form(self, upload_id: str, media_type: str, most_bytes: int, seconds: int) -> UploadForm:
        return UploadForm("https://site.test/", {"key": f"uploads/{upload_id}", "Content-Type": media_type})

    def uploaded(self, upload_id: str) -> bytes | None:
        return self.uploads.get(upload_id)

    def show(self, path: str, content: bytes, media_type: str) -> None:
        self.shown[path] = content, media_type


class FakeAlarms:
    def __init__(self) -> None:
        self.found: list[Alarm] = []
        self.down = False

    def all(self) -> list[Alarm]:
        if self.down:
            raise TemporarilyUnavailable("no answer")
        return list(self.found)


class FakeQueue:
    """Both the hand-over and, as `sqs`, what a batch needs to delete and hide."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.deleted: list[str] = []
        self.hidden: dict[str, int] = {}

    def hand_over(self, order: Order) -> None:
        self.messages.append(order.order_id)

    def delete_message_batch(self, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        self.deleted += [entry["ReceiptHandle"] for entry in Entries]
        return {"Successful": Entries}

    def change_message_visibility_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        assert 1 <= len(Entries) <= 10
        self.hidden |= {entry["ReceiptHandle"]: entry["VisibilityTimeout"] for entry in Entries}
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}


class FakeEvents:
    def __init__(self) -> None:
        self.published: list[DomainEvent] = []

    def publish(self, events: Sequence[DomainEvent]) -> None:
        self.published += events

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.published]


class FakeDocuments:
    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def add(self, key: str, content: bytes, content_type: str) -> bool:
        if key in self.files:
            return False
        self.files[key] = content
        return True

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self.files[key] = content

    def get(self, key: str) -> bytes | None:
        return self.files.get(key)

    def exists(self, key: str) -> bool:
        return key in self.files

    def keys(self, prefix: str) -> Iterator[str]:
        return iter(sorted(key for key in self.files if key.startswith(prefix)))

    def link(self, key: str, seconds: int, file_name: str) -> str:
        return f"https://documents.test/{key}?expires={seconds}&name={file_name}"


class FakeClaims:
    """`seconds` is the time by which claims expire."""

    def __init__(self, seconds: Callable[[], float] = time.time) -> None:
        self._lock = threading.Lock()
        self._seconds = seconds
        self.until: dict[str, float] = {}
        self.states: dict[str, tuple[ClaimState, str]] = {}
        self.counted: dict[str, set[str]] = {}

    @property
    def claimed(self) -> set[str]:
        return set(self.until)

    def claim(self, occasion: str, asked_at: str | None = None) -> bool:
        with self._lock:
            until = self.until.get(occasion, float("-inf"))
            if until >= self._seconds() and not (asked_at and self._in_doubt(occasion, asked_at)):
                return False
            self._set(occasion, ClaimState.CLAIMED)
            return True

    def give_back(self, occasion: str) -> None:
        self.until.pop(occasion, None)

    def sent(self, occasion: str) -> None:
        self._set(occasion, ClaimState.SENT)

    def refused(self, occasion: str, reason: str) -> None:
        self._set(occasion, ClaimState.REFUSED, reason)

    def count(self, occasion: str, scope: str, most: int) -> bool:
        with self._lock:
            counted = self.counted.setdefault(scope, set())
            if occasion not in counted and len(counted) >= most:
                return False
            counted.add(occasion)
            return True

    def look_up(self, occasions: Sequence[str], *, consistent: bool = False) -> dict[str, Claim]:
        now, kept = self._seconds(), {o: u for o, u in self.until.items() if o in occasions}
        return {o: Claim(self.states[o][0], self._at(o), self.states[o][1]) for o, u in kept.items() if u >= now}

    def _in_doubt(self, occasion: str, asked_at: str) -> bool:
        long_before = datetime.fromisoformat(asked_at) - timedelta(seconds=120)
        return self.states[occasion][0] is not ClaimState.SENT and self._at(occasion) < to_iso(long_before)

    def _at(self, occasion: str) -> str:
        return to_iso(datetime.fromtimestamp(self.until[occasion] - _CLAIM_SECONDS, UTC))

    def _set(self, occasion: str, state: ClaimState, reason: str = "") -> None:
        self.until[occasion] = int(self._seconds()) + _CLAIM_SECONDS
        self.states[occasion] = state, reason


_CLAIM_SECONDS = 30 * 24 * 3600


class FakeMailer:
    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []

    def send(self, sender: str, recipient: str, message: bytes) -> None:
        self.sent.append((recipient, message))


class FakeTexter:
    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send(self, phone_number: str, text: str) -> None:
        self.sent.append((phone_number, text))


class FakeMessages:
    """Words short enough to compare."""

    def sms_created(self, order: Order) -> str:
        return "created"

    def sms_completed(self, order: Order) -> str:
        return "completed"

    def sms_failed(self, order: Order) -> str:
        return "failed"

    def confirmation(self, order: Order, receipt: bytes, link: str) -> bytes:
        return b"confirmation " + link.encode()

    def notice(self, order: Order) -> bytes:
        return b"notice " + order.status.value.encode()

    def shipment(self, order: Order, shipment: Shipment, status: ShipmentStatus) -> bytes:
        return f"{status.value.lower()} {shipment.carrier} {shipment.tracking_number}".encode()


def _render(order: Order, issued_at: str) -> bytes:
    return f"receipt of {order.order_id}, {issued_at}".encode()


@dataclass
class FakeAdapters(Adapters):
    """Everything `bootstrap.Services` needs, in memory. Replace any part to make it fail."""

    clock: FakeClock = field(default_factory=FakeClock)
    store: FakeStore = field(default_factory=FakeStore)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    gateway: FakeGateway = field(default_factory=FakeGateway)
    queue: FakeQueue = field(default_factory=FakeQueue)
    events: FakeEvents = field(default_factory=FakeEvents)
    documents: FakeDocuments = field(default_factory=FakeDocuments)
    images: FakeImages = field(default_factory=FakeImages)
    claims: FakeClaims = None  # type: ignore[assignment]
    mailer: FakeMailer = field(default_factory=FakeMailer)
    texter: FakeTexter = field(default_factory=FakeTexter)
    messages: FakeMessages = field(default_factory=FakeMessages)
    render_receipt: Callable[[Order, str], bytes] = _render
    pause: Callable[[float], None] = lambda seconds: None
    carts: FakeCarts = None  # type: ignore[assignment]
    orders: FakeOrders = None  # type: ignore[assignment]
    number_leases: FakeNumberLeases = field(default_factory=FakeNumberLeases)
    catalogue: FakeCatalogue = None  # type: ignore[assignment]
    hand_over: FakeQueue = None  # type: ignore[assignment]
    sqs: Any = None
    backlog: FakeBacklog = field(default_factory=FakeBacklog)
    findings: FakeFindings = None  # type: ignore[assignment]
    metrics: FakeMetrics = field(default_factory=FakeMetrics)
    shipments: FakeShipmentNumbers = None  # type: ignore[assignment]
    carrier_secrets: FakeCarrierSecrets = field(default_factory=FakeCarrierSecrets)
    link_secrets: FakeLinkSecrets = field(default_factory=FakeLinkSecrets)
    gauges: FakeGauges = field(default_factory=FakeGauges)
    # Dead letters and the audit trail (fakes_dead_letters.py): SQS itself stands beside the `sqs` of the consumers.
    dead_sqs: FakeSqs = None  # type: ignore[assignment]
    functions: FakeFunctions = field(default_factory=FakeFunctions)
    dead_letter_queues: DeadLetterQueues = None  # type: ignore[assignment]
    alarms: FakeAlarms = field(default_factory=FakeAlarms)
    reasons: FakeReasons = field(default_factory=FakeReasons)
    tries: FakeTries = field(default_factory=FakeTries)
    audit_records: FakeAuditRecords = field(default_factory=FakeAuditRecords)
    import_files: FakeImportFiles = field(default_factory=FakeImportFiles)
    imports: FakeImports = field(default_factory=FakeImports)
    row_messages: FakeRowMessages = field(default_factory=FakeRowMessages)
    many_hand_overs: FakeManyHandOvers = None  # type: ignore[assignment]
    chat_model: Model | None = None
    counter_pages: FakeCounterPages = field(default_factory=FakeCounterPages)
    counters: FakeCounters = field(default_factory=FakeCounters)
    open_orders: FakeOpenOrders = None  # type: ignore[assignment]
    published_metrics: FakePublishedMetrics = field(default_factory=FakePublishedMetrics)
    staff_sessions: FakeStaffSessions = field(default_factory=FakeStaffSessions)

    def __post_init__(self) -> None:
        self.carts = self.carts or FakeCarts(self.clock)
        self.claims = self.claims or FakeClaims(lambda: self.clock.moment.timestamp())  # noqa: PLW0108
        self.orders = self.orders or FakeOrders(self.store)
        self.catalogue = self.catalogue or FakeCatalogue(self.store)
        self.hand_over = self.hand_over or self.queue
        self.sqs = self.sqs or self.queue
        self.findings = self.findings or FakeFindings(lambda: self.clock.moment.timestamp())  # noqa: PLW0108
        self.many_hand_overs = self.many_hand_overs or FakeManyHandOvers(self.queue)
        self.shipments = self.shipments or FakeShipmentNumbers(lambda: self.clock.moment.timestamp())  # noqa: PLW0108
        self.open_orders = self.open_orders or FakeOpenOrders(FakeOrders(self.store))
        self.report_damage = ReportDamage(lambda: self.findings, self.clock, log)
        self.store.report = self.report_damage
        self.dead_sqs = self.dead_sqs or FakeSqs(self.clock)
        self.dead_letter_queues = self.dead_letter_queues or dead_letter_queues(self.dead_sqs, self.functions)


def stored(adapters: FakeAdapters, order: Order) -> Order:
    """The order as it is now."""
    found = adapters.orders.get(order.order_id)
    assert found is not None
    return found
