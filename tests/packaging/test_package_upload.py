"""All functions get their package from one place in a bucket, and nothing stays there."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.session import Session

from infra.deploy import package_upload


class Answered(AWSResponse):
    """What AWS answers to a request that never left."""

    def __init__(self, request: AWSPreparedRequest, status: int = 200) -> None:
        super().__init__(request.url, status, {"x-amz-version-id": "v1"}, None)

    @property
    def content(self) -> bytes:
        return b""


class Cloud:
    """A session whose requests are noted. Deleting is refused if `keeps`."""

    def __init__(self) -> None:
        self.session = Session()
        self.session.set_credentials("key", "secret")
        self.sent: list[tuple[str, str, bytes]] = []
        self.keeps = False
        self.session.register("before-send", self._answer)

    def _answer(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        body = request.body.read() if hasattr(request.body, "read") else request.body
        self.sent.append((request.method, request.url, bytes(body or b"")))
        return Answered(request, 403 if self.keeps and request.method == "DELETE" else 200)

    def functions(self) -> Any:
        return self.session.create_client("lambda", region_name="us-east-1")

    def of(self, method: str, host: str) -> list[tuple[str, bytes]]:
        return [(url, body) for verb, url, body in self.sent if verb == method and host in url]


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv(package_upload.BUCKET, "documents")
    return Cloud()


@contextlib.contextmanager
def deployed(cloud: Cloud) -> Iterator[None]:
    """Two functions are made and one is changed while the body runs."""
    with package_upload.once(cloud.session):
        functions = cloud.functions()
        for name in ("one", "two"):
            functions.create_function(FunctionName=name, Role="arn", Code={"ZipFile": b"package"})
        functions.update_function_code(FunctionName="three", ZipFile=b"package")
        yield


def test_it_is_uploaded_once(cloud: Cloud) -> None:
    with deployed(cloud):
        ((url, body),) = cloud.of("PUT", "documents")
    assert "/deploy/packages/" in url
    assert b"package" in body


def test_each_function_is_told_where_it_is(cloud: Cloud) -> None:
    with deployed(cloud):
        made = [json.loads(body)["Code"] for _, body in cloud.of("POST", "lambda")]
        changed = [json.loads(body) for _, body in cloud.of("PUT", "lambda")]
    assert [sorted(code) for code in made] == [["S3Bucket", "S3Key", "S3ObjectVersion"]] * 2
    assert len({code["S3Key"] for code in (*made, *changed)}) == 1
    assert all("ZipFile" not in code for code in (*made, *changed))


def test_nothing_of_it_stays(cloud: Cloud) -> None:
    with deployed(cloud):
        assert not cloud.of("DELETE", "documents")
    ((url, _),) = cloud.of("DELETE", "documents")
    assert "versionId=v1" in url


def test_nothing_stays_of_a_deployment_that_fails(cloud: Cloud) -> None:
    with pytest.raises(SystemExit), deployed(cloud):
        raise SystemExit(1)
    assert cloud.of("DELETE", "documents")


def test_what_cannot_be_deleted_fails_no_deployment(cloud: Cloud) -> None:
    cloud.keeps = True
    with deployed(cloud):
        pass
    assert cloud.of("DELETE", "documents")


def test_two_packages_are_two_objects(cloud: Cloud) -> None:
    with deployed(cloud):
        cloud.functions().update_function_code(FunctionName="one", ZipFile=b"newer")
    assert len({url for url, _ in cloud.of("PUT", "documents")}) == 2


def test_without_a_bucket_chalice_sends_it(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(package_upload.BUCKET)
    with deployed(cloud):
        pass
    assert all("ZipFile" in json.loads(body)["Code"] for _, body in cloud.of("POST", "lambda"))
    assert not cloud.of("PUT", "documents")
