"""A whole order from `POST /orders` to its mail through the real queue, topic and message adapters, with AWS played by
clients that pass on what they are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError
from chalice.test import Client
from chalicelib.kit.sqs_batch import BatchFailed
from chalicelib.notifications.messages import ShopMessages
from chalicelib.notifications.ses_sns import SesMailer, SnsTexter
from chalicelib.orders.eventbridge import AwsEvents
from chalicelib.workflow.hand_over import SqsHandOver

from tests.support.api.gateway import Answer, Gateway, s3_event, sqs_event
from tests.support.builders.examples import SETTINGS, body
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.link_secrets import pseudonyms

PRIVATE = {
    "customerId": "petra-geheim",
    "customerEmail": "petra.geheim@private.example",
    "phoneNumber": "+31687654321",
    "shippingAddress": {
        "street": "Geheimstraat 77",
        "city": "Verborgen",
        "state": "Noord-Holland",
        "zipCode": "9876 ZX",
        "country": "NL",
    },
}
KEY_VALUE = "kJ3nR8sVq2LpX5tYw9ZaB4cD6eF7gH1i"
_ADDRESS = [text for name, text in PRIVATE["shippingAddress"].items() if name != "country"]  # type: ignore[attr-defined]
SECRETS = [PRIVATE["customerEmail"], PRIVATE["phoneNumber"], *_ADDRESS, KEY_VALUE]


class Aws:
    """SQS, SNS, EventBridge and SES at once. `refuse` names the calls that are refused, with the words to do it in."""

    def __init__(self) -> None:
        self.order_messages: list[str] = []
        self.published: list[str] = []
        self.on_bus: list[Mapping[str, Any]] = []
        self.texts: list[str] = []
        self.mails: list[bytes] = []
        self.refuse: dict[str, tuple[str, str]] = {}

    def send_message(self, QueueUrl: str, MessageBody: str) -> None:  # noqa: N803
        self._asked("send_message")
        self.order_messages.append(MessageBody)

    def put_events(self, Entries: list[Mapping[str, Any]]) -> Any:  # noqa: N803
        self._asked("put_events")
        self.on_bus += Entries
        return {"Entries": [{} for _ in Entries]}

    def publish_batch(self, TopicArn: str, PublishBatchRequestEntries: list[Mapping[str, str]]) -> Any:  # noqa: N803
        self._asked("publish_batch")
        self.published += [entry["Message"] for entry in PublishBatchRequestEntries]
        return {}

    def publish(self, PhoneNumber: str, Message: str, MessageAttributes: Any) -> None:  # noqa: N803
        self._asked("publish")
        self.texts.append(Message)

    def send_raw_email(self, Source: str, Destinations: list[str], RawMessage: Mapping[str, bytes]) -> None:  # noqa: N803
        self._asked("send_raw_email")
        self.mails.append(RawMessage["Data"])

    def _asked(self, operation: str) -> None:
        if operation in self.refuse:
            code, message = self.refuse[operation]
            answer: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": 400}}
            raise ClientError(answer, operation)


class Journey:
    """Drives one order; each part may be asked to fail by `aws.refuse` and is then repeated as AWS repeats it."""

    def __init__(self, api: Gateway, client: Client, adapters: FakeAdapters) -> None:
        self._api, self._client, self._adapters = api, client, adapters
        self.aws = aws = Aws()
        adapters.hand_over = SqsHandOver(aws, SETTINGS.order_queue_url)
        adapters.events = AwsEvents(aws, aws, "default", SETTINGS.topic_arn, pseudonyms(adapters.link_secrets))
        adapters.mailer = SesMailer(aws)
        adapters.texter = SnsTexter(aws)
        adapters.messages = ShopMessages(SETTINGS.shop, SETTINGS.mail_sender)
        self.failures = 0

    def post(self, headers: Mapping[str, str] | None = None, **changes: Any) -> Answer:
        sent = {"X-API-Key": KEY_VALUE, "Authorization": f"Bearer {KEY_VALUE}", **(headers or {})}
        return self._api.post("/orders", body(**{**PRIVATE, **changes}), headers=sent)

    def follow(self) -> None:
        """Deliver all that waits: the order's message, the topic's, and the bucket's."""
        self._try(lambda: self._client.lambda_.invoke("process_orders", sqs_event(self.aws.order_messages)))
        self._try(lambda: self._client.lambda_.invoke("notify", sqs_event(self.aws.published)))
        receipts = [key for key in self._adapters.documents.files if key.startswith("receipts/")]
        if receipts:
            self._try(lambda: self._client.lambda_.invoke("mail_receipt", s3_event(*receipts)))

    def _try(self, deliver: Callable[[], Any]) -> None:
        try:
            deliver()
        except BatchFailed:
            self.failures += 1
