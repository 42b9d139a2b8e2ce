"""Files of imports, the results of their parts, and their reports."""

from __future__ import annotations

import hashlib
import io
import uuid
from typing import Any

import pytest
from chalicelib.imports.ports import ImportFiles
from chalicelib.imports.s3 import S3ImportFiles

from tests.contract.engines import client
from tests.support.fakes.imports import FakeImportFiles

AT = "2026-11-21T14:00:00.000Z"


class Bucket:
    """The imports bucket and a way to put files there."""

    def __init__(self, files: ImportFiles, s3: Any = None, name: str = "") -> None:
        self.files, self._s3, self._name = files, s3, name

    def upload(self, key: str, content: bytes) -> str:
        if self._s3 is None:
            assert isinstance(self.files, FakeImportFiles)
            return self.files.upload(key, content, AT)
        etag: str = self._s3.put_object(Bucket=self._name, Key=key, Body=content)["ETag"].strip('"')
        return etag

    def report(self, key: str) -> bytes:
        if self._s3 is None:
            assert isinstance(self.files, FakeImportFiles)
            return self.files.reports[key]
        content: bytes = self._s3.get_object(Bucket=self._name, Key=key)["Body"].read()
        return content


@pytest.fixture(scope="module", params=["fakes", "ministack"])
def bucket(request: pytest.FixtureRequest) -> Bucket:
    if request.param == "fakes":
        return Bucket(FakeImportFiles())
    s3, name = client("s3", request.getfixturevalue("ministack")), f"imports-{uuid.uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name)
    return Bucket(S3ImportFiles(s3, name), s3, name)


def test_a_file_is_read_in_blocks_as_long_as_it_is_the_one(bucket: Bucket) -> None:
    content = b"0123456789" * 50_000
    etag = bucket.upload("orders/a b.csv", content)

    with bucket.files.open("orders/a b.csv", etag) as upload:
        assert upload is not None
        assert (upload.etag, upload.size) == (etag, len(content))
        assert len(upload.uploaded_at) == len(AT)
        blocks = list(upload.blocks())

    assert len(blocks) > 1
    assert hashlib.sha256(b"".join(blocks)).digest() == hashlib.sha256(content).digest()


def test_a_file_that_was_replaced_or_deleted_is_none(bucket: Bucket) -> None:
    etag = bucket.upload("orders/b.csv", b"first")
    bucket.upload("orders/b.csv", b"second")

    with bucket.files.open("orders/b.csv", etag) as upload:
        assert upload is None
    with bucket.files.open("orders/never.csv", etag) as upload:
        assert upload is None


def test_a_file_that_may_not_be_read_is_an_error_and_no_missing_one() -> None:
    """As if it was encrypted with somebody's key: after its tries the event is among the dead letters, and seen."""
    import boto3
    from botocore.exceptions import ClientError
    from botocore.stub import Stubber

    s3 = boto3.client("s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    with Stubber(s3) as stub:
        stub.add_client_error("get_object", "AccessDenied", http_status_code=403)

        with pytest.raises(ClientError, match="AccessDenied"), S3ImportFiles(s3, "imports").open("orders/a.csv", "e"):
            pass


def test_results_come_back_in_the_order_of_their_chunks(bucket: Bucket) -> None:
    for chunk in range(20, 0, -1):
        bucket.files.put_result("an-import", chunk, b"not yet")
        bucket.files.put_result("an-import", chunk, str(chunk).encode())

    assert list(bucket.files.results("an-import", 20)) == [str(n).encode() for n in range(1, 21)]
    assert list(bucket.files.results("an-import", 0)) == []


def test_a_report_is_put_from_its_beginning_and_replaced(bucket: Bucket) -> None:
    content = io.BytesIO(b"the report")
    content.read()

    for key in ("reports/a.json", "reports/a.csv.json"):
        bucket.files.put_report(key, content, "application/json")
    bucket.files.put_report("reports/a.json", io.BytesIO(b"another"), "application/json")

    assert bucket.report("reports/a.json") == b"another"
    assert bucket.report("reports/a.csv.json") == b"the report"


def test_a_message_that_has_no_result_has_none(bucket: Bucket) -> None:
    bucket.files.put_result("half-done", 2, b"two")

    assert list(bucket.files.results("half-done", 3)) == [None, b"two", None]
