"""Stands in for CloudWatch's metric math, for a part of it (`KNOWN`); MiniStack has none. Needs nothing of MiniStack.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html

That part is written as Python writes it, with the same precedence: Python's parser reads it, and what is not listed
here is refused.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Series = list[float | None]
"""A number per period, None where there are no data."""
Value = Series | float | None

KNOWN = "numbers, ids of metrics, + - * /, < <= > >= == !=, IF(condition, a, b), FILL(metric, number), SUM(metric)"
_TOKENS = re.compile(r"(?:\s+|\d+(?:\.\d+)?(?![\w.])|[A-Za-z]\w*|[<>]=?|[=!]=|[-+*/(),])+")
_OPERATORS: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: lambda a, b: a / b if b else math.nan,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


class Unsupported(ValueError):
    """The expression is wrong, or uses what this emulator lacks."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}. This emulator understands: {KNOWN}")


def evaluate(expression: str, metrics: Mapping[str, Series], length: int) -> Series:
    """The expression's numbers, one for each of `length` periods, `metrics` being the series by id. Raises
    Unsupported."""
    try:
        parsed = ast.parse(expression.strip() if _TOKENS.fullmatch(expression) else "", mode="eval")
    except SyntaxError:
        raise Unsupported(f"The expression {expression!r} can't be read") from None
    value = _value(parsed.body, metrics)
    return value if isinstance(value, list) else [value] * length


def _value(node: ast.expr, metrics: Mapping[str, Series]) -> Value:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return float(number)
        case ast.Name(id=name) if name in metrics:
            return metrics[name]
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            return _computed(_OPERATORS[type(sign)], _value(left, metrics), _value(right, metrics))
        case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in _OPERATORS:
            return _computed(_OPERATORS[type(sign)], _value(left, metrics), _value(right, metrics))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _called(name, [_value(argument, metrics) for argument in arguments])
    raise Unsupported(f"{ast.unparse(node)!r} is unknown")


def _called(name: str, arguments: Sequence[Value]) -> Value:
    match name, arguments:
        case "IF", [condition, yes, no]:
            return _by_period(lambda c, a, b: None if c is None else a if c else b, condition, yes, no)
        case "FILL", [list() as series, float() as filling]:
            return [filling if point is None else point for point in series]
        case "SUM", [list() as series]:
            return sum(point for point in series if point is not None)
    raise Unsupported(f"{name}, or {name} with these arguments, is unknown")


def _computed(operation: Callable[[float, float], float], a: Value, b: Value) -> Value:
    """A period in which either has no data has none, nor has one divided by nothing."""

    def in_one_period(left: float | None, right: float | None) -> float | None:
        result = math.nan if left is None or right is None else float(operation(left, right))
        return result if math.isfinite(result) else None

    return _by_period(in_one_period, a, b)


def _by_period(function: Callable[..., float | None], *values: Value) -> Value:
    """Applied to each period's numbers; a single number counts for every period."""
    lengths = [len(value) for value in values if isinstance(value, list)]
    if not lengths:
        return function(*values)
    columns: list[Any] = [value if isinstance(value, list) else [value] * lengths[0] for value in values]
    return [function(*row) for row in zip(*columns, strict=True)]
