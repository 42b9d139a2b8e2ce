"""Texts in files that people open in a spreadsheet."""

from __future__ import annotations

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Without it Excel takes a file for Windows-1252."""
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are the full-width forms of the first four, which some spreadsheets take for them."""


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula, whatever its sender wrote
    (https://owasp.org/www-community/attacks/CSV_Injection)."""
    return f"'{text}" if text.startswith(_FORMULAS) or text.lstrip().startswith(_FORMULAS) else text
