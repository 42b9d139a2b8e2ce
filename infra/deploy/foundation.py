"""What a stage stands on: its native resources are made by CloudFormation (templates.py) or by Terraform
(terraform/foundation.py). A stage stays with what made it: the other would make everything a second time."""

from collections.abc import Mapping
from typing import Protocol

from infra.deploy import templates
from infra.deploy.stack_events import Say
from infra.deploy.terraform import foundation as by_terraform
from infra.deploy.terraform import remote
from infra.errors import Refusal
from infra.target import Target

CLOUDFORMATION, TERRAFORM = "cloudformation", "terraform"
_SPOKEN = {CLOUDFORMATION: "CloudFormation", TERRAFORM: "Terraform"}


class Foundation(Protocol):
    """What both can do."""

    def apply(self, target: Target, say: Say = ..., /) -> dict[str, str]:
        """Make or update all; returns the outputs."""

    def outputs(self, target: Target, /) -> dict[str, str]:
        """Of what is there; empty if the stage was never made."""

    def chosen(self, target: Target, /) -> dict[str, str]:
        """What the deployer chose, by its variable."""

    def is_protected(self, target: Target, /) -> bool:
        """Whether tables and users refuse to be deleted."""

    def connect_site(self, target: Target, origins: str, /) -> None:
        """Let the site's pages call these origins."""

    def connect_api(self, target: Target, given: Mapping[str, str], /) -> dict[str, str]:
        """Make what needs the API, keys and plans first: what api.yaml is given; returns its outputs."""

    def retire(self, target: Target, made: Mapping[str, str], say: Say = ..., /) -> None:
        """Remove guards that are switched off and that nothing needs any more; `made` are the outputs."""

    def parts(self, target: Target, /) -> list[str]:
        """What there is of it, for the person who destroys it."""

    def remove_plans(self, target: Target, say: Say = ..., /) -> None:
        """What needs the API."""

    def remove_functions(self, target: Target, say: Say = ..., /) -> None:
        """Of functions and API what is not removed one by one."""

    def remove_others(self, target: Target, say: Say = ..., /) -> None:
        """Site, alarms, workflow, logs."""

    def remove_first(self, target: Target, say: Say = ..., /) -> None:
        """All else, and with it what says that there is a stage."""


def made_by(target: Target) -> str:
    """What made the stage; empty if there is none. Of a stage by Terraform the bucket comes first and goes last, with
    nothing in it."""
    if remote.stage(target) is not None:
        return TERRAFORM
    if templates.own_stacks(target):
        return CLOUDFORMATION
    return TERRAFORM if remote.deployment(target) else ""


def choose(target: Target, wanted: str = "") -> Foundation:
    """What the deployer named by IAC; without that what made the stage, or CloudFormation for a new one. Refuses to
    change from one to the other."""
    if wanted not in ("", CLOUDFORMATION, TERRAFORM):
        raise Refusal(f"IAC is {wanted!r}: say IAC={CLOUDFORMATION} or IAC={TERRAFORM}.")
    made = made_by(target)
    if wanted and made and wanted != made:
        raise Refusal(
            f"Stage {target.stage} was made by {_SPOKEN[made]}, and a stage stays with what made it: say IAC={made},"
            " or leave IAC out. To change, destroy it first."
        )
    return _named(wanted or made)


def of(target: Target) -> Foundation:
    """Of the stage as it is."""
    return _named(made_by(target))


def is_by_terraform(target: Target) -> bool:
    """Whether Terraform made the stage."""
    return made_by(target) == TERRAFORM


def outputs(target: Target) -> dict[str, str]:
    """Of all that is there; empty if the stage was never made."""
    return of(target).outputs(target)


def spoken(one: Foundation) -> str:
    """Its name for people."""
    return _SPOKEN[TERRAFORM if one is by_terraform else CLOUDFORMATION]


def _named(name: str) -> Foundation:
    found: Foundation = by_terraform if name == TERRAFORM else templates
    return found
