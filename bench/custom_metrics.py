"""The custom metrics and what each costs a month, as a chapter of docs/benchmarks/costs.md."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bench.prices import price_list
from infra.paths import APP

DEPENDENCIES = 8
"""Services of AWS that functions call."""


def section() -> Iterator[str]:
    from chalicelib.kit.metric_names import METRICS

    usd = price_list()["cloudwatch.metric"].of(1)
    free = [metric for metric in METRICS if metric.free]
    yield f"""
## The custom metrics

CloudWatch bills {usd:.2f} USD a month for each combination of a name and its dimensions, for the hours in which it had
a value, and gives ten to each account. `METRICS_PROFILE=free`, the default, has these {len(free)}, each with the
stage as its one dimension:

| metric | what it counts | USD a month | beside other stages |
|---|---|---:|---:|"""
    yield from (f"| `{metric.name}` | {metric.meaning} | 0 | {usd:.2f} |" for metric in free)
    yield f"| **{len(free)}** | | **0** | **{usd * len(free):.2f}** |"
    yield """
The second figure is for an account whose ten are taken, by another stage or by something else. `METRICS_PROFILE=full`
adds these, one for each function, step, service or kind of discrepancy, as soon as there is something to count:

| metric | by | of them, at most | USD a month |
|---|---|---:|---:|"""
    counts = _values()
    more = [(metric, counts[metric.dimensions[-1]]) for metric in METRICS if not metric.free]
    yield from (f"| `{m.name}` | `{m.dimensions[-1]}` | {number} | {usd * number:.2f} |" for m, number in more)
    number = sum(number for _, number in more)
    yield f"| | | **{number}** | **{usd * number:.2f}** |"


def _values() -> dict[str, int]:
    """How many different values each dimension has."""
    from chalicelib.kit import metric_names
    from chalicelib.orders.discrepancies import Kind

    app = (APP / "app.py").read_text(encoding="utf-8")
    triggers = re.findall(r"^@app\.(?:on_\w+|schedule|lambda_function|authorizer)\(", app, flags=re.MULTILINE)
    code = "".join(path.read_text(encoding="utf-8") for path in (APP / "chalicelib").rglob("*.py"))
    return {
        metric_names.FUNCTION: len(triggers) + 1,  # and the one behind the REST API
        metric_names.STEP: len(set(re.findall(r"\.step\(\"(\w+)\"\)", code))),
        metric_names.DEPENDENCY: DEPENDENCIES,
        metric_names.KIND: len(Kind),
    }
