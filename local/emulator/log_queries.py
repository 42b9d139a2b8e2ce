"""Stands in for: the part of CloudWatch Logs Insights that MiniStack leaves out. MiniStack reads `fields`, `filter` and
`sort` of `@timestamp` and `@message` and silently skips the rest; here fields of JSON lines are found, and `stats`,
aliases, comparisons and arithmetic work. What is not understood is refused, as in AWS.

MiniStack is imported only to install this, so that tests can read it, too.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any

from local.emulator.log_expressions import Malformed, Parser, Tree, aggregate, number_of, text_of, value

Record = Mapping[str, Any]
Row = dict[str, Any]


def run(query: str, records: Iterable[Record]) -> list[Row]:
    """The rows that a query answers with. A record is a line with its `@timestamp`, `@message` and `@log`.

    Raises Malformed."""
    rows: list[Row] = [fields_of(record) for record in records]
    shown: list[str] | None = None
    for stage in _stages(query):
        command, _, rest = stage.partition(" ")
        if command not in _COMMANDS:
            raise Malformed(f"{command!r} is no command known here")
        rows, shown = _COMMANDS[command](rest.strip(), rows, shown)
    names = shown if shown is not None else ["@timestamp", "@message"]
    return [{name: row[name] for name in names if row.get(name) is not None} for row in rows]


def fields_of(record: Record) -> Row:
    """The record's own fields, and those of its message if it is a JSON object, by dotted names."""
    row: Row = {name: value for name, value in record.items() if not name.startswith("_")}
    try:
        message = json.loads(str(record.get("@message", "")))
    except ValueError:
        return row
    if isinstance(message, dict):
        _flatten(message, "", row)
    return row


def _flatten(value: Any, name: str, row: Row) -> None:
    if isinstance(value, dict):
        inner: Iterable[tuple[Any, Any]] = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    else:
        row[name] = int(value) if isinstance(value, bool) else value
        return
    for key, part in inner:
        _flatten(part, f"{name}.{key}" if name else str(key), row)


# Commands: each takes what follows its name, the rows so far and the columns to show, and gives both anew.

Answer = tuple[list[Row], list[str] | None]


def _fields(text: str, rows: list[Row], shown: list[str] | None) -> Answer:
    columns = _columns(text)
    made = [{**row, **{name: value(tree, row) for tree, name in columns}} for row in rows]
    return made, (shown or []) + [name for _, name in columns]


def _display(text: str, rows: list[Row], _shown: list[str] | None) -> Answer:
    return rows, [name for _, name in _columns(text)]


def _filter(text: str, rows: list[Row], shown: list[str] | None) -> Answer:
    tree = Parser(text).whole()
    return [row for row in rows if value(tree, row)], shown


def _stats(text: str, rows: list[Row], _shown: list[str] | None) -> Answer:
    aggregates, _, by = _split_by(text)
    columns, keys = _columns(aggregates), _columns(by) if by else []

    def key_of(row: Row) -> tuple[str, ...]:
        return tuple(text_of(value(tree, row)) for tree, _ in keys)

    made = []
    for _, same in groupby(sorted(rows, key=key_of), key_of):
        group = list(same)
        named = {name: value(tree, group[0]) for tree, name in keys}
        made.append({**named, **{name: aggregate(tree, group) for tree, name in columns}})
    return made, [name for _, name in [*keys, *columns]]


def _sort(text: str, rows: list[Row], shown: list[str] | None) -> Answer:
    for part in reversed(_split(text)):
        match = re.fullmatch(r"(.+?)(?:\s+(asc|desc))?", part, re.IGNORECASE)
        if not match:
            raise Malformed(part)
        tree, down = Parser(match[1]).whole(), (match[2] or "asc").lower() == "desc"
        rows = sorted(rows, key=lambda row: _order(value(tree, row)), reverse=down)
    return rows, shown


def _limit(text: str, rows: list[Row], shown: list[str] | None) -> Answer:
    if not text.isdecimal():
        raise Malformed(f"limit {text}")
    return rows[: int(text)], shown


_COMMANDS: dict[str, Callable[[str, list[Row], list[str] | None], Answer]] = {
    "fields": _fields,
    "display": _display,
    "filter": _filter,
    "stats": _stats,
    "sort": _sort,
    "limit": _limit,
}


# Texts.


def _stages(query: str) -> list[str]:
    lines = [line for line in query.splitlines() if not line.strip().startswith("#")]
    return [" ".join(stage.split()) for stage in _cut("\n".join(lines), "|") if stage.strip()]


def _columns(text: str) -> list[tuple[Tree, str]]:
    """Expressions with the names that they are shown by."""
    columns = []
    for part in _split(text):
        match = re.fullmatch(r"(.+?)\s+as\s+(@?[\w.]+)", part, re.IGNORECASE | re.DOTALL)
        columns.append((Parser(match[1] if match else part).whole(), match[2] if match else part))
    return columns


def _split(text: str) -> list[str]:
    return [part.strip() for part in _cut(text, ",")]


def _split_by(text: str) -> tuple[str, str, str]:
    parts = re.split(r"\s+by\s+", text, maxsplit=1)
    return (parts[0], "by", parts[1]) if len(parts) == 2 else (text, "", "")


def _cut(text: str, sign: str) -> list[str]:
    """At the sign, where it stands in no text, pattern or bracket."""
    parts, depth = [""], 0
    for piece in re.findall(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|(?<=like )/(?:\\.|[^/\\])*/|.', text, re.DOTALL):
        depth += (piece in "([") - (piece in ")]") if len(piece) == 1 else 0
        if piece == sign and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _order(found: Any) -> tuple[int, float, str]:
    number = number_of(found)
    return (0, 0.0, "") if found is None else ((1, number, "") if number is not None else (2, 0.0, str(found)))


def install() -> None:
    """Answer StartQuery by this."""
    from ministack.services import cloudwatch_logs as logs

    original = logs._start_query

    def start_query(data: dict[str, Any]) -> Any:
        answer = original(data)
        if answer[0] != 200:
            return answer
        query = logs._queries[json.loads(answer[2])["queryId"]]
        groups = logs._resolve_query_log_groups(data)
        records = logs._collect_query_records(groups, query["startTime"], query["endTime"])
        try:
            rows = run(query["queryString"], records)
        except Malformed as error:
            return logs.error_response_json("MalformedQueryException", str(error), 400)
        limit = int(data.get("limit") or 10_000)
        shown = [[{"field": name, "value": text_of(found)} for name, found in row.items()] for row in rows[:limit]]
        logs._queries[query["queryId"]] = {**query, "results": shown}
        return answer

    logs._start_query = start_query
