"""What is written for AWS provider 6 is made digestible for the old one that runs beside the local cloud."""

from typing import Any

import pytest

from infra.deploy.terraform import hcl, older_provider

KNOWN: dict[str, Any] = {
    "resource_schemas": {
        "aws_queue": {
            "block": {
                "attributes": {"name": {}, "policy": {}, "tags": {}},
                "block_types": {
                    "rule": {"block": {"attributes": {"days": {}}, "block_types": {}}},
                    "timeouts": {"block": {"attributes": {}, "block_types": {}}},
                },
            }
        },
        "aws_cloudwatch_event_rule": {"block": {"attributes": {"name": {}, "is_enabled": {}}, "block_types": {}}},
        "aws_sfn_state_machine": {
            "block": {
                "attributes": {"name": {}},
                "block_types": {"tracing_configuration": {"block": {"attributes": {"enabled": {}}}}},
            }
        },
        "aws_api_gateway_api_key": {"block": {"attributes": {"name": {}, "value": {}}, "block_types": {}}},
    },
    "data_source_schemas": {"aws_region": {"block": {"attributes": {"name": {}}, "block_types": {}}}},
}


def of(body: str, kind: str = "aws_queue") -> str:
    """What is left of the resource's body."""
    adapted = older_provider.adapted_text(f'resource "{kind}" "this" {{\n{body}\n}}\n', KNOWN)
    return "\n".join(adapted.splitlines()[1:-1])


@pytest.mark.parametrize(
    "unknown",
    [
        '  future = "x"',
        '  future = jsonencode({\n    a = ["]"]\n  })',
        "  future = <<-EOT\n    rule {\n  EOT",
        "  future {\n    days = 1\n  }",
        '  dynamic "future" {\n    for_each = [1]\n    content {\n      days = 1\n    }\n  }',
    ],
)
def test_what_it_does_not_know_is_left_out_and_nothing_else(unknown: str) -> None:
    before, after = '  name   = "a"', "  policy = jsonencode({\n    future = 1\n  })"

    assert of(f"{before}\n{unknown}\n\n{after}") == f"{before}\n\n{after}"


def test_also_within_blocks() -> None:
    assert of("  rule {\n    days   = 1\n    future = 2\n  }") == "  rule {\n    days   = 1\n  }"
    dynamic = '  dynamic "rule" {\n    for_each = var.rules\n    content {\n      days   = rule.value\n%s    }\n  }'
    assert of(dynamic % "      future = 2\n") == dynamic % ""


def test_what_every_resource_may_say_stays() -> None:
    body = "  for_each = local.queues\n\n  # Why.\n  name = each.key\n\n  depends_on = [aws_queue.other]"

    assert of(body) == body


def test_ignored_changes_are_of_what_there_is() -> None:
    assert "ignore_changes = [policy, rule[0].days]" in of(
        "  lifecycle {\n    ignore_changes = [future, policy, rule[0].days]\n  }"
    )


def test_a_renamed_argument_keeps_its_meaning() -> None:
    adapted = of('  state = var.on ? "ENABLED" : "DISABLED"', "aws_cloudwatch_event_rule")

    assert adapted == '  is_enabled = (var.on ? "ENABLED" : "DISABLED") == "ENABLED"'


def test_what_it_knows_but_not_well_is_left_out_or_added() -> None:
    assert of(
        '  name = "a"\n\n  tracing_configuration {\n    enabled = true\n  }', "aws_sfn_state_machine"
    ).strip() == ('name = "a"')
    assert "ignore_changes = [value]" in of('  name = "a"', "aws_api_gateway_api_key")


def test_only_the_copy_asks_for_the_old_version() -> None:
    assert older_provider.adapted_text('      version = "~> 6.0"\n', KNOWN) == '      version = "3.39.0"\n'


def test_a_type_that_it_does_not_know_is_terraforms_to_refuse() -> None:
    assert of("  anything = 1", "aws_future") == "  anything = 1"


def test_the_functions_root_is_adapted_too() -> None:
    queue = {"name": "a", "future": 1, "rule": {"days": 1, "future": 2}, "depends_on": ["aws_queue.b"]}
    document = {"terraform": {"required_version": ">= 1.11"}, "resource": {"aws_queue": {"a": queue}}}

    adapted = older_provider.adapted(document, KNOWN)

    assert adapted["resource"]["aws_queue"]["a"] == {"name": "a", "rule": {"days": 1}, "depends_on": ["aws_queue.b"]}
    assert adapted["terraform"]["required_providers"]["aws"]["version"] == "3.39.0"


def test_brackets_in_texts_and_remarks_close_nothing() -> None:
    lines = ['  a = ["}", # )', '    "${b["c"]}",', "  ]", "  b = 1"]

    assert [item.name for item in hcl.items(lines)] == ["a", "b"]
