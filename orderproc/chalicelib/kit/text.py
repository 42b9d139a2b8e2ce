"""The one rule for texts that come in: trimmed, in Unicode's composed form (NFC), and only then judged.

What can't be seen counts as blank: a carrier whose name ends in a no-break space is the carrier without it, and an
address of zero-width spaces is no address."""

from __future__ import annotations

import re
import unicodedata

# Spaces, line ends, the soft hyphen, zero-width characters, marks of direction, fillers. U+001C to U+001F are control
# characters to us, unlike to Python: refused, not trimmed.
_TRIMMED = "9-d 20 85 a0 ad 61c 1680 180e 2000-200f 2028-202f 205f-206f 2800 3000 3164 feff ffa0"
# Seen only with others, and then needed: variation selectors (❤️ ends in one) and tags (so does the flag of Wales).
_NEEDING_OTHERS = "34f 115f-1160 17b4-17b5 180b-180d 180f fe00-fe0f e0000-e0fff"

_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_LONGEST = 10_000
"""Characters. Composing takes time by the square of a text's length at worst; longer ones are refused anyway."""


def _ranges(spelt: str) -> list[tuple[int, int]]:
    bounds = [part.partition("-") for part in spelt.split()]
    return [(int(first, 16), int(last or first, 16)) for first, _, last in bounds]


def _class_of(spelt: str) -> str:
    """The inside of a character class as JavaScript and Python write it; of the first 65,536 characters."""
    found = [(f"\\u{first:04x}", f"\\u{last:04x}") for first, last in _ranges(spelt) if last < 0x10000]
    return "".join(first if first == last else f"{first}-{last}" for first, last in found)


BLANK = _class_of(_TRIMMED)
"""What is trimmed, as the inside of a regular expression's character class."""
INVISIBLE = BLANK + _class_of(_NEEDING_OTHERS)
"""What is no text without something else, in the same notation."""
_BLANKS = "".join(chr(code) for first, last in _ranges(_TRIMMED) for code in range(first, last + 1))
_NOTHING = re.compile(f"[{INVISIBLE}\\U000e0000-\\U000e0fff]*")


def clean(text: str, *, lines: bool = False) -> str:
    r"""The text trimmed and composed; empty if nothing of it can be seen. With `lines`, where new lines are allowed,
    every line end becomes `\n`."""
    if lines:
        text = _LINE_ENDS.sub("\n", text)
    text = text.strip(_BLANKS)
    if text.isascii() or len(text) > _LONGEST:
        return text
    return "" if _NOTHING.fullmatch(text) else unicodedata.normalize("NFC", text)
