"""Backups by name: all tables as they were at one second, exported under `backups/<name>/` of the documents bucket,
with a list of the documents of that time. A lifecycle rule of the bucket ends them (BACKUPS_KEPT_DAYS)."""

import gzip
import json
import math
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from botocore.exceptions import ClientError

from infra.backups import documents, exports
from infra.backups.documents import Version
from infra.backups.exports import Exports
from infra.deploy import state
from infra.errors import Refusal
from infra.target import Target

FOLDER = "backups/"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_MISSING = frozenset({"NoSuchKey", "404"})


@dataclass(frozen=True)
class Backup:
    """`at` is the second that it shows. It is `complete` once it can be restored."""

    name: str
    at: datetime
    complete: bool
    exports: Exports
    items: int = 0

    @property
    def folder(self) -> str:
        """In the documents bucket, without a slash at its end."""
        return f"{FOLDER}{self.name}"


def make(target: Target, outputs: Mapping[str, str], name: str, moment: datetime | None = None) -> Backup:
    """Back the stage up as it is now. Again under the same name goes on with one that was interrupted, as of the time
    at which that began. Refuses a name that is taken, and a stage that is being restored."""
    check_name(name)
    bucket = outputs["DocumentsBucketName"]
    state.refuse_while_restored(target, bucket)  # its tables are of several times
    begun = find(target, bucket, name)
    if begun and begun.complete:
        raise Refusal(f"There is a backup {name} already, of {shown(begun.at)}: choose another NAME=….")
    if begun is None:
        begun = Backup(name, moment or _next_second(), False, {})
        _put(target, bucket, begun)
    exports.until_recoverable(target, outputs, begun.at)
    found = exports.make(target, outputs, begun.at, begun.folder)
    _put_documents(target, bucket, begun)
    items = sum(_items(target, bucket, folder) for folder in found.values())
    done = Backup(name, begun.at, True, found, items)
    _put(target, bucket, done)
    return done


def check_name(name: str) -> None:
    """Refuses what is no name."""
    if not NAME.fullmatch(name):
        raise Refusal(f"{name!r} can't be a backup's name: use up to 40 lower-case letters, digits and dashes.")


def find(target: Target, bucket: str, name: str) -> Backup | None:
    """The backup of that name, None if there is none."""
    try:
        stored = target.s3.get_object(Bucket=bucket, Key=f"{FOLDER}{name}/backup.json")["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            return None
        raise
    values = json.loads(stored)
    return Backup(**{**values, "at": datetime.fromisoformat(values["at"])})


def all_of(target: Target, bucket: str) -> list[Backup]:
    """The newest first."""
    pages = target.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=FOLDER, Delimiter="/")
    names = [one["Prefix"].split("/")[1] for page in pages for one in page.get("CommonPrefixes", [])]
    found = [backup for name in names if (backup := find(target, bucket, name))]
    return sorted(found, key=lambda one: one.at, reverse=True)


def delete(target: Target, bucket: str, name: str) -> None:
    """For good, with all versions of its files. Refuses where there is none, and one that a restoration still reads."""
    if find(target, bucket, name) is None:
        raise Refusal(f"There is no backup {name}.")
    if (state.load(target, bucket, state.RESTORE) or {}).get("backup") == name:
        raise Refusal(f"The stage is being restored to {name}: finish that first.")
    pages = target.s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=f"{FOLDER}{name}/")
    found = [one for page in pages for one in (*page.get("Versions", []), *page.get("DeleteMarkers", []))]
    # What says that it is one goes last, so that a deletion which dies can be repeated.
    for one in sorted(found, key=lambda version: version["Key"].endswith("/backup.json")):
        target.s3.delete_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])


def documents_of(target: Target, bucket: str, backup: Backup) -> dict[str, Version]:
    """What was in the bucket at its time, by key."""
    stored = target.s3.get_object(Bucket=bucket, Key=f"{backup.folder}/documents.jsonl.gz")["Body"].read()
    rows: Iterator[list[str]] = map(json.loads, gzip.decompress(stored).splitlines())
    return {key: Version(version_id, etag) for key, version_id, etag in rows}


def shown(moment: datetime) -> str:
    """As people write it, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _next_second() -> datetime:
    """Exports are of whole seconds: what was done before the command is in them."""
    return datetime.fromtimestamp(math.ceil(time.time()), UTC)


def _put_documents(target: Target, bucket: str, backup: Backup) -> None:
    rows = (
        json.dumps([key, then.version_id, then.etag])
        for key, then, _ in documents.listed(target, bucket, backup.at)
        if then
    )
    content = gzip.compress("\n".join(rows).encode())
    target.s3.put_object(Bucket=bucket, Key=f"{backup.folder}/documents.jsonl.gz", Body=content)


def _put(target: Target, bucket: str, backup: Backup) -> None:
    content = json.dumps({**asdict(backup), "at": backup.at.isoformat()}).encode()
    key = f"{backup.folder}/backup.json"
    target.s3.put_object(Bucket=bucket, Key=key, Body=content, ContentType="application/json")


def _items(target: Target, bucket: str, folder: str) -> int:
    manifest = target.s3.get_object(Bucket=bucket, Key=f"{folder}/manifest-files.json")["Body"].read()
    return sum(int(json.loads(line)["itemCount"]) for line in manifest.splitlines() if line.strip())
