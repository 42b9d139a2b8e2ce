"""The ports of documents: what their adapters implement."""

from __future__ import annotations

from collections.abc import Iterator

from ..kit.wiring import Protocol


class Documents(Protocol):
    def add(self, key: str, content: bytes, content_type: str) -> bool:
        """Store if there is none of that key. False if there was: it stays as it is."""

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Store it, or replace the one of that key."""

    def get(self, key: str) -> bytes | None: ...

    def exists(self, key: str) -> bool: ...

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys that begin so, read page by page as they are asked for."""

    def link(self, key: str, seconds: int, file_name: str) -> str:
        """A link with which the document can be read for that time, without credentials. Browsers save it under this
        name, which is letters, digits, dots and dashes."""
