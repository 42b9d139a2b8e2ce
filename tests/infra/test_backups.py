"""What can be restored, what is undone by it, and when two items are the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.backups import backups, exports, levelling, standstill, undone
from infra.backups.levelling import digest
from infra.backups.restoring import Restore
from infra.backups.tables import TABLES
from infra.deploy import state
from infra.errors import Refusal
from infra.ops import restore
from infra.paths import TEMPLATES
from tests.packaging.cloudformation import load, of_type
from tests.support.aws_stub import Stub

BUCKET = Stub("s3", otherwise=lambda _: {})
TARGET: Any = SimpleNamespace(stage="prod", s3=BUCKET.client)
OUTPUTS = {"DocumentsBucketName": "documents"}
FOLDER = "backups/before-sale/"
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


@pytest.mark.parametrize(
    ("at", "is_refused"), [("10:59:59", False), ("11:00:00", True), ("11:30:00", True), ("11:30:01", False)]
)
def test_a_moment_within_another_restoration_is_refused(at: str, is_refused: bool) -> None:
    report = {"Key": "restores/20261120-110000/report.json", "LastModified": datetime(2026, 11, 20, 11, 30, tzinfo=UTC)}
    folders = {"CommonPrefixes": [{"Prefix": "restores/20261120-110000/"}, {"Prefix": "restores/20261121-110000/"}]}
    bucket = Stub("s3")
    bucket.answers(folders, {"Contents": [report]}, *([] if is_refused else [{}]))
    target: Any = SimpleNamespace(stage="prod", s3=bucket.client)
    moment = f"2026-11-20T{at}Z"

    if is_refused:
        with pytest.raises(Refusal, match="before 2026-11-20T11:00:00Z or after 2026-11-20T11:30:00Z"):
            restore._wanted(target, OUTPUTS, moment, None)
    else:
        assert restore._wanted(target, OUTPUTS, moment, None)


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
    machine = Stub("stepfunctions")
    late = {"executionArn": "arn:late", "stateMachineArn": "arn:m", "name": "late", "status": "RUNNING"}
    machine.answers({"executions": [{**late, "startDate": EARLIEST}]}, {"stopDate": EARLIEST})
    target: Any = SimpleNamespace(prefix="orderproc-prod", is_emulator=False, functions=functions)
    target.partition, target.region, target.account = "aws", "eu-west-1", "1"
    target.client = lambda _: machine.client
    clock = SimpleNamespace(time=lambda: 1_100.0, sleep=done.append)
    limits = dict.fromkeys(["orderproc-prod-reconciler", "orderproc-prod-import_orders"])
    stopped = {"streams": ["s"], "concurrency": limits}

    standstill.settle(target, stopped, since=1_000.0, check=lambda: done.append("looked"), clock=clock)

    assert done[:3] == [200.0, "looked", {"UUID": "s", "Enabled": False}]
    assert machine.operations == ["ListExecutions", "StopExecution"]
    assert [given["ReservedConcurrentExecutions"] for given in done[3:-1]] == [0, 0]
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


def order(order_id: str, status: str, email: str = "a@example.com", shipped: int = 0) -> Any:
    values = {"orderId": order_id, "status": status, "createdAt": "2026-11-20T10:00:00.000Z", "currency": "EUR"}
    more: Any = {"parcels": {"L": [{"L": []}] * shipped}} if shipped else {}
    texts = {name: {"S": value} for name, value in values.items()}
    return {**texts, "email": {"S": email}, "total": {"N": "30"}, **more}


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
        ((order("o", "COMPLETED", shipped=1), order("o", "CONFIRMED")), [], "shipped since: do not send it again"),
        ((order("o", "COMPLETED", shipped=1), order("o", "COMPLETED", shipped=1)), [], ""),
        ((order("o", "CANCELLED", shipped=1), None), [], "shipped, and gone: correct the stock"),
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


def test_money_of_an_order_that_was_lost_before_the_restoration_is_not_forgotten() -> None:
    """It is in no change: it was not there at the moment, and is not there now."""
    there, lost = undone.rows([], [entry("there", "capture"), entry("lost", "capture")], lambda one: one == "there")[
        ::-1
    ]

    assert (there.fate, there.check) == (undone.AS_IT_WAS, "")
    assert (lost.fate, lost.check) == (undone.GONE, "paid, and gone: refund it, or place it again")
    assert undone.unsettled([there, lost]) == {"EUR": Decimal("30.00")}


def test_what_is_both_paid_and_shipped_is_told_in_one_row() -> None:
    (row,) = undone.rows([{"is": order("o", "COMPLETED", shipped=2), "becomes": None}], [entry("o", "capture")])

    assert row.check == "paid, and gone: refund it, or place it again; shipped, and gone: correct the stock"


def test_damaged_items_end_no_report() -> None:
    bare = {"orderId": {"S": "o"}, "total": {"N": "1.234"}, "currency": {"S": "???"}}
    amountless = {"orderId": {"S": "o"}, "operation": {"S": "capture"}, "status": {"S": "SUCCEEDED"}}

    (row,) = undone.rows([{"is": bare, "becomes": None}], [amountless])

    assert (row.total, row.captured) == (Decimal("1.234"), Decimal(0))


@pytest.mark.parametrize("text", ["=1+1", "\t=1+1", "\r@SUM(1)", "\uff1d1+1", " -1"])
def test_no_text_of_the_file_is_a_formula(text: str) -> None:
    rows = undone.rows([{"is": order("o", "COMPLETED", text), "becomes": None}], [])

    assert f"'{text}" in undone.as_csv(rows)


LEDGER = next(table for table in TABLES if table.name == "payments")


@pytest.mark.parametrize(
    ("at", "stays"),
    [
        ("2026-11-20T10:00:05.000Z", True),
        ("2026-11-20T09:59:59.900Z", True),  # stamped before the moment, in the table after it
        ("2026-11-20T09:30:00.000Z", False),
        ("", False),
    ],
)
def test_a_ledger_entry_of_about_the_moment_or_later_stays(at: str, stays: bool) -> None:
    live = {"at": {"S": at}} if at else {}

    assert LEDGER.keeps(live, "2026-11-20T10:00:00.000Z") is stays


def test_writes_that_dynamodb_does_not_take_are_repeated_after_a_pause(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("infra.backups.levelling.time.sleep", pauses.append)
    item = {"orderId": {"S": "o"}, "operation": {"S": "capture"}}
    left = [{"PutRequest": {"Item": item}}]
    stub = Stub()
    stub.answers({"Items": []}, *[{"UnprocessedItems": {"payments": left}}] * 2, {})
    work = levelling.Levelling(stub.client, LEDGER, "payments", lambda: [item], "2026-11-20T10:00:00.000Z", tmp_path)

    assert work.compare().put == 1
    work.write()

    assert stub.operations == ["Scan", *["BatchWriteItem"] * 3]
    assert pauses == sorted(pauses)
    assert len(pauses) == 2


def test_a_backup_goes_with_what_says_that_it_is_one_at_the_end() -> None:
    """Also where its files are listed on several pages: a deletion that dies can be repeated."""
    pages = [[f"{FOLDER}backup.json", f"{FOLDER}carts/a"], [f"{FOLDER}orders/b"]]
    gone: list[str] = []
    s3 = SimpleNamespace(
        get_paginator=lambda _: SimpleNamespace(
            paginate=lambda **_: [{"Versions": [{"Key": key, "VersionId": "1"} for key in page]} for page in pages]
        ),
        delete_object=lambda **given: gone.append(given["Key"]),
    )
    target: Any = SimpleNamespace(stage="prod", s3=s3)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(state, "load", lambda *_: None)
        backups.delete(target, "documents", "before-sale")

    assert gone == [f"{FOLDER}carts/a", f"{FOLDER}orders/b", f"{FOLDER}backup.json"]


def test_an_export_that_failed_is_begun_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same token would bring the failed one back for eight hours."""
    begun: dict[str, str] = {}

    def export(**given: Any) -> Any:
        arn = begun.setdefault(given["ClientToken"], f"arn:export/{len(begun)}")
        return {"ExportDescription": {"ExportArn": arn}}

    client: Any = SimpleNamespace(
        export_table_to_point_in_time=export,
        describe_export=lambda ExportArn: {  # noqa: N803
            "ExportDescription": {"ExportStatus": "FAILED" if ExportArn == "arn:export/0" else "IN_PROGRESS"}
        },
        exceptions=SimpleNamespace(InvalidExportTimeException=KeyError),
    )
    target: Any = SimpleNamespace(partition="aws", region="eu-west-1", account="1")
    outputs = {**OUTPUTS, LEDGER.output: "payments"}

    arns = {exports._begin(client, target, LEDGER, outputs, LATEST, "restores/1") for _ in range(2)}

    assert arns == {"arn:export/1"}
    assert len(begun) == 2
