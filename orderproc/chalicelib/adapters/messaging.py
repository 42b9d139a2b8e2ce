"""Mail by SES and SMS by SNS. Their clients make one call and no more: a repetition could be a second message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from ..domain.errors import TemporarilyUnavailable
from .aws import is_refusal


@dataclass(frozen=True)
class SesMailer:
    client: Any

    def send(self, sender: str, recipient: str, message: bytes) -> None:
        try:
            self.client.send_raw_email(Source=sender, Destinations=[recipient], RawMessage={"Data": message})
        except ClientError as error:
            if is_refusal(error):
                raise TemporarilyUnavailable("SES refused the mail.") from error
            raise


@dataclass(frozen=True)
class SnsTexter:
    client: Any

    def send(self, phone_number: str, text: str) -> None:
        attributes = {"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}}
        try:
            self.client.publish(PhoneNumber=phone_number, Message=text, MessageAttributes=attributes)
        except ClientError as error:
            if is_refusal(error):
                raise TemporarilyUnavailable("SNS refused the SMS.") from error
            raise
