"""`python -m infra.comparison STAGE OTHER`: prints where two stages differ; exit status 0 when they do not."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError
from rich.table import Table

from infra.comparison import looked_up, looked_up_functions
from infra.comparison.plain import plain
from infra.deploy import foundation, ownership, state
from infra.deploy.deploy import tracked_config
from infra.errors import Refusal
from infra.progress import Steps
from infra.target import Target, connect

LOOKS = (
    *(looked_up.tables, looked_up.queues, looked_up.topics, looked_up.buckets, looked_up.secrets, looked_up.users),
    *(looked_up.rules, looked_up.machines, looked_up.logs, looked_up.alarms, looked_up.sites),
    *(looked_up_functions.functions, looked_up_functions.roles, looked_up_functions.api, looked_up_functions.keys),
)
Stage = dict[str, dict[str, Any]]
"""The properties by path, by kind and name of the resource."""


class Difference(NamedTuple):
    """Where two stages differ; None is what one does not have."""

    resource: str
    path: str
    left: Any
    right: Any


def look(target: Target) -> Stage:
    """All of a stage. Refuses one that is not there, or not whole."""
    target = ownership.must_find(target, tracked_config())
    outputs = foundation.outputs(target)
    api = state.rest_api_id(state.load(target, outputs.get("DocumentsBucketName", "")))
    if not api:
        raise Refusal(f"Stage {target.stage} is not whole: deploy it, then compare.")
    outputs = {**outputs, "RestApiId": api}
    names = _names(target, outputs)
    return {
        f"{kind} {_renamed(name, names)}": plain(properties, names)
        for find in LOOKS
        for kind, name, properties in find(target, outputs)
    }


def _names(target: Target, outputs: Mapping[str, str]) -> dict[str, str]:
    """What stands for the values that only this stage has."""
    found = {value: key for key, value in outputs.items() if len(value) > 5 and not value.startswith(target.prefix)}
    return {**found, target.prefix: "stage", target.deployment: "deployment", f"stage={target.stage}": "stage"}


def _renamed(name: str, names: Mapping[str, str]) -> str:
    for value in sorted(names, key=len, reverse=True):
        name = name.replace(value, f"<{names[value]}>")
    return name


def differences(left: Stage, right: Stage) -> Iterator[Difference]:
    """In the order of the resources' names."""
    for resource in sorted({*left, *right}):
        if resource not in left or resource not in right:
            there = [resource in stage or None for stage in (left, right)]
            yield Difference(resource, "", *there)
            continue
        for path in sorted({*left[resource], *right[resource]}):
            values = left[resource].get(path), right[resource].get(path)
            if values[0] != values[1]:
                yield Difference(resource, path, *values)


def main(arguments: list[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.comparison", description="Compare what stands of two stages."
    )
    parser.add_argument("stage")
    parser.add_argument("other")
    options = parser.parse_args(arguments)
    steps = Steps()
    try:
        left, right = (look(connect(stage)) for stage in (options.stage, options.other))
    except Refusal as refusal:
        steps.refuse(refusal)
        return 1
    except (BotoCoreError, ClientError) as error:
        steps.refuse(Refusal(f"AWS refused: {error}"))
        return 1
    found = list(differences(left, right))
    table = Table("resource", "property", options.stage, options.other)
    for one in found:
        table.add_row(one.resource, one.path, str(one.left), str(one.right))
    if found:
        steps.console.print(table)
    steps.say(f"{len(left)} resources of {options.stage}, {len(right)} of {options.other}: {len(found)} differences.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
