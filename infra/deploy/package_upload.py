"""Uploads the package once for all functions.

Chalice sends the whole package with the call that makes or changes a function: 27 times 40 MB, and never more than
50 MB. Here it is put into a bucket when the first function needs it, the calls name it there, and it is deleted when
Chalice is done: Lambda keeps a copy of its own for each function."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

BUCKET = "ORDERPROC_PACKAGE_BUCKET"
"""The environment variable that names the bucket; without it, packages are sent as Chalice does."""
_CONFIG = Config(connect_timeout=5, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 5})


class Uploads:
    """What is in the bucket for one command."""

    def __init__(self, session: Session, bucket: str) -> None:
        self._s3: Any = session.create_client("s3", config=_CONFIG)
        self._bucket = bucket
        self._versions: dict[str, str] = {}

    def place(self, content: bytes) -> dict[str, str]:
        """Where the package is, in the words of CreateFunction and UpdateFunctionCode."""
        key = f"deploy/packages/{hashlib.sha256(content).hexdigest()}.zip"
        if key not in self._versions:
            put = self._s3.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType="application/zip")
            self._versions[key] = put.get("VersionId", "")
        version = self._versions[key]
        place = {"S3Bucket": self._bucket, "S3Key": key}
        return place | {"S3ObjectVersion": version} if version else place

    def remove(self) -> None:
        """Delete them, with nothing left under older versions. What cannot be deleted expires in a day: no reason to
        call a deployment failed."""
        for key, version in self._versions.items():
            with contextlib.suppress(BotoCoreError, ClientError):
                self._s3.delete_object(Bucket=self._bucket, Key=key, **({"VersionId": version} if version else {}))


@contextlib.contextmanager
def once(session: Session) -> Iterator[None]:
    """While the body runs, the session's clients send no package but say where it is."""
    bucket = os.environ.get(BUCKET)
    if not bucket:
        yield
        return
    uploads = Uploads(session, bucket)

    def create(**event: Any) -> None:
        params = event["params"]
        if "ZipFile" in params["Code"]:
            params["Code"] = uploads.place(params["Code"]["ZipFile"])

    def update(**event: Any) -> None:
        params = event["params"]
        if "ZipFile" in params:
            params.update(uploads.place(params.pop("ZipFile")))

    session.register("provide-client-params.lambda.CreateFunction", create)
    session.register("provide-client-params.lambda.UpdateFunctionCode", update)
    try:
        yield
    finally:
        uploads.remove()
