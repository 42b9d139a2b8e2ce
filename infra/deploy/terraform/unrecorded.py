"""What a killed deployment made without storing it in the functions' state: Terraform would refuse to make it a second
time. It holds no data, and callers never knew it, so it is removed and made anew."""

from collections.abc import Mapping
from typing import Any

from infra.deploy import inventory, names, removal, tags
from infra.deploy.inventory import MAPPING, Thing
from infra.deploy.terraform import remote
from infra.errors import Refusal
from infra.target import Target

_IDENTITIES = {
    "aws_lambda_function": ("function", "function_name"),
    "aws_iam_role": ("role", "name"),
    "aws_cloudwatch_event_rule": ("rule", "name"),
    "aws_api_gateway_rest_api": ("REST API", "id"),
    "aws_lambda_event_source_mapping": (MAPPING, "uuid"),
}
"""What the inventory calls it, and the attribute that it knows it by: a function and its role have one name."""


def remove(target: Target, tracked: Mapping[str, Any], recorded_api: str = "") -> list[Thing]:
    """Remove it; returns what it was. What is not tagged as this deployment's stays. `recorded_api` is the API's id in
    the stage's own record: with one, and without a state, the state is lost, and what is there is in use."""
    if recorded_api and not remote.has_state(target, remote.FUNCTIONS):
        raise Refusal(
            f"Stage {target.stage} has functions and an API, but {remote.key(remote.FUNCTIONS)} is not in the bucket"
            f" {remote.bucket(target)}: put its last version back (the bucket keeps versions), and run this again."
            " Without it Terraform would make them a second time."
        )
    recorded = remote.resources(target, remote.FUNCTIONS)
    known = {
        (_IDENTITIES[resource["type"]][0], instance["attributes"].get(_IDENTITIES[resource["type"]][1]))
        for resource in recorded
        for instance in resource.get("instances", ())
        if resource["type"] in _IDENTITIES
    }
    found = inventory.look(target, names.planned(target, tracked))
    everything = (*found.mappings, *found.things)
    lost = [one for one in everything if (one.kind, one.name) not in known and _is_ours(target, one)]
    for thing in lost:
        removal.remove(target, thing)
    return lost


def _is_ours(target: Target, thing: Thing) -> bool:
    """A mapping belongs to its function; older providers do not tag it."""
    return tags.is_ours(target, thing.tags) or (thing.kind == MAPPING and not tags.is_marked(thing.tags))
