"""Judges everything that a deployer can set, before anything is changed, and names all mistakes at once.

The functions' variables are judged by the `Settings` that functions read, what the stacks are given by the templates'
own parameters, the rest by the modules that use it."""

import difflib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from infra.deploy import bus, chat_model, choices, concurrency, guards, names, render, templates, throttles, warm
from infra.errors import Refusal
from infra.paths import make_importable
from infra.target import Target

_IDENTITY = re.compile(r"(?:[^@\s/:*]+@)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_SIMILAR = 0.9
TEXTS = (
    *("SHOP_NAME", "SHOP_ADDRESS", "SHOP_URL", "PUBLIC_URL", "SITE_ORIGIN", "MAIL_SENDER", "SHOP_TIME_ZONE"),
    "BEDROCK_MODEL_ID",
)
ROOM_FOR_TEXTS = 900
"""Bytes. All variables of a function, most of them names of ours, may have 4,096: a test of the limits adds them up."""


class NotYet(dict[str, str]):
    """The outputs of stacks that are not there yet: a name for each that is asked for."""

    def __missing__(self, name: str) -> str:
        return "10" if name == "MaxReceives" else f"output-{name.lower()}"


def check(target: Target, tracked: Mapping[str, Any]) -> None:
    """Refuses with a sentence for each setting that is wrong."""
    settings = [
        *_of_functions(target, tracked),
        *_of_stacks(target),
        *_refused(throttles.public_rate),
        *_refused(warm.chosen),
        *_misspelt(),
    ]
    of_account = [*bus.conflicts(target), *guards.problems(target), *_of_account(target)]
    problems = list(dict.fromkeys([*settings, *of_account]))
    if problems:
        raise Refusal("\n".join([*problems, "Nothing was changed."]))


def _of_account(target: Target) -> Iterator[str]:
    try:
        yield from concurrency.problems(target)
    except Refusal as refusal:
        yield str(refusal)


def _of_functions(target: Target, tracked: Mapping[str, Any]) -> Iterator[str]:
    make_importable()
    from chalicelib.kit.config import ConfigurationError, Settings

    stage = names.stage_of(target, tracked)
    variables = render.environment(stage.get("environment_variables", {}), target, NotYet())
    if missing := render.sender_is_missing(target):
        yield missing
    size = sum(len(variables.get(name, "").encode(errors="replace")) for name in TEXTS)
    if size > ROOM_FOR_TEXTS:
        yield (
            f"{', '.join(TEXTS)} are {size:,} bytes together, but must be {ROOM_FOR_TEXTS} at most: Lambda takes 4,096"
            " of all variables of a function."
        )
    try:
        Settings.from_env(variables, thorough=True)
    except ConfigurationError as error:
        yield from error.problems
    yield from _refused(lambda: chat_model.statements(variables.get("BEDROCK_MODEL_ID", ""), target))
    yield from _of_identity(os.environ.get("MAIL_IDENTITY", ""), variables["MAIL_SENDER"])


def _of_identity(identity: str, sender: str) -> Iterator[str]:
    """https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html: a domain includes its subdomains."""
    if not identity:
        return
    domain = sender.rpartition("@")[2].rstrip("> ")
    covered = identity in (sender, domain) or domain.endswith(f".{identity}")
    if not _IDENTITY.fullmatch(identity) or ("@" in sender and not covered):
        yield (
            f"MAIL_IDENTITY is {identity!r}, but must be what SES verified for MAIL_SENDER: the address itself, its"
            f" domain{f' {domain}' if domain else ''}, or a domain above that."
        )


def _of_stacks(target: Target) -> Iterator[str]:
    """What CloudFormation would refuse, or take and fail of."""
    for template, choosable in templates.CHOOSABLE.items():
        given = templates.parameters(template, target.stage, NotYet())
        rules = templates.declared(template)
        for name, variable in choosable.items():
            if name in given and (wrong := _broken(rules[name], given[name])):
                yield f"{variable} is {os.environ.get(variable) or given[name]!r}, but must be {wrong}."


def _broken(rule: Mapping[str, Any], value: str) -> str:
    """What the value must be instead; empty if it is right."""
    allowed = [str(one) for one in rule.get("AllowedValues", ())]
    if allowed:
        return "" if value in allowed else f"one of {', '.join(allowed)}"
    if rule["Type"] == "Number":
        least, most = rule.get("MinValue", 0), rule.get("MaxValue", 10**9)
        inside = re.fullmatch("[0-9]{1,12}", value) and least <= int(value) <= most
        return "" if inside else f"a whole number from {least} to {most}"
    if re.fullmatch(rule.get("AllowedPattern", ".*"), value):
        return ""
    return str(rule.get("ConstraintDescription", f"like {rule.get('AllowedPattern')}"))


def _refused(judge: Callable[[], object]) -> Iterator[str]:
    try:
        judge()
    except Refusal as refusal:
        yield str(refusal)


def _misspelt() -> Iterator[str]:
    """A variable that is nearly called like a setting has no effect, and nothing else says so."""
    for variable in sorted(os.environ.keys() & choices.RENAMED.keys()):
        yield f"{variable} is now {choices.RENAMED[variable]}: set that instead, and unset it."
    for variable in sorted(os.environ.keys() - choices.NAMES - choices.RENAMED.keys()):
        if "_" in variable and (meant := difflib.get_close_matches(variable, choices.NAMES, n=1, cutoff=_SIMILAR)):
            yield f"{variable} is no setting: {meant[0]} is one. Correct it, or unset it if something else needs it."
