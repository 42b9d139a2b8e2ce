"""What a stage's deployer chose by variables. The stage remembers it: a deployment from another machine, or in a hurry,
changes nothing that it does not name. A variable that is set and empty resets its choice."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from infra.deploy import foundation, render, state, templates
from infra.progress import Steps
from infra.target import Target

_OF_STACKS = frozenset(variable for chosen in templates.CHOOSABLE.values() for variable in chosen.values())
_OF_API = ("TRACING", "PUBLIC_RATE", "RUNBOOK_URL", "CONCURRENCY_LIMITS", "API_WARM", "API_WARM_HOURS")
RENAMED = {"INSPECTION_MARGIN_SECONDS": "RECONCILIATION_MARGIN_SECONDS"}
"""What a stage may remember by its old name, or a deployer still set."""
NAMES = frozenset((*render.CHOSEN, *render.CHOSEN_FOR_ROLES, *_OF_API, *_OF_STACKS))


@contextmanager
def recalled(target: Target, steps: Steps) -> Iterator[None]:
    """Within, the environment has the choices of the stage that it does not set itself."""
    bucket = foundation.outputs(target).get("DocumentsBucketName")
    before = {name: os.environ[name] for name in NAMES if name in os.environ}
    kept = (state.load(target, bucket, state.CHOICES) if bucket else None) or {}
    # What a stack was given, it has, even if the deployment died right after. Of what functions are given, too, the
    # stack of an older version may know nothing.
    remembered = (NAMES - _OF_STACKS) | frozenset(render.CHOSEN)
    kept = {RENAMED.get(name, name): value for name, value in kept.items() if RENAMED.get(name, name) in remembered}
    kept |= foundation.of(target).chosen(target)
    found = {name: kept[name] for name in sorted(NAMES & kept.keys() - before.keys())}
    if found:
        shown = ", ".join(f"{name}={value!r}" for name, value in found.items())
        steps.say(f"As chosen before: {shown}. To reset one, set it to nothing: {next(iter(found))}=")
    os.environ.update(found)
    try:
        yield
    finally:
        for name in found:
            os.environ.pop(name, None)


def made() -> dict[str, str]:
    """Those in force now."""
    return {name: os.environ[name] for name in sorted(NAMES) if os.environ.get(name)}
