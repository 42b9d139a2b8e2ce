"""Objects of S3 that may be missing."""

from __future__ import annotations

from typing import Any

from .aws import unless

# A 403 says nothing of the key: with the right to list the whole bucket a missing key is a 404. A condition on the
# prefix would not do: this request has none. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
MISSING = frozenset({"NoSuchKey", "404"})
NOT_AS_ASKED = frozenset({"PreconditionFailed", "412"})
"""It is there although it must not be, or is another one."""


def content_of(client: Any, bucket: str, key: str) -> bytes | None:
    """None for a key that is missing."""
    found = unless(MISSING, lambda: client.get_object(Bucket=bucket, Key=key))
    return bytes(found["Body"].read()) if found else None
