"""The content of a file decides its type, not its name."""

from __future__ import annotations

import pytest
from chalicelib.inventory.image_content import Image, NoImage, read

from tests.support.builders.pictures import jpeg, png, webp


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (png(640, 480), "image/png"),
        *[(jpeg(640, 480, frame=frame), "image/jpeg") for frame in {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}],
        *[(webp(kind, 640, 480), "image/webp") for kind in ("VP8 ", "VP8L", "VP8X")],
    ],
)
def test_pictures_of_the_three_kinds_are_read(content: bytes, media_type: str) -> None:
    assert read(content) == Image(media_type, 640, 480)


@pytest.mark.parametrize("lacking", [1, 8, 15, 16, 40])
def test_a_webp_that_lacks_its_end_is_refused(lacking: int) -> None:
    body = webp("VP8X", 640, 480)[8:] + bytes(50)
    whole = b"RIFF" + len(body).to_bytes(4, "little") + body

    assert read(whole) == Image("image/webp", 640, 480)
    with pytest.raises(NoImage, match="is no PNG, JPEG or WebP picture"):
        read(whole[:-lacking])


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
        jpeg()[:2] + jpeg(),
        *(jpeg(frame=frame) for frame in (0xBF, 0xC4, 0xC8, 0xCC, 0xD0)),
        b"RIFF\x20\0\0\0WAVEfmt " + bytes(40),
        webp("VP8 ")[:25],
        webp("VP8 ")[:-1],
        b"RIFF" + (21).to_bytes(4, "little") + webp("VP8X")[8:29],
        webp("VP8 ").replace(b"\x9d\x01\x2a", b"\0\0\0"),
        webp("VP8L").replace(b"\x2f", b"\0"),
        webp().replace(b"RIFF", b"RIFX"),
        webp().replace(b"WEBP", b"WAVE"),
        b"x" + png(),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(NoImage, match="is no PNG, JPEG or WebP picture"):
        read(content)


def test_a_file_may_have_two_megabytes() -> None:
    padded = png() + bytes(2 * 1024 * 1024 - len(png()))

    assert read(padded) == Image("image/png", 4, 3)
    with pytest.raises(NoImage, match="larger than 2097152 bytes"):
        read(padded + b"\0")


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 4096), (4096, 1)])
def test_a_side_may_have_one_pixel_to_4096(width: int, height: int) -> None:
    assert read(jpeg(width, height)) == Image("image/jpeg", width, height)


@pytest.mark.parametrize(
    "content",
    [
        png().replace(b"\0\0\0\x04\0\0\0\x03", b"\x01\0\0\x04\0\0\0\x03"),
        png().replace(b"\0\0\0\x04\0\0\0\x03", b"\0\0\0\x04\x01\0\0\x03"),
        jpeg(0, 1),
        jpeg(1, 0),
        webp("VP8 ", 0, 1),
        jpeg(4097, 1),
        jpeg(1, 4097),
        png(4097, 1),
    ],
)
def test_a_side_of_no_pixel_or_more_than_4096_is_refused(content: bytes) -> None:
    with pytest.raises(NoImage, match=r"is \d+ × \d+ pixels large, but a side may have 4096 at most"):
        read(content)


@pytest.mark.parametrize("marker", [0x01, *range(0xD0, 0xD8)])
def test_markers_of_jpeg_that_have_no_length_are_passed_over(marker: int) -> None:
    whole = jpeg()

    assert read(whole[:2] + bytes([0xFF, marker]) + whole[2:]) == Image("image/jpeg", 4, 3)


@pytest.mark.parametrize("length", [0, 1, 2])
def test_a_segment_of_jpeg_has_at_least_its_length(length: int) -> None:
    whole = jpeg()

    assert read(whole[:2] + bytes([0xFF, 0xFE, 0, length]) + whole[2:]) == Image("image/jpeg", 4, 3)


@pytest.mark.parametrize("content", [png(), jpeg(), webp("VP8X"), webp("VP8L")])
def test_a_file_that_is_cut_off_anywhere_is_judged_all_the_same(content: bytes) -> None:
    for end in range(len(content)):
        try:
            assert read(content[:end]).width == 4
        except NoImage:
            continue
