"""Writing an export's file: every order once, however the work is divided among processes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from chalicelib.exports import write
from chalicelib.exports.model import ExportStatus, OutOfTime
from chalicelib.kit.clock import from_iso
from chalicelib.kit.errors import MalformedMessage

from tests.support.builders.examples import order
from tests.support.exported_files import PART, Exporter, enough_for, table
from tests.support.fakes.exports import FakeExports


@pytest.mark.parametrize("of", ["csv", "jsonl"])
@pytest.mark.parametrize("count", [0, 1, 3, 100])
def test_the_file_has_every_order_of_the_time_once_the_oldest_first(exporter: Exporter, of: str, count: int) -> None:
    made = exporter.place(count)
    exporter.ask(format=of)

    exporter.deliver()

    assert exporter.ids == [one.order_id for one in made]
    assert (exporter.export.status, exporter.export.orders, exporter.export.damaged) == ("DONE", count, 0)


def test_a_small_file_is_put_in_one_call_and_a_large_one_in_parts(exporter: Exporter) -> None:
    exporter.place(1)
    exporter.ask()
    exporter.deliver()
    files = exporter.adapters.export_files
    assert (files.puts, files.begun, len(exporter.content) < PART) == (1, 0, True)

    exporter.place(50)
    second = exporter.ask()
    exporter.deliver()

    done = exporter.adapters.exports.stored[second.export_id]
    assert (files.puts, files.begun, files.uploads) == (1, 1, {})
    assert len(done.parts) > 5


@pytest.mark.parametrize(
    ("start", "end", "inside"),
    [
        ("2026-11-21", "2026-11-21", [1, 2]),
        ("2026-11-20", "2026-11-20", [0]),
        ("2026-11-21T00:00:00Z", "2026-11-21T09:00:00.000Z", [1]),
        ("2026-11-21T10:00:00+01:00", "2026-11-21T23:00:00", [2]),
        ("2026-11-19", "2026-12-24", [0, 1, 2]),
    ],
)
def test_from_is_inside_and_to_is_not_but_a_day_with_all_its_hours(
    exporter: Exporter, start: str, end: str, inside: list[int]
) -> None:
    times = ["2026-11-20T23:59:59.999Z", "2026-11-21T00:00:00.000Z", "2026-11-21T09:00:00.000Z"]
    made = [order(created_at=at) for at in times]
    exporter.adapters.store.orders.update({one.order_id: one for one in made})

    exporter.ask(**{"from": start, "to": end})
    exporter.deliver()

    assert exporter.ids == [made[n].order_id for n in inside]


def test_what_is_ordered_after_the_request_is_not_in_the_file(exporter: Exporter) -> None:
    made = exporter.place(3)
    exporter.ask()
    exporter.adapters.clock.advance(1)
    late = order(created_at=exporter.adapters.clock.now())
    exporter.adapters.store.orders[late.order_id] = late

    exporter.deliver()

    assert exporter.ids == [one.order_id for one in made]


def test_the_index_has_a_moment_to_catch_up_before_the_first_process_reads(exporter: Exporter) -> None:
    exporter.ask()

    assert exporter.adapters.export_messages.later == [(5, exporter.export.export_id)]


def test_an_order_that_can_not_be_read_is_counted_and_left_out(exporter: Exporter) -> None:
    made = exporter.place(40)
    exporter.adapters.store.damage("order", made[7].order_id)
    exporter.ask()

    exporter.deliver()

    assert exporter.ids == [one.order_id for one in made if one is not made[7]]
    assert (exporter.export.orders, exporter.export.damaged) == (39, 1)


def test_an_erased_customer_stays_erased(exporter: Exporter) -> None:
    erased = {"customer_email": "erased@invalid.example", "customer_id": "erased", "shipping_address": None}
    exporter.place(1, **erased, note=None)
    exporter.ask(format="csv")

    exporter.deliver()

    [row] = table(exporter.content)
    assert (row["customerEmail"], row["customerId"]) == ("erased@invalid.example", "erased")
    assert {row[name] for name in row if name.startswith(("shipping", "note", "phone", "metadata"))} == {""}


def test_where_the_functions_time_ends_the_next_one_goes_on(exporter: Exporter) -> None:
    made = exporter.place(100)
    exporter.ask()
    runs = 0

    def short(export_id: str) -> None:
        nonlocal runs
        runs += 1
        exporter.writer(export_id, seconds_left=enough_for(3))

    exporter.deliver(short)

    assert exporter.ids == [one.order_id for one in made]
    assert runs > 5
    assert exporter.export.orders == 100


def test_a_function_that_has_no_time_for_one_part_fails_and_does_not_send_itself_for_ever(exporter: Exporter) -> None:
    exporter.place(100)
    exporter.ask()
    exporter.adapters.export_messages.later.clear()

    with pytest.raises(OutOfTime):
        exporter.writer(exporter.export.export_id, seconds_left=lambda: 0.0)

    assert exporter.adapters.export_messages.sent == exporter.adapters.export_messages.later == []
    assert exporter.export.leased_until == ""


def test_the_last_try_says_why_it_failed_and_a_redrive_goes_on(exporter: Exporter) -> None:
    made = exporter.place(100)
    exporter.ask()
    exporter.adapters.export_messages.later.clear()
    export_id = exporter.export.export_id
    exporter.writer(export_id, seconds_left=enough_for(5))
    with pytest.raises(OutOfTime):
        exporter.writer(export_id, seconds_left=lambda: 0.0, last_try=True)
    failed = exporter.export
    assert failed.status is ExportStatus.FAILED
    assert failed.error is not None
    assert failed.error.startswith("OutOfTime: ")
    assert failed.parts

    exporter.writer(export_id)

    assert exporter.ids == [one.order_id for one in made]
    assert (exporter.export.status, exporter.export.error) == ("DONE", None)
    assert exporter.export.parts[: len(failed.parts)] == failed.parts


def test_a_message_that_comes_twice_writes_the_file_once(exporter: Exporter) -> None:
    exporter.place(100)
    exporter.ask()
    exporter.deliver()
    done, files = exporter.export, dict(exporter.adapters.export_files.files)
    exporter.place(1, order_id="order-that-came-later")

    for _ in range(2):
        exporter.writer(done.export_id)

    assert (exporter.export, exporter.adapters.export_files.files) == (done, files)


def test_a_second_process_waits_for_the_first_and_then_finds_it_done(exporter: Exporter) -> None:
    made = exporter.place(100)
    exporter.ask()
    pages = exporter.adapters.orders.pages_between
    met: list[int] = []

    def meanwhile(*args: str) -> object:
        for n, page in enumerate(pages(*args)):
            if n == 10 and not met:
                met.append(n)
                before = exporter.export
                exporter.writer(before.export_id)  # another one, with another message
                assert exporter.export == before
                assert exporter.adapters.export_messages.later == [(write.LEASE, before.export_id)]
            yield page

    exporter.adapters.orders.pages_between = meanwhile  # type: ignore[assignment, method-assign]
    exporter.deliver()

    assert met
    assert exporter.ids == [one.order_id for one in made]
    assert exporter.adapters.export_files.begun == 1


def test_a_process_whose_lease_is_over_saves_nothing_more(exporter: Exporter) -> None:
    """It was believed dead. The part that it replaces meanwhile makes the whole begin anew: still one right file."""
    made = exporter.place(100)
    exporter.ask()
    put_part, slept = exporter.adapters.export_files.put_part, []

    def late(*args: object) -> object:
        if args[2] == 3 and not slept:
            slept.append(True)
            exporter.adapters.clock.advance(write.LEASE + 1)
            for one in made:  # so that its part differs from the other's
                exporter.adapters.store.orders[one.order_id] = replace(one, reference="changed meanwhile")
            exporter.writer(exporter.export.export_id, seconds_left=enough_for(3))
        return put_part(*args)  # type: ignore[arg-type]

    exporter.adapters.export_files.put_part = late  # type: ignore[assignment, method-assign]
    exporter.deliver()

    assert slept
    assert exporter.export.restarts == 1
    assert exporter.ids == [one.order_id for one in made]
    assert (exporter.export.status, exporter.export.orders) == ("DONE", 100)


def test_parts_that_s3_deleted_because_a_day_went_by_are_written_anew(exporter: Exporter) -> None:
    made = exporter.place(100)
    exporter.ask()
    exporter.writer(exporter.export.export_id, seconds_left=enough_for(6))
    exporter.adapters.export_files.uploads.clear()
    exporter.adapters.clock.advance(24 * 3600)

    exporter.deliver()

    assert exporter.ids == [one.order_id for one in made]
    assert (exporter.export.orders, exporter.export.restarts) == (100, 1)


def test_one_that_begins_anew_again_and_again_fails(exporter: Exporter) -> None:
    exporter.place(100)
    exporter.ask()
    files = exporter.adapters.export_files
    put_part = files.put_part

    def forgetful(*args: object) -> object:
        part = put_part(*args)  # type: ignore[arg-type]
        files.uploads.clear()
        return part

    files.put_part = forgetful  # type: ignore[assignment, method-assign]

    with pytest.raises(Exception, match="NoSuchUpload"):
        exporter.deliver()

    assert exporter.export.restarts == 3
    assert files.files == {}


def test_a_file_that_would_be_too_large_says_so_and_is_not_tried_again(
    exporter: Exporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "MOST_PARTS", 2)
    exporter.place(100)
    exporter.ask()

    exporter.deliver()

    assert exporter.export.status is ExportStatus.FAILED
    assert "shorter time" in str(exporter.export.error)


def test_a_message_of_no_export_is_malformed(exporter: Exporter) -> None:
    with pytest.raises(MalformedMessage):
        exporter.writer("20261121T143025-none")


def test_a_checkpoint_is_saved_with_each_part(exporter: Exporter) -> None:
    exporter.place(100)
    exporter.ask()
    seen: list[int] = []
    replace_ = exporter.adapters.exports.replace

    def watched(changed: object) -> object:
        seen.append(len(changed.parts))  # type: ignore[attr-defined]
        return replace_(changed)  # type: ignore[arg-type]

    exporter.adapters.exports.replace = watched  # type: ignore[assignment, method-assign]
    exporter.deliver()

    assert sorted(set(seen)) == list(range(len(exporter.export.parts) + 1))


def test_a_lease_ends_when_its_process_can_not_run_any_more(exporter: Exporter) -> None:
    exporter.ask()
    taken = []
    store: FakeExports = exporter.adapters.exports
    replace_ = store.replace

    def watched(changed: object) -> object:
        taken.append(changed)
        return replace_(changed)  # type: ignore[arg-type]

    store.replace = watched  # type: ignore[assignment, method-assign]
    now = exporter.adapters.clock.now()
    exporter.writer(exporter.export.export_id)

    assert (from_iso(taken[0].leased_until) - from_iso(now)).total_seconds() == write.LEASE
