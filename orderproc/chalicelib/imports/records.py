"""The rows of a CSV or JSON Lines file, as messages carry them, and cut into as many as a message takes.

A row is `{"row", "line"}` (counted from 1; the file's line where it begins) and one of `cells` (CSV: column → text, the
empty ones left out), `text` (JSON Lines: the line), `error` (a row that does not fit the header)."""

from __future__ import annotations

import csv
import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..kit.chunks import fitting
from ..kit.jsonio import dumps
from ..kit.text import clean
from .lines import AN_ARRAY, MAX_LINE, lines
from .model import MAX_ROWS, FileRefused

Row = dict[str, Any]
Columns = Callable[[list[str]], list[str]]
"""From the header's cells to the columns' names. Raises FileRefused."""

MAX_ROWS_OF_MESSAGE = 100
MAX_BYTES_OF_MESSAGE = 100_000

_NAMES_SEPARATOR = re.compile(r'"?sep=', re.IGNORECASE)
_SEPARATOR = re.compile(r'"?sep=([,;\t|])"?(?:([,;\t|])\2*)?\s*', re.IGNORECASE)
"""A first line that tells Excel the separator of cells. Saved again it has as many cells as the others, and their
separator counts."""
_JSON_AS_CSV = (
    "The file holds JSON, but its name ends in .csv: write each object on a line of its own (JSON Lines), "
    "let the name end in .jsonl, and upload it again."
)
_JSON_ENDINGS = (".jsonl", ".ndjson", ".json", ".jsonlines")


def rows(blocks: Iterable[bytes], name: str, columns: Columns) -> Iterator[Row]:
    """Raises FileRefused as soon as something is found for which the whole file must be refused."""
    text = lines(blocks)
    first = next(text, None) if _by_content(name) else None
    whole = itertools.chain([first], text) if first else text
    is_json = name.lower().endswith(_JSON_ENDINGS) or (first is not None and first.lstrip().startswith(("{", "[")))
    found = _json_rows(whole) if is_json else _csv_rows(whole, columns)
    for row in found:
        if row["row"] > MAX_ROWS:
            raise FileRefused(f"The file has more than {MAX_ROWS} rows. Split it.")
        yield row


def cut(found: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows by the message: the same rows always give the same messages."""
    return fitting(
        found,
        MAX_ROWS_OF_MESSAGE,
        MAX_BYTES_OF_MESSAGE,
        lambda row: len(json.dumps(row, ensure_ascii=False).encode()) + 1,
    )


def as_message(body: Mapping[str, Any]) -> str:
    """A message's body as SQS takes it."""
    # The only two characters left that SQS refuses, and with them every message of the call
    # (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html).
    return dumps(body).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def _by_content(name: str) -> bool:
    return not name.lower().endswith((".csv", *_JSON_ENDINGS))


def _json_rows(text: Iterable[str]) -> Iterator[Row]:
    row = 0
    for number, line in enumerate(text, 1):
        if content := line.strip():
            row += 1
            if row == 1:
                _refuse_other_json(content, number)
            yield {"row": row, "line": number, "text": _without_comma(content)}
    if not row:
        raise FileRefused("The file is empty.")


def _without_comma(line: str) -> str:
    """A comma behind an object is left from the array that it was in, and can be nothing else."""
    whole = line.removesuffix(",").rstrip()
    return whole if whole.endswith("}") else line


def _refuse_other_json(content: str, number: int) -> None:
    if content.startswith("["):
        raise FileRefused(AN_ARRAY)
    if content.startswith("{") and _goes_on(_without_comma(content)):
        raise FileRefused(
            f"The object that begins at line {number} is spread over several lines: write each order or product on a "
            "line of its own (JSON Lines; “jq -c .” does it, or “jq -c '.orders[]'” where they are in a list “orders”),"
            " and upload it again."
        )


def _goes_on(line: str) -> bool:
    """Whether nothing is wrong with this JSON but that it ends too early."""
    try:
        json.loads(line)
    except json.JSONDecodeError as error:
        return error.pos >= len(line)
    except (RecursionError, ValueError):  # the row's own errors say it
        return False
    return False


def _csv_rows(text: Iterable[str], columns: Columns) -> Iterator[Row]:
    text = iter(text)
    first = next(text, "")
    if first.lstrip().startswith(("{", "[")):
        raise FileRefused(_JSON_AS_CSV)
    separator = _SEPARATOR.fullmatch(first)
    if _NAMES_SEPARATOR.match(first) and not separator:
        raise FileRefused(f"“{first.strip()[:20]}”: put commas, semicolons, tabs or | between the cells.")
    used = separator and (separator[2] or separator[1])
    reader = _Reader(text, used, passed=1) if used else _Reader(itertools.chain([first], text))
    header = next(reader, None)
    if header is None:
        raise FileRefused("The file is empty: it has no header.")
    names = columns(_without_separator(header[1]))
    for row, (line, cells) in enumerate(reader, 1):
        found: Row = {"row": row, "line": line}
        # Spreadsheets leave empty cells behind the last one.
        if len(cells) < len(names) or any(cells[len(names) :]):
            found["error"] = f"has {len(cells)} cells, but the header has {len(names)}"
        else:
            found["cells"] = {name: cell for name, cell in zip(names, cells, strict=False) if cell}
        yield found


def _without_separator(header: list[str]) -> list[str]:
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        used = "semicolons" if ";" in header[0] else "tabs"
        raise FileRefused(f"The header is separated by {used}. Save the file with commas between the cells.")
    return header


class _Reader:
    """Records of a CSV file, tidied, each with the line it begins at; empty ones are passed over. `passed` lines of the
    file were read before."""

    def __init__(self, text: Iterable[str], separator: str = ",", passed: int = 0) -> None:
        self._text = iter(text)
        self._line = passed
        self._begins = 1
        self._length = 0
        self._reader = csv.reader(self._fed(), delimiter=separator, strict=True)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        return self

    def __next__(self) -> tuple[int, list[str]]:
        while True:
            self._begins, self._length = self._line + 1, 0
            try:
                cells = [clean(cell) for cell in next(self._reader)]
            except csv.Error as error:
                raise FileRefused(
                    f"The row that begins at line {self._begins} is not CSV: {_words(error)}. "
                    "A cell with a comma, a quote or a line end in it stands in quotes, and a quote in it is doubled."
                ) from None
            if any(cells):
                return self._begins, cells

    def _fed(self) -> Iterator[str]:
        for line in self._text:
            self._line += 1
            self._length += len(line)
            # A quote that is never closed would take the rest of the file into one cell.
            if self._length > MAX_LINE:
                raise FileRefused(
                    f"The row that begins at line {self._begins} is longer than {MAX_LINE} characters. "
                    "Is a closing quote missing?"
                )
            yield line


def _words(error: csv.Error) -> str:
    """Python's own speak of how a file was opened."""
    return "it mixes line ends" if "new-line" in str(error) else str(error)
