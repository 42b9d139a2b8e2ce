"""Which tests can notice a mutant: those that run its line. The quickest of its own area come first."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from mutant import ROOT, Mutant

Function = ast.FunctionDef | ast.AsyncFunctionDef
ONE_ROUND = 500
"""So many tests run first; the others only if these pass."""


class Test(NamedTuple):
    nodeid: str
    seconds: float

    def is_of(self, area: str) -> bool:
        return self.nodeid.startswith(f"tests/{area}/")


class Reached:
    def __init__(self, noted: Path) -> None:
        read = json.loads(noted.read_text(encoding="utf-8"))
        self.tests = [Test(*test) for test in read["tests"]]
        self._lines = {
            path: {int(line): int(tests, 16) for line, tests in lines.items()} for path, lines in read["lines"].items()
        }
        """Of each line, the tests that run it: a bit each."""

    def rounds(self, mutant: Mutant) -> Iterator[list[Test]]:
        """Each list is to be run if those before it passed. There is none if no test runs this line."""
        area, statement = Path(mutant.path).parent.name, _at(mutant.path, mutant.line)
        if statement.called:
            noticing = self._running(mutant.path, *_own_lines(statement.node))
        else:
            noticing = self._using(mutant.path, statement.node)
        own = [test for test in self._listed(noticing) if test.is_of(area)]
        others = [test for test in self._listed(noticing) if not test.is_of(area)]
        rest = [] if statement.called else [test for test in self.tests if test.is_of(area) and test not in own]
        for tests in (own, rest, others):
            ordered = sorted(tests, key=lambda test: test.seconds)
            yield from (ordered[first : first + ONE_ROUND] for first in range(0, len(ordered), ONE_ROUND))

    def _listed(self, bits: int) -> list[Test]:
        return [test for number, test in enumerate(self.tests) if bits >> number & 1]

    def _using(self, path: str, statement: ast.stmt) -> int:
        """What runs when a module is imported, such as a constant, shows in the functions that name it, or else
        anywhere."""
        names, found = _names(path, statement), 0
        for source in self._lines:
            for function in (node for node in ast.walk(_tree(source)) if isinstance(node, Function)):
                if function is statement or names & _named(function):
                    found |= self._running(source, function.body[0].lineno, function.end_lineno or 0)
        return found or (1 << len(self.tests)) - 1

    def _running(self, path: str, first: int, last: int) -> int:
        lines, found = self._lines.get(path, {}), 0
        for line in range(first, last + 1):
            found |= lines.get(line, 0)
        return found


class Statement(NamedTuple):
    node: ast.stmt
    called: bool
    """It runs when a function is called, not when its module is imported."""


@cache
def _tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def _at(path: str, line: int) -> Statement:
    """The innermost statement that has this line."""
    around = [
        node
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.stmt) and _first(node) <= line <= (node.end_lineno or 0)
    ]
    called = any(isinstance(node, Function) and node.body[0].lineno <= line for node in around)
    return Statement(min(around, key=lambda node: (node.end_lineno or 0) - _first(node)), called)


def _first(statement: ast.stmt) -> int:
    return min([statement.lineno, *(decorator.lineno for decorator in getattr(statement, "decorator_list", []))])


def _own_lines(statement: ast.stmt) -> tuple[int, int]:
    """Of a loop or a condition, its head alone."""
    body = getattr(statement, "body", None)
    return statement.lineno, max(body[0].lineno - 1, statement.lineno) if body else statement.end_lineno or 0


def _names(path: str, statement: ast.stmt) -> frozenset[str]:
    """What the statement defines, and what the module makes of that."""
    names = _defined(statement)
    for other in _tree(path).body:
        if isinstance(other, ast.Assign | ast.AnnAssign) and names & _named(other):
            names |= _defined(other)
    return names


def _defined(statement: ast.stmt) -> frozenset[str]:
    if isinstance(statement, Function | ast.ClassDef):
        return frozenset({statement.name})
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return frozenset(node.id for target in targets if target for node in ast.walk(target) if isinstance(node, ast.Name))


@cache
def _named(node: ast.AST) -> frozenset[str]:
    return frozenset(
        name
        for inner in ast.walk(node)
        for name in (getattr(inner, "id", None), getattr(inner, "attr", None), getattr(inner, "arg", None))
        if name
    )
