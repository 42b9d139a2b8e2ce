"""The storefront's first load is held against its budgets, or not measured."""

from __future__ import annotations

from typing import Any

import pytest

from bench import site
from bench.report import NOT_TAKEN, console, main

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


def test_without_a_browser_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")

    with console.capture() as said, pytest.raises(SystemExit) as end:
        main(site.measure)

    assert end.value.code == NOT_TAKEN
    assert "Chromium" in said.get()
