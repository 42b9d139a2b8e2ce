"""The files of exports, in the documents bucket. Large ones are uploaded in parts, over several invocations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from ..kit.aws import code_of, unless
from ..kit.s3 import MISSING
from ..kit.wiring import service
from .model import Export, Part, UploadGone

T = TypeVar("T")
SECONDS = 10
"""To answer: 5 MB are on their way for longer than an item of DynamoDB, and a file is put together in seconds."""
_GONE = frozenset({"NoSuchUpload", "InvalidPart"})

# S3 answers 404 for a missing object only to those who may list the bucket.
PERMISSIONS = {
    "write": ["s3:PutObject bucket/documents/exports/*", "s3:AbortMultipartUpload bucket/documents/exports/*"],
    "read": ["s3:GetObject bucket/documents/exports/*"],
    "tell_missing": ["s3:ListBucket bucket/documents"],
}


@service
class S3ExportFiles:
    client: Any
    bucket: str

    def put(self, export: Export, content: bytes) -> None:
        self.client.put_object(**self._of(export), Body=content, ContentType=export.media_type)

    def begin(self, export: Export) -> str:
        made = self.client.create_multipart_upload(**self._of(export), ContentType=export.media_type)
        return str(made["UploadId"])

    def put_part(self, export: Export, upload_id: str, number: int, content: bytes) -> Part:
        sent = {"UploadId": upload_id, "PartNumber": number, "Body": content}
        made = _or_gone(lambda: self.client.upload_part(**self._of(export), **sent))
        return Part(made["ETag"].strip('"'), made.get("ChecksumCRC32", ""))

    def complete(self, export: Export) -> None:
        parts = [_named(number, part) for number, part in enumerate(export.parts, 1)]
        asked = {"UploadId": export.upload_id, "MultipartUpload": {"Parts": parts}}
        _or_gone(lambda: self.client.complete_multipart_upload(**self._of(export), **asked))

    def abandon(self, export: Export, upload_id: str) -> None:
        unless(_GONE, lambda: self.client.abort_multipart_upload(**self._of(export), UploadId=upload_id))

    def exists(self, export: Export) -> bool:
        return unless(MISSING, lambda: self.client.head_object(**self._of(export))) is not None

    def link(self, export: Export, seconds: int) -> str:
        # The signature covers it: a holder of the link can't change the download's name or type.
        shown = {"ResponseContentDisposition": f'attachment; filename="{export.file_name}"'}
        params = {**self._of(export), **shown}
        url: str = self.client.generate_presigned_url("get_object", Params=params, ExpiresIn=seconds)
        return url

    def _of(self, export: Export) -> dict[str, Any]:
        return {"Bucket": self.bucket, "Key": export.key}


def _named(number: int, part: Part) -> dict[str, Any]:
    # The SDK begins uploads with a checksum of each part, and S3 then asks for them again.
    checksum = {"ChecksumCRC32": part.checksum} if part.checksum else {}
    return {"PartNumber": number, "ETag": f'"{part.etag}"', **checksum}


def _or_gone(call: Callable[[], T]) -> T:
    try:
        return call()
    except ClientError as error:
        if code_of(error) not in _GONE:
            raise
        raise UploadGone(code_of(error)) from error
