"""What became of a mail or SMS, by what SES and SNS answered, or did not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    ParamValidationError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
)
from chalicelib.kit.errors import TemporarilyUnavailable, Undeliverable
from chalicelib.notifications.ses_sns import SesMailer, SnsTexter
from chalicelib.reporting.cloudwatch import CloudWatchMetrics

URL = "https://aws.test"
NOTHING_LEFT = [
    EndpointConnectionError(endpoint_url=URL),
    ConnectTimeoutError(endpoint_url=URL),
    ProxyConnectionError(proxy_url=URL),
    NoCredentialsError(),
]
MAY_HAVE_LEFT = [
    ReadTimeoutError(endpoint_url=URL),
    ConnectionClosedError(endpoint_url=URL),
    SSLError(endpoint_url=URL, error="bad record"),
    HTTPClientError(error="broken pipe"),
]


def answered(status: int, code: str, message: str = "") -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "Send")


class Client:
    """Every call ends in the error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, _: str) -> Callable[..., None]:
        def call(**_: Any) -> None:
            raise self._error

        return call


def mail(error: Exception) -> None:
    SesMailer(Client(error)).send("shop@example.com", "customer@example.com", b"words")


def text(error: Exception) -> None:
    SnsTexter(Client(error)).send("+31612345678", "words")


def publish(error: Exception) -> None:
    CloudWatchMetrics(Client(error), "test").publish({"Orders": 1})


by_any = pytest.mark.parametrize("send", [mail, text, publish])


@by_any
@pytest.mark.parametrize(
    "error",
    [*NOTHING_LEFT, answered(400, "Throttling"), answered(503, "SlowDown"), answered(403, "AccessDenied")],
    ids=lambda error: repr(error)[:50],
)
def test_what_certainly_did_not_leave_may_be_sent_again(send: Callable[[Exception], None], error: Exception) -> None:
    with pytest.raises(TemporarilyUnavailable):
        send(error)


@by_any
@pytest.mark.parametrize(
    "error",
    [*MAY_HAVE_LEFT, answered(500, "InternalFailure"), answered(503, "ServiceUnavailable")],
    ids=lambda error: repr(error)[:50],
)
def test_what_may_have_left_is_told_as_it_is(send: Callable[[Exception], None], error: Exception) -> None:
    with pytest.raises(type(error)) as raised:
        send(error)

    assert raised.value is error


@pytest.mark.parametrize(
    ("send", "error"),
    [
        (mail, answered(400, "InvalidParameterValue", "Missing final '@domain'")),
        (mail, answered(400, "MessageRejected", "Address blacklisted.")),
        (mail, ParamValidationError(report="no address")),
        (text, answered(400, "InvalidParameter", "Invalid parameter: PhoneNumber Reason: is not valid to publish to")),
        (text, answered(400, "OptedOut", "The phone number opted out.")),
        (text, ParamValidationError(report="no number")),
    ],
    ids=lambda given: getattr(given, "__name__", repr(given)),
)
def test_an_address_that_takes_nothing_is_given_up_on(send: Callable[[Exception], None], error: Exception) -> None:
    with pytest.raises(Undeliverable):
        send(error)


@pytest.mark.parametrize(
    "said",
    [
        "Email address is not verified. The following identities failed the check in region X: shop@example.com",
        "Sending paused for this account.",
        "Sending suspended for this account.",
    ],
)
def test_a_sender_or_account_that_is_refused_is_put_right_by_operators_and_the_mail_sent_then(said: str) -> None:
    with pytest.raises(TemporarilyUnavailable):
        mail(answered(400, "MessageRejected", said))
