"""The dead letters of simulated queues, as the port has them; functions that are invoked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib.kit.clock import to_iso
from chalicelib.operations.ports import DeadMessage, Sent
from chalicelib.workflow.ports import Depth

from tests.reliability.queues import SimulatedQueue
from tests.support.fakes.clock import FakeClock

DLQ = "-dlq"


class SimulatedDeadLetters:
    """`queues` by URL; what lies in the dead-letter queues of functions is put into `given_up`, by URL."""

    def __init__(self, clock: FakeClock, queues: Mapping[str, SimulatedQueue]) -> None:
        self._clock, self._queues = clock, queues
        self._hidden: dict[tuple[str, str], datetime] = {}
        self.given_up: dict[str, dict[str, str]] = {}
        self.invoked: list[tuple[str, Any]] = []

    def depth(self, url: str) -> Depth:
        waiting = len(self._bodies(url)) if url.endswith(DLQ) or url not in self._queues else 0
        hidden = [key for key in self._hidden if key[0] == url and self._is_hidden(key) and key[1] in self._bodies(url)]
        return Depth(waiting - len(hidden), len(hidden), 0)

    def take(self, url: str, most: int, hidden: int, *, patient: bool) -> list[DeadMessage]:
        seen = [(i, body) for i, body in self._bodies(url).items() if not self._is_hidden((url, i))][:most]
        carried = self._attributes(url)
        for message_id, _ in seen:
            self._hidden[url, message_id] = self._clock.moment + timedelta(seconds=hidden)
        return [DeadMessage(i, body, carried.get(i, {}), to_iso(self._clock.moment), 4, i) for i, body in seen]

    def make_visible(self, url: str, messages: Sequence[DeadMessage]) -> None:
        for message in messages:
            self._hidden.pop((url, message.message_id), None)

    def delete(self, url: str, messages: Sequence[DeadMessage]) -> set[str]:
        gone = {message.message_id for message in messages}
        if queue := self._queues.get(url.removesuffix(DLQ)):
            queue.dead = [m for m in queue.dead if f"m-{m.number}" not in gone]
        for message_id in gone:
            self.given_up.get(url, {}).pop(message_id, None)
        return gone

    def send(self, url: str, messages: Sequence[DeadMessage]) -> Sent:
        new_ids = {}
        for message in messages:
            self._queues[url].send(message.body, attributes=message.attributes)
            new_ids[message.message_id] = f"m-{self._queues[url].messages[-1].number}"
        return Sent(new_ids, {})

    def invoke(self, function: str, payload: Any) -> None:
        self.invoked.append((function, payload))

    def _bodies(self, url: str) -> dict[str, str]:
        queue = self._queues.get(url.removesuffix(DLQ))
        if queue is None:
            return self.given_up.get(url, {})
        queue.bury()
        return {f"m-{message.number}": message.body for message in queue.dead}

    def _attributes(self, url: str) -> dict[str, Mapping[str, Any]]:
        queue = self._queues.get(url.removesuffix(DLQ))
        return {f"m-{message.number}": message.attributes for message in queue.dead} if queue else {}

    def _is_hidden(self, key: tuple[str, str]) -> bool:
        return self._hidden.get(key, self._clock.moment) > self._clock.moment
