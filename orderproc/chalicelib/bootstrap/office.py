"""The services around the orders: queues, events, files, parcels, dead letters, inspection. `bootstrap.Services` has
these and those of the orders themselves."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..kit.aws import may_pass
from ..kit.concurrency import few_at_a_time
from ..kit.observability import log
from ..kit.sqs_batch import Queue

if TYPE_CHECKING:
    from ..fulfilment.signatures import CarrierSignatures
    from ..imports.ends import EndImports
    from ..imports.file import ImportFile
    from ..imports.ports import Imports
    from ..imports.report import ImportReport
    from ..imports.rows import ImportRows
    from ..kit import config
    from ..operations.audit import AuditTrail
    from ..operations.dead_letters import DeadLetters
    from ..operations.redrive_what_passed import RedriveWhatPassed
    from ..operations.resend import AskForMessages, ResendMessages
    from ..operations.staff_sessions import StaffSessions
    from ..orders.discrepancies import Findings
    from ..orders.order_list import OrderList
    from ..reconciliation.inspection import Inspection
    from ..workflow.events import EventSteps
    from ..workflow.retry import RetryOrder


class OfficeServices:
    """Each is made on first use."""

    settings: config.Settings
    _a: Any

    @cached_property
    def order_messages(self) -> Queue:
        return self._queue(self.settings.order_queue_url)

    @cached_property
    def notification_messages(self) -> Queue:
        return self._queue(self.settings.notifications_queue_url)

    @cached_property
    def inventory_messages(self) -> Queue:
        return self._queue(self.settings.inventory_queue_url)

    @cached_property
    def payment_messages(self) -> Queue:
        return self._queue(self.settings.payment_queue_url)

    @cached_property
    def shipping_messages(self) -> Queue:
        return self._queue(self.settings.shipping_queue_url)

    @cached_property
    def import_messages(self) -> Queue:
        return self._queue(self.settings.imports_queue_url)

    @cached_property
    def order_list(self) -> OrderList:
        from ..orders.order_list import OrderList

        return OrderList(self._a.orders, self._a.clock)

    @cached_property
    def retry_order(self) -> RetryOrder:
        from ..workflow.retry import RetryOrder

        return RetryOrder(self._a.orders, self._of_orders.settlement, self._a.hand_over, log)

    @cached_property
    def inspection(self) -> Inspection:
        from ..reconciliation.inspection import Inspection
        from ..reconciliation.order_inspection import OrderInspection
        from ..reconciliation.stock_inspection import StockInspection

        a, give_up_after = self._a, timedelta(seconds=self.settings.give_up_after)
        return Inspection(
            a.orders,
            OrderInspection(
                a.orders, a.ledger, a.documents, self._of_orders.receipts, a.claims, self._ask_for_messages, a.clock
            ),
            StockInspection(a.orders, a.catalogue, getattr(a, "pause", time.sleep)),
            a.findings,
            a.clock,
            log,
            a.metrics.contradictions,
            stuck_after=2 * give_up_after,
            look_after=give_up_after + timedelta(seconds=self.settings.inspection_margin),
        )

    @cached_property
    def carrier_signatures(self) -> CarrierSignatures:
        from ..fulfilment.signatures import CarrierSignatures

        return CarrierSignatures(self._a.carrier_secrets, self._a.clock)

    @property
    def staff_sessions(self) -> StaffSessions:
        found: StaffSessions = self._a.staff_sessions
        return found

    @cached_property
    def resend_messages(self) -> ResendMessages:
        from ..operations.resend import ResendMessages

        return ResendMessages(self._a.claims, self._ask_for_messages, self.audit, self._a.clock)

    @cached_property
    def _ask_for_messages(self) -> AskForMessages:
        from ..operations.resend import AskForMessages

        return AskForMessages(self._a.dead_letter_queues, self.settings.notifications_queue_url, self._a.clock)

    @property
    def findings(self) -> Findings:
        """What the inspector found, to be read."""
        found: Findings = self._a.findings
        return found

    @cached_property
    def event_steps(self) -> EventSteps:
        from functools import partial

        from ..orders.order_created import announced_order
        from ..workflow.events import EventSteps

        a, orders, settings = self._a, self._of_orders, self.settings
        read = partial(announced_order, owner=settings.outside_owner, default_currency=settings.default_currency)
        return EventSteps(
            a.orders,
            a.catalogue,
            orders.order_steps,
            orders.settlement,
            lambda event, correlation_id: read(event, correlation_id=correlation_id),
            a.clock,
            log,
        )

    @cached_property
    def import_file(self) -> ImportFile:
        from ..imports.file import ImportFile
        from ..imports.read_rows import columns

        a = self._a
        return ImportFile(a.import_files, a.imports, a.row_messages, self._import_report, columns, a.clock, log)

    @cached_property
    def import_rows(self) -> ImportRows:
        from ..imports import read_rows as rows
        from ..imports.rows import ImportRows

        a, settings = self._a, self.settings
        return ImportRows(
            a.import_files,
            a.imports,
            a.orders,
            a.catalogue,
            a.many_hand_overs,
            a.row_messages,
            self._import_report,
            lambda row, correlation_id: rows.place_order(
                row,
                owner=settings.outside_owner,
                default_currency=settings.default_currency,
                correlation_id=correlation_id,
            ),
            lambda row: rows.put_product(row, default_currency=settings.default_currency),
            may_pass,
            a.clock,
            log,
            few_at_a_time(8),  # as many as pay for waiting on DynamoDB
        )

    @cached_property
    def end_imports(self) -> EndImports:
        from ..imports.ends import EndImports

        a = self._a
        return EndImports(a.imports, a.row_messages, a.clock, log)

    @cached_property
    def _import_report(self) -> ImportReport:
        from ..imports.report import ImportReport

        return ImportReport(self._a.import_files, self._a.imports, self._a.clock, log)

    @property
    def imports(self) -> Imports:
        """How far each import is, to be read."""
        found: Imports = self._a.imports
        return found

    @property
    def _of_orders(self) -> Any:
        """The services of the orders themselves, which `bootstrap.Services` adds to these."""
        return self

    @cached_property
    def dead_letters(self) -> DeadLetters:
        from ..operations.dead_letter_places import places
        from ..operations.dead_letters import DeadLetters

        a = self._a
        known = places(self.settings.stage, self._queue_urls)
        return DeadLetters(known, a.dead_letter_queues, a.reasons, self.audit, a.clock)

    @cached_property
    def redrive_what_passed(self) -> RedriveWhatPassed:
        from ..operations.redrive_what_passed import RedriveWhatPassed

        return RedriveWhatPassed(self.dead_letters, self._a.tries, log)

    @cached_property
    def audit(self) -> AuditTrail:
        import secrets

        from ..operations.audit import AuditTrail

        return AuditTrail(self._a.audit_records, self._a.clock, log, lambda: secrets.token_hex(6))

    @property
    def _queue_urls(self) -> dict[str, str]:
        """By the names that people use."""
        s = self.settings
        return {
            "orders": s.order_queue_url,
            "notifications": s.notifications_queue_url,
            "inventory": s.inventory_queue_url,
            "payment": s.payment_queue_url,
            "shipping": s.shipping_queue_url,
            "imports": s.imports_queue_url,
        }

    def _queue(self, url: str) -> Queue:
        name = next(name for name, known in self._queue_urls.items() if known == url)

        def keep_reason(
            message_id: str, error: Exception, body: Mapping[str, Any], correlation_id: str, passes: bool
        ) -> None:
            from ..operations.dead_letter_reasons import KeepReason  # only what fails for the last time pays for it

            KeepReason(self._a.reasons, self._a.clock, name)(message_id, error, body, correlation_id, passes)

        return Queue(
            self._a.sqs,
            url,
            self.settings.retry_base,
            keep_reason,
            self.settings.retry_most,
            may_pass,
            self.settings.max_receives,
            begun=lambda message_ids: self._a.tries.begun(name, message_ids),
            begin=lambda message_id: self._a.tries.begin(name, message_id),
        )
