"""A stage that lost data gets it back as it was, money and stock alike, wherever its restoration dies on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.backups import backups, documents, exports, restoring, standstill, undone
from infra.backups.tables import TABLES
from infra.deploy import deploy, destroy, stack_events, state, templates
from infra.errors import Refusal
from infra.progress import Steps
from infra.target import Target, connect
from local import cloud
from local.processes import free_port
from tests.reliability.deployments import SmallStage

pytestmark = [pytest.mark.slow]
QUIET = Steps(quiet=True)
Everything = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallStage]:
    emulator = cloud.start(free_port(), tmp_path_factory.mktemp("restores"))
    session = boto3.Session(cloud.ACCESS_KEY_ID, cloud.SECRET_ACCESS_KEY, region_name=cloud.REGION)
    target = connect("saved", session=session, endpoint_url=emulator.endpoint_url)
    small = SmallStage(target, tmp_path_factory.mktemp("saved"))
    assert small.deploy() == 0
    yield small
    emulator.stop()


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standstill, "_ON_AN_EMULATOR", 0.1)


def put(target: Target, table: str, /, **values: Any) -> None:
    target.client("dynamodb").put_item(
        TableName=f"{target.prefix}-{table}", Item={key: typed(value) for key, value in values.items()}
    )


def typed(value: Any) -> Any:
    if isinstance(value, set):
        return {"SS": sorted(value)}
    return {"N": str(value)} if isinstance(value, (int, float)) else {"B" if isinstance(value, bytes) else "S": value}


def delete(target: Target, table: str, /, **key: str) -> None:
    target.client("dynamodb").delete_item(
        TableName=f"{target.prefix}-{table}", Key={part: {"S": value} for part, value in key.items()}
    )


def order(target: Target, order_id: str, status: str, **more: Any) -> None:
    values = {
        "createdAt": "2026-11-20T10:00:00.000Z",
        "currency": "EUR",
        "total": 30,
        "email": f"{order_id}@example.com",
    }
    put(target, "orders", orderId=order_id, status=status, **{**values, **more})


def captured(target: Target, order_id: str, at: datetime, operation: str = "capture") -> None:
    moment = f"{at:%Y-%m-%dT%H:%M:%S}.500Z"
    more = {"status": "SUCCEEDED", "amount": 30, "currency": "EUR", "at": moment, "reference": f"ch_{order_id}"}
    put(target, "payments", orderId=order_id, operation=operation, **more)


def document(target: Target, key: str, content: str) -> None:
    target.s3.put_object(Bucket=bucket_of(target), Key=key, Body=content.encode())


def bucket_of(target: Target) -> str:
    return f"{target.prefix}-documents-{target.account}"


def contents(target: Target) -> tuple[Everything, dict[str, str]]:
    """Of all tables, and of all documents."""
    client = target.client("dynamodb")
    tables = {
        table.name: sorted(client.scan(TableName=f"{target.prefix}-{table.name}")["Items"], key=str) for table in TABLES
    }
    listed = target.s3.list_objects_v2(Bucket=bucket_of(target)).get("Contents", [])
    keys = [one["Key"] for one in listed if one["Key"].startswith(documents.FOLDERS)]
    read = {key: target.s3.get_object(Bucket=bucket_of(target), Key=key)["Body"].read().decode() for key in keys}
    return tables, read


def fill(target: Target, now: datetime) -> None:
    """A shop of a while ago."""
    order(target, "kept", "COMPLETED", history={"a", "b"}, print=b"\x00\xff")
    order(target, "open", "PAYMENT_PROCESSING")
    order(target, "erased", "COMPLETED")
    captured(target, "kept", now - timedelta(days=1))
    put(target, "inventory", productId="tea", available=8, reserved=2)
    put(target, "products", productId="tea", name="Tea")
    put(target, "claims", claim="kept:mail", claimState="SENT", expiresAt=2_000_000_000)
    put(target, "operations", scope="order-numbers", item="next", next=1003)
    put(target, "metrics", bucket="2026-11-20T10", part="0", count=1.50)
    document(target, "receipts/kept.pdf", "receipt")
    document(target, "orders/2026/11/20/kept.json", "archive")


def lose(target: Target, now: datetime) -> None:
    """All that can go wrong, while the shop goes on."""
    order(target, "kept", "DAMAGED")
    delete(target, "orders", orderId="open")
    order(target, "erased", "COMPLETED", email="erased@invalid.example")
    order(target, "new", "COMPLETED", number=1004)
    captured(target, "new", now)
    captured(target, "open", now)
    delete(target, "payments", orderId="kept", operation="capture")
    put(target, "inventory", productId="tea", available=0, reserved=0)
    delete(target, "products", productId="tea")
    put(target, "products", productId="coffee", name="Coffee")
    delete(target, "claims", claim="kept:mail")
    put(target, "claims", claim="new:mail", claimState="SENT", expiresAt=2_000_000_000)
    put(target, "operations", scope="order-numbers", item="next", next=1005)
    document(target, "receipts/new.pdf", "of an order that is undone")
    document(target, "orders/2026/11/20/kept.json", "overwritten")
    target.s3.delete_object(Bucket=bucket_of(target), Key="receipts/kept.pdf")


def test_what_was_lost_comes_back_wherever_the_restoration_dies(stage: SmallStage) -> None:
    target, outputs = stage.target, templates.outputs(stage.target)
    bucket, now = bucket_of(target), datetime.now(UTC)
    fill(target, now)
    backup = backups.make(target, outputs, "before")
    before, documents_before = contents(target)
    lose(target, backup.at + timedelta(seconds=2))
    on = standstill.look(target, bucket)
    assert [len(on[kind]) for kind in ("queues", "streams", "rules")] == [1, 1, 1]

    def restore(*, dies: bool) -> int | None:
        def act() -> None:
            begun = restoring.unfinished(target, bucket) or restoring.begin(target, bucket, backup.at, "before", "ops")
            restoring.run(target, outputs, begun, QUIET, lambda *_: None)

        return stage.run(act, dies=dies)

    died_after = stage.until_whole(restore)
    # It was done by then: once more finds nothing to do, and says the same of what was undone before.
    again = restoring.begin(target, bucket, backup.at, "before", "ops")
    report = restoring.run(target, outputs, again, QUIET, lambda *_: None)

    assert {call.split()[0] for call in died_after} >= {
        *("lambda.UpdateFunctionConfiguration", "lambda.UpdateEventSourceMapping", "lambda.PutFunctionConcurrency"),
        *("events.DisableRule", "dynamodb.BatchWriteItem", "s3.PutObject", "s3.CopyObject", "s3.DeleteObject"),
        *("lambda.DeleteFunctionConcurrency", "events.EnableRule"),
    }
    after, documents_after = contents(target)
    kept_newer = ("payments", "claims", "operations")
    assert {name: items for name, items in after.items() if name not in kept_newer} == {
        name: items for name, items in before.items() if name not in kept_newer
    }
    assert documents_after == documents_before
    assert {one["orderId"]["S"] for one in after["payments"]} == {"kept", "open", "new"}
    assert {one["claim"]["S"] for one in after["claims"]} == {"kept:mail", "new:mail"}
    assert [one["next"]["N"] for one in after["operations"]] == ["1005"]
    assert standstill.look(target, bucket) == on
    variables = target.functions.get_function_configuration(FunctionName=target.prefix)["Environment"]["Variables"]
    assert standstill.CLOSED not in variables
    assert restoring.unfinished(target, bucket) is None
    assert [numbers.put + numbers.removed for numbers in restoring.numbers_of(report.restore).values()] == [0] * len(
        TABLES
    )
    assert stage.deploy() == 0  # the stage is whole: a deployment finds nothing odd


def test_the_report_says_what_is_undone_and_whose_money_is_left(stage: SmallStage) -> None:
    target, outputs = stage.target, templates.outputs(stage.target)
    bucket, now = bucket_of(target), datetime.now(UTC)
    fill(target, now)
    backup = backups.make(target, outputs, "reported")
    lose(target, backup.at + timedelta(seconds=2))
    indexed: list[tuple[str, str]] = []

    begun = restoring.begin(target, bucket, backup.at, "reported", "ops")
    with pytest.raises(Refusal, match=r"is being restored to .* by ops"):
        deploy.deploy_functions(target, QUIET, outputs)
    report = restoring.run(target, outputs, begun, QUIET, lambda *days: indexed.append(days))

    rows = {row.order_id: row for row in report.rows}
    assert (rows["new"].fate, rows["new"].check) == (undone.GONE, "paid, and gone: refund it, or place it again")
    assert rows["new"].email == "new@example.com"
    assert rows["open"].fate == undone.SET_BACK
    assert undone.unsettled(report.rows) == {"EUR": 30}
    assert report.erased == ["erased"]
    assert indexed == [("2026-11-20", "2026-11-20")]
    stored = target.s3.get_object(Bucket=bucket, Key=report.csv)["Body"].read().decode()
    assert "new@example.com,gone,COMPLETED,,EUR,30.00,30.00,0.00,ch_new" in stored


def test_a_backup_can_be_listed_and_deleted_and_its_name_is_used_once(stage: SmallStage) -> None:
    target, outputs = stage.target, templates.outputs(stage.target)
    bucket = bucket_of(target)
    backups.make(target, outputs, "once")

    with pytest.raises(Refusal, match="There is a backup once already"):
        backups.make(target, outputs, "once")
    assert "once" in [one.name for one in backups.all_of(target, bucket)]
    backups.delete(target, bucket, "once")

    left = target.s3.list_object_versions(Bucket=bucket, Prefix="backups/once/")
    assert "Versions" not in left
    assert "DeleteMarkers" not in left
    with pytest.raises(Refusal, match="There is no backup once"):
        backups.delete(target, bucket, "once")


def test_order_numbers_that_were_lost_go_on_far_behind_those_of_the_backup(stage: SmallStage) -> None:
    target, outputs = stage.target, templates.outputs(stage.target)
    put(target, "operations", scope="order-numbers", item="next", next=2000)
    backup = backups.make(target, outputs, "numbers")
    delete(target, "operations", scope="order-numbers", item="next")

    begun = restoring.begin(target, bucket_of(target), backup.at, "numbers", "ops")
    restoring.run(target, outputs, begun, QUIET, lambda *_: None)

    (item,) = contents(target)[0]["operations"]
    assert item["next"] == {"N": "1002000"}


def test_the_emulator_refuses_a_past_that_it_does_not_have(stage: SmallStage) -> None:
    with pytest.raises(Refusal, match="can't be recovered at"):
        exports.make(stage.target, templates.outputs(stage.target), datetime(2026, 1, 1, tzinfo=UTC), "restores/x")


def test_a_document_whose_version_is_gone_stays_as_it_is_and_is_named(stage: SmallStage, tmp_path: Path) -> None:
    target = stage.target
    document(target, "receipts/lost.pdf", "new")
    missing = documents.Version("0" * 32, '"etag"')

    changed = documents.Change("receipts/lost.pdf", missing, None)
    back, gone, lost = documents.apply(target, bucket_of(target), [changed])

    assert (back, gone, lost) == (0, 0, ["receipts/lost.pdf"])
    assert contents(target)[1]["receipts/lost.pdf"] == "new"
    assert state.load(target, bucket_of(target), state.RESTORE) is None


def test_without_a_backup_the_tables_are_exported_as_they_were_at_the_moment(stage: SmallStage) -> None:
    target, outputs = stage.target, templates.outputs(stage.target)
    fill(target, datetime.now(UTC))
    before = contents(target)
    moment = exports.window(target, outputs)[1]

    begun = restoring.begin(target, bucket_of(target), moment, "", "ops")
    report = restoring.run(target, outputs, begun, QUIET, lambda *_: None)

    assert set(report.restore.exports) == {table.name for table in TABLES}
    assert contents(target)[0] == before[0]
    assert sum(numbers.same for numbers in restoring.numbers_of(report.restore).values()) >= 9


def test_a_protected_stage_goes_only_after_that_is_lifted(stage: SmallStage, monkeypatch: pytest.MonkeyPatch) -> None:
    target = stage.target
    monkeypatch.setenv("DELETION_PROTECTION", "true")
    assert stage.deploy() == 0

    with pytest.raises(ClientError, match="TerminationProtection"):
        target.cloudformation.delete_stack(StackName=target.prefix)
    with pytest.raises(Refusal, match="is protected, and nothing was removed"):
        destroy.destroy(target, QUIET)
    table = target.client("dynamodb").describe_table(TableName=f"{target.prefix}-orders")["Table"]
    assert table["DeletionProtectionEnabled"]

    monkeypatch.setenv("DELETION_PROTECTION", "false")
    assert stage.deploy() == 0
    stack = stack_events.describe(target.cloudformation, target.prefix)
    assert stack
    assert not stack["EnableTerminationProtection"]
    assert stage.destroy() == 0
