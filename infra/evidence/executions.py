"""Executions of the state machine, from their history as Step Functions keeps it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from infra.evidence.drawing.timeline import Result, Step
from infra.evidence.kinds import Looks
from infra.evidence.reading import Reader
from infra.evidence.resources.functions import MACHINES, arn_of

WHAT = "Executions"
_ENDS: Mapping[str, Result] = {"SUCCEEDED": "ok", "RUNNING": "running"}


@dataclass(frozen=True)
class Execution:
    """`steps` are its states in the order in which it came to them; a state comes again in a loop."""

    name: str
    machine: str
    status: str
    definition: dict[str, Any]
    steps: list[Step]
    note: str = ""

    @property
    def results(self) -> dict[str, str]:
        """How each state ended last."""
        return {step.name: step.result for step in self.steps}


def definitions(reader: Reader, looks: Looks) -> dict[str, dict[str, Any]]:
    """Of each machine that can be read."""
    found = {}
    for machine in looks[MACHINES]:
        told = reader.call(MACHINES, "stepfunctions", "describe_state_machine", stateMachineArn=arn_of(machine))
        if "definition" in told:
            found[machine.name] = json.loads(told["definition"])
    return found


def of_order(reader: Reader, looks: Looks, order_id: str) -> list[Execution]:
    """Those named after the order. An Express machine keeps no history: its executions are in its log alone."""
    found = []
    known = definitions(reader, looks)
    for machine in looks[MACHINES]:
        if machine.raw.get("type") != "STANDARD" or machine.name not in known:
            continue
        arn = arn_of(machine).replace(":stateMachine:", ":execution:") + f":{order_id}"
        told = reader.call(WHAT, "stepfunctions", "describe_execution", executionArn=arn)
        if told:
            events = reader.pages(WHAT, "stepfunctions", "get_execution_history", "events", executionArn=arn)
            found.append(Execution(told["name"], machine.name, told["status"], known[machine.name], steps_of(events)))
    return found


def steps_of(events: Iterable[Mapping[str, Any]]) -> list[Step]:
    """A step for each time that a state was entered. One that was never left failed with the execution, or runs."""
    steps: list[Step] = []
    name, begin, failures, last = "", 0.0, list[float](), 0.0
    error = ""
    for event in events:
        at, kind = event["timestamp"].timestamp(), event["type"]
        last = at
        if kind.endswith("StateEntered"):
            name, begin, failures, error = event["stateEnteredEventDetails"]["name"], at, [], ""
            if kind.startswith("Fail"):
                steps.append(Step(name, at, at, "failed", "ends the execution"))
                name = ""
        elif kind.endswith("StateExited"):
            steps.append(_left(name, begin, at, failures, error, kind))
            name = ""
        elif kind in ("TaskFailed", "TaskTimedOut", "LambdaFunctionFailed", "LambdaFunctionTimedOut"):
            failures.append(at)
            error = _error_of(event)
        elif kind in ("TaskSucceeded", "LambdaFunctionSucceeded"):
            error = ""
    if name:
        steps.append(Step(name, begin, last, "failed" if error else "running", error, tuple(failures)))
    return steps


def _left(name: str, begin: float, end: float, failures: list[float], error: str, kind: str) -> Step:
    """A task that is left after a failure that nothing followed went on by its Catch."""
    if error:
        return Step(name, begin, end, "failed", f"caught {error}", tuple(failures[:-1]))
    words = {"Choice": "chose", "Succeed": "the end"}.get(kind.removesuffix("StateExited"), "")
    return Step(name, begin, end, "ok", words, tuple(failures))


def _error_of(event: Mapping[str, Any]) -> str:
    details: Mapping[str, Any] = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
    return str(details.get("error", "an error"))
