"""`make search`: the index made again, from a terminal."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.orders.search_index import place_of

from infra.ops import operate, search
from tests.support.builders import examples
from tests.support.builders.examples import SETTINGS
from tests.support.fakes.adapters import FakeAdapters

RANGE = ("--from", "2026-11-19", "--to", "2026-11-22")
DAYS = ("2026-11-19", "2026-11-21", "2026-11-22")


@pytest.fixture(autouse=True)
def stage(services: Services, adapters: FakeAdapters, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an order on each of three days, none of them indexed."""
    monkeypatch.setattr(operate, "stage_called", lambda name: name)
    monkeypatch.setattr(operate, "services_of", lambda target: services)
    monkeypatch.setattr(operate, "changing", lambda target: "arn:anna")
    for day in DAYS:
        adapters.orders.add(examples.order(created_at=f"{day}T10:00:00.000Z"))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = search.main(arguments)
    return (code, *capsys.readouterr())


def indexed(adapters: FakeAdapters) -> list[str]:
    return sorted(place[0][:10] for place in adapters.order_index.lists)


def test_what_is_missing_is_indexed_and_again_nothing_is_written(
    capsys: pytest.CaptureFixture[str], adapters: FakeAdapters
) -> None:
    code, shown, _ = run(capsys, "rebuild", *RANGE)
    writes = adapters.order_index.writes
    again = run(capsys, "rebuild", *RANGE)

    assert (code, indexed(adapters)) == (0, list(DAYS))
    assert "3 orders of 4 days were compared: 3 were missing or wrong" in shown
    assert "0 were missing" in again[1]
    assert adapters.order_index.writes == writes


def test_it_is_on_record_and_told_to_scripts(capsys: pytest.CaptureFixture[str], adapters: FakeAdapters) -> None:
    shown = json.loads(run(capsys, "rebuild", *RANGE, "--json")[1])

    assert (shown["orders"], shown["repaired"], [day["day"] for day in shown["days"]]) == (3, 3, [*reversed(DAYS)])
    [record] = adapters.audit_records.all
    assert (record.who, record.action) == ("arn:anna", "rebuild_search")
    assert record.outcome == {"orders": 3, "repaired": 3}


@pytest.mark.parametrize("day", ["2026-11-21", "2026-11-19"])
def test_what_was_interrupted_goes_on_where_it_was(
    capsys: pytest.CaptureFixture[str], adapters: FakeAdapters, day: str
) -> None:
    add = adapters.order_index.add

    def refuse(new: Any) -> Any:
        if new[0].place[0].startswith(day):
            raise TemporarilyUnavailable("Throttled.")
        return add(new)

    adapters.order_index.add = refuse  # type: ignore[method-assign]
    code, _, complaint = run(capsys, "rebuild", *RANGE)
    assert (code, "Throttled." in complaint) == (1, True)
    assert indexed(adapters) == [one for one in DAYS if one > day]

    adapters.order_index.add = add  # type: ignore[method-assign]
    code, shown, _ = run(capsys, "rebuild", *RANGE)

    assert (code, f"goes on at {day}" in shown, indexed(adapters)) == (0, True, list(DAYS))
    assert ("2 orders of 3 days" if day == "2026-11-21" else "1 orders of 1 days") in shown
    assert adapters.order_index.noted == {}


def test_other_days_are_another_rebuild(adapters: FakeAdapters) -> None:
    adapters.order_index.note_progress({"first": "2026-11-19", "last": "2026-11-22", "next": "2026-11-20"})
    work = Services(SETTINGS, adapters).search.rebuild

    assert work.begun("2026-11-19", "2026-11-22") == "2026-11-20"
    assert work.begun("2026-11-18", "2026-11-22") is None


def test_what_is_wrong_is_put_right(capsys: pytest.CaptureFixture[str], adapters: FakeAdapters) -> None:
    run(capsys, "rebuild", *RANGE)
    [wrong, *_] = adapters.store.orders.values()
    adapters.store.orders[wrong.order_id] = replace(wrong, reference="PO-9")

    run(capsys, "rebuild", *RANGE)

    assert adapters.order_index.few("po-9", 5) == [place_of(wrong)]


def test_switched_off_it_is_refused(
    capsys: pytest.CaptureFixture[str], adapters: FakeAdapters, monkeypatch: Any
) -> None:
    off = Services(replace(SETTINGS, order_search="off"), adapters)
    monkeypatch.setattr(operate, "services_of", lambda target: off)

    code, _, complaint = run(capsys, "rebuild", *RANGE)

    assert (code, "ORDER_SEARCH=on" in complaint, indexed(adapters)) == (1, True, [])


@pytest.mark.parametrize(
    "arguments", [["rebuild", "--from", "x"], ["check"], ["rebuild", "--from", "2026-12-01", "--to", "2026-11-01"]]
)
def test_what_makes_no_sense_ends_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        search.main(arguments)
    assert ended.value.code == 2
