"""What a killed deployment made without storing it in the functions' state: Terraform would refuse to make it a second
time. It holds no data, and callers never knew it, so it is removed and made anew."""

from collections.abc import Mapping
from typing import Any

from infra.deploy import inventory, names, removal, tags
from infra.deploy.inventory import MAPPING, Thing
from infra.deploy.terraform import remote
from infra.errors import Refusal
from infra.target import Target

_IDENTITIES = ("function_name", "name", "id", "uuid")


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
        instance["attributes"].get(identity)
        for resource in recorded
        for instance in resource.get("instances", ())
        for identity in _IDENTITIES
    }
    found = inventory.look(target, names.planned(target, tracked))
    lost = [thing for thing in (*found.mappings, *found.things) if thing.name not in known and _is_ours(target, thing)]
    for thing in lost:
        removal.remove(target, thing)
    return lost


def _is_ours(target: Target, thing: Thing) -> bool:
    """A mapping belongs to its function; older providers do not tag it."""
    return tags.is_ours(target, thing.tags) or (thing.kind == MAPPING and not tags.is_marked(thing.tags))
