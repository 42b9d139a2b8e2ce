"""Exports and their files: the fakes, and the adapters on each engine."""

from __future__ import annotations

import threading
import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import pytest
import requests
from chalicelib.exports.model import PART, Export, ExportStatus, Format, Part, UploadGone
from chalicelib.exports.ports import ExportFiles
from chalicelib.exports.s3 import S3ExportFiles
from chalicelib.exports.sqs import SqsExportMessages

from tests.contract.adapters import Storage, unique
from tests.contract.engines import client
from tests.support.fakes.exports import FakeExportFiles

AT = "2026-11-21T14:30:25.123Z"


def new(**changes: Any) -> Export:
    export_id = f"20261121T143025-{uuid.uuid4().hex[:12]}"
    asked = Export(export_id, "staff-1", "orders", Format.CSV, "2026-11-01T00:00:00.000Z", AT, AT, AT)
    return replace(asked, **changes)


def whole() -> Export:
    """With a value in every field."""
    return new(
        status=ExportStatus.FAILED,
        orders=9000,
        damaged=2,
        place=("2026-11-07T10:00:00.000Z", "order-1"),
        upload_id="an upload/with+signs=",
        parts=(Part("0" * 32, "AAAAAA=="), Part("1" * 32)),
        read_all=True,
        run="run-1",
        leased_until="2026-11-21T14:36:00.000Z",
        resumed=1,
        restarts=2,
        finished_at=AT,
        error="TemporarilyUnavailable: away",
    )


@pytest.mark.parametrize("export", [new(), whole()], ids=["bare", "whole"])
def test_an_export_comes_back_as_it_was_stored(storage: Storage, export: Export) -> None:
    own = replace(export, export_id=f"20261121T143025-{uuid.uuid4().hex[:12]}")

    assert storage.exports.add(own) == own

    assert storage.exports.get(own.export_id) == own


def test_one_that_is_there_is_not_stored_again(storage: Storage) -> None:
    first = new()
    storage.exports.add(first)

    there = storage.exports.add(replace(first, requested_by="staff-2", end="2026-11-20T00:00:00.000Z"))

    assert there == first
    assert storage.exports.get(first.export_id) == first


def test_an_unknown_one_is_none_and_is_not_replaced(storage: Storage) -> None:
    assert storage.exports.get("20261121T143025-none") is None
    assert storage.exports.replace(new()) is None


def test_each_change_is_made_from_the_last_one(storage: Storage) -> None:
    first = storage.exports.add(new())
    second = storage.exports.replace(replace(first, orders=10, run="run-1"))
    assert second == replace(first, orders=10, run="run-1", revision=1)
    assert second is not None

    assert storage.exports.replace(replace(first, orders=20, run="run-2")) is None
    third = storage.exports.replace(replace(second, orders=30))

    assert storage.exports.get(first.export_id) == third == replace(second, orders=30, revision=2)


def test_a_change_whose_reply_was_lost_is_recognised_and_no_other(storage: Storage) -> None:
    first = storage.exports.add(new())
    mine = replace(first, orders=10, run="run-1")
    stored = storage.exports.replace(mine)

    assert storage.exports.replace(mine) == stored
    assert storage.exports.replace(replace(mine, run="run-2")) is None
    assert storage.exports.get(first.export_id) == stored


def test_of_many_changes_at_once_one_is_made(storage: Storage) -> None:
    first = storage.exports.add(new())
    made: list[Export | None] = []

    def change(n: int) -> None:
        made.append(storage.exports.replace(replace(first, run=f"run-{n}")))

    threads = [threading.Thread(target=change, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    [one] = [export for export in made if export]
    assert storage.exports.get(first.export_id) == one


def test_a_key_leads_its_user_to_the_first_export(storage: Storage) -> None:
    who, other = unique("staff"), unique("staff")

    assert storage.exports.id_for(who, "key-1", b"first", "export-1") == ("export-1", b"first")

    assert storage.exports.id_for(who, "key-1", b"second", "export-2") == ("export-1", b"first")
    assert storage.exports.id_for(who, "key-2", b"second", "export-3") == ("export-3", b"second")
    assert storage.exports.id_for(other, "key-1", b"second", "export-4") == ("export-4", b"second")


def test_the_unfinished_ones_of_a_time_are_found(storage: Storage) -> None:
    made = [storage.exports.add(new(status=status)) for status in ExportStatus]
    storage.exports.add(new(export_id=f"20261121T143024-{uuid.uuid4().hex[:12]}"))

    found = [one for one in storage.exports.unfinished(AT) if one in made]

    assert {one.status for one in found} == {"QUEUED", "RUNNING"}
    assert all(one.export_id >= "20261121T143025" for one in storage.exports.unfinished(AT))


def test_exports_come_by_the_page_the_last_first(storage: Storage) -> None:
    made = [storage.exports.add(new(export_id=f"z{n}-{uuid.uuid4().hex[:12]}")) for n in range(5)]

    first = storage.exports.page(2, None)
    second = storage.exports.page(3, first.next)

    assert [*first.items, *second.items] == made[::-1]


@dataclass
class Bucket:
    files: ExportFiles
    s3: Any = None
    name: str = ""

    def content(self, export: Export) -> bytes:
        if self.s3 is None:
            assert isinstance(self.files, FakeExportFiles)
            return self.files.files[export.key]
        found: bytes = self.s3.get_object(Bucket=self.name, Key=export.key)["Body"].read()
        return found


@pytest.fixture(scope="module", params=["fakes", "ministack"])
def bucket(request: pytest.FixtureRequest) -> Bucket:
    if request.param == "fakes":
        return Bucket(FakeExportFiles(least=PART))
    s3, name = client("s3", request.getfixturevalue("ministack")), f"exports-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    return Bucket(S3ExportFiles(s3, name), s3, name)


CONTENTS = [b"a" * PART, b"b" * (PART + 7), b"the end"]


def uploaded(bucket: Bucket) -> Export:
    export = new()
    upload_id = bucket.files.begin(export)
    parts = [bucket.files.put_part(export, upload_id, n, content) for n, content in enumerate(CONTENTS, 1)]
    return replace(export, upload_id=upload_id, parts=tuple(parts))


def test_a_file_is_put_whole_and_replaced(bucket: Bucket) -> None:
    export = new()
    assert not bucket.files.exists(export)

    bucket.files.put(export, b"first")
    bucket.files.put(export, b"")

    assert bucket.files.exists(export)
    assert bucket.content(export) == b""


def test_a_file_is_put_together_of_its_parts(bucket: Bucket) -> None:
    export = uploaded(bucket)
    assert not bucket.files.exists(export)

    bucket.files.complete(export)

    assert bucket.content(export) == b"".join(CONTENTS)


def test_a_part_that_is_written_again_as_it_was_changes_nothing(bucket: Bucket) -> None:
    export = uploaded(bucket)

    assert bucket.files.put_part(export, export.upload_id, 2, CONTENTS[1]) == export.parts[1]
    bucket.files.complete(export)

    assert bucket.content(export) == b"".join(CONTENTS)


def test_a_file_of_which_a_part_was_replaced_is_not_put_together(bucket: Bucket) -> None:
    export = uploaded(bucket)
    bucket.files.put_part(export, export.upload_id, 2, b"c" * PART)

    with pytest.raises(UploadGone):
        bucket.files.complete(export)

    assert not bucket.files.exists(export)


def test_an_upload_that_is_completed_twice_leaves_its_file(bucket: Bucket) -> None:
    """S3 answers again for a while, and later knows no such upload; MiniStack does the first, the fake the second."""
    export = uploaded(bucket)
    bucket.files.complete(export)

    with suppress(UploadGone):
        bucket.files.complete(export)

    assert bucket.content(export) == b"".join(CONTENTS)


def test_an_upload_that_was_abandoned_is_gone(bucket: Bucket) -> None:
    export = uploaded(bucket)
    bucket.files.abandon(export, export.upload_id)
    bucket.files.abandon(export, export.upload_id)

    with pytest.raises(UploadGone):
        bucket.files.put_part(export, export.upload_id, 4, b"more")
    with pytest.raises(UploadGone):
        bucket.files.complete(export)


def test_a_link_opens_the_file_under_its_name(ministack: str) -> None:
    s3, name = client("s3", ministack), f"exports-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    files, export = S3ExportFiles(s3, name), new()
    files.put(export, b"orderNumber\r\n")

    answer = requests.get(files.link(export, 900), timeout=10)

    assert answer.content == b"orderNumber\r\n"
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="orders-20261101T000000-20261121T143025.csv"'
    )
    assert "X-Amz-Expires=900" in answer.url


def test_a_message_names_its_export_now_or_later(ministack: str) -> None:
    sqs = client("sqs", ministack)
    url = sqs.create_queue(QueueName=f"exports-{uuid.uuid4().hex[:8]}")["QueueUrl"]
    messages = SqsExportMessages(sqs, url)

    messages.send("20261121T143025-later", 900)
    messages.send("20261121T143025-now")

    bodies = [m["Body"] for m in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)["Messages"]]
    assert bodies == ['{"exportId":"20261121T143025-now","correlationId":"20261121T143025-now"}']
