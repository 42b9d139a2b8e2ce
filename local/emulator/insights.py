"""A stand-in for CloudWatch Logs Insights, for a part of its language
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html); `KNOWN` says which. Everything else is
refused. MiniStack aggregates nothing, knows no field of a JSON line, and passes over a filter that it does not
understand, so that every event matches.

It proves nothing about AWS where AWS approximates (`pct`) or does not say: here a missing field differs from every
text.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable
from typing import Any

from .log_fields import Moment, Row, Value, compare, discovered, number, sort_key, text
from .replacing import replaces

KNOWN = """fields NAME, coalesce(NAME, …) as NAME
filter NAME = VALUE (also !=, <, <=, >, >=, like "part", in [VALUE, …]) and ispresent(NAME) and …
stats count(*), avg|count|latest|max|sum(NAME), pct(NAME, NUMBER) as NAME by NAME, …   (once)
sort NAME asc|desc
limit NUMBER"""
MOST_ROWS = 10_000

Stage = Callable[[list[Row]], list[Row]]
_NAME = r"[A-Za-z_@][\w@]*(?:\.[\w@]+)*"
_TEXT = r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'"
_NUMBER = r"\d+(?:\.\d+)?"
_VALUE = rf"(?:{_TEXT}|{_NUMBER})"
_STAGE = re.compile(rf"(?:[^|\"']|{_TEXT})+")
_FIELD = rf"coalesce\((?P<of>{_NAME}(?:\s*,\s*{_NAME})*)\)\s+as\s+(?P<as>{_NAME})|(?P<name>{_NAME})(?![\w@.(])"
_CONDITION = (
    rf"ispresent\((?P<present>{_NAME})\)|(?P<name>{_NAME})(?:\s*(?P<sign>!=|<=|>=|=|<|>)\s*(?P<value>{_VALUE})"
    rf"|\s+like\s+(?P<part>{_TEXT})|\s+in\s*\[\s*(?P<values>{_VALUE}(?:\s*,\s*{_VALUE})*)\s*\])"
)
_AGGREGATE = (
    rf"(?P<call>(?P<function>[a-z]+)\((?P<field>\*|{_NAME})(?:\s*,\s*(?P<share>{_NUMBER}))?\))"
    rf"(?:\s+as\s+(?P<as>{_NAME}))?"
)
_SORT = re.compile(rf"(?P<name>{_NAME})(?:\s+(?P<order>asc|desc))?")


class Malformed(ValueError):
    """The query is wrong, or uses what this emulator lacks."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}. This emulator understands:\n{KNOWN}")


class Query:
    """A query that was read. Raises Malformed."""

    def __init__(self, query: str) -> None:
        self._shown: list[str] = []
        self._aggregated = False
        stages = _STAGE.findall(query)
        if not stages or "|".join(stages) != query:
            raise Malformed(f"{query!r} is empty, lacks a command or a closing quote")
        self._stages = [self._stage(*stage.split(None, 1)) for stage in stages]

    def run(self, rows: Iterable[Row]) -> list[list[dict[str, str]]]:
        """The results, as GetQueryResults gives them, of events as `event` makes them, oldest first. Those that nothing
        sorts come newest first."""
        found = list(rows)
        found.reverse()
        for stage in self._stages:
            found = stage(found)
        return [self._result(row) for row in found[:MOST_ROWS]]

    def _result(self, row: Row) -> list[dict[str, str]]:
        shown = self._shown or ["@timestamp", "@message"]
        shown = shown if self._aggregated else [*shown, "@ptr"]
        values = ((name, row.get(name)) for name in dict.fromkeys(shown))
        return [{"field": name, "value": text(value)} for name, value in values if value is not None]

    def _stage(self, command: str = "", rest: str = "") -> Stage:
        readers: dict[str, Callable[[str], Stage]] = {"filter": _filter, "sort": _sort, "limit": _limit}
        if not self._aggregated:
            readers |= {"fields": self._fields, "stats": self._stats}
        if command not in readers:
            raise Malformed(f"The command {command!r} is unknown" + " after stats" * self._aggregated)
        return readers[command](rest.strip())

    def _fields(self, rest: str) -> Stage:
        found = _each(_FIELD, rest)
        columns = {match["name"] or match["as"]: re.findall(_NAME, match["of"] or match["name"]) for match in found}
        self._shown += columns
        return lambda rows: [{**row, **{name: _first(row, of) for name, of in columns.items()}} for row in rows]

    def _stats(self, rest: str) -> Stage:
        aggregates, *by = re.split(r"\s+by\s+", rest, maxsplit=1)
        columns = {match["as"] or match["call"]: _aggregate(match) for match in _each(_AGGREGATE, aggregates)}
        keys = [match[0] for match in _each(_NAME, by[0])] if by else []
        self._aggregated = True
        self._shown = [*keys, *columns]

        def grouped(rows: list[Row]) -> list[Row]:
            groups: dict[tuple[str | None, ...], list[Row]] = {} if keys else {(): []}
            for row in rows:
                name = tuple(None if row.get(key) is None else text(row[key]) for key in keys)
                groups.setdefault(name, []).append(row)
            return [
                {key: group[0].get(key) for key in keys} | {name: of(group) for name, of in columns.items()}
                for group in groups.values()
            ]

        return grouped


def _each(pattern: str, given: str, separator: str = ",") -> list[re.Match[str]]:
    """The list that the text is. Raises Malformed."""
    item, between = re.compile(pattern), re.compile(rf"\s*{separator}\s*")
    found, at = [], 0
    while match := item.match(given, at):
        found.append(match)
        next_one = between.match(given, match.end())
        if next_one is None:
            break
        at = next_one.end()
    if not found or found[-1].end() != len(given):
        raise Malformed(f"{given!r} is wrong or unknown from {given[found[-1].end() if found else 0 :]!r} on")
    return found


def _filter(rest: str) -> Stage:
    conditions = [_condition(match) for match in _each(_CONDITION, rest, r"\band\b")]
    return lambda rows: [row for row in rows if all(holds(row) for holds in conditions)]


def _condition(match: re.Match[str]) -> Callable[[Row], bool]:
    name = match["name"] or match["present"]
    if match["present"]:
        return lambda row: row.get(name) is not None
    if match["part"]:
        part = _value(match["part"])
        return lambda row: (value := row.get(name)) is not None and part in text(value)
    if match["values"]:
        values = [_value(value) for value in re.findall(_VALUE, match["values"])]
        return lambda row: any(compare("=", row.get(name), value) for value in values)
    sign, wanted = match["sign"], _value(match["value"])
    return lambda row: compare(sign, row.get(name), wanted)


def _value(given: str) -> Value:
    return re.sub(r"\\(.)", r"\1", given[1:-1]) if given[0] in "\"'" else float(given)


def _aggregate(match: re.Match[str]) -> Callable[[list[Row]], Value]:
    function, field, share = match["function"], match["field"], match["share"]
    if (function, field, share) == ("count", "*", None):
        return len
    if field != "*" and (function == "pct") == bool(share):
        if function == "pct":
            return lambda rows: percentile(_present(rows, field), float(share))
        if function == "latest":
            return lambda rows: _latest(rows, field)
        if function in _AGGREGATES:
            return lambda rows: _AGGREGATES[function](_present(rows, field))
    raise Malformed(f"{match['call']} is unknown")


def _sort(rest: str) -> Stage:
    match = _SORT.fullmatch(rest)
    if match is None:
        raise Malformed(f"sort {rest!r} is wrong or unknown")
    name, descending = match["name"], match["order"] == "desc"
    return lambda rows: sorted(rows, key=lambda row: sort_key(row.get(name)), reverse=descending)


def _limit(rest: str) -> Stage:
    if not rest.isdecimal():
        raise Malformed(f"limit {rest!r} is no number")
    return lambda rows: rows[: int(rest)]


def _first(row: Row, names: list[str]) -> Value:
    return next((row[name] for name in names if row.get(name) is not None), None)


def _present(rows: list[Row], field: str) -> list[Value]:
    return [row[field] for row in rows if row.get(field) is not None]


def _latest(rows: list[Row], field: str) -> Value:
    found = [row for row in rows if row.get(field) is not None]
    return max(found, key=lambda row: row["@timestamp"])[field] if found else None


def _numbers(values: list[Value]) -> list[float]:
    return [found for found in map(number, values) if found is not None]


def _average(values: list[Value]) -> float | None:
    found = _numbers(values)
    return sum(found) / len(found) if found else None


def percentile(values: list[Value], share: float) -> float | None:
    """The nearest rank; AWS gives an approximation of it."""
    ordered = sorted(_numbers(values))
    rank = math.ceil(share / 100 * len(ordered))
    return ordered[max(0, min(rank, len(ordered)) - 1)] if ordered else None


_AGGREGATES: dict[str, Callable[[list[Value]], Value]] = {
    "avg": _average,
    "count": len,
    "max": lambda values: max(values, key=sort_key, default=None),
    "sum": lambda values: sum(_numbers(values)),
}


def event(record: dict[str, Any], account: str) -> Row:
    """The fields of one of MiniStack's log records. `@log` names the account before the group, as in AWS."""
    known = {name: record[name] for name in ("@message", "@logStream", "@ptr")}
    more = {"@log": f"{account}:{record['@log']}", "@timestamp": Moment(record["_timestamp_ms"])}
    return {**discovered(record["@message"]), **known, **more}


def install() -> None:
    """Give StartQuery's answers. A query that can't be read is refused, as AWS does."""
    from ministack.core.responses import error_response_json, get_account_id
    from ministack.services import cloudwatch_logs  # here, so that the rest can be tested without MiniStack

    @replaces(cloudwatch_logs, "_start_query")
    def start_query(start: Any, data: dict[str, Any]) -> Any:
        try:
            query = Query(str(data.get("queryString", "")))
        except Malformed as error:
            return error_response_json("MalformedQueryException", str(error), 400)
        answer = start({**data, "queryString": ""})
        if answer[0] != 200:
            return answer
        stored = cloudwatch_logs._queries[json.loads(answer[2])["queryId"]]
        records = cloudwatch_logs._collect_query_records(
            cloudwatch_logs._resolve_query_log_groups(data), stored["startTime"], stored["endTime"]
        )
        results = query.run(event(record, get_account_id()) for record in records)
        stored.update(queryString=data.get("queryString", ""), results=results[: int(data.get("limit") or MOST_ROWS)])
        stored["statistics"] = {**stored["statistics"], "recordsMatched": float(len(results))}
        return answer
