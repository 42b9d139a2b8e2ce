"""Exports, their files and their messages, in memory."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.exports.model import Export, Part, UploadGone
from chalicelib.kit.clock import stamp
from chalicelib.kit.page import Page


class FakeExports:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.stored: dict[str, Export] = {}
        self.keys: dict[tuple[str, str], tuple[str, bytes]] = {}

    def id_for(self, who: str, key: str, fingerprint: bytes, export_id: str) -> tuple[str, bytes]:
        with self._lock:
            return self.keys.setdefault((who, key), (export_id, fingerprint))

    def add(self, new: Export) -> Export:
        with self._lock:
            return self.stored.setdefault(new.export_id, new)

    def get(self, export_id: str) -> Export | None:
        return self.stored.get(export_id)

    def replace(self, changed: Export) -> Export | None:
        with self._lock:
            there, then = self.stored.get(changed.export_id), replace(changed, revision=changed.revision + 1)
            if there == then:  # the SDK's repetition of a write whose reply was lost
                return then
            if there is None or there.revision != changed.revision:
                return None
            self.stored[changed.export_id] = then
            return then

    def unfinished(self, since: str) -> Sequence[Export]:
        return [one for key, one in sorted(self.stored.items()) if key >= stamp(since) and not one.ended]

    def page(self, limit: int, after: Mapping[str, str] | None) -> Page[Export]:
        ids = sorted((i for i in self.stored if after is None or i < after["item"]), reverse=True)
        more = {"item": ids[limit - 1]} if len(ids) > limit else None
        return Page([self.stored[i] for i in ids[:limit]], more)


@dataclass
class FakeExportFiles:
    """A bucket. `least` is the size below which only the last part may be."""

    least: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    begun: int = 0
    puts: int = 0

    def put(self, export: Export, content: bytes) -> None:
        self.puts += 1
        self.files[export.key] = content

    def begin(self, export: Export) -> str:
        self.begun += 1
        upload_id = f"upload-{self.begun}"
        self.uploads[upload_id] = {}
        return upload_id

    def put_part(self, export: Export, upload_id: str, number: int, content: bytes) -> Part:
        if upload_id not in self.uploads:
            raise UploadGone("NoSuchUpload")
        self.uploads[upload_id][number] = content
        return Part(_etag(content))

    def complete(self, export: Export) -> None:
        there = self.uploads.get(export.upload_id)
        if there is None:
            raise UploadGone("NoSuchUpload")
        wanted = [(number, there.get(number), part) for number, part in enumerate(export.parts, 1)]
        if any(content is None or _etag(content) != part.etag for _, content, part in wanted):
            raise UploadGone("InvalidPart")
        contents = [content for _, content, _ in wanted if content is not None]
        assert all(len(content) >= self.least for content in contents[:-1]), "EntityTooSmall"
        self.files[export.key] = b"".join(contents)
        del self.uploads[export.upload_id]

    def abandon(self, export: Export, upload_id: str) -> None:
        self.uploads.pop(upload_id, None)

    def exists(self, export: Export) -> bool:
        return export.key in self.files

    def link(self, export: Export, seconds: int) -> str:
        return f"https://documents.test/{export.key}?seconds={seconds}&name={export.file_name}"


@dataclass
class FakeExportMessages:
    """`sent` are the ids in messages that wait, `later` those that are not visible yet."""

    sent: list[str] = field(default_factory=list)
    later: list[tuple[int, str]] = field(default_factory=list)

    def send(self, export_id: str, seconds: int = 0) -> None:
        assert 0 <= seconds <= 900  # as SQS has it
        if seconds:
            self.later.append((seconds, export_id))
        else:
            self.sent.append(export_id)


def _etag(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
