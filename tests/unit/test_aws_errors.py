"""What an error of AWS tells: whether to try again later, and whether it is certain that nothing happened."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    ParamValidationError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
)
from chalicelib.adapters.aws import certainly_not_done, is_temporary


def answered(status: int, code: str) -> ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "Publish")


@pytest.mark.parametrize(
    ("error", "temporary", "not_done"),
    [
        (answered(400, "ThrottlingException"), True, True),
        (answered(503, "SlowDown"), True, True),
        (answered(400, "MessageRejected"), False, True),
        (answered(403, "AccessDenied"), False, True),
        (answered(500, "InternalServerError"), True, False),
        (answered(500, "InternalFailure"), True, False),
        (answered(503, "ServiceUnavailable"), True, False),
        (ReadTimeoutError(endpoint_url="https://aws.test"), True, False),
        (ConnectionClosedError(endpoint_url="https://aws.test"), True, False),
        (SSLError(endpoint_url="https://aws.test", error="bad record"), True, False),
        (HTTPClientError(error="broken pipe"), True, False),
        (EndpointConnectionError(endpoint_url="https://aws.test"), True, True),
        (ConnectTimeoutError(endpoint_url="https://aws.test"), True, True),
        (ProxyConnectionError(proxy_url="https://proxy.test"), True, True),
        (NoCredentialsError(), True, True),
        (CredentialRetrievalError(provider="lambda", error_msg="none"), True, True),
        (ParamValidationError(report="no phone number"), False, True),
        (ValueError("ours"), False, False),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_only_a_refusal_and_what_never_left_was_certainly_not_done(
    error: Exception, temporary: bool, not_done: bool
) -> None:
    assert (is_temporary(error), certainly_not_done(error)) == (temporary, not_done)
