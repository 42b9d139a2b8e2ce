"""Exports of orders over fakes: processes that write them, and what is in their files."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from chalicelib.bootstrap import Services
from chalicelib.exports import requests
from chalicelib.exports.model import Export
from chalicelib.exports.write import WriteExport
from chalicelib.kit.clock import from_iso, to_iso
from chalicelib.orders.model import Order

from tests.support.builders.examples import NOW, SETTINGS, order
from tests.support.fakes.adapters import FakeAdapters

PART = 4000
"""Bytes, so that a few orders are many parts."""
ASKED = {"what": "orders", "from": "2026-11-20", "to": "2026-11-21", "format": "jsonl"}


@dataclass
class Exporter:
    """A shop with orders of the last hours, whose processes write small parts."""

    adapters: FakeAdapters = field(default_factory=FakeAdapters)

    def __post_init__(self) -> None:
        self.adapters.export_files.least = PART
        self.adapters.orders.read_at_once = 3

    @property
    def services(self) -> Services:
        """As a new process has them."""
        return Services(SETTINGS, self.adapters)

    @property
    def writer(self) -> WriteExport:
        """A new process."""
        return replace(self.services.exports.write, part=PART)

    def place(self, count: int, **changes: Any) -> list[Order]:
        """So many orders of the last hours, two in each millisecond, oldest first."""
        first = from_iso(NOW) - timedelta(hours=5)
        made = [
            order(created_at=to_iso(first + timedelta(milliseconds=n // 2)), **{"phone_number": None, **changes})
            for n in range(count)
        ]
        for one in made:
            self.adapters.store.orders[one.order_id] = one
        return made

    def ask(self, key: str | None = None, **changes: Any) -> Export:
        asked = requests.export({**ASKED, **changes}, key, self.adapters.clock.now())
        return self.services.exports.start("staff-1", asked)

    def deliver(self, work: Callable[[str], None] | None = None, most: int = 50) -> None:
        """Every message, those for later after their time, until none is left."""
        messages = self.adapters.export_messages
        for _ in range(most):
            if messages.sent:
                export_id = messages.sent[0]
            elif messages.later:
                seconds, export_id = messages.later.pop(0)
                self.adapters.clock.advance(seconds)
                messages.sent.append(export_id)
            else:
                return
            (work or self.writer)(export_id)
            messages.sent.remove(export_id)
        raise AssertionError("messages are sent for ever")

    @property
    def export(self) -> Export:
        """The only one there is."""
        [one] = self.adapters.exports.stored.values()
        return one

    @property
    def content(self) -> bytes:
        """Of the only file there is."""
        [content] = self.adapters.export_files.files.values()
        return content

    @property
    def ids(self) -> list[str]:
        """Of the orders in it."""
        if self.export.format == "csv":
            return [row["orderId"] for row in table(self.content)]
        return [json.loads(line)["orderId"] for line in self.content.splitlines()]


def table(content: bytes) -> list[dict[str, str]]:
    """As a spreadsheet reads it."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def enough_for(pages: int) -> Callable[[], float]:
    """Seconds left of a function's time."""
    asked = itertools.chain([60.0] * pages, itertools.repeat(0.0))
    return lambda: next(asked)
