"""A subscriber to what the shop publishes, on the bus and on the topic, that counts what it hears."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Collection

from tests.e2e.shop import Shop

Heard = Counter[tuple[str, str, str]]
"""How often each event came: by `bus` or `topic`, order id, and event type."""


class Listener:
    """Hears every event of the shop from when it is made until it is closed."""

    def __init__(self, shop: Shop) -> None:
        self._sqs, self._sns, self._bus = shop.client("sqs"), shop.client("sns"), shop.client("events")
        self._name = f"listener-{uuid.uuid4().hex[:8]}"
        self._url = self._sqs.create_queue(QueueName=self._name)["QueueUrl"]
        arn = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
        self._sqs.set_queue_attributes(QueueUrl=self._url, Attributes={"Policy": policy})
        self._subscription = self._sns.subscribe(
            TopicArn=shop.described["resources"]["order_topic_arn"],
            Protocol="sqs",
            Endpoint=arn,
            Attributes={"RawMessageDelivery": "true"},
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]
        self._bus.put_rule(Name=self._name, EventPattern=json.dumps({"source": ["orderproc"]}))
        self._bus.put_targets(Rule=self._name, Targets=[{"Id": "1", "Arn": arn}])
        self._heard: Heard = Counter()
        self._ids: dict[str, tuple[str, str]] = {}

    def heard(self, order_ids: Collection[str]) -> Heard:
        """All events of these orders so far. Two that share an id but are about different things fail."""
        while messages := self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                self._count(json.loads(message["Body"]))
            entries = [{"Id": str(n), "ReceiptHandle": m["ReceiptHandle"]} for n, m in enumerate(messages)]
            self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)
        wanted = frozenset(order_ids)
        return Counter({event: times for event, times in self._heard.items() if event[1] in wanted})

    def _count(self, content: dict[str, dict[str, str]]) -> None:
        detail = content.get("detail", content)
        about = str(detail["orderId"]), str(detail["eventType"])
        assert self._ids.setdefault(str(detail["eventId"]), about) == about
        self._heard["bus" if "detail" in content else "topic", *about] += 1

    def close(self) -> None:
        self._bus.remove_targets(Rule=self._name, Ids=["1"])
        self._bus.delete_rule(Name=self._name)
        self._sns.unsubscribe(SubscriptionArn=self._subscription)
        self._sqs.delete_queue(QueueUrl=self._url)
