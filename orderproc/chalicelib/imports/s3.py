"""Imported files, the outcomes of their rows, and reports, in the imports bucket."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO, Any

from botocore.exceptions import ClientError

from ..kit.aws import code_of
from ..kit.chunks import chunks as in_lists
from ..kit.clock import to_iso
from ..kit.wiring import service

_BLOCK = 64 * 1024
_AT_ONCE = 8
# Not a 403: it is of a file that we may not read, encrypted with somebody's key perhaps, and it must not end quietly.
# With the right to list the bucket a missing key is a 404.
_GONE = {"NoSuchKey", "404", "PreconditionFailed", "412"}

# S3 answers 404 for a missing object only to those who may list the bucket.
PERMISSIONS = {
    "open": ["s3:GetObject bucket/imports/{}/*"],
    "results": ["s3:GetObject bucket/imports/work/*", "s3:PutObject bucket/imports/work/*"],
    "put_report": ["s3:PutObject bucket/imports/reports/*"],
    "tell_missing": ["s3:ListBucket bucket/imports"],
}


@service
class S3Upload:
    etag: str
    size: int
    uploaded_at: str
    body: Any

    def blocks(self) -> Iterator[bytes]:
        yield from self.body.iter_chunks(_BLOCK)


@service
class S3ImportFiles:
    client: Any
    bucket: str

    @contextmanager
    def open(self, key: str, etag: str) -> Iterator[S3Upload | None]:
        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=key, IfMatch=f'"{etag}"')
        except ClientError as error:
            if code_of(error) not in _GONE:
                raise
            yield None
            return
        try:
            yield S3Upload(etag, answer["ContentLength"], to_iso(answer["LastModified"]), answer["Body"])
        finally:
            answer["Body"].close()  # of what is refused by its size, nothing was read

    def put_result(self, import_id: str, chunk: int, content: bytes) -> None:
        self.client.put_object(
            Bucket=self.bucket, Key=_result(import_id, chunk), Body=content, ContentType="application/json"
        )

    def results(self, import_id: str, chunks: int) -> Iterator[bytes | None]:
        def read(chunk: int) -> bytes | None:
            try:
                found = self.client.get_object(Bucket=self.bucket, Key=_result(import_id, chunk))
            except ClientError as error:
                if code_of(error) not in _GONE:
                    raise
                return None
            content: bytes = found["Body"].read()
            return content

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for some in in_lists(range(1, chunks + 1), _AT_ONCE):
                yield from pool.map(read, some)

    def put_report(self, key: str, content: IO[bytes], content_type: str) -> None:
        content.seek(0)
        self.client.put_object(Bucket=self.bucket, Key=key, Body=content, ContentType=content_type)


def _result(import_id: str, chunk: int) -> str:
    return f"work/{import_id}/{chunk}.json"
