"""Every resource of infra/terraform is one of AWS provider 6, with arguments and blocks that it knows, and all that it
demands."""

import json
import re
from pathlib import Path

import pytest

from infra.deploy.terraform import hcl
from tools.terraform import read_schema
from tools.terraform.provider_check import faults

MODULES = read_schema.files()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_provider_6_knows_every_argument(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert list(faults(text)) == []


def test_the_check_reads_every_resource() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in MODULES)

    written = re.findall(r'^(?:resource|data) ".*\{$', text, re.MULTILINE)
    read = [line for line in text.splitlines() if hcl.HEAD.match(line)]

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
    for kind, key in read_schema.KINDS.items():
        assert read_schema.used_types(kind) == set(document[key]), "run `make terraform-schema`"
