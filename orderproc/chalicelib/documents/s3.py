"""Documents in S3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..kit.aws import unless
from ..kit.s3 import MISSING, NOT_AS_ASKED, content_of
from ..kit.wiring import service

# S3 answers 404 for a missing object only to those who may list the bucket.
PERMISSIONS = {
    "put": ["s3:PutObject bucket/documents/{}/*"],
    "get": ["s3:GetObject bucket/documents/{}/*"],
    "list_or_tell_missing": ["s3:ListBucket bucket/documents"],
}


@service
class S3Documents:
    client: Any
    bucket: str

    def add(self, key: str, content: bytes, content_type: str) -> bool:
        # ConditionalRequestConflict is raised: another is just storing the same document.
        put = {"Bucket": self.bucket, "Key": key, "Body": content, "ContentType": content_type, "IfNoneMatch": "*"}
        return unless(NOT_AS_ASKED, lambda: self.client.put_object(**put)) is not None

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self.client.put_object(Bucket=self.bucket, Key=key, Body=content, ContentType=content_type)

    def get(self, key: str) -> bytes | None:
        return content_of(self.client, self.bucket, key)

    def exists(self, key: str) -> bool:
        return unless(MISSING, lambda: self.client.head_object(Bucket=self.bucket, Key=key)) is not None

    def keys(self, prefix: str) -> Iterator[str]:
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix):
            yield from (str(document["Key"]) for document in page.get("Contents", []))

    def link(self, key: str, seconds: int, file_name: str) -> str:
        # The signature covers it: a holder of the link can't change the download's name or type.
        shown = {"ResponseContentDisposition": f'attachment; filename="{file_name}"'}
        params = {"Bucket": self.bucket, "Key": key, **shown}
        url: str = self.client.generate_presigned_url("get_object", Params=params, ExpiresIn=seconds)
        return url
