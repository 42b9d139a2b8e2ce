"""All metrics that any test before this one saw are in the one list, and so is what jobs publish."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from chalicelib.kit.metric_names import METRICS, NAMESPACE

from tests.support.leaks import recorder

SOURCES = sorted((Path(__file__).parents[2] / "orderproc" / "chalicelib").rglob("*.py"))


def test_each_metric_that_was_told_is_listed() -> None:
    if not recorder.metrics:
        pytest.skip("run the other tests before this one: nothing was measured yet")

    assert recorder.metrics <= {(NAMESPACE, m.name, m.unit, m.dimensions) for m in METRICS}


def spelt_out(path: Path) -> Iterator[str]:
    """Names of metrics that a source gives as a text, and not by a constant of the list."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                named = isinstance(key, ast.Constant) and key.value in ("MetricName", "Namespace")
                if named and isinstance(value, ast.Constant):
                    yield f"{path.name}: {value.value}"


def test_no_source_spells_out_the_name_of_a_metric() -> None:
    assert [name for path in SOURCES for name in spelt_out(path)] == []


def test_no_source_names_a_metric_beside_the_list() -> None:
    listed = {metric.name for metric in METRICS}

    assert [
        f"{path.name}: {node.value}"
        for path in SOURCES
        if path.name != "metric_names.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in listed
    ] == []
