"""Dead letters as the API and the command show them."""

from __future__ import annotations

from typing import Any

from ..workflow.ports import Depth
from .dead_letter_places import Place
from .dead_letters import DeadLetter, Discarded, Redriven, Seen


def dead_letter_view(letter: DeadLetter) -> dict[str, Any]:
    return {
        "messageId": letter.message_id,
        "queue": letter.place.name,
        "deadLetterQueue": letter.place.dead_letter_queue,
        "reason": letter.reason,
        "orderId": letter.order_id,
        "sentAt": letter.sent_at,
        "receiveCount": letter.receives,
        "payload": letter.payload,
    }


def redriven_view(done: Redriven) -> dict[str, Any]:
    refused = [{"messageId": message_id, "reason": why} for message_id, why in done.refused.items()]
    return {
        "redriven": done.redriven,
        "left": done.left,
        "notFound": done.not_found,
        "refused": refused,
        "complete": done.complete,
    }


def seen_view(seen: Seen) -> dict[str, Any]:
    return {"messages": [dead_letter_view(letter) for letter in seen], "complete": seen.complete}


def discarded_view(done: Discarded) -> dict[str, Any]:
    return {"discarded": done.discarded, "notFound": done.not_found, "complete": done.complete}


def depth_view(place: Place, depth: Depth, dead: Depth) -> dict[str, Any]:
    """A row of `GET /admin/queues`."""
    return {
        "name": place.name,
        "deadLetterQueue": place.dead_letter_queue,
        "messages": depth.waiting,
        "inFlight": depth.in_flight,
        "delayed": depth.delayed,
        "deadLetters": dead.waiting + dead.in_flight + dead.delayed,
    }
