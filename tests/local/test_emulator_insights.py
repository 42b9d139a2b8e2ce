"""Queries in the part of the Logs Insights language that the local cloud understands find what they would in AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.emulator.insights import Malformed, Query, event

NOON = 1_795_262_400_000  # 2026-11-21 12:00:00 UTC
REPORT = (
    "REPORT RequestId: r-1\tDuration: 120.5 ms\tBilled Duration: 121 ms\tMemory Size: 512 MB\tMax Memory Used: 96 MB\t"
    "Init Duration: 80 ms"
)
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
        ("duration_ms < 40", [2]),
        ("duration_ms <= 40 and duration_ms != 9.5", [0]),
        ("error.code = 'STOCK'", [3]),
        ("ispresent(order_id) and step != 'charge'", [2, 3]),
        ("step in ['charge', \"ship\"]", [0, 1]),
        ("message like 'out of'", [3]),
        ("message like 'OUT of'", []),
        ("message = 'a | b'", []),
        ("late = 1", [0]),
        ("@type = 'REPORT' and @maxMemoryUsed < 100000000", [5]),
        ("@requestId = 'r-1' and @duration = 120.5 and @billedDuration = 121 and @initDuration = 80", [5]),
        ("@log = '123456789012:/aws/lambda/a-function' and level = 'ERROR'", [3]),
    ],
)
def test_a_filter_keeps_what_it_says(condition: str, minutes: list[int]) -> None:
    rows = asked(f"fields @timestamp | filter {condition} | sort @timestamp asc")

    assert [row["@timestamp"][14:16] for row in rows] == [f"{minute:02}" for minute in minutes]


def test_the_first_field_that_is_present_is_taken() -> None:
    rows = asked("fields coalesce(step, level) as what, order_id | filter ispresent(what) | sort @timestamp | limit 4")

    assert [row["what"] for row in rows] == ["charge", "charge", "reserve", "ERROR"]


def test_stats_group_and_compute() -> None:
    query = """
        filter message = 'step done'
        | stats count(*) as steps, sum(duration_ms), avg(duration_ms) as mean, max(duration_ms) as slowest by step
        | sort steps desc
    """

    assert asked(query) == [
        {"step": "charge", "steps": "2", "sum(duration_ms)": "120", "mean": "60", "slowest": "80"},
        {"step": "reserve", "steps": "1", "sum(duration_ms)": "9.5", "mean": "9.5", "slowest": "9.5"},
    ]


def test_stats_over_everything_are_one_row() -> None:
    assert asked("stats count(step) as steps, avg(nothing)") == [{"steps": "3"}]
    assert asked("filter level = 'NONE' | stats count(*)") == [{"count(*)": "0"}]


def test_percentiles_of_hundred() -> None:
    lines = [{"ms": number} for number in range(1, 101)]

    assert asked("stats pct(ms, 50) as p50, pct(ms, 95) as p95, pct(ms, 99.9) as p999", lines) == [
        {"p50": "50", "p95": "95", "p999": "100"}
    ]


def test_the_last_word_on_each_order() -> None:
    stats = "stats latest(message) as last, latest(@timestamp) as at by order_id"

    assert asked(f"filter ispresent(order_id) | {stats} | sort order_id") == [
        {"order_id": "o-1", "last": "step done", "at": "2026-11-21 12:02:00.000"},
        {"order_id": "o-2", "last": "out of stock: CAMERA001 (3 left)", "at": "2026-11-21 12:03:00.000"},
    ]


def test_numbers_sort_as_numbers() -> None:
    rows = asked("filter ispresent(duration_ms) | fields duration_ms | sort duration_ms desc")

    assert [row["duration_ms"] for row in rows] == ["80", "40", "9.5"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "| limit 1",
        "pattern @message",
        "parse @message 'a * b' as x",
        "fields floor(ms)",
        "fields a b",
        "fields ms / 1000 as seconds",
        "filter level = ",
        "filter level = 'INFO",
        "filter level == 'INFO'",
        "filter level = other",
        "filter level = 'INFO' or level = 'ERROR'",
        "filter not ispresent(level)",
        "filter message like /regular/",
        "stats nothing(level)",
        "stats sum(*)",
        "stats pct(ms)",
        "stats count(*) by bin(5m)",
        "stats count(*) as n | stats max(n)",
        "stats count(*) as n | fields n",
        "sort level, message",
        "sort @timestamp sideways",
        "limit many",
    ],
)
def test_what_is_wrong_or_unknown_is_refused(query: str) -> None:
    with pytest.raises(Malformed, match="This emulator understands"):
        Query(query)
