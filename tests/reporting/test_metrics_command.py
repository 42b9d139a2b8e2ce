"""`make metrics`: are the counters right, and make them so, from a terminal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from chalicelib.bootstrap import Services

from infra.ops import metrics, operate
from tests.support.fakes.adapters import FakeAdapters
from tests.support.stream import counted, lived, sold

SINCE = ("--from", "2026-11-21", "--to", "2026-11-22")
HOUR = "2026-11-21T12"
ARN = "arn:aws:iam::123456789012:user/anna"


@pytest.fixture(autouse=True)
def stages(services: Services, adapters: FakeAdapters, monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Which stage each command was for. There is one order that the stream gave up on, long ago."""
    asked: list[str | None] = []
    monkeypatch.setattr(operate, "stage_called", asked.append)
    monkeypatch.setattr(operate, "services_of", lambda target: services)
    monkeypatch.setattr(operate, "changing", lambda target: ARN)
    lived(adapters, sold(), counting=False)
    adapters.clock.advance(10 * 24 * 3600)
    return asked


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = metrics.main(arguments)
    return (code, *capsys.readouterr())


def test_a_difference_is_shown_and_told_to_scripts(capsys: pytest.CaptureFixture[str], adapters: FakeAdapters) -> None:
    code, shown, _ = run(capsys, "check", *SINCE)

    assert code == 1
    assert [HOUR, "completed", "0", "0", "1"] in [line.split() for line in shown.splitlines()]
    assert "counts differ (48 finished hours, 3 facts)" in shown
    assert "\x1b" not in shown  # no colours where nobody sees them
    assert adapters.counter_pages.pages == {}


def test_without_a_command_it_checks(capsys: pytest.CaptureFixture[str], adapters: FakeAdapters) -> None:
    assert run(capsys, *SINCE)[:2] == run(capsys, "check", *SINCE)[:2]
    assert run(capsys)[0] in (0, 1)
    assert adapters.counter_pages.pages == {}


def test_rebuilding_shows_what_it_would_change_and_then_changes_it(
    capsys: pytest.CaptureFixture[str], adapters: FakeAdapters
) -> None:
    code, shown, _ = run(capsys, "rebuild", *SINCE, "--yes")

    assert [HOUR, "completed", "0", "0", "1"] in [line.split() for line in shown.splitlines()]
    assert (code, "counts were put right" in shown) == (0, True)
    assert counted(adapters.counter_pages)[HOUR]["completed"] == 1
    assert run(capsys, "check", *SINCE)[:2] == (0, "The counters are right (48 finished hours, 3 facts).\n")


def test_rebuilding_is_on_record_with_the_counts_of_before_and_after(
    capsys: pytest.CaptureFixture[str], adapters: FakeAdapters
) -> None:
    run(capsys, "check", *SINCE)
    run(capsys, "rebuild", *SINCE, "--yes")

    [record] = adapters.audit_records.all
    changes = record.details["changes"]
    assert (record.who, record.action, record.outcome) == (ARN, "rebuild_metrics", {"putRight": len(changes)})
    assert {"hour": HOUR, "count": "placed", "before": 0, "after": 1} in changes


def test_what_can_not_be_recorded_is_not_rebuilt(capsys: pytest.CaptureFixture[str], adapters: FakeAdapters) -> None:
    def refuse(record: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "No."}}, "PutItem")

    adapters.audit_records.put = refuse

    code, _, complaint = run(capsys, "rebuild", *SINCE, "--yes")

    assert (code, "AWS refuses PutItem" in complaint, adapters.counter_pages.pages) == (1, True, {})


def test_nothing_is_written_where_nobody_can_be_asked(
    capsys: pytest.CaptureFixture[str], adapters: FakeAdapters
) -> None:
    code, shown, complaint = run(capsys, "rebuild", *SINCE)

    assert (code, "--yes" in complaint) == (1, True)
    assert [HOUR, "completed", "0", "0", "1"] in [line.split() for line in shown.splitlines()]
    assert (adapters.counter_pages.pages, adapters.counter_pages.stored_sums) == ({}, {})


@pytest.mark.parametrize(
    ("answer", "written"), [("y", True), ("YES ", True), ("", False), ("n", False), ("yep", False)]
)
def test_the_operator_is_asked(
    capsys: pytest.CaptureFixture[str],
    adapters: FakeAdapters,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    written: bool,
) -> None:
    seen_before_asking: list[str] = []

    def say(question: str) -> str:
        seen_before_asking.append(capsys.readouterr().out)
        return answer

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", say)

    code, _, _ = run(capsys, "rebuild", *SINCE)

    assert (code, bool(adapters.counter_pages.pages)) == (int(not written), written)
    assert HOUR in seen_before_asking[0]


def test_there_is_nothing_to_ask_when_all_is_right(capsys: pytest.CaptureFixture[str], adapters: FakeAdapters) -> None:
    run(capsys, "rebuild", *SINCE, "--yes")
    before = dict(adapters.counter_pages.pages)

    code, shown, _ = run(capsys, "rebuild", *SINCE)

    assert (code, shown) == (0, "The counters are right (48 finished hours, 3 facts).\n")
    assert adapters.counter_pages.pages == before


@pytest.mark.parametrize(("more", "code", "written"), [((), 1, False), (("--yes",), 0, True)])
def test_programs_that_rebuild_are_told_whether_it_was_written(
    capsys: pytest.CaptureFixture[str], adapters: FakeAdapters, more: tuple[str, ...], code: int, written: bool
) -> None:
    ended, shown, _ = run(capsys, "rebuild", *SINCE, "--json", *more)

    told = json.loads(shown)
    assert (ended, told["written"], bool(adapters.counter_pages.pages)) == (code, written, written)
    assert told["days"][0]["differences"]


def test_what_stays_without_proof_is_named(capsys: pytest.CaptureFixture[str], adapters: FakeAdapters) -> None:
    run(capsys, "rebuild", *SINCE, "--yes")
    adapters.store.orders.clear()
    adapters.documents.files.clear()

    code, shown, _ = run(capsys, "check", *SINCE)

    assert code == 0
    assert f"it stays: {HOUR}\n" in shown


def test_programs_get_json(capsys: pytest.CaptureFixture[str]) -> None:
    _, shown, _ = run(capsys, "check", *SINCE, "--json")

    first, second = json.loads(shown)["days"]
    assert (first["day"], first["hours"], second["differences"]) == ("2026-11-21", 24, [])
    assert {"hour": HOUR, "name": "placed", "counted": 0, "summed": 0, "expected": 1} in first["differences"]


def test_a_stage_is_named_first(capsys: pytest.CaptureFixture[str], stages: list[str | None]) -> None:
    run(capsys, "prod", "check", *SINCE)
    run(capsys, "check", *SINCE)

    assert stages == ["prod", None]


@pytest.mark.parametrize(
    "arguments",
    [
        ("prod", "repair"),
        ("check", "--from", "yesterday"),
        ("check", "--from", "2026-11-22", "--to", "2026-11-21"),
        ("rebuild", "--from", "2020-01-01", "--to", "2026-11-21"),
    ],
)
def test_what_it_does_not_understand_it_does_not_do(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], stages: list[str | None]
) -> None:
    with pytest.raises(SystemExit) as ended:
        metrics.main(arguments)

    assert (ended.value.code, stages) == (2, [])


def test_a_word_that_is_no_command_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        metrics.main(["chekc"])

    assert "check or rebuild must follow (chekc was read as a stage's name)" in capsys.readouterr().err


def test_counters_that_change_all_the_time_are_said_to(
    capsys: pytest.CaptureFixture[str], adapters: FakeAdapters
) -> None:
    adapters.counter_pages.put = lambda place, page, version: False

    code, _, complaint = run(capsys, "rebuild", *SINCE, "--yes")

    assert (code, "2026-11-21 change all the time" in complaint) == (1, True)


def test_many_differences_are_cut_short(capsys: pytest.CaptureFixture[str], adapters: FakeAdapters) -> None:
    run(capsys, "rebuild", *SINCE, "--yes")
    adapters.counter_pages.put_sums(HOUR, [{f"failed/CODE_{n:03}": 1 for n in range(300)}, {}, {}, {}], 900)

    assert "more; --json has them all" in run(capsys, "check", *SINCE)[1]
