"""Each event of the logs has a name to search for, fields named alike, and a row in docs/guide/logs.md; each metric
one in docs/guide/metrics.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from chalicelib.kit.metric_names import METRICS
from chalicelib.workflow.steps import ENDED_WELL

from tests.support.sources import nodes

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "orderproc").glob("chalicelib/**/*.py"))
GUIDE = ROOT / "docs" / "guide"
LOGS = (GUIDE / "logs.md").read_text(encoding="utf-8").partition("\n## Queries\n")[0]
METRICS_PAGE = (GUIDE / "metrics.md").read_text(encoding="utf-8")


class Event(NamedTuple):
    name: str
    fields: tuple[str, ...]
    where: str


def events() -> Iterator[Event]:
    """Every call of a log with an event's name in it."""
    for path in SOURCES:
        for node in nodes(path):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr in ("info", "warning", "exception") and "log" in ast.unparse(node.func.value):
                fields = tuple(keyword.arg for keyword in node.keywords if keyword.arg)
                where = f"{path.name}:{node.lineno}"
                if isinstance(node.args[0], ast.Constant):
                    yield Event(str(node.args[0].value), fields, where)
                elif path.name != "observability.py":
                    assert ast.unparse(node.args[0]).startswith("ENDED_WELL"), f"an event without a name at {where}"
                    yield from (Event(name, fields, where) for name in ENDED_WELL.values())


EVENTS = list(events())


def test_the_events_are_found() -> None:
    assert {"order_completed", "message_failed", "request", "housekeeping"} <= {event.name for event in EVENTS}
    assert len({event.name for event in EVENTS}) > 30


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"{event.name}@{event.where}")
def test_an_event_is_named_and_documented(event: Event) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", event.name)
    assert f"`{event.name}`" in LOGS
    assert [field for field in event.fields if not re.fullmatch(r"[a-z]+([A-Z][a-z]*)*", field)] == []


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: "-".join([metric.name, *metric.dimensions]))
def test_a_metric_is_documented(metric: object) -> None:
    name, unit, meaning, dimensions, free = metric  # type: ignore[misc]
    shown = ", ".join(f"`{dimension}`" for dimension in dimensions)

    assert f"| `{name}` | {unit} | {shown} | {'free' if free else 'full'} | {meaning} |" in METRICS_PAGE
