"""Reads values of HCL that are written out: texts, numbers, lists, objects. Expressions stay as they are written."""

import json
import re
from pathlib import Path
from typing import Any

from infra.deploy.terraform import hcl

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|#[^\n]*|[{}\[\](),=\n]|[^\s{}\[\](),="#]+')
_WORDS = {"true": True, "false": False, "null": None}


def local(path: Path, name: str) -> Any:
    """The value of a local of the file."""
    return _named(path.read_text(encoding="utf-8"), r"locals \{", name)


def argument(path: Path, block: str, name: str) -> Any:
    """The value of an argument of a block, which begins with these words."""
    return _named(path.read_text(encoding="utf-8"), re.escape(block) + r" \{", name)


def _named(text: str, block: str, name: str) -> Any:
    lines = text.splitlines()
    for at, line in enumerate(lines):
        if re.fullmatch(block, line):
            for item in hcl.items(lines[at + 1 : hcl.end(lines, at)]):
                if item.name == name and item.is_argument:
                    return parse("\n".join(item.lines).partition("=")[2])
    raise LookupError(f"no {name} in {block}")


def parse(text: str) -> Any:
    """A value as Python has it."""
    tokens = [token for token in _TOKEN.findall(text.strip()) if not token.startswith("#")]
    return _value(tokens)


def _value(tokens: list[str]) -> Any:
    if tokens[0] == "{":
        return _object(tokens)
    if tokens[0] == "[":
        return _list(tokens)
    taken: list[str] = []
    depth = 0
    while tokens and (depth or tokens[0] not in (",", "\n", "}", "]")):
        depth += (tokens[0] in "([{") - (tokens[0] in ")]}")
        taken.append(tokens.pop(0))
    if len(taken) == 1 and taken[0].startswith('"'):
        return json.loads(taken[0])
    if len(taken) == 1 and re.fullmatch(r"-?\d+", taken[0]):
        return int(taken[0])
    written = " ".join(taken)
    return _WORDS.get(written, written)


def _object(tokens: list[str]) -> dict[str, Any]:
    tokens.pop(0)
    found = {}
    while _skip(tokens) != "}":
        key = tokens.pop(0).strip('"')
        tokens.pop(0)  # the sign between
        found[key] = _value(tokens)
    tokens.pop(0)
    return found


def _list(tokens: list[str]) -> list[Any]:
    tokens.pop(0)
    found = []
    while _skip(tokens) != "]":
        found.append(_value(tokens))
    tokens.pop(0)
    return found


def _skip(tokens: list[str]) -> str:
    """The next token that is no separator."""
    while tokens[0] in (",", "\n"):
        tokens.pop(0)
    return tokens[0]
