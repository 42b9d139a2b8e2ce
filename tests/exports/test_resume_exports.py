"""Exports whose message was lost with its process are sent for again, and given up when that does not help."""

from __future__ import annotations

from tests.support.exported_files import Exporter, enough_for


def lost(exporter: Exporter, orders: int = 3) -> None:
    exporter.place(orders)
    exporter.ask()
    exporter.adapters.export_messages.later.clear()


def resume_after(exporter: Exporter, minutes: int) -> list[str]:
    """The messages that it sends."""
    exporter.adapters.clock.advance(60 * minutes)
    exporter.services.exports.resume()
    return exporter.adapters.export_messages.sent


def test_one_that_stands_still_is_sent_for_again(exporter: Exporter) -> None:
    lost(exporter)

    assert resume_after(exporter, 16) == [exporter.export.export_id]
    exporter.deliver()

    assert exporter.export.status == "DONE"


def test_one_that_gets_on_is_left_alone(exporter: Exporter) -> None:
    lost(exporter, orders=60)
    assert resume_after(exporter, 14) == []
    exporter.writer(exporter.export.export_id, seconds_left=enough_for(6))
    exporter.adapters.export_messages.sent.clear()

    assert resume_after(exporter, 14) == []


def test_it_is_sent_for_once_in_a_quarter_of_an_hour(exporter: Exporter) -> None:
    lost(exporter)
    resume_after(exporter, 16)

    assert len(resume_after(exporter, 1)) == 1
    assert len(resume_after(exporter, 16)) == 2


def test_one_that_stands_still_again_and_again_fails(exporter: Exporter) -> None:
    lost(exporter)
    for _ in range(3):
        resume_after(exporter, 16)
    assert exporter.export.status == "QUEUED"

    assert len(resume_after(exporter, 16)) == 3

    assert exporter.export.status == "FAILED"
    assert "three times" in str(exporter.export.error)
    assert exporter.export.finished_at == exporter.adapters.clock.now()
    assert len(resume_after(exporter, 16)) == 3


def test_what_it_wrote_since_counts_anew(exporter: Exporter) -> None:
    lost(exporter, orders=60)
    for _ in range(3):
        resume_after(exporter, 16)
    exporter.writer(exporter.export.export_id, seconds_left=enough_for(6))
    exporter.adapters.export_messages.sent.clear()

    assert len(resume_after(exporter, 16)) == 1
    assert exporter.export.status == "RUNNING"


def test_those_that_ended_are_left_alone(exporter: Exporter) -> None:
    lost(exporter)
    exporter.writer(exporter.export.export_id)

    assert resume_after(exporter, 60) == []
