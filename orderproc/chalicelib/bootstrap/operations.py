"""Builds what staff operate: dead letters, the audit trail, messages sent again, reconciliation, the health check."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from ..kit.observability import log

if TYPE_CHECKING:
    from ..kit.config import Settings
    from ..operations.audit import AuditTrail
    from ..operations.dead_letters import DeadLetters
    from ..operations.notes import AddNote
    from ..operations.ports import Alarms, StaffSessions
    from ..operations.redrive_what_passed import RedriveWhatPassed
    from ..operations.resend import AskForMessages, ResendMessages
    from ..operations.timeline import OrderTimeline
    from ..orders.discrepancies import Findings
    from ..reconciliation.reconcile import Reconciliation
    from .adapters import Adapters
    from .queues import Queues
    from .workflow import Workflow


class Operations:
    def __init__(self, settings: Settings, adapters: Adapters, queues: Queues, workflow: Workflow) -> None:
        self._settings = settings
        self._a = adapters
        self._queues = queues
        self._workflow = workflow

    @cached_property
    def dead_letters(self) -> DeadLetters:
        from ..operations.dead_letter_places import places
        from ..operations.dead_letters import DeadLetters

        a = self._a
        known = places(self._settings.stage, self._queues.urls)
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

    @cached_property
    def resend_messages(self) -> ResendMessages:
        from ..operations.resend import ResendMessages

        return ResendMessages(self._a.claims, self.ask_for_messages, self.audit, self._a.clock)

    @cached_property
    def add_note(self) -> AddNote:
        from ..operations.notes import AddNote

        return AddNote(self._a.notes, self._a.clock, log)

    @cached_property
    def timeline(self) -> OrderTimeline:
        from ..operations.timeline import OrderTimeline

        a = self._a
        return OrderTimeline(a.ledger, a.claims, a.notes, a.audit_records)

    @cached_property
    def ask_for_messages(self) -> AskForMessages:
        from ..operations.resend import AskForMessages

        return AskForMessages(self._a.dead_letter_queues, self._settings.notifications_queue_url, self._a.clock)

    @property
    def staff_sessions(self) -> StaffSessions:
        return self._a.staff_sessions

    @property
    def alarms(self) -> Alarms:
        """The stage's, to be read."""
        return self._a.alarms

    @property
    def findings(self) -> Findings:
        """What reconciliation found, to be read."""
        return self._a.findings

    @cached_property
    def reconciliation(self) -> Reconciliation:
        from ..reconciliation.order_checks import OrderChecks
        from ..reconciliation.reconcile import Reconciliation
        from ..reconciliation.stock_checks import StockChecks

        a, give_up_after = self._a, timedelta(seconds=self._settings.give_up_after)
        receipts, ask = self._workflow.receipts, self.ask_for_messages
        return Reconciliation(
            a.orders,
            OrderChecks(a.orders, a.ledger, a.documents, receipts, a.claims, ask, a.clock),
            StockChecks(a.orders, a.catalogue, a.pause),
            a.findings,
            a.clock,
            log,
            a.metrics,
            stuck_after=2 * give_up_after,
            look_after=give_up_after + timedelta(seconds=self._settings.reconciliation_margin),
        )

    def health(self) -> dict[str, bool]:
        """Whether each part that the API needs answers: tables, indexes, queue, topic, state machine and so on."""
        from ..kit.concurrency import few_at_a_time
        from ..operations.health import check

        return check(self._settings, few_at_a_time(8))
