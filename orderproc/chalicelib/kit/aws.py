"""One boto3 client per service and process, made on first use, that gives up in time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    PartialCredentialsError,
    ProxyConnectionError,
)

from .errors import PASSING, TemporarilyUnavailable
from .sdk_calls import THROTTLES, Meter, watch

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


_BEFORE_SENDING = (
    EndpointConnectionError,  # refused, unreachable, or a name that DNS does not know
    ConnectTimeoutError,
    ProxyConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    CredentialRetrievalError,
    NoRegionError,
    ParamValidationError,
)
T = TypeVar("T")
_meters: list[Meter] = []

_MISSING = frozenset(
    {  # a permission, credentials, or the very thing that was called
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "ResourceNotFoundException",
        "NoSuchBucket",
        "NotFound",
        "QueueDoesNotExist",
        "AWS.SimpleQueueService.NonExistentQueue",
    }
)


@cache
def client(service: str, *, tries: int = 3, seconds: int = 3) -> Any:
    """The process's client of a service. At most `tries` calls per request, each with 1 s to connect and `seconds` to
    answer.

    Use `tries=1` for what must not happen twice: the SDK would repeat a call whose answer was lost."""
    config = Config(
        connect_timeout=1,
        read_timeout=seconds,
        retries={"mode": "standard", "total_max_attempts": tries},
        # Two trigger threads never share a process in Lambda, but `chalice local` serves many.
        max_pool_connections=50,
        signature_version="s3v4" if service == "s3" else None,
    )
    made = boto3.client(service, config=config)  # type: ignore[call-overload]
    return watch(made, _meters[0]) if _meters else made


def measure_with(meter: Meter) -> None:
    """Clients that are made from now on tell the meter of their calls."""
    _meters[:] = [meter]


def dynamodb() -> DynamoDBClient:
    found: DynamoDBClient = client("dynamodb")
    return found


def code_of(error: ClientError) -> str:
    """AWS's own name of an error, like `ConditionalCheckFailedException`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def is_temporary(error: Exception) -> bool:
    """Whether trying again later may help: throttled, timed out, unreachable, or the service's own fault."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return status >= 500 or code_of(error) in THROTTLES or lost_to_others(error)
    return isinstance(error, BotoCoreError) and not isinstance(error, ParamValidationError)


def unless(codes: Collection[str], call: Callable[[], T]) -> T | None:
    """What the call returns; None for errors of these codes."""
    try:
        return call()
    except ClientError as error:
        if code_of(error) not in codes:
            raise
        return None


@contextmanager
def or_unavailable(message: str) -> Iterator[None]:
    """Raises TemporarilyUnavailable with that message for what trying again may help with; all else as it is."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        if is_temporary(error):
            raise TemporarilyUnavailable(message) from error
        raise


def is_misconfigured(error: Exception) -> bool:
    """Whether an operator must help: AWS refuses for want of a permission or a key, or what was called is not there."""
    return isinstance(error, ClientError) and (
        code_of(error) in _MISSING or code_of(error).upper().startswith("KMS")  # throttles of KMS are temporary
    )


def may_pass(error: Exception) -> bool:
    """Whether the same work may succeed another time: waiting helps, or what an operator repairs. False for what is
    wrong with the work itself, and for what looks like a bug."""
    return isinstance(error, PASSING) or is_temporary(error) or is_misconfigured(error)


def lost_to_others(error: ClientError) -> bool:
    """Whether others' writes alone were in the way, and nothing was wrong with this one: it was not done."""
    if code_of(error) == "TransactionConflictException":  # a single write that met a transaction
        return True
    reasons = {reason for reason in reasons_of(error) if reason != "None"}
    return bool(reasons) and reasons <= {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


def reasons_of(error: ClientError) -> list[str]:
    """Why a transaction was cancelled, a name for each of its items (`None` for one that was not the cause); empty if
    it is another error."""
    answer: Any = error.response
    return [str(reason.get("Code") or "None") for reason in answer.get("CancellationReasons") or []]


def certainly_not_done(error: Exception) -> bool:
    """Whether nothing happened for certain: the service answered that it did not do it, or no request left us.

    A 5xx, a reply that is late or cut off, and a TLS error may come after the service acted."""
    if not isinstance(error, ClientError):
        return isinstance(error, _BEFORE_SENDING)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return 400 <= status < 500 or code_of(error) in THROTTLES
