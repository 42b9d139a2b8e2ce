"""The emulator is a package of its own: it imports nothing of this project and knows no name of it. And it is enough
for this project: it understands what the alarms, the dashboard and the runbooks ask."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.deploy import dashboard
from infra.ops.dashboard_data import queries_of
from infra.paths import ROOT, TEMPLATES
from local.emulator.insights import Query
from local.emulator.metric_math import evaluate
from tests.packaging.cloudformation import load, of_type

PACKAGE = ROOT / "local" / "emulator"
MODULES = sorted(PACKAGE.glob("*.py"))
README = (PACKAGE / "README.md").read_text(encoding="utf-8")
ALARMS = of_type(load(TEMPLATES / "alarms.yaml"), "AWS::CloudWatch::Alarm").values()
METRICS = re.findall(r"Namespace: orderproc,? *\n? *MetricName: (\w+)", (TEMPLATES / "alarms.yaml").read_text())
NAMES = {"orderproc", "orders", *METRICS, *(name for name in dashboard.functions() if "_" in name)}


def imported(module: Path) -> Iterator[str]:
    """The top package of every import that leaves the emulator, lazy ones included."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level == 0:
                yield str(node.module).partition(".")[0]
            elif node.level > 1:
                yield "." * node.level + str(node.module)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_a_module_imports_nothing_of_this_project(module: Path) -> None:
    assert set(imported(module)) - sys.stdlib_module_names - {"ministack"} == set()


@pytest.mark.parametrize("file", [*MODULES, PACKAGE / "README.md"], ids=lambda path: path.name)
def test_a_module_knows_no_name_of_this_project(file: Path) -> None:
    words = set(re.findall(r"[A-Za-z]+(?:_[a-z]+)*", file.read_text(encoding="utf-8")))

    assert len(NAMES) > 20
    assert {word for word in words if word in NAMES or "orderproc" in word.lower()} == set()


def test_the_readme_lists_every_module() -> None:
    rows = [line for line in README.splitlines() if line.startswith("| `")]
    listed = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}

    assert {module.stem for module in MODULES if not module.stem.startswith("__")} <= listed


def questions() -> Iterator[str]:
    """Every query that the documents and the operators' shell ask of the logs."""
    for path in [*(ROOT / "docs").rglob("*.md"), ROOT / "infra" / "ops" / "shell.sh"]:
        text = path.read_text(encoding="utf-8")
        yield from re.findall(r"```insights\n(.*?)```", text, re.DOTALL)
        for single, double in re.findall(r"""\bask (?:'([^'{]+)'|"([^"{]+)")""", text):
            yield single or double


def test_the_operators_queries_are_understood() -> None:
    found = set(questions())

    assert len(found) > 35
    for query in found:
        Query(query)


def expressions() -> Iterator[tuple[str, set[str]]]:
    """Every expression of the alarms and of the dashboard, as `make dashboard` asks, with the metrics beside it."""
    for alarm in ALARMS:
        yield from of_queries(alarm.get("Metrics", ()))
    widgets = json.loads(dashboard.body())["widgets"]
    for properties in (widget["properties"] for widget in widgets if widget["type"] == "metric"):
        for whole in (False, True):
            yield from of_queries([query for query, _ in queries_of(properties, whole=whole)])


def of_queries(queries: Any) -> Iterator[tuple[str, set[str]]]:
    metrics = {query["Id"] for query in queries if "MetricStat" in query}
    yield from ((query["Expression"], metrics) for query in queries if "Expression" in query)


def test_the_expressions_of_alarms_and_dashboard_are_understood() -> None:
    found = list(expressions())

    assert len(found) >= 6
    for expression, metrics in found:
        evaluate(expression, {name: [4.0, None] for name in metrics}, 2)
