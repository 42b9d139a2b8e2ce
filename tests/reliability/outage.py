"""A bus and a topic that are down for a while, under the real adapter: the clients of boto3 that it would be given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError
from chalicelib.kit.jsonio import loads
from chalicelib.kit.retrying import Backoff
from chalicelib.orders.eventbridge import AwsEvents
from chalicelib.orders.events import DomainEvent

from tests.support.builders.examples import SETTINGS
from tests.support.fakes.clock import FakeClock
from tests.support.fakes.link_secrets import FakeLinkSecrets, pseudonyms

HOUR = 3600


class How(StrEnum):
    """What a call meets during the outage."""

    FAILS = "each call fails"
    SILENT = "each call is done, but its answer gets lost"
    PARTLY = "each call takes all but its last entry"
    REFUSED = "each call is refused: no right to make it"


class Where(StrEnum):
    """What is down."""

    BUS = "the bus"
    TOPIC = "the topic"
    BOTH = "bus and topic"


PASSING = [How.FAILS, How.SILENT, How.PARTLY]
"""Those that the SDK's errors tell to be temporary."""
_TAKEN: dict[How, Callable[[int], int]] = {
    How.FAILS: lambda _: 0,
    How.SILENT: lambda entries: entries,
    How.PARTLY: lambda entries: entries - 1,
    How.REFUSED: lambda _: 0,
}


def _error(status: int, code: str) -> ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "Publish")


@dataclass
class Listener:
    """Either of the two, and whoever listens to it: `heard` holds the bodies as they came, `published` what they say,
    repetitions included."""

    clock: FakeClock
    heard: list[str] = field(default_factory=list)
    published: list[DomainEvent] = field(default_factory=list)
    how: How = How.FAILS
    down_until: datetime | None = None

    def goes_down(self, how: How, seconds: float) -> None:
        self.how, self.down_until = how, self.clock.moment + timedelta(seconds=seconds)

    def take(self, bodies: Sequence[str]) -> int:
        """How many of them were taken. Raises what boto3 would."""
        down = self.down_until is not None and self.clock.moment < self.down_until
        taken = _TAKEN[self.how](len(bodies)) if down else len(bodies)
        self.heard += bodies[:taken]
        self.published += [
            DomainEvent(detail["eventType"], detail, detail["eventType"]) for detail in map(loads, bodies[:taken])
        ]
        if down and self.how is How.FAILS:
            raise _error(503, "ServiceUnavailable")
        if down and self.how is How.REFUSED:
            raise _error(403, "AccessDeniedException")
        if down and self.how is How.SILENT:
            raise ReadTimeoutError(endpoint_url="https://aws.test")
        return taken

    def put_events(self, Entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:  # noqa: N803
        """As the client of EventBridge."""
        taken = self.take([entry["Detail"] for entry in Entries])
        answers = [{"EventId": str(n)} if n < taken else {"ErrorCode": "InternalFailure"} for n in range(len(Entries))]
        return {"FailedEntryCount": len(Entries) - taken, "Entries": answers}

    def publish_batch(
        self,
        TopicArn: str,  # noqa: N803
        PublishBatchRequestEntries: Sequence[Mapping[str, Any]],  # noqa: N803
    ) -> dict[str, Any]:
        """As the client of SNS."""
        taken = self.take([entry["Message"] for entry in PublishBatchRequestEntries])
        ids = [{"Id": entry["Id"]} for entry in PublishBatchRequestEntries]
        failed = [{**one, "Code": "InternalError", "SenderFault": False} for one in ids[taken:]]
        return {"Successful": ids[:taken], "Failed": failed}


class Broadcast:
    """The port `Events`: the real adapter over these two."""

    def __init__(self, clock: FakeClock) -> None:
        self.bus, self.topic = Listener(clock), Listener(clock)
        self.secrets, self._clock = FakeLinkSecrets(), clock
        self._secrets_down_until = clock.moment
        backoff, public = Backoff(pause=lambda _: None), pseudonyms(self.secrets)
        self._adapter = AwsEvents(self.bus, self.topic, SETTINGS.event_bus, SETTINGS.topic_arn, public, backoff)

    def go_down(self, where: Where, how: How, seconds: float = HOUR) -> None:
        """From now on."""
        for listener, name in ((self.bus, Where.BUS), (self.topic, Where.TOPIC)):
            if where in (name, Where.BOTH):
                listener.goes_down(how, seconds)

    def forgets_secrets(self) -> None:
        """For an hour no secret can be read."""
        self._secrets_down_until = self._clock.moment + timedelta(seconds=HOUR)

    def is_repaired(self) -> None:
        """Both, now."""
        self.bus.down_until = self.topic.down_until = None

    def publish(self, events: Sequence[DomainEvent]) -> None:
        self.secrets.down = self._clock.moment < self._secrets_down_until
        self._adapter.publish(events)

    @property
    def published(self) -> list[DomainEvent]:
        """What the topic's subscribers got."""
        return self.topic.published
