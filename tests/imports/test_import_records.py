"""However a file comes in blocks, its rows are the same; and whatever is in it, memory is bounded."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import pytest
from chalicelib.imports import lines as import_lines
from chalicelib.imports import records as import_records
from chalicelib.imports.model import FileRefused
from chalicelib.imports.records import Row, cut, rows
from chalicelib.kit.text import clean
from hypothesis import given
from hypothesis import strategies as st

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
TABLES = st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=12)
BORDERS = st.lists(st.integers(0, 400), max_size=12)


def in_blocks(content: bytes, borders: list[int]) -> Iterator[bytes]:
    at = 0
    for border in sorted(borders):
        if border > at:
            yield content[at:border]
            at = border
    yield content[at:]


def read(content: bytes, borders: list[int], name: str = "a.csv") -> list[Row] | str:
    """The rows, or why the file is refused."""
    try:
        return list(rows(in_blocks(content, borders), name, lambda header: header))
    except FileRefused as refusal:
        return str(refusal)


def written(table: list[list[str]], ending: str) -> bytes:
    sheet = io.StringIO(newline="")
    csv.writer(sheet, quoting=csv.QUOTE_ALL, lineterminator=ending).writerows([["a", "b", "c"], *table])
    return sheet.getvalue().encode()


@given(TABLES, BORDERS, st.sampled_from(["\n", "\r\n", "\r"]))
def test_every_cell_comes_back_wherever_the_blocks_end(table: list[list[str]], borders: list[int], ending: str) -> None:
    found = read(written(table, ending), borders)

    if ending == "\r":  # then that of cells is a line end, too
        table = [[cell.replace("\r", "\n") for cell in cells] for cells in table]
    kept = [[clean(cell) for cell in cells] for cells in table if any(clean(cell) for cell in cells)]
    assert isinstance(found, list)
    assert [[row["cells"].get(name, "") for name in "abc"] for row in found] == kept
    assert [row["row"] for row in found] == list(range(1, len(kept) + 1))


@given(st.binary(max_size=300), BORDERS, st.sampled_from(["a.csv", "a.jsonl", "a"]))
def test_whatever_the_bytes_are_their_borders_change_nothing(content: bytes, borders: list[int], name: str) -> None:
    assert read(content, borders, name) == read(content, [], name)


@pytest.mark.parametrize("length", [import_lines.MAX_LINE + n for n in (-1, 0, 1)])
@pytest.mark.parametrize("filling", [b"x", "é".encode(), "東".encode()])
def test_a_line_is_too_long_by_its_length_and_not_by_the_blocks(length: int, filling: bytes) -> None:
    text = (b"  " + filling * length)[:length].decode(errors="ignore").encode().ljust(length)
    content = b"a\n" + text + b"\n" + b"b\n"

    whole = read(content, [], "a.jsonl")

    assert isinstance(whole, str) == (length > import_lines.MAX_LINE)
    for border in (1, 2, 3, 100, length, length + 1, length + 2, length + 3):
        assert read(content, [border], "a.jsonl") == whole


def test_no_more_is_read_of_a_file_without_lines_than_shows_it() -> None:
    taken = []

    def endless() -> Iterator[bytes]:
        while True:
            taken.append(1)
            yield b"x" * 1000

    with pytest.raises(FileRefused, match="Line 1 is longer"):
        list(rows(endless(), "a.csv", lambda header: header))
    assert len(taken) <= import_lines.MAX_LINE // 1000 + 1


@given(st.lists(st.integers(1, 45_000), max_size=60))
def test_messages_hold_all_rows_in_order_and_are_bounded(lengths: list[int]) -> None:
    whole: list[Row] = [{"row": n, "line": n, "text": "x" * length} for n, length in enumerate(lengths, 1)]

    messages = list(cut(whole))

    assert [row for message in messages for row in message] == whole
    assert all(1 <= len(message) <= import_records.MAX_ROWS_OF_MESSAGE for message in messages)
    assert all(len(json.dumps(message)) <= import_records.MAX_BYTES_OF_MESSAGE + 200 for message in messages)


def test_a_message_takes_a_hundred_rows() -> None:
    assert [len(message) for message in cut({"row": n} for n in range(250))] == [100, 100, 50]
