"""Kill the process, lose a reply or refuse a call, at every single call that an export makes: afterwards, when its
messages came again and the housekeeper has been round, there is one file with every order once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.exports import requests
from chalicelib.orders.model import Order

from tests.reliability.faults import Died, Fault, Kind, Tapped
from tests.support.builders.examples import SETTINGS
from tests.support.exported_files import ASKED, PART, Exporter, enough_for

PORTS = ("orders", "exports", "export_files", "export_messages")
VISIBILITY = 1800
PAGES = 7
"""That one process has time for, so that several follow one another."""


@dataclass
class Story:
    """A shop, an export of all its orders, and one fault that meets some process of it."""

    fault: Fault
    exporter: Exporter = field(default_factory=Exporter)
    made: list[Order] = field(default_factory=list)
    rounds: int = 0

    def process(self) -> Services:
        """A new one; its calls may go wrong."""
        fakes = self.exporter.adapters
        tapped: dict[str, Any] = {name: Tapped(name, getattr(fakes, name), self.fault) for name in PORTS}
        return Services(SETTINGS, replace(fakes, **tapped))

    def ask(self) -> None:
        """With a key, until there is an answer."""
        asked = requests.export(ASKED, "key-1", self.exporter.adapters.clock.now())
        while not _done(lambda: self.process().exports.start("staff-1", asked)):
            self.exporter.adapters.clock.advance(1)

    def work(self) -> None:
        """Every message as SQS delivers it, and the housekeeper each time nothing is left to deliver."""
        messages = self.exporter.adapters.export_messages
        for self.rounds in range(200):
            if messages.sent:
                self._deliver(messages.sent[0])
            elif messages.later:
                seconds, export_id = messages.later.pop(0)
                self.exporter.adapters.clock.advance(seconds)
                messages.sent.append(export_id)
            elif self.exporter.export.ended:
                return
            else:
                self.exporter.adapters.clock.advance(1000)
                _done(lambda: self.process().exports.resume())  # noqa: PLW0108
        raise AssertionError(f"{self.fault}: it does not end")

    def _deliver(self, export_id: str) -> None:
        write = replace(self.process().exports.write, part=PART)
        if _done(lambda: write(export_id, seconds_left=enough_for(PAGES))):
            self.exporter.adapters.export_messages.sent.remove(export_id)
        else:
            self.exporter.adapters.clock.advance(VISIBILITY)

    def assert_right(self) -> None:
        assert self.exporter.ids == [one.order_id for one in self.made], str(self.fault)
        assert (self.exporter.export.status, self.exporter.export.orders) == ("DONE", len(self.made)), str(self.fault)


def _done(act: Any) -> bool:
    try:
        act()
    except (Exception, Died):  # noqa: BLE001 - as Lambda has it: it comes again
        return False
    return True


def every_point(kind: Kind, orders: int, **changes: Any) -> Iterator[Story]:
    """The stories in which the first call went wrong, the second, and so on, until none of that number is made."""
    for number in itertools.count(1):
        story = Story(Fault(number, kind))
        story.made = story.exporter.place(orders, **changes)
        story.ask()
        story.work()
        if not story.fault.hit:
            return
        yield story


@pytest.mark.parametrize("orders", [2, 60])
@pytest.mark.parametrize("kind", Kind)
def test_an_export_that_is_cut_off_anywhere_ends_in_one_right_file(kind: Kind, orders: int) -> None:
    for story in every_point(kind, orders):
        story.assert_right()
        assert len(story.exporter.adapters.exports.stored) == 1
        assert story.exporter.export.restarts == 0  # what was written is not written again


@pytest.mark.parametrize("kind", [Kind.DIES_BEFORE, Kind.DIES_AFTER, Kind.REPLY_LOST])
def test_every_message_twice_and_a_fault_besides_is_still_one_right_file(kind: Kind) -> None:
    for story in every_point(kind, 40):
        files = dict(story.exporter.adapters.export_files.files)
        story.exporter.adapters.export_messages.sent += [story.exporter.export.export_id] * 2
        story.work()
        story.assert_right()
        assert story.exporter.adapters.export_files.files == files


def test_the_walk_visits_every_kind_of_call() -> None:
    """Else an empty walk would prove nothing."""
    hit = {str(call) for story in every_point(Kind.DIES_AFTER, 60) for call in story.fault.hit}

    assert hit == {
        *("orders.pages_between", "exports.id_for", "exports.add", "exports.get", "exports.replace"),
        *("export_files.begin", "export_files.put_part", "export_files.complete", "export_messages.send"),
    }


@pytest.mark.parametrize("at", range(1, 12))
def test_a_housekeeper_that_dies_resumes_it_the_next_time(at: int) -> None:
    story = Story(Fault(at, Kind.DIES_AFTER))
    quiet = Fault(0, Kind.DIES_AFTER)
    story.fault, dying = quiet, story.fault
    story.made = story.exporter.place(20)
    story.ask()
    story.exporter.adapters.export_messages.later.clear()  # its message is lost
    story.exporter.adapters.clock.advance(1000)
    story.fault = dying
    _done(lambda: story.process().exports.resume())  # noqa: PLW0108
    story.fault = quiet

    story.work()

    story.assert_right()
