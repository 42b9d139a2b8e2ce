"""A measure that could not be taken fails: nothing is known of its budget."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest

from bench import __main__ as bench
from bench import dynamodb_local, growth
from bench.report import NOT_TAKEN, console, exit_status


def test_growth_without_its_engine_is_not_within_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamodb_local, "missing", lambda: "there is no Java here")

    with console.capture() as said:
        assert exit_status(growth.run) == NOT_TAKEN
    assert "not measured" in said.get()
    assert "there is no Java here" in said.get()


@pytest.mark.parametrize(("status", "verdict"), [(NOT_TAKEN, "not measured"), (1, "over budget"), (9, "ended with 9")])
def test_all_measures_fail_with_one_of_them_and_say_why(
    monkeypatch: pytest.MonkeyPatch, status: int, verdict: str
) -> None:
    def run(command: list[str], **_: object) -> SimpleNamespace:
        assert command[0] == sys.executable
        return SimpleNamespace(returncode=status if command[-1] == "bench.growth" else 0)

    monkeypatch.setattr(subprocess, "run", run)

    with console.capture() as said:
        assert bench.main(["limits", "growth"]) == 1
    assert verdict in said.get()
    assert said.get().count("within budget") == 1
