"""Pictures: where states and bars are, and what an execution's history says."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from infra.evidence.drawing import charts, machine, timeline
from infra.evidence.drawing.timeline import Step
from infra.evidence.executions import steps_of
from infra.ops.dashboard_data import Panel, Series
from infra.paths import TEMPLATES
from tests.evidence import stage
from tests.evidence.stage import entered, event, failed, left

SVG = "{http://www.w3.org/2000/svg}"
OURS: dict[str, Any] = json.loads((TEMPLATES / "order_workflow.asl.json").read_text(encoding="utf-8"))


def drawn(picture: str) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314  # our own


def test_every_state_of_the_order_machine_has_a_place_of_its_own_below_what_leads_to_it() -> None:
    places = machine.layout(OURS)

    assert places.keys() == OURS["States"].keys()
    assert len(set(places.values())) == len(places)
    for name, state in OURS["States"].items():
        following = [state.get("Next"), state.get("Default"), *(one["Next"] for one in state.get("Choices", ()))]
        following += [one["Next"] for one in state.get("Catch", ())]
        assert all(places[target].row > places[name].row for target in following if target)


def test_the_way_that_succeeds_is_one_column() -> None:
    places = machine.layout(OURS)
    way = ("ValidateOrder", "SaveOrder", "ReserveInventory", "ProcessPayment", "UpdateInventory", "SendNotification")

    assert {places[name].lane for name in (*way, "OrderSucceeded")} == {0}
    assert places["ReleaseInventory"].lane > 0


def test_a_machine_with_a_loop_is_drawn() -> None:
    states = {
        "Ask": {"Type": "Task", "Next": "Ready"},
        "Ready": {"Type": "Choice", "Choices": [{"Next": "Done"}], "Default": "Wait"},
        "Wait": {"Type": "Wait", "Next": "Ask"},
        "Done": {"Type": "Succeed"},
    }

    places = machine.layout({"StartAt": "Ask", "States": states})

    assert places["Ask"].row < places["Ready"].row < places["Wait"].row
    assert len(set(places.values())) == 4


def test_the_machine_shows_each_state_each_way_and_what_errors_lead_to() -> None:
    picture = drawn(machine.draw(stage.DEFINITION, "The machine"))

    ways = picture.findall(f"{SVG}path")
    names = [group.findall(f"{SVG}text")[0].text for group in picture.findall(f"{SVG}g")]
    assert sorted(map(str, names)) == sorted(stage.DEFINITION["States"])  # type: ignore[call-overload]
    assert len(ways) == 5
    assert ["caught" in str(way.get("class")) for way in ways].count(True) == 1


def test_an_executions_states_are_coloured_by_how_they_ended() -> None:
    results = {step.name: step.result for step in steps_of(stage.HISTORY)}

    picture = drawn(machine.draw(stage.DEFINITION, "The way", dict(results)))

    classes = {
        str(g.findall(f"{SVG}text")[0].text): str(g.get("class")).split()[-1] for g in picture.findall(f"{SVG}g")
    }
    assert classes == {"Charge": "failed", "Refund": "ok", "Failed": "failed", "Paid": "pale", "Done": "pale"}


def test_a_history_becomes_states_with_their_times_tries_and_results() -> None:
    charge, refund, end = steps_of(stage.HISTORY)

    assert (charge.name, charge.result, len(charge.failures)) == ("Charge", "failed", 1)
    assert round(charge.end - charge.begin, 3) == 2.4
    assert (refund.name, refund.result, refund.failures) == ("Refund", "ok", ())
    assert (end.name, end.result) == ("Failed", "failed")


def test_a_retried_state_that_succeeds_is_fine_and_counts_its_tries() -> None:
    [step] = steps_of([entered("Charge", 0), failed(1, "A"), event("TaskSucceeded", 2), left("Charge", 2)])

    assert (step.result, len(step.failures)) == ("ok", 1)
    assert "2 tries" in timeline.draw([step], "x")


def test_a_state_that_was_not_left_runs() -> None:
    [step] = steps_of([entered("Charge", 0), event("TaskScheduled", 1)])

    assert step.result == "running"


def test_bars_are_where_their_times_are() -> None:
    picture = drawn(timeline.draw([Step("a", 0, 5, "ok"), Step("b", 5, 10, "failed")], "Two steps"))

    first, second = picture.findall(f"{SVG}rect")
    assert float(second.get("x", 0)) == pytest.approx(float(first.get("x", 0)) + float(first.get("width", 0)))
    assert float(first.get("width", 0)) == pytest.approx(float(second.get("width", 0)))
    assert second.get("class") == "bar failed"


def test_names_in_a_picture_stay_text() -> None:
    picture = timeline.draw([Step(stage.SCRIPT, 0, 1, "ok", f'"><img src=x>{stage.SCRIPT}')], stage.SCRIPT)

    assert "<script" not in picture
    assert "<img" not in picture
    assert drawn(picture)[0].text == stage.SCRIPT


def panel(points: list[tuple[float, float]]) -> Panel:
    series = Series("Orders", "#1f77b4", "Sum", 60, points)
    return Panel("timeSeries", "Orders", 0, 0, 8, 6, series=[series])


def test_a_line_keeps_its_peak_and_stays_inside_its_frame() -> None:
    points = [(float(n), 7000.0 if n == 777 else 1.0) for n in range(1000)]

    picture = drawn(charts.draw(panel(points), 0, 1000))

    [line] = picture.findall(f"{SVG}polyline")
    ys = [float(pair.split(",")[1]) for pair in str(line.get("points")).split()]
    assert len(ys) <= 200
    assert 10 <= min(ys) < 40
    assert max(ys) <= 146


def test_a_panel_without_numbers_is_an_empty_frame() -> None:
    picture = drawn(charts.draw(panel([]), 0, 1000))

    assert not picture.findall(f"{SVG}polyline")
