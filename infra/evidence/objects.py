"""What is in the buckets, as folders with their files."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from infra.evidence.kinds import Looks
from infra.evidence.model import moment, size
from infra.evidence.reading import Reader
from infra.paths import make_importable

WHAT = "Bucket contents"
SHOWN = 100
"""Files of one folder that are listed; of more, the newest."""
_MOST = 20_000
"""Objects of one bucket that are read."""
_TYPES = {
    "pdf": "PDF",
    "json": "JSON",
    "jsonl": "JSON Lines",
    "csv": "CSV",
    "html": "page",
    "js": "script",
    "css": "style sheet",
    "svg": "picture",
    "png": "picture",
    "webp": "picture",
    "jpg": "picture",
    "zip": "ZIP",
    "woff2": "font",
    "txt": "text",
    "gz": "gzip",
    "map": "source map",
    "ico": "icon",
}


@dataclass(frozen=True)
class File:
    """Its name is masked where it has the form of personal data."""

    name: str
    kind: str
    size: str
    at: str


@dataclass
class Folder:
    """`count` and `bytes` are of all below it, also of what is not listed."""

    name: str
    folders: dict[str, "Folder"] = field(default_factory=dict)
    files: list[tuple[Any, File]] = field(default_factory=list)
    count: int = 0
    bytes: int = 0

    @property
    def shown(self) -> list[File]:
        """In the order of their names."""
        newest = sorted(self.files, key=lambda one: one[0], reverse=True)[:SHOWN]
        return sorted((file for _, file in newest), key=lambda file: file.name)

    @property
    def left_out(self) -> int:
        return max(len(self.files) - SHOWN, 0)

    @property
    def sorted_folders(self) -> list["Folder"]:
        return [self.folders[name] for name in sorted(self.folders)]

    @property
    def total(self) -> str:
        return size(self.bytes)


@dataclass(frozen=True)
class Bucket:
    """`old` are versions behind the current ones, with delete markers."""

    name: str
    root: Folder
    old: int
    old_bytes: int
    is_cut: bool

    @property
    def old_total(self) -> str:
        return size(self.old_bytes)

    @property
    def stored(self) -> int:
        """Bytes that are paid for."""
        return self.root.bytes + self.old_bytes


def buckets(reader: Reader, looks: Looks) -> list[Bucket]:
    """Each of the stage's, with all versions."""
    make_importable()
    return [_bucket(reader, found.name) for found in looks["Buckets"]]


def _bucket(reader: Reader, name: str) -> Bucket:
    root, old, old_bytes, read = Folder(name), 0, 0, 0
    for item, is_current in reader.attempt(WHAT, lambda: list(_listed(reader, name)), otherwise=[]):
        read += 1
        if is_current:
            _put(root, item)
        else:
            old += 1
            old_bytes += item.get("Size", 0)
    return Bucket(name, root, old, old_bytes, read >= _MOST)


def _listed(reader: Reader, name: str) -> Iterator[tuple[Any, bool]]:
    read = 0
    for page in reader.client("s3").get_paginator("list_object_versions").paginate(Bucket=name):
        for item in page.get("Versions", ()):
            yield item, bool(item.get("IsLatest"))
        for item in page.get("DeleteMarkers", ()):
            yield item, False
        read += len(page.get("Versions", ())) + len(page.get("DeleteMarkers", ()))
        if read >= _MOST:
            return


def _put(root: Folder, item: Any) -> None:
    *path, last = item["Key"].split("/")
    folder = root
    for name in ["", *path]:
        if name or folder is not root:
            folder = folder.folders.setdefault(_masked(name), Folder(_masked(name)))
        folder.count += 1
        folder.bytes += item["Size"]
    kind = _TYPES.get(last.rpartition(".")[2].lower(), "") if "." in last else ""
    file = File(_masked(last) or "(no name)", kind or "other", size(item["Size"]), moment(item["LastModified"]))
    folder.files.append((item["LastModified"], file))


def _masked(name: str) -> str:
    from chalicelib.kit.redaction import masked_text

    return masked_text(name)
