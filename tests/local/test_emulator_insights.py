"""Queries in the Logs Insights language, as far as the local cloud tries them, find what they would in AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.emulator.insights import Query, event
from local.emulator.insights_language import Malformed

NOON = 1_795_262_400_000  # 2026-11-21 12:00:00 UTC
REPORT = "REPORT RequestId: r-1\tDuration: 120 ms\tBilled Duration: 120 ms\tMemory Size: 512 MB\tMax Memory Used: 96 MB"
LINES: list[Any] = [
    {"level": "INFO", "message": "step done", "order_id": "o-1", "step": "charge", "duration_ms": 40, "late": True},
    {"level": "INFO", "message": "step done", "order_id": "o-2", "step": "charge", "duration_ms": 80},
    {"level": "INFO", "message": "step done", "order_id": "o-1", "step": "reserve", "duration_ms": 9.5},
    {"level": "ERROR", "message": "out of stock: CAMERA001 (3 left)", "order_id": "o-2", "error": {"code": "STOCK"}},
    "[INFO] plain user=anna, id=17",
    REPORT,
]


def asked(query: str, lines: list[Any] | None = None) -> list[dict[str, str]]:
    """The rows by column, of lines a minute apart from noon on."""
    records = [
        {
            "@message": line if isinstance(line, str) else json.dumps(line),
            "@logStream": "a stream",
            "@log": "/aws/lambda/a-function",
            "@ptr": f"p{minute}",
            "_timestamp_ms": NOON + minute * 60_000,
        }
        for minute, line in enumerate(LINES if lines is None else lines)
    ]
    rows = Query(query).run(event(record, "123456789012") for record in records)
    return [{cell["field"]: cell["value"] for cell in row if cell["field"] != "@ptr"} for row in rows]


def test_fields_of_json_lines_are_found_and_the_newest_come_first() -> None:
    rows = asked("fields @timestamp, order_id | filter level = 'INFO' | limit 2")

    assert rows == [
        {"@timestamp": "2026-11-21 12:02:00.000", "order_id": "o-1"},
        {"@timestamp": "2026-11-21 12:01:00.000", "order_id": "o-2"},
    ]


def test_without_fields_time_and_message_are_shown() -> None:
    assert asked("filter @message like 'plain'") == [
        {"@timestamp": "2026-11-21 12:04:00.000", "@message": "[INFO] plain user=anna, id=17"}
    ]


@pytest.mark.parametrize(
    ("condition", "minutes"),
    [
        ("level = 'ERROR'", [3]),
        ('level = "INFO" and duration_ms > 9.5', [0, 1]),
        ("duration_ms >= 9.5", [0, 1, 2]),
        ("step = 'reserve' or error.code = 'STOCK'", [2, 3]),
        ("ispresent(order_id) and not step = 'charge'", [2, 3]),
        ("step in ['charge', 'ship']", [0, 1]),
        ("step not in ['charge'] and ispresent(step)", [2]),
        ("message like /^OUT of/i", [3]),
        ("message like 'out of'", [3]),
        ("message =~ /stock: \\w+ \\(/", [3]),
        ("message not like /done/ and ispresent(message)", [3]),
        ("late = 1", [0]),
        ("late = true", [0]),
        ("(duration_ms + 20) / 2 = 30", [0]),
        ("@type = 'REPORT' and @maxMemoryUsed / @memorySize < 0.2", [5]),
        ("@requestId = 'r-1'", [5]),
        ("@log = '123456789012:/aws/lambda/a-function' and level = 'ERROR'", [3]),
        ("strcontains(message, 'done') and toupper(step) = 'RESERVE'", [2]),
        ("coalesce(step, 'none') = 'none' and level = 'ERROR'", [3]),
        ("order_id != 'o-1' and ispresent(order_id)", [1, 3]),
        ("toMillis(@timestamp) > 1795262520000 and level = 'ERROR'", [3]),
    ],
)
def test_a_filter_keeps_what_it_says(condition: str, minutes: list[int]) -> None:
    rows = asked(f"fields @timestamp | filter {condition} | sort @timestamp asc")

    assert [row["@timestamp"][14:16] for row in rows] == [f"{minute:02}" for minute in minutes]


def test_stats_group_and_compute() -> None:
    query = """
        filter message = 'step done'   # only these
        | stats count(*) as steps, sum(duration_ms), avg(duration_ms) as mean, max(duration_ms) as slowest by step
        | sort steps desc
    """

    assert asked(query) == [
        {"step": "charge", "steps": "2", "sum(duration_ms)": "120", "mean": "60", "slowest": "80"},
        {"step": "reserve", "steps": "1", "sum(duration_ms)": "9.5", "mean": "9.5", "slowest": "9.5"},
    ]


def test_stats_over_everything_are_one_row() -> None:
    query = "stats count_distinct(order_id) as orders, count(step) as steps, min(duration_ms) as quickest"

    assert asked(query) == [{"orders": "2", "steps": "3", "quickest": "9.5"}]


def test_percentiles_of_hundred() -> None:
    lines = [{"ms": number} for number in range(1, 101)]

    assert asked("stats pct(ms, 50) as p50, pct(ms, 95) as p95, pct(ms, 99.9) as p999", lines) == [
        {"p50": "50", "p95": "95", "p999": "100"}
    ]


def test_bins_of_time() -> None:
    assert asked("filter ispresent(level) | stats count(*) by bin(2m) | sort bin(2m) asc") == [
        {"bin(2m)": "2026-11-21 12:00:00.000", "count(*)": "2"},
        {"bin(2m)": "2026-11-21 12:02:00.000", "count(*)": "2"},
    ]


def test_a_rate_of_aggregates_may_use_their_names() -> None:
    query = "stats sum(level = 'ERROR') as errors, count(level) as all, 100 * errors / all as rate"

    assert asked(query) == [{"errors": "1", "all": "4", "rate": "25"}]


def test_the_last_word_on_each_order() -> None:
    stats = "stats latest(message) as last, earliest(step) as first by order_id"

    assert asked(f"filter ispresent(order_id) | {stats} | sort order_id") == [
        {"order_id": "o-1", "last": "step done", "first": "charge"},
        {"order_id": "o-2", "last": "out of stock: CAMERA001 (3 left)", "first": "charge"},
    ]


def test_parse_by_a_pattern_and_by_a_regular_expression() -> None:
    assert asked("parse @message 'user=*, id=*' as user, id | filter id = 17 | display user, id") == [
        {"user": "anna", "id": "17"}
    ]
    parse = r"parse message /stock: (?<product>\w+) \((?<left>\d+) left\)/ | filter ispresent(product)"
    assert asked(f"{parse} | stats sum(left) by product") == [{"product": "CAMERA001", "sum(left)": "3"}]


def test_dedup_keeps_the_first_of_each() -> None:
    rows = asked("filter ispresent(order_id) | sort @timestamp asc | dedup order_id | display order_id, step")

    assert rows == [{"order_id": "o-1", "step": "charge"}, {"order_id": "o-2", "step": "charge"}]


def test_a_pipe_in_quotes_and_in_a_regular_expression_is_no_stage() -> None:
    assert len(asked("filter @message like /CAMERA|LAPTOP/ | limit 5")) == 1
    assert asked("filter @message = 'a | b'") == []


def test_what_was_counted_may_be_sorted_by_its_expression() -> None:
    rows = asked("filter ispresent(step) | stats count(*) by step | sort count(*) asc")

    assert [row["step"] for row in rows] == ["reserve", "charge"]


def test_numbers_sort_as_numbers() -> None:
    rows = asked("filter ispresent(duration_ms) | fields duration_ms | sort duration_ms desc")

    assert [row["duration_ms"] for row in rows] == ["80", "40", "9.5"]


@pytest.mark.parametrize(
    "query",
    [
        "pattern @message",
        "filter level = ",
        "filter level == 'INFO'",
        "stats nothing(level)",
        "filter count(*) > 1 extra",
        "limit many",
        "parse @message 'a * b' as x, y",
        "filter message like /(/",
        "sort @timestamp sideways",
    ],
)
def test_what_is_wrong_or_unknown_is_refused(query: str) -> None:
    with pytest.raises(Malformed):
        Query(query)
