"""The content of a file decides its type, not its name."""

from __future__ import annotations

import pytest
from chalicelib.inventory.image_content import MOST_BYTES, MOST_PIXELS, Image, NoImage, read

from tests.support.builders.pictures import jpeg, png, webp


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (png(640, 480), "image/png"),
        *[(jpeg(640, 480, frame=frame), "image/jpeg") for frame in (0xC0, 0xC1, 0xC2)],
        *[(webp(kind, 640, 480), "image/webp") for kind in ("VP8 ", "VP8L", "VP8X")],
    ],
)
def test_pictures_of_the_three_kinds_are_read(content: bytes, media_type: str) -> None:
    assert read(content) == Image(media_type, 640, 480)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html>",
        b"GIF89a" + bytes(60),
        png()[:-12],
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        b"\xff\xd8\xff",
        jpeg()[:20],
        jpeg(frame=0xC4),
        jpeg(frame=0xD0),
        b"RIFF\x20\0\0\0WAVEfmt " + bytes(40),
        webp("VP8 ")[:25],
        webp("VP8 ").replace(b"\x9d\x01\x2a", b"\0\0\0"),
        b"x" + png(),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(NoImage, match="is no PNG, JPEG or WebP picture"):
        read(content)


def test_a_picture_that_is_too_large_is_refused() -> None:
    with pytest.raises(NoImage, match=f"{MOST_PIXELS} at most"):
        read(png(MOST_PIXELS + 1, 1))
    with pytest.raises(NoImage, match="at most"):
        read(webp("VP8 ", 0, 1))
    with pytest.raises(NoImage, match="larger than"):
        read(png() + bytes(MOST_BYTES))


@pytest.mark.parametrize("content", [png(), jpeg(), webp("VP8X"), webp("VP8L")])
def test_a_file_that_is_cut_off_anywhere_is_judged_all_the_same(content: bytes) -> None:
    for end in range(len(content)):
        try:
            assert read(content[:end]).width == 4
        except NoImage:
            continue
