"""What provider 3.39 cannot say of functions and nothing else sets, said by calls, so that a stage on an emulator works
as one on AWS does: the version of Python."""

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
