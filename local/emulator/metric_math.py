"""Stands in for CloudWatch's metric math
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html), as far as alarms and
dashboards of good sense need it; MiniStack has none. Needs nothing of MiniStack.

A series is a list with a number or None (no data) per period; a scalar is a number; `METRICS()` and `[m1, m2]` are
lists of series. What the language has beyond `FUNCTIONS` and the operators raises `Unsupported`.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Series = list[float | None]
Operation = Callable[[float, float], float]


class Unsupported(ValueError):
    """The expression is wrong, or uses what this evaluator lacks."""


@dataclass(frozen=True)
class Many:
    """An array of series."""

    series: list[Series]


Value = float | Series | Many

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<name>[A-Za-z]\w*)|(?P<sign><=|>=|==|!=|&&|\|\||[-+*/^()\[\],<>]))"
)


def _divide(a: float, b: float) -> float:
    return a / b if b else math.nan


_OR: dict[str, Operation] = {"||": lambda a, b: float(bool(a) or bool(b))}
_AND: dict[str, Operation] = {"&&": lambda a, b: float(bool(a) and bool(b))}
_COMPARE: dict[str, Operation] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_SUM: dict[str, Operation] = {"+": operator.add, "-": operator.sub}
_PRODUCT: dict[str, Operation] = {"*": operator.mul, "/": _divide}
_POWER: dict[str, Operation] = {"^": operator.pow}
_LEVELS = (_OR, _AND, _COMPARE, _SUM, _PRODUCT, _POWER)
_WORDS = {"AND": "&&", "OR": "||"}


def evaluate(expression: str, named: Mapping[str, Series], metrics: Sequence[str] = ()) -> Series | float:
    """The expression's series (or number), `named` being the series by id and `metrics` the ids that are no
    expressions, which `METRICS()` means. Raises Unsupported."""
    parser = _Parser(expression, named, metrics)
    value = parser.level(0)
    parser.end()
    if isinstance(value, Many):
        raise Unsupported(f"{expression!r} yields several series")
    return value


class _Parser:
    """Reads and computes in one go: left to right, the levels of `_LEVELS` from weak to strong."""

    def __init__(self, text: str, named: Mapping[str, Series], metrics: Sequence[str]) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._named = named
        self._metrics = metrics

    def level(self, number: int) -> Value:
        if number == len(_LEVELS):
            return self._operand()
        value = self.level(number + 1)
        while (sign := self._sign()) in _LEVELS[number]:
            self._at += 1
            value = _combine(_LEVELS[number][sign], value, self.level(number + 1))
        return value

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise Unsupported(f"unexpected {self._tokens[self._at][1]!r}")

    def _sign(self) -> str:
        kind, text = self._tokens[self._at] if self._at < len(self._tokens) else ("", "")
        return _WORDS.get(text.upper(), "") if kind == "name" else text if kind == "sign" else ""

    def _take(self) -> tuple[str, str]:
        if self._at == len(self._tokens):
            raise Unsupported("the expression ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _operand(self) -> Value:
        kind, text = self._take()
        if kind == "number":
            return float(text)
        if kind == "name":
            return self._call(text.upper()) if self._sign() == "(" else self._series(text)
        if text == "-":
            return _combine(operator.mul, -1.0, self.level(len(_LEVELS) - 1))
        if text == "(":
            value = self.level(0)
            self._expect(")")
            return value
        if text == "[":
            return _many(self._list("]"))
        raise Unsupported(f"unexpected {text!r}")

    def _series(self, name: str) -> Value:
        if name not in self._named:
            raise Unsupported(f"unknown id {name!r}")
        return self._named[name]

    def _call(self, name: str) -> Value:
        self._at += 1
        if name == "METRICS":
            return self._all_metrics()
        if name == "FILL":
            return self._fill()
        if name not in FUNCTIONS:
            raise Unsupported(f"unknown function {name!r}")
        arguments = self._list(")")
        try:
            return FUNCTIONS[name](*arguments)
        except TypeError as error:
            raise Unsupported(f"{name} takes other arguments") from error

    def _all_metrics(self) -> Many:
        kind, text = self._take()
        part = ""
        if kind == "text":
            part = text[1:-1]
            self._expect(")")
        elif text != ")":
            raise Unsupported("METRICS takes a text or nothing")
        return Many([self._named[name] for name in self._metrics if part in name])

    def _fill(self) -> Value:
        value = self.level(0)
        self._expect(",")
        if self._at < len(self._tokens) and self._tokens[self._at][1].upper() == "REPEAT":
            self._at += 1
            self._expect(")")
            return _each(value, _repeat)
        filling = self.level(0)
        self._expect(")")
        if not isinstance(filling, int | float):
            raise Unsupported("FILL takes a number or REPEAT")
        return _each(value, lambda series: [filling if point is None else point for point in series])

    def _list(self, closing: str) -> list[Value]:
        values: list[Value] = []
        if self._sign() == closing:
            self._at += 1
            return values
        while True:
            values.append(self.level(0))
            _, sign = self._take()
            if sign == closing:
                return values
            if sign != ",":
                raise Unsupported(f"unexpected {sign!r}")

    def _expect(self, sign: str) -> None:
        if self._take()[1] != sign:
            raise Unsupported(f"{sign!r} is missing")


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Unsupported(f"unexpected {text[at:]!r}")
        found.append((str(match.lastgroup), match[match.lastgroup or 0]))
        at = match.end()
    return found


def _many(values: list[Value]) -> Many:
    found: list[Series] = []
    for value in values:
        if isinstance(value, Many):
            found.extend(value.series)
        elif isinstance(value, list):
            found.append(value)
        else:
            raise Unsupported("an array holds metrics")
    return Many(found)


def _each(value: Value, change: Callable[[Series], Series]) -> Value:
    if isinstance(value, Many):
        return Many([change(series) for series in value.series])
    if isinstance(value, list):
        return change(value)
    raise Unsupported("a metric is expected")


def _repeat(series: Series) -> Series:
    found: Series = []
    for point in series:
        found.append(found[-1] if point is None and found else point)
    return found


def _combine(operation: Operation, a: Value, b: Value) -> Value:
    """Point by point; a period in which either has no data has none, nor has one divided by nothing."""
    if isinstance(a, Many):
        return Many([_series_of(_combine(operation, series, b)) for series in a.series])
    if isinstance(b, Many):
        return Many([_series_of(_combine(operation, a, series)) for series in b.series])
    if not isinstance(a, list) and not isinstance(b, list):
        return float(operation(a, b))
    length = len(a) if isinstance(a, list) else len(b) if isinstance(b, list) else 0
    lefts, rights = _stretched(a, length), _stretched(b, length)
    return [_at_once(operation, left, right) for left, right in zip(lefts, rights, strict=True)]


def _series_of(value: Value) -> Series:
    if not isinstance(value, list):
        raise Unsupported("a metric is expected")
    return value


def _stretched(value: float | Series, length: int) -> Series:
    return value if isinstance(value, list) else [float(value)] * length


def _at_once(operation: Operation, a: float | None, b: float | None) -> float | None:
    if a is None or b is None:
        return None
    result = float(operation(a, b))
    return result if math.isfinite(result) else None


def _if(condition: Value, yes: Value, no: Value) -> Value:
    """Of each period the one or the other; none where the condition has no data."""
    parts = [condition, yes, no]
    if any(isinstance(part, Many) for part in parts):
        raise Unsupported("IF takes no arrays")
    length = max((len(part) for part in parts if isinstance(part, list)), default=0)
    if not length:
        return yes if condition else no
    conditions, yeses, noes = (_stretched(part, length) for part in parts if not isinstance(part, Many))
    rows = zip(conditions, yeses, noes, strict=True)
    return [None if chosen is None else left if chosen else right for chosen, left, right in rows]


def _reduced(reduce: Callable[[list[float]], float]) -> Callable[[Value], Value]:
    """Of an array: one series of what each period has. Of a series: one number."""

    def apply(value: Value) -> Value:
        if isinstance(value, Many):
            columns = [[point for point in column if point is not None] for column in zip(*value.series, strict=True)]
            return [reduce(column) if column else None for column in columns]
        if isinstance(value, list):
            points = [point for point in value if point is not None]
            return reduce(points) if points else 0.0
        raise Unsupported("a metric is expected")

    return apply


def _pointwise(change: Callable[[float], float]) -> Callable[[Value], Value]:
    return lambda value: _combine(lambda a, _: change(a), value, 0.0)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "ABS": _pointwise(abs),
    "AVG": _reduced(lambda points: sum(points) / len(points)),
    "CEIL": _pointwise(math.ceil),
    "FLOOR": _pointwise(math.floor),
    "IF": _if,
    "MAX": _reduced(max),
    "MIN": _reduced(min),
    "SUM": _reduced(sum),
}
