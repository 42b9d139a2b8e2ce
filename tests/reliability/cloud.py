"""A shop on the emulator: the real adapters on tables made from the template, and faults between them and AWS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import requests
from botocore import endpoint
from chalicelib import bootstrap
from chalicelib.bootstrap import Services
from chalicelib.kit import aws, config
from chalicelib.kit import sqs_batch as batch
from chalicelib.kit.jsonio import dumps
from chalicelib.orders.model import Line, Order
from chalicelib.payments.model import Operation, gateway_key

from tests.contract.engines import make_tables
from tests.reliability.bus import asks_for_something
from tests.reliability.faults import Died
from tests.reliability.messages import TerseMessages, who_and_what
from tests.reliability.promises import Facts, GatewayRow, broken_at_rest
from tests.reliability.queues import MAX_RECEIVES, VISIBILITY_SECONDS
from tests.reliability.simulation import IN_STOCK, Story
from tests.reliability.wire import Wire, WireFault
from tests.support.builders.examples import LAPTOP, MOUSE, SETTINGS
from tests.support.fakes.clock import FakeClock

_ROUNDS = 10
_CAUTIOUS = {"tries": 1}
_CLIENTS: list[tuple[str, dict[str, int]]] = [
    *((service, {}) for service in ("dynamodb", "sqs", "s3", "events", "sns")),
    *((service, _CAUTIOUS) for service in ("ses", "sns")),
]
"""As the adapters ask for them: the cache of clients knows them by their arguments."""
_ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}


class _Quick(bootstrap.Adapters):
    """The real ones, but for time and what is slow to write."""

    pause = staticmethod(lambda seconds: None)
    render_receipt = staticmethod(lambda order, issued_at: b"a receipt")

    def __init__(self, settings: config.Settings, clock: FakeClock) -> None:
        super().__init__(settings)
        self.clock = clock
        self.messages = TerseMessages()


class Cloud:
    """What all orders share: clients with a wire to cut, tables, queues, a topic and a bucket."""

    def __init__(self, endpoint_url: str) -> None:
        self.endpoint_url = endpoint_url
        clients = [aws.client(service, **arguments) for service, arguments in _CLIENTS]
        self.dynamodb, self.sqs, self.s3, bus, sns, ses, _ = clients
        name = f"reliability-{uuid4().hex[:8]}"
        self.tables = make_tables(self.dynamodb, name)
        self.order_queue = self.sqs.create_queue(QueueName=f"{name}-orders")["QueueUrl"]
        self.notifications = self.sqs.create_queue(QueueName=f"{name}-notifications")["QueueUrl"]
        topic = sns.create_topic(Name=name)["TopicArn"]
        self._subscribe(sns, topic)
        self.inventory = self.sqs.create_queue(QueueName=f"{name}-inventory")["QueueUrl"]
        self.bus = self.sqs.create_queue(QueueName=f"{name}-bus")["QueueUrl"]
        pattern = {"source": ["orderproc"], "resources": [topic], "detail": {"workflow": ["events"]}}
        bus.put_rule(Name=name, EventPattern=json.dumps(pattern))
        bus.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": self._open_to("events", self.bus)}])
        self.s3.create_bucket(Bucket=f"{name}-documents")
        ses.verify_email_identity(EmailAddress=SETTINGS.mail_sender)
        self.settings: config.Settings = replace(
            SETTINGS,
            **{f"{holds}_table": table for holds, table in self.tables.items()},
            order_queue_url=self.order_queue,
            notifications_queue_url=self.notifications,
            inventory_queue_url=self.inventory,
            topic_arn=topic,
            documents_bucket=f"{name}-documents",
        )
        self.wire = Wire(clients)

    def _subscribe(self, sns: Any, topic: str) -> None:
        arn = self._open_to("sns", self.notifications)
        raw = {"RawMessageDelivery": "true"}
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=raw)

    def _open_to(self, service: str, queue_url: str) -> str:
        """Let the service send to the queue. Returns the queue's ARN."""
        answer = self.sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
        arn = str(answer["Attributes"]["QueueArn"])
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": arn,
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"Policy": policy})
        return arn

    def take(self, queue_url: str) -> list[dict[str, Any]]:
        """All messages of a queue, gone from it."""
        bodies = []
        while messages := self.sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages"):
            bodies += [json.loads(message["Body"]) for message in messages]
            for message in messages:
                self.sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
        return bodies

    def sent(self) -> list[str]:
        """Every mail and SMS so far, as text."""
        mails = requests.get(f"{self.endpoint_url}/_emulator/mails", timeout=10).json()
        texts = requests.get(f"{self.endpoint_url}/_ministack/sns/sms-messages", timeout=10).json()["sms_messages"]
        return [mail["mime"] for mail in mails] + [sms["Message"] for some in texts.values() for sms in some]


@contextmanager
def cloud_at(endpoint_url: str) -> Iterator[Cloud]:
    """Clients are cached per process: these are forgotten afterwards, and the SDK does not wait to try again."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**_ENVIRONMENT, "AWS_ENDPOINT_URL": endpoint_url}.items():
            patch.setenv(name, value)
        patch.delenv("AWS_SESSION_TOKEN", raising=False)
        patch.setattr(endpoint, "time", SimpleNamespace(sleep=lambda seconds: None))
        aws.client.cache_clear()
        yield Cloud(endpoint_url)
        aws.client.cache_clear()


class CloudSimulation:
    """One order with products of its own. `fault` strikes in the functions of `role`: orders, notify, mail or cancel;
    and of the workflow `events` inventory, payment or shipping."""

    def __init__(self, cloud: Cloud, story: Story, role: str, fault: WireFault) -> None:
        self._cloud, self._role, self._fault = cloud, role, fault
        self._clock = FakeClock()
        self._events: list[tuple[str, str]] = []
        self._mailed = False
        self._products: dict[str, str] = {}
        """The names of the story's products here, by those in the story."""
        placed = story.command()
        lines = tuple(replace(line, product_id=self._stocked(line)) for line in placed.lines)
        self.order_id = self._services().orders.accept(replace(placed, lines=lines)).order_id

    def come_to_rest(self) -> None:
        for _ in range(_ROUNDS):
            for body in self._cloud.take(self._cloud.order_queue):
                self._deliver(
                    "orders", body, lambda s, m: s.workflow.steps.run_all(m.text("orderId"), m.last_try, m.again)
                )
            while self._work_steps():
                pass
            self._tell()
            self._mail()
            if not self.order().open:
                return
            self._clock.advance(61)
            self._services().workflow.housekeeper()

    def cancel(self) -> Order | None:
        """What the customer was answered, None if nothing good."""
        found: list[Order] = []
        order = self.order()
        self._call("cancel", lambda services: found.append(services.workflow.cancel(order)))
        return found[0] if found else None

    def order(self) -> Order:
        return self._services().orders.queries.get("p-one", self.order_id)

    def broken_promises(self) -> list[str]:
        return list(broken_at_rest(self.facts()))

    def facts(self) -> Facts:
        adapters = bootstrap.Adapters(self._cloud.settings)
        notified = [who_and_what(text) for text in self._cloud.sent()]
        return Facts(
            orders=[self.order()],
            stock=adapters.catalogue.stock(list(self._products.values())),
            stock_at_first=dict.fromkeys(self._products.values(), IN_STOCK),
            gateway=list(self._gateway_rows(adapters)),
            events=self._events,
            notified=[(order_id, occasion) for order_id, occasion in notified if order_id == self.order_id],
            documents=self._documents(),
        )

    def _work_steps(self) -> bool:
        """The consumers of the workflow `events`. False if there was nothing for any."""
        announced, published = self._cloud.take(self._cloud.inventory), self._cloud.take(self._cloud.bus)
        for body in announced:
            self._deliver("inventory", body, lambda s, m: s.workflow.event_steps.take_stock(m.body, m.again))
        for event in published:
            if event["detail-type"] == "InventoryReserved":
                self._deliver(
                    "payment", event, lambda s, m: s.workflow.event_steps.take_payment(m.body, m.last_try, m.again)
                )
            elif event["detail-type"] == "PaymentCaptured":
                self._deliver("shipping", event, lambda s, m: s.workflow.event_steps.make_ready(m.body, m.again))
        return bool(announced or published)

    def _tell(self) -> None:
        for detail in self._cloud.take(self._cloud.notifications):
            if "resend" not in detail:
                self._events.append((detail["orderId"], detail["eventType"]))
            if "resend" in detail or asks_for_something(detail):
                self._deliver("notify", detail, lambda s, m: s.customers.notifications.on_event(m.body))

    def _mail(self) -> None:
        """S3 tells of a receipt once, and Lambda repeats an asynchronous call that failed twice."""
        receipts = [key for key in self._documents() if key.startswith("receipts/")]
        for key in receipts if not self._mailed else []:
            self._mailed = True
            for _ in range(MAX_RECEIVES):
                if self._call("mail", lambda services, key=key: services.customers.notifications.on_receipt(key)):
                    break

    def _deliver(self, role: str, body: Mapping[str, Any], act: Callable[[Services, batch.Message], Any]) -> None:
        """Until it was processed, as often as it is received. The queue does not hear of it: it has no such handle."""
        for receives in range(1, MAX_RECEIVES + 1):
            event = _OneRecord(body, receives)
            queue = batch.Queue(self._cloud.sqs, self._cloud.order_queue, retry_base=0)
            if self._call(role, lambda s, e=event, q=queue: batch.process_batch(e, q, lambda m: act(s, m))):
                return
            self._clock.advance(VISIBILITY_SECONDS)

    def _call(self, role: str, function: Callable[[Services], Any]) -> bool:
        """Whether a new process got through it."""
        services = self._services()
        self._cloud.wire.fault = self._fault if role == self._role else None
        try:
            function(services)
        except (Exception, Died):  # noqa: BLE001 - somebody will come again
            return False
        finally:
            self._cloud.wire.fault = None
        return True

    def _services(self) -> Services:
        return Services(self._cloud.settings, _Quick(self._cloud.settings, self._clock))

    def _stocked(self, line: Line) -> str:
        """The id of this run's own product instead of the line's."""
        if line.product_id not in self._products:
            self._products[line.product_id] = f"{line.product_id}-{uuid4().hex[:8]}"
            price = MOUSE.price if line.product_id == MOUSE.product_id else LAPTOP.price
            product = replace(LAPTOP, product_id=self._products[line.product_id], price=price)
            self._services().inventory.products.catalogue.put(product, IN_STOCK)
        return self._products[line.product_id]

    def _documents(self) -> list[str]:
        listed = self._cloud.s3.list_objects_v2(Bucket=self._cloud.settings.documents_bucket).get("Contents", [])
        return [item["Key"] for item in listed if self.order_id in item["Key"]]

    def _gateway_rows(self, adapters: bootstrap.Adapters) -> Iterator[GatewayRow]:
        for operation in Operation:
            answer = adapters.gateway.find(gateway_key(self.order_id, operation))
            if answer:
                yield GatewayRow(self.order_id, operation.value, answer.approved, answer.reference, answer.amount)


class _OneRecord:
    """A batch of one, in the shape of chalice's SQSEvent."""

    def __init__(self, body: Mapping[str, Any], receives: int) -> None:
        self._body, self._receives = body, receives

    def to_dict(self) -> dict[str, Any]:
        attributes = {"ApproximateReceiveCount": str(self._receives)}
        # As with the mark of a redrive: whether this shop's messages were redriven is not known here any more.
        mark = {"redriven": {"dataType": "Number", "stringValue": "0"}}
        record = {
            "messageAttributes": mark,
            "messageId": "m-1",
            "receiptHandle": "none",
            "body": dumps(self._body),
            "attributes": attributes,
        }
        return {"Records": [record]}
