"""The real adapters, each made when first asked for. The builders beside this build the use cases over them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from ..kit import aws
from .staff_adapters import StaffAdapters

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

    from ..assistant.ports import Model
    from ..checkout.ports import Carts
    from ..documents.ports import Documents
    from ..feedback.links import FeedbackLinks
    from ..fulfilment.ports import ShipmentNumbers
    from ..inventory.ports import Catalogue, Images
    from ..kit.claims import Claims
    from ..kit.ports import AcceptedSecrets, LinkSecrets
    from ..kit.secrets_manager import ManagedSecrets
    from ..notifications.ports import Mailer, Texter
    from ..notifications.write import Messages
    from ..orders.discrepancies import Kind
    from ..orders.model import Order
    from ..orders.ports import Events, HandOver, NumberLeases, Orders
    from ..orders.search_index import OrderIndex
    from ..payments.ports import Gateway, Ledger
    from ..reporting.ports import CounterPages, Counters, HourlyGauges, OpenOrders, PublishedMetrics
    from ..workflow.ports import Backlog


class Adapters(StaffAdapters):
    """The real ones, each made when first asked for: a function pays only for what it uses."""

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
    def order_index(self) -> OrderIndex:
        from ..kit.concurrency import few_at_a_time
        from ..orders.dynamodb_search import DynamoOrderIndex

        return DynamoOrderIndex(aws.dynamodb(), self._settings.search_table, few_at_a_time(8))

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
    def shipments(self) -> ShipmentNumbers:
        from ..fulfilment.dynamodb import DynamoShipmentNumbers

        return DynamoShipmentNumbers(aws.dynamodb(), self._settings.operations_table)

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
