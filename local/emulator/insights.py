"""A stand-in for CloudWatch Logs Insights, for trying queries before they are needed: `fields`, `display`, `filter`,
`parse`, `stats … by`, `sort`, `dedup` and `limit`. MiniStack computes nothing and groups nothing, knows no field of a
JSON line, and passes over a filter that it does not understand, so that everything matches.

It is no proof for AWS: `pct` is exact here and an approximation there, a field that is missing differs from every text
(AWS does not say), and of AWS's commands `pattern`, `diff`, `unnest`, `join`, `anomaly` and more are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from .insights_language import Malformed, Parser, Scope, regex, stages, unquoted
from .insights_values import Moment, Row, discovered, sort_key, text

MOST_ROWS = 10_000
_PARSE = re.compile(
    r"(?:(?P<field>[\w@.]+|`[^`]+`)\s+)?(?:/(?P<regex>(?:\\.|[^/\\])*)/(?P<flags>[a-z]*)"
    r"|(?P<glob>\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')\s+as\s+(?P<names>[\w@., ]+))",
    re.IGNORECASE,
)


class Query:
    """A query that was read. Raises Malformed."""

    def __init__(self, query: str) -> None:
        self._stages: list[Callable[[list[Row]], list[Row]]] = []
        self._shown: list[str] = []
        self._parsed: list[str] = []
        self._displayed = self._aggregated = False
        self.sorted = False
        for command, rest in stages(query):
            read = getattr(self, f"_read_{command}", None)
            if read is None:
                raise Malformed(f"unknown command {command!r}")
            read(rest)

    def run(self, rows: Iterable[Row]) -> list[list[dict[str, str]]]:
        """The results, as GetQueryResults gives them, of events as `event` makes them, oldest first. Those that nothing
        sorts come newest first."""
        found = list(rows)
        found.reverse()
        for stage in self._stages:
            found = stage(found)
        return [self._result(row) for row in found[:MOST_ROWS]]

    def _result(self, row: Row) -> list[dict[str, str]]:
        shown = self._shown or ["@timestamp", "@message", *self._parsed]
        if not self._aggregated:
            shown = [*shown, "@ptr"]
        values = ((name, row.get(name)) for name in dict.fromkeys(shown))
        return [{"field": name, "value": text(value)} for name, value in values if value is not None]

    def _read_fields(self, rest: str) -> None:
        parser = Parser(rest)
        columns = parser.columns()
        parser.end()
        if not self._displayed:
            self._shown += [column.name for column in columns]
        # A plain field keeps its value: what it computes is itself.
        self._stages.append(lambda rows: [{**row, **{c.name: c.value(Scope(row)) for c in columns}} for row in rows])

    def _read_display(self, rest: str) -> None:
        self._displayed = True
        self._shown = [name.strip().strip("`") for name in rest.split(",")]

    def _read_filter(self, rest: str) -> None:
        parser = Parser(rest)
        wanted = parser.disjunction()
        parser.end()
        self._stages.append(lambda rows: [row for row in rows if wanted(Scope(row))])

    def _read_parse(self, rest: str) -> None:
        said = _PARSE.fullmatch(rest)
        if said is None:
            raise Malformed(f"parse {rest}")
        if said["glob"]:
            names = [name.strip() for name in said["names"].split(",")]
            parts = [re.escape(part) for part in unquoted(said["glob"]).split("*")]
            if len(parts) != len(names) + 1:
                raise Malformed("parse names as many fields as there are *")
            pattern = regex(
                parts[0] + "".join(f"(?P<g{n}>.*?){part}" for n, part in enumerate(parts[1:])) + _end(parts)
            )
            groups = {f"g{n}": name for n, name in enumerate(names)}
        else:
            pattern = regex(said["regex"], said["flags"])
            groups = {name: name for name in pattern.groupindex}
        self._parsed += groups.values()
        source = (said["field"] or "@message").strip("`")
        self._stages.append(lambda rows: [{**row, **_parsed(row.get(source), pattern, groups)} for row in rows])

    def _read_stats(self, rest: str) -> None:
        parser = Parser(rest)
        columns = parser.columns()
        keys = parser.columns() if parser.by() else []
        parser.end()
        self._aggregated = True
        self._displayed = False
        self._shown = [column.name for column in [*keys, *columns]]

        def aggregate(rows: list[Row]) -> list[Row]:
            groups: dict[tuple[str | None, ...], tuple[Row, list[Row]]] = {}
            for row in rows:
                values = {key.name: key.value(Scope(row)) for key in keys}
                name = tuple(None if value is None else text(value) for value in values.values())
                groups.setdefault(name, (values, []))[1].append(row)
            if not groups and not keys:
                groups[()] = ({}, [])
            found = []
            for values, group in groups.values():
                for column in columns:  # one after the other: a later one may use an earlier one's name
                    values[column.name] = column.value(Scope(values, group))
                found.append(values)
            return found

        self._stages.append(aggregate)

    def _read_sort(self, rest: str) -> None:
        parser = Parser(rest)
        orders = parser.orders()
        parser.end()

        def ordered(rows: list[Row]) -> list[Row]:
            found = list(rows)
            for column, descending in reversed(orders):
                keys = [sort_key(column.value(Scope(row))) for row in found]
                order = sorted(range(len(found)), key=keys.__getitem__, reverse=descending)
                found = [found[number] for number in order]
            return found

        self._stages.append(ordered)

    def _read_dedup(self, rest: str) -> None:
        names = [name.strip().strip("`") for name in rest.split(",")]

        def first_ones(rows: list[Row]) -> list[Row]:
            found: dict[tuple[Any, ...], Row] = {}
            for row in rows:
                found.setdefault(tuple(row.get(name) for name in names), row)
            return list(found.values())

        self._stages.append(first_ones)

    def _read_limit(self, rest: str) -> None:
        if not rest.isdigit():
            raise Malformed(f"limit {rest}")
        self._stages.append(lambda rows: rows[: int(rest)])


def _end(parts: list[str]) -> str:
    """A * at the end takes all that is left."""
    return "$" if not parts[-1] else ""


def _parsed(value: Any, pattern: re.Pattern[str], groups: dict[str, str]) -> Row:
    found = pattern.search(text(value)) if value is not None else None
    return {name: found[group] for group, name in groups.items()} if found else {}


def event(record: dict[str, Any], account: str) -> Row:
    """The fields of one of MiniStack's log records. `@log` names the account before the group, as in AWS."""
    known = {name: record[name] for name in ("@message", "@logStream", "@ptr")}
    more = {"@log": f"{account}:{record['@log']}", "@timestamp": Moment(record["_timestamp_ms"])}
    return {**discovered(record["@message"]), **known, **more}


def install() -> None:
    """Give StartQuery's answers. A query that can't be read is refused, as AWS does."""
    from ministack.core.responses import error_response_json, get_account_id
    from ministack.services import cloudwatch_logs  # here, so that the rest can be tested without MiniStack

    start = cloudwatch_logs._start_query

    def start_query(data: dict[str, Any]) -> Any:
        try:
            query = Query(str(data.get("queryString", "")))
            answer = start({**data, "queryString": ""})
            if answer[0] != 200:
                return answer
            stored = cloudwatch_logs._queries[json.loads(answer[2])["queryId"]]
            records = cloudwatch_logs._collect_query_records(
                cloudwatch_logs._resolve_query_log_groups(data), stored["startTime"], stored["endTime"]
            )
            results = query.run(event(record, get_account_id()) for record in records)
        except Malformed as error:
            return error_response_json("MalformedQueryException", str(error), 400)
        stored.update(queryString=data.get("queryString", ""), results=results[: int(data.get("limit") or MOST_ROWS)])
        stored["statistics"] = {**stored["statistics"], "recordsMatched": float(len(results))}
        return answer

    cloudwatch_logs._start_query = start_query
