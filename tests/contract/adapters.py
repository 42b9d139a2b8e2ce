"""The adapters of each engine: every port that the contract suite tests, and a way to see what they sent."""

from __future__ import annotations

import itertools
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from chalicelib.access.dynamodb import DynamoKeyEnds, DynamoTurn
from chalicelib.access.ports import KeyEnds, Turn
from chalicelib.checkout.dynamodb import DynamoCarts
from chalicelib.checkout.ports import Carts
from chalicelib.documents.ports import Documents
from chalicelib.documents.s3 import S3Documents
from chalicelib.exports.dynamodb import DynamoExports
from chalicelib.exports.ports import Exports
from chalicelib.fulfilment.dynamodb import DynamoShipmentNumbers
from chalicelib.fulfilment.ports import ShipmentNumbers
from chalicelib.imports.dynamodb import DynamoImports
from chalicelib.imports.ports import Imports
from chalicelib.inventory.dynamodb import DynamoCatalogue
from chalicelib.inventory.ports import Catalogue
from chalicelib.kit.claims import Claims
from chalicelib.kit.dynamodb_claims import DynamoClaims
from chalicelib.orders.discrepancies import Findings
from chalicelib.orders.dynamodb import DynamoOrders
from chalicelib.orders.dynamodb_numbers import DynamoNumberLeases
from chalicelib.orders.dynamodb_search import DynamoOrderIndex
from chalicelib.orders.eventbridge import AwsEvents
from chalicelib.orders.model import Order
from chalicelib.orders.ports import Events, HandOver, NumberLeases, Orders
from chalicelib.orders.search_index import OrderIndex
from chalicelib.payments.dynamodb import DynamoLedger
from chalicelib.payments.ports import Gateway, Ledger
from chalicelib.payments.simulated import SimulatedGateway
from chalicelib.reconciliation.dynamodb import DynamoFindings
from chalicelib.reporting.dynamodb import DynamoCounters, DynamoGauges
from chalicelib.reporting.ports import CounterPages, HourlyGauges
from chalicelib.workflow.hand_over import SqsHandOver

from tests.contract.engines import client, make_tables
from tests.support.builders import examples
from tests.support.fakes import adapters as fakes
from tests.support.fakes.access import FakeKeyEnds, FakeTurn
from tests.support.fakes.catalogue import FakeCatalogue
from tests.support.fakes.clock import FakeClock
from tests.support.fakes.counters import FakeCounterPages
from tests.support.fakes.discrepancies import FakeFindings
from tests.support.fakes.exports import FakeExports
from tests.support.fakes.gauges import FakeGauges
from tests.support.fakes.imports import FakeImports
from tests.support.fakes.link_secrets import pseudonyms
from tests.support.fakes.messages import FakeClaims
from tests.support.fakes.numbers import FakeNumberLeases
from tests.support.fakes.search import FakeOrderIndex
from tests.support.fakes.shipments import FakeShipmentNumbers

_names = itertools.count(1)


def unique(kind: str) -> str:
    """A name that no other test uses: tests share their tables."""
    return f"{kind}-{next(_names):05d}"


def order(**changes: Any) -> Order:
    """The contract's example order, of an owner of its own unless one is given."""
    return examples.order(**{"owner": unique("owner"), **changes})


@dataclass
class Storage:
    """The ports that DynamoDB implements."""

    orders: Orders
    catalogue: Catalogue
    ledger: Ledger
    gateway: Gateway
    claims_at: Callable[[Callable[[], float]], Claims]
    """Claims whose time in seconds comes from the argument."""
    carts_at: Callable[[FakeClock], Carts]
    findings_at: Callable[[FakeClock], Findings]
    shipments_at: Callable[[FakeClock], ShipmentNumbers]
    number_leases: NumberLeases
    imports: Imports
    gauges: HourlyGauges
    counter_pages: CounterPages
    exports: Exports
    turn_at: Callable[[Callable[[], float]], Turn]
    key_ends: KeyEnds
    order_index: OrderIndex

    @property
    def claims(self) -> Claims:
        return self.claims_at(time.time)


def fake_storage() -> Storage:
    store = fakes.FakeStore()
    return Storage(
        fakes.FakeOrders(store),
        FakeCatalogue(store),
        fakes.FakeLedger(),
        fakes.FakeGateway(),
        _one_table_of(FakeClaims),
        fakes.FakeCarts,
        lambda clock: FakeFindings(lambda: clock.moment.timestamp()),  # noqa: PLW0108
        lambda clock: FakeShipmentNumbers(lambda: clock.moment.timestamp()),  # noqa: PLW0108
        FakeNumberLeases(),
        FakeImports(),
        FakeGauges(),
        FakeCounterPages(),
        FakeExports(),
        FakeTurn,
        FakeKeyEnds(),
        FakeOrderIndex(),
    )


def dynamodb_storage(endpoint_url: str) -> Storage:
    dynamodb = client("dynamodb", endpoint_url)
    tables = make_tables(dynamodb, f"contract-{uuid.uuid4().hex[:8]}")
    return Storage(
        DynamoOrders(dynamodb, tables["orders"], tables["inventory"]),
        DynamoCatalogue(dynamodb, tables["products"], tables["inventory"]),
        DynamoLedger(dynamodb, tables["payments"]),
        SimulatedGateway(dynamodb, tables["gateway"]),
        lambda seconds: DynamoClaims(dynamodb, tables["claims"], seconds),
        lambda clock: DynamoCarts(dynamodb, tables["carts"], tables["claims"], lambda: clock.moment.timestamp()),  # noqa: PLW0108
        lambda clock: DynamoFindings(dynamodb, tables["operations"], lambda: clock.moment.timestamp()),  # noqa: PLW0108
        lambda clock: DynamoShipmentNumbers(dynamodb, tables["operations"], lambda: clock.moment.timestamp()),  # noqa: PLW0108
        DynamoNumberLeases(dynamodb, tables["operations"]),
        DynamoImports(dynamodb, tables["operations"]),
        DynamoGauges(dynamodb, tables["metrics"]),
        DynamoCounters(dynamodb, tables["metrics"]),
        DynamoExports(dynamodb, tables["operations"]),
        lambda seconds: DynamoTurn(dynamodb, tables["operations"], seconds),
        DynamoKeyEnds(dynamodb, tables["operations"]),
        DynamoOrderIndex(dynamodb, tables["search"]),
    )


def _one_table_of(make: Callable[..., Any]) -> Callable[[Callable[[], float]], Claims]:
    """Claims that share what was claimed, as those of one table do."""
    table = make()

    def at(seconds: Callable[[], float]) -> Claims:
        claims = make(seconds)
        claims.until, claims.states, claims.counted = table.until, table.states, table.counted
        found: Claims = claims
        return found

    return at


@dataclass
class FakeDestinations:
    """The ports to other services, in memory."""

    documents: Documents = field(default_factory=fakes.FakeDocuments)
    queue: Any = field(default_factory=fakes.FakeQueue)
    events: Any = field(default_factory=fakes.FakeEvents)

    @property
    def hand_over(self) -> HandOver:
        return self.queue

    def handed_over(self) -> list[str]:
        """Ids of the orders handed over since the last look."""
        found, self.queue.messages = self.queue.messages, []
        return found

    def on_the_bus(self) -> list[dict[str, Any]]:
        """Details of the events published since the last look."""
        return [event.detail for event in self.events.published]

    def on_the_topic(self) -> list[dict[str, Any]]:
        found = self.on_the_bus()
        self.events.published = []
        return found


class MiniStackDestinations:
    """The ports to SQS, S3, EventBridge and SNS, on the emulator, with a queue to listen at bus and topic each."""

    def __init__(self, endpoint_url: str) -> None:
        self._endpoint_url = endpoint_url
        self._prefix = f"contract-{uuid.uuid4().hex[:8]}"
        self.sqs = client("sqs", endpoint_url)

    @cached_property
    def documents(self) -> Documents:
        s3 = client("s3", self._endpoint_url)
        s3.create_bucket(Bucket=f"{self._prefix}-documents")
        return S3Documents(s3, f"{self._prefix}-documents")

    @cached_property
    def _orders_queue(self) -> str:
        return self._queue("orders")

    @cached_property
    def hand_over(self) -> HandOver:
        return SqsHandOver(self.sqs, self._orders_queue)

    @cached_property
    def events(self) -> Events:
        bus, topic = client("events", self._endpoint_url), client("sns", self._endpoint_url)
        bus.put_rule(Name=f"{self._prefix}-all", EventPattern=json.dumps({"source": ["orderproc"]}))
        bus.put_targets(Rule=f"{self._prefix}-all", Targets=[{"Id": "1", "Arn": self._arn(self._bus_queue)}])
        arn = topic.create_topic(Name=f"{self._prefix}-orders")["TopicArn"]
        raw = {"RawMessageDelivery": "true"}
        topic.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=self._arn(self._topic_queue), Attributes=raw)
        return AwsEvents(bus, topic, "default", arn, pseudonyms())

    @cached_property
    def _bus_queue(self) -> str:
        return self._fed_by("events", self._queue("bus"))

    @cached_property
    def _topic_queue(self) -> str:
        return self._fed_by("sns", self._queue("topic"))

    def handed_over(self) -> list[str]:
        return [body["orderId"] for body in self._taken_from(self._orders_queue)]

    def on_the_bus(self) -> list[dict[str, Any]]:
        return [body["detail"] for body in self._taken_from(self._bus_queue)]

    def on_the_topic(self) -> list[dict[str, Any]]:
        return self._taken_from(self._topic_queue)

    def _queue(self, name: str) -> str:
        url: str = self.sqs.create_queue(QueueName=f"{self._prefix}-{name}")["QueueUrl"]
        return url

    def _fed_by(self, service: str, url: str) -> str:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": self._arn(url),
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        return url

    def _arn(self, url: str) -> str:
        answer = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return str(answer["Attributes"]["QueueArn"])

    def _taken_from(self, url: str) -> list[Any]:
        """All messages until none comes any more."""
        bodies: list[Any] = []
        while True:
            messages = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages")
            if not messages:
                return bodies
            bodies += [json.loads(message["Body"]) for message in messages]
            for message in messages:
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
