"""The lines of a file that comes in blocks, in memory for one block and one line, however the file is cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .model import FileRefused

MAX_LINE = 40_000
"""Bytes: an order of a hundred lines fits. As JSON in a message it is six times as much at worst."""

AN_ARRAY = (
    "The file is a JSON array: write each of its objects on a line of its own, without the [ ] around them "
    "(JSON Lines; “jq -c '.[]'” does it), and upload it again."
)
_BOM = b"\xef\xbb\xbf"
_AS_UTF8 = "Save it as UTF-8 (in Excel: “CSV UTF-8”) and upload it again."


def lines(blocks: Iterable[bytes]) -> Iterator[str]:
    """Each line with its line end. Raises FileRefused for what is not UTF-8, and for a line that is too long."""
    number, start, rest = 1, 0, b""
    for block in _with_new_lines(blocks):
        rest += block
        *whole, rest = rest.split(b"\n")
        for line in whole:
            yield _text(line, number, start) + "\n"
            number, start = number + 1, start + len(line) + 1
        if len(rest) > MAX_LINE:
            _text(rest, number, start)
    if rest:
        yield _text(rest, number, start)


def _with_new_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same; of a file whose lines end in CR alone, as old Macs wrote, with LF for it. The first line decides."""
    blocks, head = iter(blocks), b""
    for block in blocks:
        head += block
        if b"\n" in head or len(head) > MAX_LINE:
            break
    first = head.partition(b"\n")[0][:MAX_LINE]
    if b"\r" not in first.rstrip(b"\r"):
        yield head
        yield from blocks
        return
    yield head.replace(b"\r", b"\n")
    for block in blocks:
        yield block.replace(b"\r", b"\n")


def _text(whole: bytes, number: int, start: int) -> str:
    line, is_too_long = whole[:MAX_LINE], len(whole) > MAX_LINE
    if number == 1:
        if line[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise FileRefused(f"The file is UTF-16: byte 1 is its mark. {_AS_UTF8}")
        if line.startswith(_BOM):
            line, start = line[len(_BOM) :], start + len(_BOM)
    if (zero := line.find(b"\0")) >= 0:
        raise FileRefused(f"Byte {start + zero + 1} (line {number}) is zero: the file is UTF-16 or no text. {_AS_UTF8}")
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        if is_too_long and error.end == len(line):  # cut in the middle of a character
            raise _too_long(number, line) from None
        place = f"Byte {start + error.start + 1} (line {number}, 0x{line[error.start]:02X})"
        raise FileRefused(
            f"{place} is not UTF-8: the file is most likely Latin-1 or Windows-1252. {_AS_UTF8}"
        ) from None
    if is_too_long:  # said last: if it is of another encoding, then that is the reason
        raise _too_long(number, line)
    return text


def _too_long(number: int, line: bytes) -> FileRefused:
    if number == 1 and line.lstrip().startswith(b"["):
        return FileRefused(AN_ARRAY)
    return FileRefused(
        f"Line {number} is longer than {MAX_LINE} bytes. Is it a CSV or JSON Lines file, with a line for each row?"
    )
