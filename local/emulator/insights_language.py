"""Reads queries in the Logs Insights language
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html) into stages of expressions; needs
nothing of MiniStack. What it does not know raises Malformed, as AWS refuses what it does not know."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from .insights_values import AGGREGATES, FUNCTIONS, Moment, Row, Value, compare, compute, duration, floor_to


class Malformed(ValueError):
    """The query is wrong, or uses what this evaluator lacks."""


@dataclass(frozen=True)
class Scope:
    """Where an expression is computed: the fields of one event, or those of a group with its events."""

    row: Row
    group: list[Row] | None = None


Expression = Callable[[Scope], Value]


class Token(NamedTuple):
    """`start` and `end` in the stage's text."""

    kind: str
    text: str
    start: int
    end: int


class Column(NamedTuple):
    """An expression with the name that its values get."""

    name: str
    value: Expression


_TOKEN = re.compile(
    r"\s*(?:(?P<duration>\d+\s*(?:ms|msecs?|secs?|s|mins?|m|hrs?|h|d|w)\b)|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<string>\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')|`(?P<quoted>[^`]+)`"
    r"|(?P<name>[A-Za-z_@][\w@]*(?:\.[\w@]+)*)|(?P<sign>=~|!=|<=|>=|[-+*/%^()\[\],=<>]))"
)
_REGEX = re.compile(r"\s*/((?:\\.|[^/\\])*)/([a-z]*)")
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_STAGE = re.compile(
    r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|(?:like|=~|parse\s+[\w@.`]+)\s+/(?:\\.|[^/\\])*/|\||#[^\n]*", re.IGNORECASE
)


def stages(query: str) -> Iterator[tuple[str, str]]:
    """Each command in lower case, with the rest of its text."""
    parts, at = [""], 0
    for match in _STAGE.finditer(query):
        parts[-1] += query[at : match.start()]
        at = match.end()
        if match[0] == "|":
            parts.append("")
        elif not match[0].startswith("#"):
            parts[-1] += match[0]
    parts[-1] += query[at:]
    for part in parts:
        words = part.split(None, 1)
        if words:
            yield words[0].lower(), words[1].strip() if len(words) > 1 else ""


def regex(pattern: str, flags: str = "") -> re.Pattern[str]:
    """AWS's regular expressions name groups `(?<name>…)`. Raises Malformed."""
    try:
        return re.compile(re.sub(r"\(\?<(?![=!])", "(?P<", pattern), re.IGNORECASE if "i" in flags else 0)
    except re.error as error:
        raise Malformed(f"/{pattern}/: {error}") from error


def unquoted(text: str) -> str:
    """What a quoted text says."""
    return re.sub(r"\\(.)", r"\1", text[1:-1])


class Parser:
    """Reads the text of one stage."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._at = 0

    def columns(self) -> list[Column]:
        """`expression [as name], …`, up to the end or to the word `by`."""
        found = []
        while True:
            start = self._peek().start
            value = self.disjunction()
            name = self._text[start : self._tokens[self._at - 1].end].strip().strip("`")
            if self._word("as"):
                name = self._take("name").text
            found.append(Column(name, value))
            if not self._sign(","):
                return found

    def orders(self) -> list[tuple[Column, bool]]:
        """`expression [asc|desc], …`; True for descending. One that an earlier stage has computed is that column."""
        found = []
        while True:
            start = self._peek().start
            value = self.disjunction()
            name = self._text[start : self._tokens[self._at - 1].end].strip()
            descending = self._word("desc")
            if not descending:
                self._word("asc")
            found.append((Column(name, _known_or(name, value)), descending))
            if not self._sign(","):
                return found

    def by(self) -> bool:
        """Whether the word `by` comes, which is then behind."""
        return self._word("by")

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise Malformed(f"unexpected {self._peek().text!r}")

    def disjunction(self) -> Expression:
        value = self._conjunction()
        while self._word("or"):
            value = _either(value, self._conjunction())
        return value

    def _conjunction(self) -> Expression:
        value = self._negation()
        while self._word("and"):
            value = _both(value, self._negation())
        return value

    def _negation(self) -> Expression:
        return _not(self._negation()) if self._word("not") else self._comparison()

    def _comparison(self) -> Expression:
        left = self._arithmetic(0)
        if self._peek().text in _COMPARISONS and self._peek().kind == "sign":
            return _compared(self._take("sign").text, left, self._arithmetic(0))
        negated = self._word("not")
        if self._word("like") or self._sign("=~"):
            found = _like(left, self._pattern())
        elif self._word("in"):
            found = _within(left, self._list("[", "]"))
        elif negated:
            raise Malformed("`not` stands before like or in")
        else:
            return left
        return _not(found) if negated else found

    def _pattern(self) -> re.Pattern[str]:
        token = self._next()
        if token.kind == "regex":
            match = _REGEX.fullmatch(token.text)
            return regex(match[1], match[2]) if match else regex(token.text)
        if token.kind == "string":
            return regex(re.escape(unquoted(token.text)))
        raise Malformed("like takes a text or a /regular expression/")

    def _arithmetic(self, level: int) -> Expression:
        if level == len(_LEVELS):
            return self._operand()
        value = self._arithmetic(level + 1)
        while self._peek().kind == "sign" and self._peek().text in _LEVELS[level]:
            value = _computed(self._next().text, value, self._arithmetic(level + 1))
        return value

    def _operand(self) -> Expression:
        token = self._next()
        if token.kind in _CONSTANTS:
            return _constant(_CONSTANTS[token.kind](token.text))
        if token.kind in {"name", "quoted"}:
            return self._call(token.text) if token.kind == "name" and self._peek().text == "(" else _field(token.text)
        if token.text == "-":
            return _computed("-", _constant(0), self._operand())
        if token.text == "(":
            value = self.disjunction()
            if not self._sign(")"):
                raise Malformed("`)` is missing")
            return value
        raise Malformed(f"unexpected {token.text!r}")

    def _call(self, name: str) -> Expression:
        lower = name.lower()
        if lower in AGGREGATES:
            return _aggregate(lower, self._list("(", ")"))
        arguments = self._list("(", ")")
        if lower == "bin":
            return _binned(arguments)
        if lower in {"earliest", "latest"}:
            return _by_time(arguments, last=lower == "latest")
        if lower not in FUNCTIONS:
            raise Malformed(f"unknown function {name!r}")
        return lambda scope: FUNCTIONS[lower](*(argument(scope) for argument in arguments))

    def _list(self, opening: str, closing: str) -> list[Expression]:
        if not self._sign(opening):
            raise Malformed(f"{opening!r} is missing")
        found: list[Expression] = []
        while not self._sign(closing):
            if found and not self._sign(","):
                raise Malformed(f"{closing!r} is missing")
            found.append(_constant(1) if self._sign("*") else self.disjunction())
        return found

    def _peek(self) -> Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else Token("", "", len(self._text), 0)

    def _next(self) -> Token:
        token = self._peek()
        if not token.kind:
            raise Malformed("the query ends too early")
        self._at += 1
        return token

    def _take(self, kind: str) -> Token:
        token = self._next()
        if token.kind not in {kind, "quoted"}:
            raise Malformed(f"unexpected {token.text!r}")
        return token

    def _word(self, word: str) -> bool:
        return self._behind(self._peek().kind == "name" and self._peek().text.lower() == word)

    def _sign(self, sign: str) -> bool:
        return self._behind(self._peek().kind == "sign" and self._peek().text == sign)

    def _behind(self, there: bool) -> bool:
        self._at += there
        return there


_LEVELS = (("+", "-"), ("*", "/", "%"), ("^",))


def _milliseconds(text: str) -> int:
    match = re.fullmatch(r"(\d+)\s*(\w+)", text)
    if match is None:
        raise Malformed(f"no period: {text!r}")
    return duration(match[1], match[2])


_CONSTANTS: dict[str, Callable[[str], Any]] = {"number": float, "string": unquoted, "duration": _milliseconds}


def _tokens(text: str) -> Iterator[Token]:
    at, last = 0, ""
    text = text.rstrip()
    while at < len(text):
        found = _REGEX.match(text, at) if last in {"like", "=~"} else None
        if found:
            yield Token("regex", found[0].strip(), at, found.end())
            at, last = found.end(), "regex"
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            raise Malformed(f"unexpected {text[at:]!r}")
        kind = str(match.lastgroup)
        yield Token(kind, match[kind], match.start(kind), match.end())
        at, last = match.end(), match[kind].lower()


def _constant(value: Value) -> Expression:
    return lambda _scope: value


def _field(name: str) -> Expression:
    if name.lower() in {"true", "false"}:
        return _constant(int(name.lower() == "true"))
    return lambda scope: scope.row.get(name)


def _known_or(name: str, value: Expression) -> Expression:
    return lambda scope: scope.row[name] if name in scope.row else value(scope)


def _either(a: Expression, b: Expression) -> Expression:
    return lambda scope: bool(a(scope)) or bool(b(scope))


def _both(a: Expression, b: Expression) -> Expression:
    return lambda scope: bool(a(scope)) and bool(b(scope))


def _not(a: Expression) -> Expression:
    return lambda scope: not a(scope)


def _compared(sign: str, a: Expression, b: Expression) -> Expression:
    return lambda scope: compare(sign, a(scope), b(scope))


def _computed(sign: str, a: Expression, b: Expression) -> Expression:
    return lambda scope: compute(sign, a(scope), b(scope))


def _like(a: Expression, pattern: re.Pattern[str]) -> Expression:
    return lambda scope: (value := a(scope)) is not None and pattern.search(str(value)) is not None


def _within(a: Expression, values: list[Expression]) -> Expression:
    return lambda scope: any(compare("=", a(scope), value(scope)) for value in values)


def _binned(arguments: list[Expression]) -> Expression:
    length = arguments[-1]
    return lambda scope: floor_to(scope.row.get("@timestamp"), length(scope))


def _aggregate(name: str, arguments: list[Expression]) -> Expression:
    def value(scope: Scope) -> Value:
        if scope.group is None:
            raise Malformed(f"{name} belongs into stats")
        of = arguments[0] if arguments else _constant(1)
        return AGGREGATES[name]([of(Scope(row)) for row in scope.group], *(more(scope) for more in arguments[1:]))

    return value


def _by_time(arguments: list[Expression], *, last: bool) -> Expression:
    def value(scope: Scope) -> Value:
        rows = [row for row in scope.group or [] if arguments[0](Scope(row)) is not None]
        rows.sort(key=lambda row: row.get("@timestamp", Moment(0)))
        return arguments[0](Scope(rows[-1 if last else 0])) if rows else None

    return value
