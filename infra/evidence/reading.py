"""Reads AWS for a report: every call is counted, throttled ones are repeated, and one that fails becomes a line of the
report instead of its end."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from infra.target import Target

T = TypeVar("T")
U = TypeVar("U")
_PATIENT = Config(
    connect_timeout=5,
    read_timeout=60,
    retries={"mode": "adaptive", "total_max_attempts": 10},
    signature_version="v4",
)
"""A report makes hundreds of calls in a row: adaptive mode slows down once AWS throttles them."""
_PATIENT_S3 = _PATIENT.merge(Config(signature_version="s3v4", s3={"addressing_style": "path"}))
_DENIED = {
    *("AccessDenied", "AccessDeniedException", "AuthorizationError", "AuthorizationErrorException", "Forbidden"),
    *("NotAuthorizedException", "UnauthorizedOperation", "403"),
}
_ABSENT = {
    *("404", "NoSuchEntity", "NotFoundException", "ResourceNotFoundException", "ResourceNotFound", "NoSuchBucket"),
    *("NoSuchLifecycleConfiguration", "NoSuchTagSet", "NoSuchBucketPolicy", "NoSuchCORSConfiguration", "NotFound"),
    *("ServerSideEncryptionConfigurationNotFoundError", "NoSuchPublicAccessBlockConfiguration", "NoSuchKey"),
    *("ExecutionDoesNotExist", "StateMachineDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"),
    *("ReplicationConfigurationNotFoundError", "TableNotFoundException", "QueueDoesNotExist"),
}


@dataclass
class Gaps:
    """What could not be read, in the order in which it was noticed, without repetitions."""

    found: dict[str, list[str]] = field(default_factory=dict)
    """By what was looked for."""

    def note(self, what: str, sentence: str) -> None:
        lines = self.found.setdefault(what, [])
        if sentence not in lines:
            lines.append(sentence)

    def of(self, what: str) -> list[str]:
        return self.found.get(what, [])


class Reader:
    """Of one stage. `calls` counts the calls that were made, by `service:Operation`."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.calls: Counter[str] = Counter()
        self.gaps = Gaps()
        self.client = cache(self._client)

    def _client(self, service: str) -> Any:
        """`wafv2@us-east-1` is the service in that region instead of the stage's."""
        service, _, region = service.partition("@")
        session: Any = self.target.session
        config = _PATIENT_S3 if service == "s3" else _PATIENT
        made = session.client(
            service, region_name=region or self.target.region, endpoint_url=self.target.endpoint_url, config=config
        )

        def count(model: Any, **_: Any) -> None:
            self.calls[f"{service}:{model.name}"] += 1

        made.meta.events.register("before-call", count)
        return made

    def attempt(self, what: str, read: Callable[[], T], otherwise: U) -> T | U:
        """What it reads; `otherwise` if there is no such thing, or if it cannot be read: then with a line about
        `what`."""
        try:
            return read()
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code in _DENIED:
                self.gaps.note(what, f"Not allowed to read {self._named(error)}.")
            elif code not in _ABSENT:
                self.gaps.note(what, f"{self._named(error)} did not answer: {code or 'no reason given'}.")
        except ParamValidationError:  # a mistake of ours
            raise
        except BotoCoreError as error:
            self.gaps.note(what, f"AWS could not be read: {type(error).__name__}.")
        return otherwise

    def call(self, what: str, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        """The answer of one call; empty under the same conditions."""
        answer: dict[str, Any] = self.attempt(
            what, lambda: getattr(self.client(service), operation)(**parameters), otherwise={}
        )
        return answer

    def pages(self, what: str, service: str, operation: str, key: str, **parameters: Any) -> list[Any]:
        """The items under `key`, which may be a path with dots, of all pages."""

        def read() -> list[Any]:
            client = self.client(service)
            if not client.can_paginate(operation):
                return list(_by_markers(getattr(client, operation), key, parameters))
            pages: Iterator[Any] = client.get_paginator(operation).paginate(**parameters)
            return [item for page in pages for item in _at(page, key)]

        return self.attempt(what, read, otherwise=[])

    def named(self, service: str, operation: str) -> str:
        """A client's method as AWS names the call."""
        return f"{service.partition('@')[0]}:{self.client(service).meta.method_to_api_mapping[operation]}"

    def _named(self, error: ClientError) -> str:
        """As policies name it: the last call of that operation says the service."""
        operation = error.operation_name
        return next((call for call in reversed(self.calls) if call.endswith(f":{operation}")), operation)


def _by_markers(call: Callable[..., Any], key: str, parameters: dict[str, Any]) -> Iterator[Any]:
    """Pages that botocore does not follow by itself: CloudFront's and WAF's."""
    parent, _, _ = key.rpartition(".")
    following: dict[str, Any] = {}
    while True:
        answer = call(**parameters, **following)
        yield from _at(answer, key)
        marker = (answer.get(parent) or {} if parent else answer).get("NextMarker")
        if not marker:
            return
        following = {"Marker" if parent else "NextMarker": marker}


def _at(answer: Any, key: str) -> list[Any]:
    for name in key.split("."):
        answer = (answer or {}).get(name)
    return answer or []
