"""What customers are shown as a product's name, in mails, SMS, documents and answers: the catalogue's. What the request
calls it follows at most, and not if it names an address or a phone number: the shop's own mails would carry it."""

from __future__ import annotations

from ..kit.plain_text import cut, lures, one_line
from .model import Line

UNNAMED = "a product"
"""The catalogue does not know it, and neither its id nor what it was called can be shown."""


def shown_name(line: Line, length: int, ellipsis: str = "…", unnamed: str = UNNAMED) -> str:
    """In one line of at most `length` characters."""
    return cut(full_name(line, unnamed), length, ellipsis)


def full_name(line: Line, unnamed: str = UNNAMED) -> str:
    """With any characters that the catalogue and the request have, for who judges them himself."""
    title, called = _if_seen(line.title), _called(line)
    if title and called and one_line(called).casefold() != one_line(title).casefold():
        return f"{title} ({called})"
    return title or called or shown_id(line.product_id, unnamed)


def shown_id(product_id: str, unnamed: str = UNNAMED) -> str:
    return unnamed if lures(product_id) else one_line(product_id)


def _called(line: Line) -> str:
    return "" if lures(line.name) else _if_seen(line.name)


def _if_seen(text: str) -> str:
    return text if one_line(text) else ""
