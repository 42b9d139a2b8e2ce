"""What S3 answers for documents. Only a 404 says that one is not there."""

from __future__ import annotations

import io

import pytest
from botocore.exceptions import ClientError
from chalicelib.documents.s3 import S3Documents
from chalicelib.imports.s3 import S3ImportFiles

from tests.support.aws_stub import Stub, refused

pytestmark = pytest.mark.usefixtures("pauses")

KEY = "receipts/one.pdf"


@pytest.fixture
def s3() -> Stub:
    return Stub("s3")


@pytest.fixture
def documents(s3: Stub) -> S3Documents:
    return S3Documents(s3.client, "documents")


def test_a_document_is_read(s3: Stub, documents: S3Documents) -> None:
    s3.answers({"Body": io.BytesIO(b"%PDF")})

    assert documents.get(KEY) == b"%PDF"
    assert s3.calls == [("GetObject", {"Bucket": "documents", "Key": KEY})]


def test_a_document_that_is_missing_is_none(s3: Stub, documents: S3Documents) -> None:
    s3.answers(refused("NoSuchKey", 404), refused("404", 404))

    assert documents.get(KEY) is None
    assert documents.exists(KEY) is False


@pytest.mark.parametrize(("code", "status"), [("AccessDenied", 403), ("403", 403), ("Forbidden", 403)])
def test_a_document_that_may_not_be_read_is_not_called_missing(
    s3: Stub, documents: S3Documents, code: str, status: int
) -> None:
    s3.answers(refused(code, status), refused(code, status))

    with pytest.raises(ClientError, match=code):
        documents.get(KEY)
    with pytest.raises(ClientError, match=code):
        documents.exists(KEY)


@pytest.mark.parametrize("code", ["NoSuchBucket", "SlowDown", "InternalError", "InvalidObjectState"])
def test_no_other_refusal_is_called_missing(s3: Stub, documents: S3Documents, code: str) -> None:
    s3.answers(refused(code, 404 if code == "NoSuchBucket" else 503))

    with pytest.raises(ClientError, match=code):
        documents.get(KEY)


def test_a_document_that_is_there_exists(s3: Stub, documents: S3Documents) -> None:
    s3.answers({})

    assert documents.exists(KEY)
    assert s3.calls == [("HeadObject", {"Bucket": "documents", "Key": KEY})]


@pytest.mark.parametrize(("answer", "added"), [({}, True), (refused("PreconditionFailed", 412), False)])
def test_the_first_to_add_a_document_wins(
    s3: Stub, documents: S3Documents, answer: dict[str, str], added: bool
) -> None:
    s3.answers(answer)

    assert documents.add(KEY, b"%PDF", "application/pdf") is added
    assert s3.sent[0]["IfNoneMatch"] == "*"


@pytest.mark.parametrize("code", ["AccessDenied", "ConditionalRequestConflict", "SlowDown"])
def test_a_document_that_was_not_stored_is_not_called_stored(s3: Stub, documents: S3Documents, code: str) -> None:
    """A conflict: another is just storing the same one, and may fail yet."""
    s3.answers(refused(code, 409))

    with pytest.raises(ClientError, match=code):
        documents.add(KEY, b"%PDF", "application/pdf")


def test_every_page_of_a_folder_is_listed(s3: Stub, documents: S3Documents) -> None:
    s3.answers(
        {"Contents": [{"Key": "a"}], "IsTruncated": True, "NextContinuationToken": "more"},
        {"IsTruncated": True, "NextContinuationToken": "yet more"},
        {"Contents": [{"Key": "b"}]},
    )

    assert list(documents.keys("orders/")) == ["a", "b"]
    assert [sent.get("ContinuationToken") for sent in s3.sent] == [None, "more", "yet more"]


def test_a_folder_that_may_not_be_listed_is_not_called_empty(s3: Stub, documents: S3Documents) -> None:
    s3.answers(refused("AccessDenied", 403))

    with pytest.raises(ClientError, match="AccessDenied"):
        list(documents.keys("orders/"))


@pytest.mark.parametrize("code", ["AccessDenied", "403", "InvalidObjectState"])
def test_an_imported_file_that_may_not_be_read_is_not_called_gone(s3: Stub, code: str) -> None:
    s3.answers(refused(code, 403))

    with pytest.raises(ClientError, match=code), S3ImportFiles(s3.client, "imports").open("orders/a.csv", "tag"):
        pass


@pytest.mark.parametrize("code", ["NoSuchKey", "PreconditionFailed"])
def test_an_imported_file_that_was_removed_or_replaced_is_gone(s3: Stub, code: str) -> None:
    s3.answers(refused(code, 404))

    with S3ImportFiles(s3.client, "imports").open("orders/a.csv", "tag") as found:
        assert found is None
