"""Imported files, the outcomes of their rows, and reports, in the imports bucket."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO, Any

from ..kit.aws import unless
from ..kit.chunks import chunks as in_lists
from ..kit.clock import to_iso
from ..kit.s3 import MISSING, NOT_AS_ASKED, content_of
from ..kit.uploads import UploadForm, signed_form
from ..kit.wiring import service
from .ports import Upload

_BLOCK = 64 * 1024
_CONCURRENCY = 8
# S3 answers 404 for a missing object only to those who may list the bucket.
PERMISSIONS = {
    "open": ["s3:GetObject bucket/imports/{}/*"],
    "results": ["s3:GetObject bucket/imports/work/*", "s3:PutObject bucket/imports/work/*"],
    "put_report": ["s3:PutObject bucket/imports/reports/*"],
    "tell_missing": ["s3:ListBucket bucket/imports"],
    # A form and a link are good for what their signer may do.
    "form": ["s3:PutObject bucket/imports/orders/uploads/*", "s3:PutObject bucket/imports/products/uploads/*"],
    "link": ["s3:GetObject bucket/imports/reports/*"],
}


@service
class S3ImportFiles:
    client: Any
    bucket: str

    @contextmanager
    def open(self, key: str, etag: str) -> Iterator[Upload | None]:
        asked = {"Bucket": self.bucket, "Key": key, "IfMatch": f'"{etag}"'}
        answer = unless(MISSING | NOT_AS_ASKED, lambda: self.client.get_object(**asked))
        if answer is None:
            yield None
            return
        content = answer["Body"]
        try:
            uploaded_at = to_iso(answer["LastModified"])
            yield Upload(etag, answer["ContentLength"], uploaded_at, lambda: content.iter_chunks(_BLOCK))
        finally:
            content.close()  # of what is refused by its size, nothing was read

    def put_result(self, import_id: str, chunk: int, content: bytes) -> None:
        self.client.put_object(
            Bucket=self.bucket, Key=_result(import_id, chunk), Body=content, ContentType="application/json"
        )

    def results(self, import_id: str, chunks: int) -> Iterator[bytes | None]:
        def read(chunk: int) -> bytes | None:
            return content_of(self.client, self.bucket, _result(import_id, chunk))

        with ThreadPoolExecutor(_CONCURRENCY) as pool:
            for some in in_lists(range(1, chunks + 1), _CONCURRENCY):
                yield from pool.map(read, some)

    def put_report(self, key: str, content: IO[bytes], content_type: str) -> None:
        content.seek(0)
        self.client.put_object(Bucket=self.bucket, Key=key, Body=content, ContentType=content_type)

    def form(self, key: str, most_bytes: int, seconds: int) -> UploadForm:
        return signed_form(self.client, self.bucket, key, most_bytes, seconds)

    def link(self, key: str, seconds: int, file_name: str) -> str:
        shown = {"ResponseContentDisposition": f'attachment; filename="{file_name}"'}
        params = {"Bucket": self.bucket, "Key": key, **shown}
        url: str = self.client.generate_presigned_url("get_object", Params=params, ExpiresIn=seconds)
        return url


def _result(import_id: str, chunk: int) -> str:
    return f"work/{import_id}/{chunk}.json"
