"""Expressions of queries to the logs, as CloudWatch Logs Insights reads them: a tree of tuples, whose first says what
it is, and what it is worth for a row or, with aggregates, for many."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
Tree = tuple[Any, ...]


class Malformed(ValueError):
    """The query is not one that is understood here."""


_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<number>\d+(?:\.\d+)?)(?P<unit>[smhd](?![\w]))?
    |(?P<name>@?[A-Za-z_][\w.@]*)|(?P<sign><=|>=|!=|[=<>()\[\],+\-*/]))""",
    re.VERBOSE,
)
_REGEX = re.compile(r"\s*/((?:\\.|[^/\\])*)/(i?)")


_KNOWN = {
    *("ispresent", "coalesce", "bin"),
    *("count", "count_distinct", "sum", "min", "max", "avg", "pct", "earliest", "latest"),
}


class Parser:
    """Reads one expression; what binds least is read first."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def whole(self) -> Tree:
        tree = self._either()
        if self._text[self._at :].strip():
            raise Malformed(f"not understood: {self._text[self._at :].strip()!r}")
        return tree

    def _either(self) -> Tree:
        tree = self._both()
        while self._word("or"):
            tree = ("or", tree, self._both())
        return tree

    def _both(self) -> Tree:
        tree = self._negated()
        while self._word("and"):
            tree = ("and", tree, self._negated())
        return tree

    def _negated(self) -> Tree:
        return ("not", self._negated()) if self._word("not") else self._compared()

    def _compared(self) -> Tree:
        tree = self._sum()
        if self._word("like"):
            return ("like", tree, self._pattern())
        if self._word("in"):
            return ("in", tree, self._list("[", "]"))
        sign = self._sign("=", "!=", "<=", ">=", "<", ">")
        return (sign, tree, self._sum()) if sign else tree

    def _sum(self) -> Tree:
        tree = self._product()
        while sign := self._sign("+", "-"):
            tree = (sign, tree, self._product())
        return tree

    def _product(self) -> Tree:
        tree = self._one()
        while sign := self._sign("*", "/"):
            tree = (sign, tree, self._one())
        return tree

    def _one(self) -> Tree:
        if self._sign("("):
            tree = self._either()
            self._expect(")")
            return tree
        match = self._next()
        if match["text"]:
            return ("value", re.sub(r"\\(.)", r"\1", match["text"][1:-1]))
        if match["number"]:
            return ("value", float(match["number"]) * _SECONDS.get(match["unit"], 1))
        if not match["name"]:
            raise Malformed(f"not understood: {match[0]!r}")
        if self._sign("("):
            if match["name"].lower() not in _KNOWN:
                raise Malformed(f"{match['name']}() is not known here")
            return ("call", match["name"].lower(), self._arguments())
        return ("field", match["name"])

    def _arguments(self) -> tuple[Tree, ...]:
        if self._sign("*"):
            self._expect(")")
            return ()
        return self._list("", ")")

    def _list(self, begin: str, end: str) -> tuple[Tree, ...]:
        if begin:
            self._expect(begin)
        found: list[Tree] = []
        while not self._sign(end):
            if found:
                self._expect(",")
            found.append(self._either())
        return tuple(found)

    def _pattern(self) -> re.Pattern[str]:
        if match := _REGEX.match(self._text, self._at):
            self._at = match.end()
            return re.compile(match[1], re.IGNORECASE if match[2] else 0)
        text = self._next()["text"]
        if not text:
            raise Malformed("like needs a pattern")
        return re.compile(re.escape(text[1:-1]))

    def _next(self) -> re.Match[str]:
        match = _TOKEN.match(self._text, self._at)
        if not match:
            raise Malformed(f"not understood: {self._text[self._at :].strip()!r}")
        self._at = match.end()
        return match

    def _sign(self, *signs: str) -> str:
        match = _TOKEN.match(self._text, self._at)
        if match and match["sign"] in signs:
            self._at = match.end()
            return match["sign"]
        return ""

    def _word(self, word: str) -> bool:
        match = _TOKEN.match(self._text, self._at)
        if match and (match["name"] or "").lower() == word:
            self._at = match.end()
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._sign(sign):
            raise Malformed(f"{sign!r} expected at {self._text[self._at :]!r}")


_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def value(tree: Tree, row: Row) -> Any:
    """What an expression is worth for one row; None where a field is missing."""
    kind = tree[0]
    if kind == "field":
        return row.get(tree[1])
    if kind == "value":
        return tree[1]
    if kind == "call":
        return _called(tree[1], tree[2], row)
    if kind in ("and", "or", "not"):
        parts = [bool(value(part, row)) for part in tree[1:]]
        return not parts[0] if kind == "not" else (all(parts) if kind == "and" else any(parts))
    return _compared(tree, row) if kind in _COMPARISONS else _calculated(kind, [value(part, row) for part in tree[1:]])


_COMPARISONS = ("like", "in", "=", "!=", "<", "<=", ">", ">=")


def _compared(tree: Tree, row: Row) -> bool:
    kind, left = tree[0], value(tree[1], row)
    if kind == "like":
        return left is not None and tree[2].search(text_of(left)) is not None
    if kind == "in":
        return any(_equal(left, value(part, row)) for part in tree[2])
    right = value(tree[2], row)
    if kind in ("=", "!="):
        return _equal(left, right) is (kind == "=")
    low, high = number_of(left), number_of(right)
    if low is None or high is None:
        return False
    return {"<": low < high, "<=": low <= high, ">": low > high, ">=": low >= high}[kind]


def _equal(left: Any, right: Any) -> bool:
    if left is None:
        return False
    numbers = number_of(left), number_of(right)
    return numbers[0] == numbers[1] if None not in numbers else text_of(left) == text_of(right)


def _calculated(sign: str, sides: Sequence[Any]) -> float | None:
    left, right = (number_of(side) for side in sides)
    if left is None or right is None or (sign == "/" and not right):
        return None
    return {"+": left + right, "-": left - right, "*": left * right, "/": left / (right or 1)}[sign]


def _called(name: str, arguments: Sequence[Tree], row: Row) -> Any:
    values = [value(argument, row) for argument in arguments]
    if name == "ispresent":
        return values[0] is not None
    if name == "coalesce":
        return next((found for found in values if found is not None), None)
    if name == "bin":
        at = row.get("@timestamp", "")
        return _binned(str(at), int(values[0]))
    raise Malformed(f"{name}() is not known here")


def _binned(at: str, seconds: int) -> str:
    hours, minutes, rest = at[11:19].split(":")
    past = (int(hours) * 3600 + int(minutes) * 60 + int(rest)) // seconds * seconds
    return f"{at[:10]} {past // 3600:02}:{past // 60 % 60:02}:{past % 60:02}.000"


def aggregate(tree: Tree, rows: Sequence[Row]) -> Any:
    """What an expression of aggregates is worth for the rows of a group."""
    if tree[0] == "call":
        return _aggregated(tree[1], tree[2], rows)
    if tree[0] in ("+", "-", "*", "/"):
        return _calculated(tree[0], [aggregate(part, rows) for part in tree[1:]])
    if tree[0] == "value":
        return tree[1]
    raise Malformed("stats takes aggregates")


def _aggregated(name: str, arguments: Sequence[Tree], rows: Sequence[Row]) -> Any:
    if name == "count" and not arguments:
        return len(rows)
    if not arguments:
        raise Malformed(f"{name}() needs a field")
    if name in ("earliest", "latest"):
        ordered = sorted(rows, key=lambda row: str(row.get("@timestamp", "")), reverse=name == "latest")
        return next((found for row in ordered if (found := value(arguments[0], row)) is not None), None)
    values = [found for row in rows if (found := value(arguments[0], row)) is not None]
    if name in ("count", "count_distinct"):
        return len(values) if name == "count" else len({text_of(found) for found in values})
    numbers = sorted(number for found in values if (number := number_of(found)) is not None)
    if name == "pct" and len(arguments) == 2:
        share = float(value(arguments[1], {})) / 100
        return numbers[max(0, math.ceil(share * len(numbers)) - 1)] if numbers else None
    if name not in _OF_NUMBERS:
        raise Malformed(f"{name}() is no aggregate known here")
    return _OF_NUMBERS[name](numbers) if numbers else None


_OF_NUMBERS: dict[str, Callable[[list[float]], float]] = {
    "sum": sum,
    "min": min,
    "max": max,
    "avg": lambda numbers: sum(numbers) / len(numbers),
}


def number_of(found: Any) -> float | None:
    try:
        return float(found)
    except (TypeError, ValueError):
        return None


def text_of(found: Any) -> str:
    if found is None:
        return ""
    return f"{found:g}" if isinstance(found, float) and found == int(found) else str(found)
