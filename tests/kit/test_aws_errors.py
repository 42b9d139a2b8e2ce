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
from chalicelib.kit.aws import certainly_not_done, is_misconfigured, is_temporary


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


@pytest.mark.parametrize(
    ("error", "misconfigured"),
    [
        (answered(400, "AccessDeniedException"), True),  # DynamoDB, EventBridge
        (answered(403, "AccessDenied"), True),  # S3, SQS
        (answered(403, "AuthorizationError"), True),  # SNS
        (answered(400, "ResourceNotFoundException"), True),
        (answered(404, "NoSuchBucket"), True),
        (answered(404, "NotFound"), True),  # a topic
        (answered(400, "AWS.SimpleQueueService.NonExistentQueue"), True),
        (answered(400, "UnrecognizedClientException"), True),
        (answered(400, "KmsAccessDenied"), True),  # SQS
        (answered(400, "KMSDisabled"), True),  # SNS
        (answered(400, "KMS.NotFoundException"), True),
        (answered(400, "ValidationException"), False),
        (answered(400, "ConditionalCheckFailedException"), False),
        (answered(404, "NoSuchKey"), False),
        (answered(400, "MessageRejected"), False),
        (ReadTimeoutError(endpoint_url="https://aws.test"), False),
        (ValueError("ours"), False),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_a_missing_permission_key_or_resource_needs_an_operator(error: Exception, misconfigured: bool) -> None:
    assert is_misconfigured(error) is misconfigured
    assert not (misconfigured and is_temporary(error))
