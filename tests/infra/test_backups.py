"""What can be restored, what is undone by it, and when two items are the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from infra.backups import backups, exports, standstill, undone
from infra.backups.levelling import digest
from infra.backups.restoring import Restore
from infra.backups.tables import TABLES
from infra.errors import Refusal
from infra.ops import restore
from infra.paths import TEMPLATES
from tests.packaging.cloudformation import load, of_type

TARGET: Any = SimpleNamespace(stage="prod")
OUTPUTS = {"DocumentsBucketName": "documents"}
EARLIEST, LATEST = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 29, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _one_backup(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = backups.Backup("before-sale", datetime(2026, 9, 1, tzinfo=UTC), True, {})
    monkeypatch.setattr(exports, "window", lambda *_: (EARLIEST, LATEST))
    monkeypatch.setattr(backups, "find", lambda _t, _b, name: kept if name == kept.name else None)
    monkeypatch.setattr(backups, "all_of", lambda *_: [kept])


def test_a_moment_within_the_window_and_a_backup_of_any_age_can_be_restored() -> None:
    moment = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)

    assert restore._wanted(TARGET, OUTPUTS, "2026-11-20T11:30:00.9+01:00", None) == (moment, "")
    assert restore._wanted(TARGET, OUTPUTS, "before-sale", None) == (datetime(2026, 9, 1, tzinfo=UTC), "before-sale")


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("", "Say to what"),
        ("2999-01-01T00:00:00Z", "is in the future"),
        ("2026-10-31T23:59:59Z", "can be recovered from 2026-11-01T00:00:00Z to 2026-11-29T09:00:00Z"),
        ((datetime.now(UTC) - timedelta(minutes=1)).isoformat(), "choose a moment in between, or a backup"),
        ("2026-11-20T10:00:00", "says no zone"),
        ("after-sale", r"neither a moment like .* nor a backup \(before-sale\)"),
        ("No Name", "can't be a backup's name"),
    ],
)
def test_what_cannot_be_restored_is_refused_with_a_way_out(to: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        restore._wanted(TARGET, OUTPUTS, to, None)


def test_an_unfinished_restoration_goes_on_and_no_other_begins() -> None:
    begun = Restore("1", "2026-11-20T10:30:00.000Z", "ops", {}, "")
    moment = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)

    assert restore._wanted(TARGET, OUTPUTS, "", begun) == (moment, "")
    assert restore._wanted(TARGET, OUTPUTS, "2026-11-20T10:30:00Z", begun) == (moment, "")
    for other in ("2026-11-21T10:30:00Z", "before-sale"):
        with pytest.raises(Refusal, match="is unfinished"):
            restore._wanted(TARGET, OUTPUTS, other, begun)


def test_recovery_that_is_off_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    off = {
        "ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"}}
    }
    client = SimpleNamespace(describe_continuous_backups=lambda **_: off)
    target: Any = SimpleNamespace(stage="prod", client=lambda _: client)

    with pytest.raises(Refusal, match="`make deploy STAGE=prod` turns it on"):
        exports.window(target, {table.output: table.name for table in TABLES})


def test_what_ran_when_the_stage_was_closed_is_given_its_whole_time() -> None:
    """But for readers of files, which may run for 15 minutes and write nothing that is set back."""
    timeouts = {"orderproc-prod": 29, "orderproc-prod-reconciler": 300, "orderproc-prod-import_orders": 900}
    done: list[Any] = []
    functions = SimpleNamespace(
        get_function_configuration=lambda FunctionName: {"Timeout": timeouts[FunctionName]},  # noqa: N803
        update_event_source_mapping=lambda **given: done.append(given),
        put_function_concurrency=lambda **given: done.append(given),
    )
    target: Any = SimpleNamespace(prefix="orderproc-prod", is_emulator=False, functions=functions)
    clock = SimpleNamespace(time=lambda: 1_100.0, sleep=done.append)
    limits = dict.fromkeys(["orderproc-prod-reconciler", "orderproc-prod-import_orders"])

    standstill.settle(target, {"streams": ["s"], "concurrency": limits}, since=1_000.0, clock=clock)

    assert done[:2] == [200.0, {"UUID": "s", "Enabled": False}]
    assert [given["ReservedConcurrentExecutions"] for given in done[2:-1]] == [0, 0]
    assert done[-1] == 60


def test_every_table_but_the_search_is_in_a_backup_by_its_own_key() -> None:
    found = of_type(load(TEMPLATES / "resources.yaml"), "AWS::DynamoDB::Table")
    keys = {table.output.removesuffix("Name"): set(table.key) for table in TABLES}

    assert keys == {
        name: {part["AttributeName"] for part in made["KeySchema"]}
        for name, made in found.items()
        if name != "SearchTable"
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"N": "1.50"}, {"N": "1.5"}),
        ({"N": "0"}, {"N": "0.00"}),
        ({"SS": ["a", "b"]}, {"SS": ["b", "a"]}),
        ({"NS": ["1", "20"]}, {"NS": ["2E1", "1.0"]}),
        ({"BS": [b"\x01", b"\x00"]}, {"BS": [b"\x00", b"\x01"]}),
        (
            {"M": {"a": {"L": [{"N": "1"}]}, "b": {"BOOL": True}}},
            {"M": {"b": {"BOOL": True}, "a": {"L": [{"N": "1.0"}]}}},
        ),
    ],
)
def test_items_are_the_same_where_dynamodb_holds_them_equal(one: Any, other: Any) -> None:
    assert digest({"x": one}) == digest({"x": other})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"N": "1"}, {"S": "1"}),
        ({"L": [{"S": "a"}, {"S": "b"}]}, {"L": [{"S": "b"}, {"S": "a"}]}),
        ({"NULL": True}, {"BOOL": True}),
        ({"B": b"a"}, {"S": "YQ=="}),
    ],
)
def test_other_items_are_not(one: Any, other: Any) -> None:
    assert digest({"x": one}) != digest({"x": other})


def order(order_id: str, status: str, email: str = "a@example.com") -> Any:
    values = {"orderId": order_id, "status": status, "createdAt": "2026-11-20T10:00:00.000Z", "currency": "EUR"}
    return {**{name: {"S": value} for name, value in values.items()}, "email": {"S": email}, "total": {"N": "30"}}


def entry(order_id: str, operation: str, amount: str = "30", status: str = "SUCCEEDED") -> Any:
    values = {"orderId": order_id, "operation": operation, "status": status, "currency": "EUR", "reference": "ch_1"}
    return {**{name: {"S": value} for name, value in values.items()}, "amount": {"N": amount}}


@pytest.mark.parametrize(
    ("change", "entries", "check"),
    [
        ((order("o", "COMPLETED"), None), [entry("o", "capture")], "paid, and gone"),
        ((order("o", "CANCELLED"), None), [entry("o", "capture"), entry("o", "refund")], ""),
        ((order("o", "FAILED"), None), [entry("o", "capture", status="DECLINED")], ""),
        (
            (order("o", "PAYMENT_PROCESSING"), None),
            [entry("o", "capture", status="INTENT")],
            "ask the payment provider",
        ),
        ((order("o", "COMPLETED"), order("o", "PENDING")), [entry("o", "capture")], ""),
        ((order("o", "CANCELLED"), order("o", "COMPLETED")), [entry("o", "refund")], "refunded since"),
        ((order("o", "CANCELLED"), order("o", "PENDING")), [], "it had ended as CANCELLED"),
        ((None, order("o", "COMPLETED")), [], ""),
    ],
)
def test_a_person_is_told_where_money_and_order_no_longer_agree(change: Any, entries: Any, check: str) -> None:
    was, becomes = change

    (row,) = undone.rows([{"is": was, "becomes": becomes}], entries)

    assert row.check.startswith(check)
    assert bool(row.check) == bool(check)


def test_money_of_orders_that_are_gone_is_summed_by_currency_and_comes_first_in_the_file() -> None:
    gone = [{"is": order(name, "COMPLETED", "=evil@example.com"), "becomes": None} for name in ("a", "b")]
    moved = [
        entry("a", "capture"),
        entry("b", "capture", "12.50"),
        entry("b", "refund", "2.50"),
        entry("lost", "capture"),
    ]

    found = undone.rows([{"is": None, "becomes": order("c", "COMPLETED")}, *gone], moved)

    assert undone.unsettled(found) == {"EUR": Decimal("40.00")}
    assert [row.order_id for row in found][:2] == ["a", "b"]
    assert {row.order_id: row.fate for row in found}["lost"] == undone.AS_IT_WAS
    assert "'=evil@example.com" in undone.as_csv(found)
