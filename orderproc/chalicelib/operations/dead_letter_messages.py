"""Dead messages as they are read, marked for another try, and copied before they are deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..kit.jsonio import InvalidJson, at, dumps, loads
from ..kit.redaction import masked
from ..kit.tries import REDRIVEN, as_attribute, times_redriven
from .dead_letter_reasons import is_given_up_call
from .ports import DeadMessage

_DISCARDED_BYTES = 200_000
"""Of payloads in one audit record: an item of DynamoDB holds 400 KB."""
_MOST_ATTRIBUTES = 10
_OF_EVENTBRIDGE = frozenset(
    ("RULE_ARN", "TARGET_ARN", "ERROR_CODE", "ERROR_MESSAGE", "EXHAUSTED_RETRY_CONDITION", "RETRY_ATTEMPTS")
)
"""Attributes that say why a delivery failed: not true any more of a message that is sent again."""


def payload_of(message: DeadMessage) -> Any:
    """The body as JSON, or as the text that it is."""
    try:
        return loads(message.body, last_of_repeated_keys=True)
    except InvalidJson:
        return message.body


def copies(messages: list[DeadMessage]) -> list[dict[str, Any]]:
    """What is about to be deleted, as text that fits into a record."""
    each = _DISCARDED_BYTES // (4 * max(1, len(messages)))
    return [
        {
            "messageId": message.message_id,
            "sentAt": message.sent_at,
            "payload": dumps(masked(payload_of(message)))[:each],
        }
        for message in messages
    ]


def marked(message: DeadMessage, *, by_itself: bool) -> DeadMessage:
    """As redriven, and without what EventBridge said of it. SQS takes no more than ten attributes: a full set stays."""
    kept = {name: value for name, value in message.attributes.items() if name not in _OF_EVENTBRIDGE}
    if REDRIVEN in kept or len(kept) < _MOST_ATTRIBUTES:
        kept |= as_attribute(times_redriven(kept) + 1 if by_itself else 0)
    return replace(message, attributes=kept)


def asked_for(message: DeadMessage, asked_at: str | None) -> DeadMessage:
    """The message, saying to the consumers of notifications that a person asked for it then."""
    payload = payload_of(message)
    if asked_at is None or not isinstance(payload, dict):
        return message
    event = payload["requestPayload"] if is_given_up_call(payload) else {"Records": [payload]}
    for part in at(event, "Records") or ():
        if isinstance(part, dict):
            part["askedAt"] = asked_at
    return replace(message, body=dumps(payload))


def call_of(payload: Any) -> tuple[str, Any]:
    """The function's name and the event of a call that Lambda gave up on."""
    if not is_given_up_call(payload):
        return "", None
    _, _, name = str(at(payload, "requestContext", "functionArn")).partition(":function:")
    return name.partition(":")[0], payload["requestPayload"]
