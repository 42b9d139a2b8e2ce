"""Mail by SES and SMS by SNS. Their clients make one call and no more: a repetition could be a second message.

https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html#API_SendRawEmail_Errors
https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from ..kit.aws import certainly_not_done, code_of
from ..kit.errors import TemporarilyUnavailable, Undeliverable
from ..kit.wiring import service

_OURS = ("not verified", "paused", "suspended")
"""In a MessageRejected about the sender, the account, or its sandbox: once operators put that right the mail goes."""
_NO_SUCH_NUMBER = {
    "InvalidParameter",  # no phone number, or in a country that SNS does not serve
    "InvalidParameterValue",
    "OptedOut",
    "OptedOutException",
    "ValidationException",
}

PERMISSIONS = {
    "mail": ["ses:SendRawEmail mail-identity"],
    "text": ["sns:Publish phone-number"],
}


@service
class SesMailer:
    client: Any

    def send(self, sender: str, recipient: str, message: bytes) -> None:
        with _told_apart("SES", _never_mailed):
            self.client.send_raw_email(Source=sender, Destinations=[recipient], RawMessage={"Data": message})


@service
class SnsTexter:
    client: Any

    def send(self, phone_number: str, text: str) -> None:
        attributes = {"AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}}
        with _told_apart("SNS", lambda error: code_of(error) in _NO_SUCH_NUMBER):
            self.client.publish(PhoneNumber=phone_number, Message=text, MessageAttributes=attributes)


def _never_mailed(error: ClientError) -> bool:
    """Whether it is this mail, or its address, that SES will not take."""
    if code_of(error) == "MessageRejected":
        said = str(error.response["Error"].get("Message", "")).lower()
        return not any(word in said for word in _OURS)
    return code_of(error) == "InvalidParameterValue"


@contextmanager
def _told_apart(carrier: str, never: Callable[[ClientError], bool]) -> Iterator[None]:
    """What was certainly not sent, for now or for good, from what may have been sent, which stays as it is."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        if not certainly_not_done(error):
            raise
        if isinstance(error, ParamValidationError) or (isinstance(error, ClientError) and never(error)):
            raise Undeliverable(f"{carrier}: {error}") from error
        raise TemporarilyUnavailable(f"{carrier} did not take it: {error}") from error
