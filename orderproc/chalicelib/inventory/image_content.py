"""What an uploaded file is, judged by its content: its name and the type it was sent with are the sender's words.

Only the header is read, by the formats' own definitions; nothing is decoded.
PNG: https://www.w3.org/TR/png-3/#11IHDR · JPEG: ITU-T T.81, B.2.2 · WebP: RFC 9649, 2.4 to 2.7"""

from __future__ import annotations

from typing import NamedTuple

from ..kit.errors import OrderProcError

MEDIA_TYPES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
"""With the ends of their files' names."""
MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 4096
"""Of a side. What is larger makes phones slow, and may be made to."""
_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_START_OF_FRAME = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""Markers of JPEG that tell the size; the three are tables and an extension."""
_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD8)}


class NoImage(OrderProcError):
    """The sentence says what is wrong with the file."""


class Image(NamedTuple):
    """What the header says."""

    media_type: str
    width: int
    height: int


def read(content: bytes) -> Image:
    """Raises NoImage for what is no picture of the three kinds, or too large a one."""
    if len(content) > MOST_BYTES:
        raise NoImage(f"is larger than {MOST_BYTES} bytes")
    found = _png(content) or _webp(content) or _jpeg(content)
    if found is None:
        raise NoImage("is no PNG, JPEG or WebP picture")
    if not (1 <= found.width <= MOST_PIXELS and 1 <= found.height <= MOST_PIXELS):
        raise NoImage(f"is {found.width} × {found.height} pixels large, but a side may have {MOST_PIXELS} at most")
    return found


def _png(content: bytes) -> Image | None:
    if not content.startswith(_PNG) or not content.rstrip(b"\0").endswith(b"IEND\xaeB`\x82"):
        return None
    return Image("image/png", _big(content[16:20]), _big(content[20:24]))


def _webp(content: bytes) -> Image | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(content) < 30:
        return None
    if _little(content[4:8]) + 8 > len(content):  # it is cut off
        return None
    kind, data = content[12:16], content[20:30]
    if kind == b"VP8X":
        return Image("image/webp", 1 + _little(data[4:7]), 1 + _little(data[7:10]))
    if kind == b"VP8L" and data[0] == 0x2F:
        bits = _little(data[1:5])
        return Image("image/webp", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    if kind == b"VP8 " and data[3:6] == b"\x9d\x01\x2a":
        return Image("image/webp", _little(data[6:8]) & 0x3FFF, _little(data[8:10]) & 0x3FFF)
    return None


def _jpeg(content: bytes) -> Image | None:
    """Walks from segment to segment up to the one that tells the size."""
    if not content.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _START_OF_FRAME:
            return Image("image/jpeg", _big(content[at + 7 : at + 9]), _big(content[at + 5 : at + 7]))
        if marker == 0xFF:  # a byte of padding
            at += 1
        elif marker in _WITHOUT_LENGTH:
            at += 2
        else:
            at += 2 + max(2, _big(content[at + 2 : at + 4]))
    return None


def _big(some: bytes) -> int:
    return int.from_bytes(some, "big")


def _little(some: bytes) -> int:
    return int.from_bytes(some, "little")
