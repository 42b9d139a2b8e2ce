"""Every resource of infra/terraform is one of AWS provider 6, with arguments and blocks that it knows, and all that it
demands. The local cloud can't say so: the provider that runs there is older, and is not given what it does not know."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from infra.deploy.terraform import hcl
from tools.terraform import read_schema

MODULES = sorted(read_schema.MODULES.glob("modules/*/*.tf"))
SCHEMA: Mapping[str, Any] = json.loads(read_schema.FILE.read_text(encoding="utf-8"))["resource_schemas"]
OF_TERRAFORM = {"for_each", "count", "depends_on", "provider"}


def faults(text: str) -> Iterator[str]:
    """What provider 6 would refuse of a file, one sentence each."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        head = hcl.HEAD.match(line)
        if not head or head["kind"] != "resource":
            continue
        if head["type"] not in SCHEMA:
            yield f"{head['type']}: no such resource"
            continue
        body = lines[at + 1 : hcl.end(lines, at)]
        yield from _faults(head["type"], body, SCHEMA[head["type"]]["block"], is_top=True)


def _faults(where: str, lines: list[str], block: Mapping[str, Any], *, is_top: bool = False) -> Iterator[str]:
    attributes, blocks = block["attributes"], block["block_types"]
    given = [item for item in hcl.items(lines) if item.name]
    for item in given:
        if is_top and item.name in (*OF_TERRAFORM, "lifecycle"):
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


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_provider_6_knows_every_argument(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert list(faults(text)) == []


def test_the_check_reads_every_resource() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in MODULES)

    written = re.findall(r'^resource "', text, re.MULTILINE)
    read = [line for line in text.splitlines() if (head := hcl.HEAD.match(line)) and head["kind"] == "resource"]

    assert len(read) == len(written) > 30


def test_the_check_notices_what_provider_6_refuses() -> None:
    text = """\
resource "aws_sqs_queue" "a" {
  name    = "a"
  colour  = "red"

  lid {
    open = true
  }
}

resource "aws_sqs_letter" "b" {
  name = "b"
}

resource "aws_cloudwatch_event_target" "c" {
  arn = "c"

  dynamic "retry_policy" {
    for_each = [1]
    content {
      patience = retry_policy.value
    }
  }
}
"""

    assert list(faults(text)) == [
        "aws_sqs_queue: no argument colour",
        "aws_sqs_queue: no block lid",
        "aws_sqs_letter: no such resource",
        "aws_cloudwatch_event_target.retry_policy: no argument patience",
        "aws_cloudwatch_event_target: rule is required",
    ]


def test_the_schema_is_that_of_a_provider_6_and_of_all_types_used() -> None:
    document = json.loads(read_schema.FILE.read_text(encoding="utf-8"))

    assert re.fullmatch(r"6\.\d+\.\d+", document["version"])
    assert read_schema.used_types() == set(document["resource_schemas"])
