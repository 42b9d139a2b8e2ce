"""What AWS provider 6 would refuse of HCL, by the schema in provider6.json: unknown types, arguments and blocks, and
what it demands and is not there. Values are not looked at.

The local cloud can't say so: the provider that runs there is older, and is not given what it does not know."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from infra.deploy.terraform import hcl
from tools.terraform.read_schema import FILE, KINDS

SCHEMA: Mapping[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
_OF_TERRAFORM = {"for_each", "count", "depends_on", "provider", "lifecycle"}


def faults(text: str) -> Iterator[str]:
    """What provider 6 would refuse of a file, one sentence each."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        head = hcl.HEAD.match(line)
        if not head:
            continue
        known = SCHEMA[KINDS[head["kind"]]]
        if head["type"] not in known:
            yield f"{head['type']}: no such {head['kind']}"
            continue
        body = lines[at + 1 : hcl.end(lines, at)]
        yield from _faults(head["type"], body, known[head["type"]]["block"], is_top=True)


def _faults(where: str, lines: list[str], block: Mapping[str, Any], *, is_top: bool = False) -> Iterator[str]:
    if "anything" in block:
        return
    attributes, blocks = block["attributes"], block["block_types"]
    given = [item for item in hcl.items(lines) if item.name]
    for item in given:
        if is_top and item.name in _OF_TERRAFORM:
            continue
        if item.name not in (attributes if item.is_argument else blocks):
            yield f"{where}: no {'argument' if item.is_argument else 'block'} {item.name}"
        elif not item.is_argument:
            yield from _faults(f"{where}.{item.name}", _content(item), blocks[item.name]["block"])
    needed = [name for name, one in attributes.items() if "required" in one]
    needed += [name for name, one in blocks.items() if one["min_items"]]
    for name in sorted({*needed} - {item.name for item in given}):
        yield f"{where}: {name} is required"


def _content(item: hcl.Item) -> list[str]:
    """The lines inside a block; of a dynamic one those of what it makes."""
    inside = item.lines[1:-1]
    if not item.is_dynamic:
        return inside
    content = next(part for part in hcl.items(inside) if part.name == "content" and not part.is_argument)
    return content.lines[1:-1]
