"""Steps and lists that are numbered: `1. … 2. …`."""

from __future__ import annotations

import re

_NUMBERING = re.compile(r"^ *(\d{1,2})[.)] (?=\S)", re.MULTILINE)


def without_numbering(text: str) -> str:
    """With dashes for the numbers before lines, if these count up from 1; any other number says something."""
    numbers = [int(found) for found in _NUMBERING.findall(text)]
    return _NUMBERING.sub("- ", text) if numbers and numbers == list(range(1, len(numbers) + 1)) else text
