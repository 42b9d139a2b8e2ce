"""The ports in memory, with the semantics of the real ones: conditions fail, pages end, transactions are all or none.
`tests/contract` runs one suite over these and over the adapters, so that they can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalicelib.assistant.ports import Model
from chalicelib.bootstrap.adapters import Adapters
from chalicelib.kit.observability import log
from chalicelib.operations.ports import DeadLetterQueues
from chalicelib.orders.events import DomainEvent
from chalicelib.orders.model import Order
from chalicelib.reconciliation.report_damage import ReportDamage

from tests.support.fakes.access import FakeApiKeys, FakeKeyEnds, FakeStaffUsers, FakeTurn
from tests.support.fakes.alarms import FakeAlarms
from tests.support.fakes.backlog import FakeBacklog
from tests.support.fakes.carts import FakeCarts
from tests.support.fakes.catalogue import FakeCatalogue, FakeImages
from tests.support.fakes.clock import FakeClock
from tests.support.fakes.counters import FakeCounterPages
from tests.support.fakes.dead_letters import (
    FakeAuditRecords,
    FakeFunctions,
    FakeNotes,
    FakeReasons,
    FakeSqs,
    FakeTries,
    dead_letter_queues,
)
from tests.support.fakes.discrepancies import FakeFindings, FakeMetrics
from tests.support.fakes.exports import FakeExportFiles, FakeExportMessages, FakeExports
from tests.support.fakes.gauges import FakeGauges
from tests.support.fakes.imports import FakeImportFiles, FakeImports, FakeManyHandOvers, FakeRowMessages
from tests.support.fakes.link_secrets import FakeLinkSecrets
from tests.support.fakes.messages import FakeClaims, FakeMailer, FakeMessages, FakeTexter
from tests.support.fakes.metrics import FakeCounters, FakeOpenOrders, FakePublishedMetrics
from tests.support.fakes.numbers import FakeNumberLeases
from tests.support.fakes.orders import FakeOrders, FakeStore
from tests.support.fakes.payments import FakeGateway, FakeLedger
from tests.support.fakes.search import FakeOrderIndex
from tests.support.fakes.shipments import FakeCarrierSecrets, FakeShipmentNumbers
from tests.support.fakes.staff_sessions import FakeStaffSessions


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
    notes: FakeNotes = field(default_factory=FakeNotes)
    import_files: FakeImportFiles = field(default_factory=FakeImportFiles)
    imports: FakeImports = field(default_factory=FakeImports)
    row_messages: FakeRowMessages = field(default_factory=FakeRowMessages)
    many_hand_overs: FakeManyHandOvers = None  # type: ignore[assignment]
    exports: FakeExports = field(default_factory=FakeExports)
    export_files: FakeExportFiles = field(default_factory=FakeExportFiles)
    export_messages: FakeExportMessages = field(default_factory=FakeExportMessages)
    chat_model: Model | None = None
    counter_pages: FakeCounterPages = field(default_factory=FakeCounterPages)
    counters: FakeCounters = field(default_factory=FakeCounters)
    open_orders: FakeOpenOrders = None  # type: ignore[assignment]
    published_metrics: FakePublishedMetrics = field(default_factory=FakePublishedMetrics)
    staff_sessions: FakeStaffSessions = field(default_factory=FakeStaffSessions)
    staff_users: FakeStaffUsers = field(default_factory=FakeStaffUsers)
    staff_turn: FakeTurn = field(default_factory=FakeTurn)
    api_keys: FakeApiKeys = field(default_factory=FakeApiKeys)
    key_ends: FakeKeyEnds = field(default_factory=FakeKeyEnds)
    order_index: FakeOrderIndex = field(default_factory=FakeOrderIndex)

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
