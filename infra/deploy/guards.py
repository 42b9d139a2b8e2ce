"""What a stage may have around it: a firewall, a network, a key of its own. Whether they can be had where the stage
goes, and their removal once they are switched off."""

from collections.abc import Iterator, Mapping

from infra.deploy import network, stack_events, stacks, templates
from infra.deploy.stack_events import Say, quietly
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
    if templates.is_chosen("network"):
        stack = stack_events.describe(target.cloudformation, f"{target.prefix}-network")
        yield from network.problems(target, stack_events.parameters(stack) if stack else {})


def retire(target: Target, outputs: Mapping[str, str], say: Say = quietly) -> None:
    """Delete the firewalls and the network that are switched off, now that nothing needs them any more. The key stays:
    what it has encrypted is still there."""
    own = templates.own_stacks(target)
    for template in ("firewall", "network"):
        if templates.is_chosen(template):
            continue
        for name in reversed(templates.names_of(target, template)):
            if name not in own:
                continue
            if template == "network" and not network.wait_until_empty(target, outputs, say):
                say(f"Lambda still has interfaces in the network: deploy again later to delete the stack {name}")
                continue
            stacks.delete(templates.home(target, name), name, say)
