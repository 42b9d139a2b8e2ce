"""Documents in the bucket as they were at one moment, by their versions. Nothing is removed for good: what was not
there then gets a delete marker, and an earlier version is copied onto what replaced it.

`deploy/`, `exports/`, `backups/` and `restores/` are no business documents, and stay."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from infra.target import Target

FOLDERS = ("receipts/", "orders/", "ended/")
_GONE = frozenset({"NoSuchVersion", "NoSuchKey", "404", "MethodNotAllowed"})


class Version(NamedTuple):
    """One that was the latest at the moment. Two of one ETag have the same content; encrypted by a key of KMS, a copy
    has another ETag, and is copied again in vain."""

    version_id: str
    etag: str


class Change(NamedTuple):
    """What must happen to a key: `version` comes back, or with None the document goes. `shown` is what there is now."""

    key: str
    version: Version | None
    shown: Version | None


def listed(
    target: Target, bucket: str, moment: datetime | None = None
) -> Iterator[tuple[str, Version | None, Version | None]]:
    """Each key, what it was at the moment (without one: now), and what it is now."""
    for folder in FOLDERS:
        for key, versions in groupby(_versions(target, bucket, folder), lambda one: one["Key"]):
            newest_first = sorted(versions, key=lambda one: (one["LastModified"], one["IsLatest"]), reverse=True)
            now = next((one for one in newest_first if one["IsLatest"]), None)
            then = now if moment is None else next((o for o in newest_first if o["LastModified"] <= moment), None)
            yield key, _shown(then), _shown(now)


def changes(
    target: Target, bucket: str, moment: datetime, kept: Mapping[str, Version] | None = None
) -> Iterator[Change]:
    """What must happen so that all is as it was at the moment; `kept` is what a backup noted then. A document that is
    as it was again by its content needs nothing."""
    for key, then, now in listed(target, bucket, moment):
        wanted = then if kept is None else kept.get(key)
        if (wanted and wanted.etag) != (now and now.etag):
            yield Change(key, wanted, now)
    # A key without any version left is in no listing.


def apply(target: Target, bucket: str, wanted: Iterable[Change]) -> tuple[int, int, list[str]]:
    """How many came back, how many went, and the keys whose version of then is gone: they stay as they are. Doing it
    again is harmless."""
    back, gone, lost = 0, 0, []
    for change in wanted:
        if change.version is None:
            target.s3.delete_object(Bucket=bucket, Key=change.key)  # a marker: the bucket keeps versions
            gone += 1
        elif _copied(target, bucket, change.key, change.version):
            back += 1
        else:
            lost.append(change.key)
    return back, gone, lost


def _copied(target: Target, bucket: str, key: str, version: Version) -> bool:
    source: Any = {"Bucket": bucket, "Key": key, "VersionId": version.version_id}
    try:
        target.s3.copy_object(Bucket=bucket, Key=key, CopySource=source)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _GONE:
            raise
        return False
    return True


def _versions(target: Target, bucket: str, folder: str) -> Iterator[dict[str, Any]]:
    """In the order of their keys. A page has both kinds of its keys, markers without an ETag."""
    for page in target.s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=folder):
        found: list[Any] = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        yield from sorted(found, key=lambda one: one["Key"].encode())


def _shown(version: Mapping[str, Any] | None) -> Version | None:
    return Version(version["VersionId"], version["ETag"]) if version and "ETag" in version else None
