"""The smallest pictures of each kind, of any size."""

from __future__ import annotations

import zlib


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def png(width: int = 4, height: int = 3) -> bytes:
    """All black."""
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 0, 0, 0, 0])
    rows = zlib.compress(bytes(1 + width) * height)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def jpeg(width: int = 4, height: int = 3, *, frame: int = 0xC0) -> bytes:
    """Its headers, with a long comment and padding before the frame; no scan."""
    sizes = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + b"\xff\xfe\x01\x06"
        + b"\xff\xc0\x00\x00" * 65
        + b"\xff\xff"
        + bytes([frame])
        + b"\x00\x0b\x08"
        + sizes
        + b"\x01\x01\x11\x00\xff\xd9"
    )


def webp(kind: str = "VP8 ", width: int = 4, height: int = 3) -> bytes:
    """Its headers."""
    less = (max(0, width - 1), max(0, height - 1))
    data = {
        "VP8 ": b"\0\0\0\x9d\x01\x2a" + width.to_bytes(2, "little") + height.to_bytes(2, "little"),
        "VP8L": b"\x2f" + (less[0] | less[1] << 14).to_bytes(4, "little") + bytes(5),
        "VP8X": bytes(4) + less[0].to_bytes(3, "little") + less[1].to_bytes(3, "little"),
    }[kind]
    body = b"WEBP" + kind.encode() + len(data).to_bytes(4, "little") + data
    return b"RIFF" + len(body).to_bytes(4, "little") + body
