"""What a stage may have around it: a firewall, a network, a key of its own. Whether they can be had where the stage
goes."""

import os
from collections.abc import Iterator, Mapping

from infra.deploy import network, stack_events, templates
from infra.deploy.terraform import remote
from infra.target import Target

_AWS = "aws"


def problems(target: Target) -> Iterator[str]:
    """A sentence for each that is chosen, and not possible here."""
    for template in ("firewall", "network"):
        if templates.is_chosen(template) and target.partition != _AWS:
            yield (
                f"{templates.CHOOSABLE[template]['InUse']}=true is not possible in {target.region}: what it needs is"
                " only in AWS's commercial regions."
            )
            return
    is_chosen = templates.is_chosen("network")
    # Switched off, it is there until the functions have left it, and must not move before.
    if is_chosen or network.CIDR_VARIABLE in os.environ:
        yield from network.problems(target, _network_before(target), is_chosen=is_chosen)


def _network_before(target: Target) -> Mapping[str, str]:
    """What the network that is there was given, by whichever of the two made it; empty if there is none."""
    noted = remote.stage(target)
    if noted is None:
        stack = stack_events.describe(target.cloudformation, f"{target.prefix}-network")
        return stack_events.parameters(stack) if stack else {}
    given = noted.get("parameters", {})
    is_there = given.get("PrivateNetwork") == "true" or "PrivateNetwork" in noted.get("kept", ())
    return {"Cidr": given.get("NetworkCidr", network.CIDR)} if is_there else {}
