"""The local cloud answers questions to the logs as CloudWatch Logs Insights does, and refuses what it can't read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.emulator.log_expressions import Malformed
from local.emulator.log_queries import run


def record(second: int, message: Any, log: str = "/aws/lambda/a") -> dict[str, Any]:
    text = message if isinstance(message, str) else json.dumps(message)
    return {"@timestamp": f"2026-11-21 14:00:{second:02}.000", "@message": text, "@log": log, "_timestamp_ms": second}


RECORDS = [
    record(0, "START RequestId: 1"),
    record(1, {"message": "order_failed", "orderId": "o-1", "code": "OUT_OF_STOCK", "ms": {"validate": 4, "fail": 10}}),
    record(2, {"message": "order_failed", "orderId": "o-2", "code": "CARD_DECLINED", "ms": {"validate": 6}}, "/b"),
    record(3, {"message": "order_failed", "orderId": "o-3", "code": "OUT_OF_STOCK", "ms": {"validate": 8}}),
    record(4, {"message": "message_failed", "orderId": "o-3", "tries": 3, "gaveUp": True, "level": "ERROR"}),
    record(5, {"message": "measured", "calls": [{"n": 2}, {"n": 3}], "key": "receipts/o-1.pdf"}),
]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ('message = "order_failed"', [1, 2, 3]),
        ("message = 'order_failed' and code != \"CARD_DECLINED\"", [1, 3]),
        ('code = "CARD_DECLINED" or tries >= 3', [2, 4]),
        ('message like /^order_/ and not (code = "CARD_DECLINED")', [1, 3]),
        ('message like "message_"', [4]),
        ("message like /MESSAGE/i", [4]),
        ('message in ["measured", "message_failed"]', [4, 5]),
        ("ispresent(tries)", [4]),
        ("gaveUp = 1", [4]),
        ("ms.validate > 4", [2, 3]),
        ("ms.validate + 2 = 8", [2]),
        ("calls.1.n = 3", [5]),
        ("@message like /START/", [0]),
        ('@log = "/b"', [2]),
    ],
)
def test_a_condition_finds_its_lines(condition: str, found: list[int]) -> None:
    rows = run(f"fields @timestamp | filter {condition} | sort @timestamp asc", RECORDS)

    assert [int(row["@timestamp"][17:19]) for row in rows] == found


def test_rows_are_counted_by_what_they_have_in_common() -> None:
    rows = run(
        """filter message = "order_failed"
        # the most frequent first
        | stats count(*) as orders, latest(orderId) as example, pct(ms.validate, 95) as p95 by code
        | sort orders desc""",
        RECORDS,
    )

    assert rows == [
        {"code": "OUT_OF_STOCK", "orders": 2, "example": "o-3", "p95": 8.0},
        {"code": "CARD_DECLINED", "orders": 1, "example": "o-2", "p95": 6.0},
    ]


@pytest.mark.parametrize(
    ("expression", "worth"),
    [
        ("sum(ms.validate)", 18.0),
        ("avg(ms.validate)", 6.0),
        ("min(ms.validate)", 4.0),
        ("max(ms.validate)", 8.0),
        ("pct(ms.validate, 50)", 6.0),
        ("count(ms.fail)", 1),
        ("count_distinct(code)", 2),
        ("earliest(orderId)", "o-1"),
        ("sum(ms.validate) / count(ms.validate)", 6.0),
    ],
)
def test_a_number_of_many_rows(expression: str, worth: Any) -> None:
    assert run(f"stats {expression} as worth", RECORDS) == [{"worth": worth}]


def test_what_is_asked_for_is_shown_and_what_is_missing_left_out() -> None:
    rows = run('fields orderId, coalesce(code, message) as what, tries | filter orderId = "o-3" | limit 5', RECORDS)

    assert rows == [
        {"orderId": "o-3", "what": "OUT_OF_STOCK"},
        {"orderId": "o-3", "what": "message_failed", "tries": 3},
    ]


def test_a_display_shows_nothing_else() -> None:
    assert run('fields orderId, code | filter code = "CARD_DECLINED" | display code', RECORDS) == [
        {"code": "CARD_DECLINED"}
    ]


def test_time_is_cut_into_pieces() -> None:
    assert run("filter ispresent(code) | stats count(*) as n by bin(2s)", RECORDS) == [
        {"bin(2s)": "2026-11-21 14:00:00.000", "n": 1},
        {"bin(2s)": "2026-11-21 14:00:02.000", "n": 2},
    ]


@pytest.mark.parametrize(
    "query",
    [
        "explain x",
        "filter message ==",
        "filter strlen(message) > 3",
        "stats median(x)",
        "stats message by code",
        "limit many",
        'filter message = "open',
        "filter a = 1 b = 2",
        "fields",
        "stats sum() as x",
        "filter x in [1",
    ],
)
def test_what_is_not_understood_is_refused_and_not_skipped(query: str) -> None:
    with pytest.raises(Malformed):
        run(query, RECORDS)


def test_it_is_refused_though_there_are_no_lines() -> None:
    with pytest.raises(Malformed):
        run("filter strlen(message) > 3", [])
