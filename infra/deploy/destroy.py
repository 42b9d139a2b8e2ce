"""`python -m infra.deploy.destroy STAGE`: removes what a stage's record and tags say it made, with all its data, and
lists what is left: nothing, or exit status 1. It shows first what will go, and asks; programs say --yes. It can be
repeated after it died anywhere: the stage's first stack, whose tags say what belongs to it, goes last, but for the key
that has encrypted the rest.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy import access_logs, destroy_plan, foundation, inventory, network, ownership, removal, templates
from infra.deploy.deploy import tracked_config
from infra.deploy.destroy_plan import Plan
from infra.deploy.terraform import remote
from infra.errors import Refusal
from infra.progress import Steps
from infra.target import Target, connect

_TRIES = 10
_PAUSE = 1.0
"""Seconds between two looks for log groups that were made anew."""


class Leftover(NamedTuple):
    """One thing that is still there."""

    kind: str
    name: str


def destroy(target: Target, steps: Steps, agree: Callable[[Plan], None] | None = None) -> list[Leftover]:
    """Remove everything of the stage; returns what could not be removed. Refuses to begin with a protected stage, with
    one that is not here, and if `agree` refuses."""
    if foundation.of(target).is_protected(target):
        raise Refusal(
            f"Stage {target.stage} is protected, and nothing was removed. If its data shall go, deploy it with"
            " DELETION_PROTECTION=false first, then destroy it."
        )
    if foundation.is_by_terraform(target):
        remote.refuse_while_locked(target)
    plan = destroy_plan.make(ownership.must_find(target, tracked_config()))
    destroy_plan.show(plan, steps)
    if agree:
        agree(plan)
    _remove(plan, steps)
    with steps.step("Looking for anything left"):
        return _left(plan)


def _remove(plan: Plan, steps: Steps) -> None:
    target, stands_on = plan.target, foundation.of(plan.target)
    with steps.step("Partners' keys and plans"):
        removal.remove_partner_keys(target)
        stands_on.remove_plans(target, steps.say)
    with steps.step("API, triggers, functions, roles"):
        stands_on.remove_functions(target, steps.say)
        _remove_functions(plan, steps)
        access_logs.release_role(target)
    with steps.step("Site, alarms, workflow, logs"):
        if "SiteBucketName" in plan.outputs:
            removal.empty_bucket(target, plan.outputs["SiteBucketName"])
        stands_on.remove_others(target, steps.say)
        _remove_late_log_groups(plan)
    with steps.step("Buckets emptied; tables, queues, topic, buckets, users deleted"):
        for output in ("ImportsBucketName", "DocumentsBucketName"):
            if output in plan.outputs:  # the record goes last
                removal.empty_bucket(target, plan.outputs[output], last="deploy/")
        stands_on.remove_first(target, steps.say)


def _remove_functions(plan: Plan, steps: Steps) -> None:
    roles = [thing for thing in plan.own if thing.kind == "role"]
    for thing in (*plan.mappings, *plan.own):  # the former would outlive their functions
        if thing not in roles:
            removal.remove(plan.target, thing)
    # Lambda removes its interfaces in the roles' names.
    if not network.wait_until_empty(plan.target, plan.outputs, steps.say):
        raise Refusal(network.NOT_EMPTY)
    for role in roles:
        removal.remove(plan.target, role)


def _remove_late_log_groups(plan: Plan) -> None:
    """Until twice in a row there are none."""
    quiet = 0
    for _ in range(_TRIES):
        found = removal.late_log_groups(plan.target, plan.functions)
        quiet = 0 if found else quiet + 1
        if quiet == 2:
            return
        for name in found:
            removal.remove_log_group(plan.target, name)
        time.sleep(_PAUSE)


def _left(plan: Plan) -> list[Leftover]:
    target = plan.target
    for name in removal.late_log_groups(target, plan.functions):
        removal.remove_log_group(target, name)
    others = {thing.arn for thing in plan.others}
    found = inventory.look(target, plan.names, frozenset(thing.name for thing in plan.own if thing.kind == "REST API"))
    own = (thing for thing in found.things if thing.arn not in others)
    return [
        *(Leftover(one.kind, one.name) for one in (*own, *destroy_plan.own_mappings(target, found, others))),
        *(Leftover("stack", name) for name in templates.own_stacks(target)),
        *(Leftover("bucket", remote.bucket(target)) for _ in (1,) if remote.deployment(target)),
        *(Leftover("log group", name) for name in removal.late_log_groups(target, plan.functions)),
    ]


def main(arguments: list[str]) -> int:
    """The command; 0 when nothing is left."""
    parser = argparse.ArgumentParser(prog="python -m infra.deploy.destroy", description="Remove a stage with its data.")
    parser.add_argument("stage", help="as it was deployed")
    parser.add_argument("--yes", action="store_true", help="remove without asking")
    options = parser.parse_args(arguments)
    steps = Steps()
    try:
        target = connect(options.stage)
        if iac := os.environ.get("IAC"):
            foundation.choose(target, iac)
        left = destroy(target, steps, None if options.yes else destroy_plan.ask)
    except Refusal as refusal:
        steps.refuse(refusal)
        return 1
    except (BotoCoreError, ClientError) as error:
        steps.refuse(Refusal(f"{error}. Put that right and run it again: what is gone is gone, and it goes on."))
        return 1
    except KeyboardInterrupt:
        steps.refuse(Refusal("Interrupted. Run it again: what is gone is gone, and it goes on."))
        return 1
    for item in left:
        steps.say(f"[red]left: {item.kind} {item.name}[/red]")
    steps.say("Some things could not be removed: remove them by hand." if left else "Nothing is left.")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
