"""Expressions of alarms and dashboards compute in the local cloud as CloudWatch's metric math does."""

from __future__ import annotations

import pytest

from local.emulator.metric_math import Series, Unsupported, evaluate

DATA: dict[str, Series] = {"m1": [1.0, None, 3.0], "m2": [4.0, 5.0, 0.0], "errors": [0.0, 2.0, None]}


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("m2", [4.0, 5.0, 0.0]),
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("7 - 2 - 1", 4.0),
        ("2 ^ 3", 8.0),
        ("-m2", [-4.0, -5.0, 0.0]),
        ("m1 + m2", [5.0, None, 3.0]),
        ("m2 * 100", [400.0, 500.0, 0.0]),
        ("1 / m2", [0.25, 0.2, None]),
        ("m2 > 4", [0.0, 1.0, 0.0]),
        ("m2 >= 4 AND m1 < 2", [1.0, None, 0.0]),
        ("m2 == 4 || m2 == 5", [1.0, 1.0, 0.0]),
        ("FILL(m1, 0)", [1.0, 0.0, 3.0]),
        ("FILL(m1, REPEAT)", [1.0, 1.0, 3.0]),
        ("IF(m2 > 0, m1 / m2, 0)", [0.25, None, 0.0]),
        ("IF(FILL(m1, 0) > 0, 1, 2)", [1.0, 2.0, 1.0]),
        ("SUM([m1, m2])", [5.0, 5.0, 3.0]),
        ("SUM(METRICS())", [5.0, 7.0, 3.0]),
        ('SUM(METRICS("m"))', [5.0, 5.0, 3.0]),
        ("MAX([m1, m2])", [4.0, 5.0, 3.0]),
        ("MIN([m1, m2])", [1.0, 5.0, 0.0]),
        ("AVG([m1, m2])", [2.5, 5.0, 1.5]),
        ("SUM(m1)", 4.0),
        ("MAX(m2)", 5.0),
        ("ABS(0 - m2)", [4.0, 5.0, 0.0]),
        ("CEIL(m2 / 3)", [2.0, 2.0, 0.0]),
        ("FLOOR(m2 / 3)", [1.0, 1.0, 0.0]),
        ("100*(errors/m2)", [0.0, 40.0, None]),
    ],
)
def test_an_expression_is_computed_period_by_period(expression: str, result: Series | float) -> None:
    assert evaluate(expression, DATA, list(DATA)) == result


@pytest.mark.parametrize(
    "expression",
    ["", "m9", "m1 +", "m1 m2", "(m1", "NOPE(m1)", "IF(m1)", "METRICS()", "[1]", "m1 # m2", "FILL(m1, LINEAR)"],
)
def test_what_is_wrong_or_unknown_is_refused(expression: str) -> None:
    with pytest.raises(Unsupported):
        evaluate(expression, DATA, list(DATA))
