"""Expressions of alarms and the dashboard compute in the local cloud as CloudWatch's metric math does; others are
refused."""

from __future__ import annotations

import pytest

from local.emulator.metric_math import Series, Unsupported, evaluate

DATA: dict[str, Series] = {"m1": [1.0, None, 3.0], "m2": [4.0, 5.0, 0.0], "errors": [0.0, 2.0, None]}


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("m2", [4.0, 5.0, 0.0]),
        ("1 + 2 * 3", [7.0] * 3),
        ("(1 + 2) * 3", [9.0] * 3),
        ("7 - 2 - 1", [4.0] * 3),
        ("m1 + m2", [5.0, None, 3.0]),
        ("m2 * 100", [400.0, 500.0, 0.0]),
        ("1 / m2", [0.25, 0.2, None]),
        ("1 / 0", [None] * 3),
        ("m2 > 4", [0.0, 1.0, 0.0]),
        ("m2 >= 2 + 2", [1.0, 1.0, 0.0]),
        ("m2 == 4", [1.0, 0.0, 0.0]),
        ("FILL(m1, 0)", [1.0, 0.0, 3.0]),
        ("IF(m2 > 0, m1 / m2, 0)", [0.25, None, 0.0]),
        ("IF(m1, 1, 2)", [1.0, None, 1.0]),
        ("IF(FILL(m1, 0) > 0, 1, 2)", [1.0, 2.0, 1.0]),
        ("IF(1 > 2, m1, m2)", [4.0, 5.0, 0.0]),
        ("SUM(m1)", [4.0] * 3),
        ("100*SUM(m1)/(SUM(m1)+SUM(errors))", [pytest.approx(400 / 6)] * 3),
        ("100*(errors/m2)", [0.0, 40.0, None]),
    ],
)
def test_an_expression_is_computed_period_by_period(expression: str, result: Series) -> None:
    assert evaluate(expression, DATA, 3) == result


@pytest.mark.parametrize(
    "expression",
    [
        *("", "m9", "m1 +", "m1 m2", "(m1", "NOPE(m1)", "IF(m1)", "SUM(1)", "METRICS()", "[m1, m2]", "m1 # m2"),
        *("FILL(m1, REPEAT)", "FILL(1, 2)", "-m1", "m1 ^ 2", "m1 ** 2", "m1 // m2", "1 < m2 < 4", "m1 AND m2"),
        *("m1 and m2", "0x10 + m1", "1_000 + m1", "True", "1 if m1 else 2", "m1.real", "SUM(m1, x=1)", "MAX(m1)"),
    ],
)
def test_what_is_wrong_or_unknown_is_refused(expression: str) -> None:
    with pytest.raises(Unsupported, match="This emulator understands"):
        evaluate(expression, DATA, 3)
