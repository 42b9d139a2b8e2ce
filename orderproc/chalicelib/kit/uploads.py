"""Uploads past the API: a form that it signed, good for one object, which a browser POSTs to S3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class UploadForm(NamedTuple):
    """Where to POST which fields as multipart/form-data, the file last, as `file`."""

    url: str
    fields: dict[str, str]


def signed_form(
    client: Any, bucket: str, key: str, most_bytes: int, seconds: int, fields: Mapping[str, str] | None = None
) -> UploadForm:
    """S3 admits one object of that key, with just these fields, of 1 to `most_bytes` bytes."""
    given = dict(fields or {})
    conditions: Sequence[Any] = [
        *({name: value} for name, value in given.items()),
        ["content-length-range", 1, most_bytes],
    ]
    made = client.generate_presigned_post(bucket, key, Fields=given, Conditions=conditions, ExpiresIn=seconds)
    return UploadForm(made["url"], made["fields"])
