"""Stands in for StartExecution's idempotence: for the name and the input of an execution that is running, the answer is
that execution (https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html). MiniStack
refuses every name that was used before."""

from typing import Any

from ministack.core.responses import json_response
from ministack.services import stepfunctions

from .replacing import replaces


def install() -> None:
    """Answer with the execution that is running already."""

    @replaces(stepfunctions, "_start_execution")
    def start(original: Any, data: dict[str, Any]) -> Any:
        machine, name = data.get("stateMachineArn", ""), data.get("name", "")
        arn = f"{machine.replace(':stateMachine:', ':execution:')}:{name}"
        found = stepfunctions._executions.get(arn)
        if found and found["status"] == "RUNNING" and found["input"] == data.get("input", "{}"):
            return json_response({"executionArn": arn, "startDate": found["startDate"]})
        return original(data)
