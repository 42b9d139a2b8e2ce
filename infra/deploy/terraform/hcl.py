"""Reads HCL as `terraform fmt` leaves it: blocks, arguments, and nothing of what values mean."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_STRING = re.compile(r'"(?:\\.|[^"\\])*"')
HEAD = re.compile(r'^(?P<kind>resource|data) "(?P<type>\w+)" "[\w-]+" \{$')
_ITEM = re.compile(
    r'^\s*(?:(?P<argument>[\w-]+)\s+=\s(?P<value>.*)|(?P<dynamic>dynamic) "(?P<named>\w+)" \{|(?P<block>\w+) \{\}?)$'
)


class Item(NamedTuple):
    """An argument or a block of a body, as it is written."""

    name: str
    lines: list[str]
    is_argument: bool
    is_dynamic: bool = False


def items(lines: list[str]) -> Iterator[Item]:
    """The arguments and blocks of a body; what lies between them has no name."""
    at = 0
    while at < len(lines):
        found = _ITEM.match(lines[at])
        if not found or lines[at].lstrip().startswith("#"):
            yield Item("", [lines[at]], is_argument=False)
            at += 1
            continue
        last = end(lines, at)
        name = found["argument"] or found["named"] or found["block"]
        yield Item(name, lines[at : last + 1], bool(found["argument"]), bool(found["dynamic"]))
        at = last + 1


def end(lines: list[str], at: int) -> int:
    """Where what begins here ends: at the line that closes all brackets, or at the end of a text in between."""
    depth = 0
    while at < len(lines):
        line = lines[at]
        if text := re.search(r"<<[-~]?(\w+)$", line):
            while at + 1 < len(lines) and lines[at].strip() != text[1]:
                at += 1
            line = ""
        bare = re.sub(r"\s#.*$|^#.*$", "", _STRING.sub("", line))
        depth += sum(bare.count(one) for one in "([{") - sum(bare.count(one) for one in ")]}")
        if depth <= 0:
            return at
        at += 1
    return len(lines) - 1
