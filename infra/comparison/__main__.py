"""`python -m infra.comparison STAGE OTHER`: prints where two stages differ; exit status 0 when they do not."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from botocore.exceptions import BotoCoreError, ClientError
from rich.table import Table

from infra.comparison import emulator, looked_up, looked_up_functions
from infra.comparison.plain import plain, renamed
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
Stage = dict[tuple[str, str], dict[str, str]]
"""The properties by path, by kind and name of the resource."""
_SHORT = 5
"""What is shorter may be a part of any word."""


class Difference(NamedTuple):
    """Where two stages differ; None is what one does not have."""

    kind: str
    name: str
    path: str
    left: str | None
    right: str | None


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
        (kind, renamed(name, names)): plain(properties, names)
        for find in LOOKS
        for kind, name, properties in find(target, outputs)
    }


def _names(target: Target, outputs: Mapping[str, str]) -> dict[str, str]:
    """What stands for the values that only this stage has."""
    made = {value: key for key, value in outputs.items() if len(value) > _SHORT and "secret" not in key.lower()}
    ids = {value: key for value, key in made.items() if not value.startswith(target.prefix)}
    # Where its site is, which on an emulator is an address of this machine.
    function = target.functions.get_function_configuration(FunctionName=target.prefix)
    ids[function["Environment"]["Variables"]["SITE_URL"]] = "site"
    own = {target.prefix: "stage", target.stage: "stage", target.deployment: "deployment"}
    return {**looked_up.names_of_policies(target), **ids, **own, f"stage={target.stage}": "stage"}


def differences(left: Stage, right: Stage) -> Iterator[Difference]:
    """In the order of the resources' kinds and names."""
    for kind, name in sorted({*left, *right}):
        mine, other = left.get((kind, name)), right.get((kind, name))
        if mine is None or other is None:
            yield Difference(kind, name, "", *("there" if one is not None else None for one in (mine, other)))
            continue
        for path in sorted({*mine, *other}):
            if mine.get(path) != other.get(path):
                yield Difference(kind, name, path, mine.get(path), other.get(path))


def show(found: list[Difference], steps: Steps, stages: tuple[str, str]) -> None:
    """A table of them."""
    table = Table("resource", "property", *stages)
    for one in found:
        table.add_row(f"{one.kind} {one.name}", one.path, *(value or "—" for value in (one.left, one.right)))
    if found:
        steps.console.print(table)


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
    if connect(options.stage).is_emulator:
        expected = [one for one in found if emulator.reason(one.kind, one.path)]
        found = [one for one in found if one not in expected]
        reasons = Counter(emulator.reason(one.kind, one.path) for one in expected)
        for reason, count in reasons.items():
            steps.say(f"Not compared on an emulator: {count} properties, as {reason}.")
    show(found, steps, (options.stage, options.other))
    steps.say(f"{len(left)} resources of {options.stage}, {len(right)} of {options.other}: {len(found)} differences.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
