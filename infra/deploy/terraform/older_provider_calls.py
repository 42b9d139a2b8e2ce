"""What provider 3.39 cannot say of functions, said by calls, so that a stage on an emulator works as one on AWS does:
the version of Python, and how many functions a queue may start at once."""

from collections.abc import Mapping
from typing import Any

from infra.deploy import names
from infra.target import Target


def complete(target: Target, chalice: Mapping[str, Any]) -> None:
    """Set what differs from Chalice's own document. Harmless to repeat."""
    for name, function in chalice["resource"]["aws_lambda_function"].items():
        called = names.function(target, name)
        now = target.functions.get_function_configuration(FunctionName=called)
        if now["Runtime"] != function["runtime"]:
            target.functions.update_function_configuration(FunctionName=called, Runtime=function["runtime"])
    for name, mapping in chalice["resource"]["aws_lambda_event_source_mapping"].items():
        if scaling := mapping.get("scaling_config"):
            function = names.function(target, name.removesuffix("-sqs-event-source"))
            wanted = {"MaximumConcurrency": scaling["maximum_concurrency"]}
            for one in target.functions.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]:
                if one.get("ScalingConfig") != wanted:
                    target.functions.update_event_source_mapping(
                        UUID=one["UUID"],
                        ScalingConfig=wanted,  # type: ignore[arg-type]
                    )
