"""The storefront's first load is held against its budgets, or not measured."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bench import orders_page, site
from bench.report import NOT_TAKEN, Result, console, main

REPORT: dict[str, Any] = {
    "categories": {"performance": {"score": 0.94}, "accessibility": {"score": 1}, "best-practices": {"score": None}},
    "audits": {
        "network-requests": {
            "details": {
                "items": [
                    {"resourceType": "Script", "transferSize": 120_000},
                    {"resourceType": "Script", "transferSize": 51_000},
                    {"resourceType": "Image", "transferSize": 90_000},
                    {"transferSize": 1_000},
                ]
            }
        }
    },
}


def test_points_and_scripts_are_those_of_the_report() -> None:
    measures = {measure.name: measure for measure in site.measures_of("catalogue", REPORT)}

    assert {name: measure.found for name, measure in measures.items()} == {
        "catalogue: performance": "94",
        "catalogue: accessibility": "100",
        "catalogue: best practices": "0",
        "catalogue: JavaScript, gzipped": "171.0 kB",
    }
    assert [name for name, measure in measures.items() if measure.within] == ["catalogue: accessibility"]


def test_the_back_office_is_judged_by_its_own_budget_and_not_by_its_speed_on_a_phone() -> None:
    measures = {measure.name: measure.within for measure in site.measures_of(site.OFFICE, REPORT)}

    assert measures == {
        "back office: accessibility": True,
        "back office: best practices": False,
        "back office: JavaScript, gzipped": True,
    }


def test_of_several_runs_the_one_in_the_middle_counts() -> None:
    runs = [{"categories": {"performance": {"score": score}}, "run": n} for n, score in enumerate((0.97, 0.8, 0.93))]

    assert site.median(runs)["run"] == 2
    assert site.median(runs[:1])["run"] == 0


@pytest.mark.parametrize(("shown", "within"), [(420.0, True), (421.0, False)])
def test_of_a_list_what_the_page_adds_to_the_api_is_judged(shown: float, within: bool) -> None:
    rounds = [{"api": 120.0, "shown": shown}, {"api": 90.0, "shown": 5000.0}, {"api": 900.0, "shown": 100.0}]

    *_, judged = orders_page.measures_of(rounds)

    assert (judged.found, judged.within) == (f"{shown - 120:.0f} ms", within)


@pytest.mark.parametrize("measure", [site.measure, orders_page.measure], ids=["site", "orders page"])
def test_without_a_browser_nothing_is_measured(monkeypatch: pytest.MonkeyPatch, measure: Callable[[], Result]) -> None:
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")

    with console.capture() as said, pytest.raises(SystemExit) as end:
        main(measure)

    assert end.value.code == NOT_TAKEN
    assert "Chromium" in said.get()
