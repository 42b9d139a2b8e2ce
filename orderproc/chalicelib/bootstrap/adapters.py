"""The real adapters, each made when first asked for. The builders beside this build the use cases over them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from ..kit import aws, config
from ..kit.clock import SystemClock

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

    from ..access.ports import ApiKeys, KeyEnds, StaffUsers, Turn
    from ..assistant.ports import Model
    from ..checkout.ports import Carts
    from ..documents.ports import Documents
    from ..exports.ports import ExportFiles, ExportMessages, Exports
    from ..feedback.links import FeedbackLinks
    from ..fulfilment.ports import ShipmentNumbers
    from ..imports.ports import ImportFiles, Imports, ManyHandOvers, RowMessages
    from ..inventory.ports import Catalogue, Images
    from ..kit.claims import Claims
    from ..kit.errors import Damaged
    from ..kit.ports import AcceptedSecrets, Clock, LinkSecrets
    from ..kit.secrets_manager import ManagedSecrets
    from ..kit.tries import Tries
    from ..notifications.ports import Mailer, Texter
    from ..notifications.write import Messages
    from ..operations.ports import Alarms, AuditRecords, DeadLetterQueues, Reasons, StaffSessions
    from ..orders.discrepancies import Findings, Kind
    from ..orders.model import Order
    from ..orders.ports import Events, HandOver, NumberLeases, Orders
    from ..payments.ports import Gateway, Ledger
    from ..reconciliation.report_damage import ReportDamage
    from ..reporting.ports import CounterPages, Counters, HourlyGauges, OpenOrders, PublishedMetrics
    from ..workflow.ports import Backlog


class Adapters:
    """The real ones, each made when first asked for: a function pays only for what it uses."""

    def __init__(self, settings: config.Settings) -> None:
        self._settings = settings

    @cached_property
    def clock(self) -> Clock:
        return SystemClock()

    @property
    def pause(self) -> Callable[[float], None]:
        return time.sleep

    @cached_property
    def orders(self) -> Orders:
        from ..orders.dynamodb import DynamoOrders

        s = self._settings
        return DynamoOrders(aws.dynamodb(), s.orders_table, s.inventory_table, self.report_damage)

    @cached_property
    def number_leases(self) -> NumberLeases:
        from ..orders.dynamodb_numbers import DynamoNumberLeases

        return DynamoNumberLeases(aws.dynamodb(), self._settings.operations_table)

    @cached_property
    def catalogue(self) -> Catalogue:
        from ..inventory.dynamodb import DynamoCatalogue

        s = self._settings
        return DynamoCatalogue(aws.dynamodb(), s.products_table, s.inventory_table, self.report_damage)

    @cached_property
    def images(self) -> Images:
        from ..inventory.s3 import S3Images

        return S3Images(aws.client("s3"), self._settings.site_bucket)

    @cached_property
    def ledger(self) -> Ledger:
        from ..payments.dynamodb import DynamoLedger

        return DynamoLedger(aws.dynamodb(), self._settings.payments_table, self.report_damage)

    @cached_property
    def claims(self) -> Claims:
        from ..kit.dynamodb_claims import DynamoClaims

        return DynamoClaims(aws.dynamodb(), self._settings.claims_table, report=self.report_damage)

    @cached_property
    def gateway(self) -> Gateway:
        from ..payments.simulated import SimulatedGateway

        return SimulatedGateway(aws.dynamodb(), self._settings.gateway_table)

    @property
    def sqs(self) -> SQSClient:
        client: SQSClient = aws.client("sqs")
        return client

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
    def hand_over(self) -> HandOver:
        from .hand_overs import hand_over

        return hand_over(self._settings, lambda: self.events)

    @cached_property
    def backlog(self) -> Backlog:
        from .hand_overs import backlog

        return backlog(self._settings, self.dead_letter_queues.depth)

    @cached_property
    def carts(self) -> Carts:
        from ..checkout.dynamodb import DynamoCarts

        s = self._settings
        return DynamoCarts(aws.dynamodb(), s.carts_table, s.claims_table, report=self.report_damage)

    @cached_property
    def events(self) -> Events:
        from ..orders.eventbridge import AwsEvents
        from ..orders.pseudonyms import Pseudonyms

        s, public = self._settings, Pseudonyms(lambda: self.link_secrets)
        return AwsEvents(aws.client("events"), aws.client("sns"), s.event_bus, s.topic_arn, public)

    @cached_property
    def documents(self) -> Documents:
        from ..documents.s3 import S3Documents

        return S3Documents(aws.client("s3"), self._settings.documents_bucket)

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
    def shipments(self) -> ShipmentNumbers:
        from ..fulfilment.dynamodb import DynamoShipmentNumbers

        return DynamoShipmentNumbers(aws.dynamodb(), self._settings.operations_table)

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

    @cached_property
    def carrier_secrets(self) -> AcceptedSecrets:
        return self._secrets(self._settings.carrier_secret_arn)

    @cached_property
    def link_secrets(self) -> LinkSecrets:
        return self._secrets(self._settings.link_secret_arn)

    def _secrets(self, arn: str) -> ManagedSecrets:
        from ..kit.observability import log
        from ..kit.secrets_manager import ManagedSecrets

        return ManagedSecrets(aws.client("secretsmanager"), arn, log)

    @cached_property
    def gauges(self) -> HourlyGauges:
        from ..reporting.dynamodb import DynamoGauges

        return DynamoGauges(aws.dynamodb(), self._settings.metrics_table)

    @cached_property
    def chat_model(self) -> Model | None:
        """None if none was chosen: then templates answer."""
        if not self._settings.bedrock_model_id:
            return None
        from ..assistant.bedrock import SECONDS, BedrockModel
        from ..assistant.prompt import prompt

        return BedrockModel(
            aws.client("bedrock-runtime", tries=1, seconds=SECONDS), self._settings.bedrock_model_id, prompt
        )

    @cached_property
    def metrics(self) -> Callable[[Mapping[Kind, int]], None]:
        """Reports how many discrepancies of each kind there are."""
        from ..kit.observability import log
        from ..reconciliation.metrics import Metrics

        return Metrics(self._settings.stage, log.measures, self._settings.metrics_profile == "full")

    @cached_property
    def counter_pages(self) -> CounterPages:
        from ..reporting.dynamodb import DynamoCounters

        return DynamoCounters(aws.dynamodb(), self._settings.metrics_table)

    @cached_property
    def counters(self) -> Counters:
        from ..reporting.dynamodb import DynamoCounters

        return DynamoCounters(aws.dynamodb(), self._settings.metrics_table, self.report_damage)

    @cached_property
    def open_orders(self) -> OpenOrders:
        from ..orders.dynamodb_open import DynamoOpenOrders

        return DynamoOpenOrders(aws.dynamodb(), self._settings.orders_table, self.report_damage)

    @cached_property
    def published_metrics(self) -> PublishedMetrics:
        from ..reporting.cloudwatch import CloudWatchMetrics

        return CloudWatchMetrics(aws.client("cloudwatch", tries=1), self._settings.stage)

    @cached_property
    def mailer(self) -> Mailer:
        from ..notifications.ses_sns import SesMailer

        return SesMailer(aws.client("ses", tries=1))

    @cached_property
    def texter(self) -> Texter:
        from ..notifications.ses_sns import SnsTexter

        return SnsTexter(aws.client("sns", tries=1))

    @cached_property
    def messages(self) -> Messages:
        from ..notifications.messages import ShopMessages

        return ShopMessages(
            self._settings.shop, self._settings.mail_sender, lambda order: self._links.link(order.order_id)
        )

    @cached_property
    def _links(self) -> FeedbackLinks:
        from ..feedback.links import FeedbackLinks

        return FeedbackLinks(self.link_secrets, self.clock, self._settings.public_url)

    @property
    def render_receipt(self) -> Callable[[Order, str], bytes]:
        def render(order: Order, issued_at: str) -> bytes:
            from ..documents.pdf import render_receipt  # brings fpdf2, half a second: only where it is used
            from ..kit.observability import log

            return render_receipt(order, self._settings.shop, issued_at, log)

        return render
