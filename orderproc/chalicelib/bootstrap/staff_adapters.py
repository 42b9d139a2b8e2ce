"""The adapters of staff's tools: damage reports, dead letters, the audit trail, accounts and keys, imports, exports."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from ..kit import aws, config
from ..kit.clock import SystemClock

if TYPE_CHECKING:
    from ..access.ports import ApiKeys, KeyEnds, StaffUsers, Turn
    from ..exports.ports import ExportFiles, ExportMessages, Exports
    from ..imports.ports import ImportFiles, Imports, ManyHandOvers, RowMessages
    from ..kit.errors import Damaged
    from ..kit.ports import Clock
    from ..kit.tries import Tries
    from ..operations.ports import Alarms, AuditRecords, DeadLetterQueues, Notes, Reasons, StaffSessions
    from ..orders.discrepancies import Findings
    from ..reconciliation.report_damage import ReportDamage


class StaffAdapters:
    """What `Adapters` begins with: a file of all of them would be too long to read."""

    def __init__(self, settings: config.Settings) -> None:
        self._settings = settings

    @cached_property
    def clock(self) -> Clock:
        return SystemClock()

    @cached_property
    def findings(self) -> Findings:
        from ..reconciliation.dynamodb import DynamoFindings

        return DynamoFindings(aws.dynamodb(), self._settings.operations_table, report=self.report_damage)

    @cached_property
    def report_damage(self) -> Callable[[Damaged], None]:
        def report(error: Damaged) -> None:
            self._damage_reports(error)  # made only when something is damaged

        return report

    @cached_property
    def _damage_reports(self) -> ReportDamage:
        from ..kit.observability import log
        from ..reconciliation.report_damage import ReportDamage

        return ReportDamage(lambda: self.findings, self.clock, log)

    @cached_property
    def dead_letter_queues(self) -> DeadLetterQueues:
        from ..operations.sqs import SqsDeadLetters

        return SqsDeadLetters(aws.client("sqs"), lambda: aws.client("lambda"))

    @cached_property
    def alarms(self) -> Alarms:
        from ..operations.cloudwatch import CloudWatchAlarms

        return CloudWatchAlarms(aws.client("cloudwatch"), f"orderproc-{self._settings.stage}-")

    @cached_property
    def reasons(self) -> Reasons:
        from ..operations.dynamodb import DynamoReasons

        return DynamoReasons(aws.dynamodb(), self._settings.operations_table, report=self.report_damage)

    @cached_property
    def tries(self) -> Tries:
        from ..operations.dynamodb import DynamoTries

        return DynamoTries(aws.dynamodb(), self._settings.operations_table)

    @cached_property
    def audit_records(self) -> AuditRecords:
        from ..operations.dynamodb import DynamoAuditRecords

        return DynamoAuditRecords(aws.dynamodb(), self._settings.operations_table, self.report_damage)

    @cached_property
    def notes(self) -> Notes:
        from ..operations.dynamodb_notes import DynamoNotes

        return DynamoNotes(aws.dynamodb(), self._settings.operations_table, self.report_damage)

    @cached_property
    def import_files(self) -> ImportFiles:
        from ..imports.s3 import S3ImportFiles

        return S3ImportFiles(aws.client("s3"), self._settings.imports_bucket)

    @cached_property
    def imports(self) -> Imports:
        from ..imports.dynamodb import DynamoImports

        return DynamoImports(aws.dynamodb(), self._settings.operations_table, report=self.report_damage)

    @cached_property
    def row_messages(self) -> RowMessages:
        from ..imports.sqs import SqsRowMessages

        return SqsRowMessages(aws.client("sqs"), self._settings.imports_queue_url)

    @cached_property
    def many_hand_overs(self) -> ManyHandOvers:
        from ..imports.sqs import SqsManyHandOvers

        return SqsManyHandOvers(aws.client("sqs"), self._settings.order_queue_url)

    @cached_property
    def exports(self) -> Exports:
        from ..exports.dynamodb import DynamoExports

        return DynamoExports(aws.dynamodb(), self._settings.operations_table, report=self.report_damage)

    @cached_property
    def export_files(self) -> ExportFiles:
        from ..exports.s3 import SECONDS, S3ExportFiles

        return S3ExportFiles(aws.client("s3", seconds=SECONDS), self._settings.documents_bucket)

    @cached_property
    def export_messages(self) -> ExportMessages:
        from ..exports.sqs import SqsExportMessages

        return SqsExportMessages(aws.client("sqs"), self._settings.exports_queue_url)

    @cached_property
    def staff_sessions(self) -> StaffSessions:
        from ..operations.cognito import CognitoSessions

        return CognitoSessions(aws.client("cognito-identity"), self._settings.staff_sessions_id)

    @cached_property
    def staff_users(self) -> StaffUsers:
        from ..access.cognito import CognitoStaff

        return CognitoStaff(aws.client("cognito-idp"), config.names().user_pool_arn.rpartition("/")[2])

    @cached_property
    def staff_turn(self) -> Turn:
        from ..access.dynamodb import DynamoTurn

        return DynamoTurn(aws.dynamodb(), self._settings.operations_table)

    @cached_property
    def api_keys(self) -> ApiKeys:
        from ..access.api_keys import GatewayKeys

        s = self._settings
        return GatewayKeys(aws.client("apigateway"), f"orderproc-{s.stage}-", s.publishable_key_id)

    @cached_property
    def key_ends(self) -> KeyEnds:
        from ..access.dynamodb import DynamoKeyEnds

        return DynamoKeyEnds(aws.dynamodb(), self._settings.operations_table)
