"""Documents in S3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from ..kit.aws import code_of
from ..kit.wiring import service

# A 403 says nothing of the key: whoever must tell a missing one from one that may not be read has the right to list the
# whole bucket, and then S3 answers 404. A condition on the prefix would not do: this request has none.
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
_MISSING = {"NoSuchKey", "404"}

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
        try:
            self.client.put_object(Bucket=self.bucket, Key=key, Body=content, ContentType=content_type, IfNoneMatch="*")
        except ClientError as error:
            # ConditionalRequestConflict: another is just storing the same document.
            if code_of(error) in ("PreconditionFailed", "412"):
                return False
            raise
        return True

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self.client.put_object(Bucket=self.bucket, Key=key, Body=content, ContentType=content_type)

    def get(self, key: str) -> bytes | None:
        try:
            content: bytes = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except ClientError as error:
            if code_of(error) in _MISSING:
                return None
            raise
        return content

    def exists(self, key: str) -> bool:
        try:
            self.client.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if code_of(error) in _MISSING:
                return False
            raise
        return True

    def keys(self, prefix: str) -> Iterator[str]:
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix):
            yield from (str(document["Key"]) for document in page.get("Contents", []))

    def link(self, key: str, seconds: int) -> str:
        url: str = self.client.generate_presigned_url(
            "get_object", Params={"Bucket": self.bucket, "Key": key}, ExpiresIn=seconds
        )
        return url
