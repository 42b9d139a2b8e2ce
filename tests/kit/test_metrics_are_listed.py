"""Names of metrics stand in the one list only. That each metric an app logs is listed, tests/conftest.py checks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from chalicelib.kit.metric_names import METRICS

from tests.support.sources import nodes

SOURCES = sorted((Path(__file__).parents[2] / "orderproc" / "chalicelib").rglob("*.py"))


def spelt_out(path: Path) -> Iterator[str]:
    """Names of metrics that a source gives as a text, and not by a constant of the list."""
    for node in nodes(path):
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
        for node in nodes(path)
        if isinstance(node, ast.Constant) and node.value in listed
    ] == []
