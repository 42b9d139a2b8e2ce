"""The real adapters, each made when first asked for. `bootstrap.py` builds the services over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import config
from .adapters import aws
from .domain.clock import to_iso

if TYPE_CHECKING:
    from .adapters.managed_secrets import ManagedSecrets
    from .domain.errors import Damaged
    from .domain.order import Order
    from .services import ports
    from .services.chatbot.ports import Model
    from .services.counter_ports import Tallies
    from .services.damage import ReportDamage
    from .services.feedback_links import FeedbackLinks, LinkSecrets
    from .services.hourly_metrics import Gauges
    from .services.metrics_ports import Counters, OpenOrders, PublishedMetrics
    from .services.notifications import Messages
    from .services.redriven import Tries
    from .services.shipping_ports import CarrierSecrets, Parcels
    from .services.staff_ports import StaffSessions


class SystemClock:
    def now(self) -> str:
        return to_iso(datetime.now(UTC))


class ByWorkflow:
    """Gives each order to the driver that its `workflow` names."""

    def __init__(self, drivers: Mapping[str, Callable[[Order], None]]) -> None:
        self._drivers = drivers

    def hand_over(self, order: Order) -> None:
        self._drivers[order.workflow](order)


class Adapters:
    """The real ones, each made when first asked for: a function pays only for what it uses."""

    def __init__(self, settings: config.Settings) -> None:
        self._settings = settings

    @cached_property
    def clock(self) -> ports.Clock:
        return SystemClock()

    @cached_property
    def orders(self) -> ports.Orders:
        from .adapters.dynamodb_orders import DynamoOrders

        s = self._settings
        return DynamoOrders(aws.dynamodb(), s.orders_table, s.inventory_table, self.report_damage)

    @cached_property
    def catalogue(self) -> ports.Catalogue:
        from .adapters.dynamodb_catalogue import DynamoCatalogue

        s = self._settings
        return DynamoCatalogue(aws.dynamodb(), s.products_table, s.inventory_table, self.report_damage)

    @cached_property
    def ledger(self) -> ports.Ledger:
        from .adapters.dynamodb_payments import DynamoLedger

        return DynamoLedger(aws.dynamodb(), self._settings.payments_table, self.report_damage)

    @cached_property
    def claims(self) -> ports.Claims:
        from .adapters.dynamodb_payments import DynamoClaims

        return DynamoClaims(aws.dynamodb(), self._settings.claims_table, report=self.report_damage)

    @cached_property
    def gateway(self) -> ports.Gateway:
        from .adapters.simulated_gateway import SimulatedGateway

        return SimulatedGateway(aws.dynamodb(), self._settings.gateway_table)

    @property
    def sqs(self) -> Any:
        return aws.client("sqs")

    @cached_property
    def dead_letter_queues(self) -> ports.DeadLetterQueues:
        from .adapters.dead_letters import SqsDeadLetters

        return SqsDeadLetters(aws.client("sqs"), lambda: aws.client("lambda"))

    @cached_property
    def reasons(self) -> ports.Reasons:
        from .adapters.dynamodb_dead_letters import DynamoReasons

        return DynamoReasons(aws.dynamodb(), self._settings.operations_table, report=self.report_damage)

    @cached_property
    def tries(self) -> Tries:
        from .adapters.dynamodb_dead_letters import DynamoTries

        return DynamoTries(aws.dynamodb(), self._settings.operations_table)

    @cached_property
    def audit_records(self) -> ports.AuditRecords:
        from .adapters.dynamodb_dead_letters import DynamoAuditRecords

        return DynamoAuditRecords(aws.dynamodb(), self._settings.operations_table, self.report_damage)

    @cached_property
    def hand_over(self) -> ports.HandOver:
        return ByWorkflow(
            {"queue": self._to_queue, "stepfunctions": self._to_state_machine, "events": self._to_event_steps}
        )

    def _to_queue(self, order: Order) -> None:
        from .adapters.queues import SqsHandOver

        SqsHandOver(aws.client("sqs"), self._settings.order_queue_url).hand_over(order)

    def _to_state_machine(self, order: Order) -> None:
        from .adapters.queues import StepFunctionsHandOver

        StepFunctionsHandOver(aws.client("stepfunctions"), self._settings.state_machine_arn).hand_over(order)

    def _to_event_steps(self, order: Order) -> None:
        from .adapters.queues import SqsHandOver
        from .services.event_steps import HandOverByEvents

        to_inventory = SqsHandOver(aws.client("sqs"), self._settings.inventory_queue_url).hand_over
        HandOverByEvents(to_inventory, self.events)(order)

    @cached_property
    def backlog(self) -> ports.Backlog:
        from .adapters.backlog import AwsBacklog

        s = self._settings
        urls = {
            "queue": s.order_queue_url,
            "inventory": s.inventory_queue_url,
            "payment": s.payment_queue_url,
            "shipping": s.shipping_queue_url,
        }
        depth = self.dead_letter_queues.depth
        return AwsBacklog(lambda: aws.client("stepfunctions"), urls, s.state_machine_arn, depth)

    @cached_property
    def carts(self) -> ports.Carts:
        from .adapters.dynamodb_carts import DynamoCarts

        s = self._settings
        return DynamoCarts(aws.dynamodb(), s.carts_table, s.claims_table, report=self.report_damage)

    @cached_property
    def events(self) -> ports.Events:
        from .adapters.events import AwsEvents
        from .services.pseudonyms import Pseudonyms

        s, public = self._settings, Pseudonyms(lambda: self.link_secrets)
        return AwsEvents(aws.client("events"), aws.client("sns"), s.event_bus, s.topic_arn, public)

    @cached_property
    def documents(self) -> ports.Documents:
        from .adapters.s3_documents import S3Documents

        return S3Documents(aws.client("s3"), self._settings.documents_bucket)

    @cached_property
    def findings(self) -> ports.Findings:
        from .adapters.dynamodb_findings import DynamoFindings

        return DynamoFindings(aws.dynamodb(), self._settings.operations_table, report=self.report_damage)

    @cached_property
    def report_damage(self) -> Callable[[Damaged], None]:
        def report(error: Damaged) -> None:
            self._damage_reports(error)  # made only when something is damaged

        return report

    @cached_property
    def _damage_reports(self) -> ReportDamage:
        from .observability import log
        from .services.damage import ReportDamage

        return ReportDamage(lambda: self.findings, self.clock, log)

    @cached_property
    def import_files(self) -> Any:
        from .adapters.s3_imports import S3ImportFiles

        return S3ImportFiles(aws.client("s3"), self._settings.imports_bucket)

    @cached_property
    def imports(self) -> Any:
        from .adapters.dynamodb_imports import DynamoImports

        return DynamoImports(aws.dynamodb(), self._settings.operations_table, report=self.report_damage)

    @cached_property
    def row_messages(self) -> Any:
        from .adapters.many_messages import SqsRowMessages

        return SqsRowMessages(aws.client("sqs"), self._settings.imports_queue_url)

    @cached_property
    def many_hand_overs(self) -> Any:
        from .adapters.many_messages import SqsManyHandOvers

        return SqsManyHandOvers(aws.client("sqs"), self._settings.order_queue_url)

    @cached_property
    def parcels(self) -> Parcels:
        from .adapters.dynamodb_parcels import DynamoParcels

        return DynamoParcels(aws.dynamodb(), self._settings.operations_table)

    @cached_property
    def staff_sessions(self) -> StaffSessions:
        from .adapters.staff_sessions import CognitoSessions

        return CognitoSessions(aws.client("cognito-identity"), self._settings.staff_sessions_id)

    @cached_property
    def carrier_secrets(self) -> CarrierSecrets:
        return self._secrets(self._settings.carrier_secret_arn)

    @cached_property
    def link_secrets(self) -> LinkSecrets:
        return self._secrets(self._settings.link_secret_arn)

    def _secrets(self, arn: str) -> ManagedSecrets:
        from .adapters.managed_secrets import ManagedSecrets
        from .observability import log

        return ManagedSecrets(aws.client("secretsmanager"), arn, log)

    @cached_property
    def gauges(self) -> Gauges:
        from .adapters.dynamodb_gauges import DynamoGauges

        return DynamoGauges(aws.dynamodb(), self._settings.metrics_table)

    @cached_property
    def chat_model(self) -> Model | None:
        """None if none was chosen: then templates answer."""
        if not self._settings.bedrock_model_id:
            return None
        from .adapters.bedrock import SECONDS, BedrockModel
        from .services.chatbot.prompt import prompt

        return BedrockModel(
            aws.client("bedrock-runtime", tries=1, seconds=SECONDS), self._settings.bedrock_model_id, prompt
        )

    @cached_property
    def metrics(self) -> Any:
        from .adapters.metrics import Metrics
        from .observability import log

        return Metrics(self._settings.stage, log.measures, self._settings.metrics_profile == "full")

    @cached_property
    def tallies(self) -> Tallies:
        from .adapters.dynamodb_counters import DynamoTallies

        return DynamoTallies(aws.dynamodb(), self._settings.metrics_table)

    @cached_property
    def counters(self) -> Counters:
        from .adapters.dynamodb_metrics import DynamoCounters

        return DynamoCounters(aws.dynamodb(), self._settings.metrics_table, self.report_damage)

    @cached_property
    def open_orders(self) -> OpenOrders:
        from .adapters.open_orders import DynamoOpenOrders

        return DynamoOpenOrders(aws.dynamodb(), self._settings.orders_table, self.report_damage)

    @cached_property
    def published_metrics(self) -> PublishedMetrics:
        from .adapters.cloudwatch import CloudWatchMetrics

        return CloudWatchMetrics(aws.client("cloudwatch", tries=1), self._settings.stage)

    @cached_property
    def mailer(self) -> ports.Mailer:
        from .adapters.messaging import SesMailer

        return SesMailer(aws.client("ses", tries=1))

    @cached_property
    def texter(self) -> ports.Texter:
        from .adapters.messaging import SnsTexter

        return SnsTexter(aws.client("sns", tries=1))

    @cached_property
    def messages(self) -> Messages:
        from .services.messages import ShopMessages

        return ShopMessages(self._shop(), self._settings.mail_sender, lambda order: self._links.link(order.order_id))

    @cached_property
    def _links(self) -> FeedbackLinks:
        from .services.feedback_links import FeedbackLinks

        return FeedbackLinks(self.link_secrets, self.clock, self._settings.public_url)

    def render_receipt(self, order: Order, issued_at: str) -> bytes:
        from .observability import log
        from .services.receipt_pdf import render_receipt  # brings fpdf2, half a second: only where it is used

        return render_receipt(order, self._shop(), issued_at, log)

    def _shop(self) -> Any:
        from .domain.shop import Shop

        return Shop(self._settings.shop_name, self._settings.shop_address, self._settings.shop_url)
