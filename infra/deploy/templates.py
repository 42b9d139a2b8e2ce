"""A stage's stacks: several templates, since CloudFormation takes 51,200 bytes of each. Their outputs are one mapping.

The API's stack is apart (`post_deploy.py`): it can be made only after `chalice deploy`."""

import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from infra.deploy import network, stack_events, stacks, tags
from infra.deploy.stack_events import Say, quietly
from infra.paths import TEMPLATES
from infra.target import Target

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

CHOOSABLE = {
    "keys": {"InUse": "CUSTOMER_KEY", "DeletionProtection": "DELETION_PROTECTION"},
    "resources": {
        "OrdersFromBus": "ORDERS_FROM_BUS",
        "MaxReceives": "MAX_RECEIVES",
        "DeletionProtection": "DELETION_PROTECTION",
        "StaffMfa": "STAFF_MFA",
        "DocumentsKeptDays": "DOCUMENTS_KEPT_DAYS",
        "BackupsKeptDays": "BACKUPS_KEPT_DAYS",
        "ShopName": "SHOP_NAME",
        "Language": "DEFAULT_LOCALE",
    },
    "logs": {
        "LogRetentionDays": "LOG_RETENTION_DAYS",
        "ApiAccessLogs": "ACCESS_LOGS",
        "AccessLogRetentionDays": "ACCESS_LOG_RETENTION_DAYS",
    },
    "workflow": {"LogRetentionDays": "LOG_RETENTION_DAYS", "WorkflowType": "WORKFLOW_TYPE", "Tracing": "TRACING"},
    "alarms": {"AlarmEmail": "ALARM_EMAIL", "RunbookUrl": "RUNBOOK_URL"},
    "dashboard": {},
    "network": {"InUse": "PRIVATE_NETWORK", "Cidr": "NETWORK_CIDR"},
    "firewall": {
        "InUse": "FIREWALL",
        "Rate": "FIREWALL_RATE",
        "Anonymous": "FIREWALL_ANONYMOUS",
        "LogRetentionDays": "LOG_RETENTION_DAYS",
    },
    "site": {"SiteDomain": "SITE_DOMAIN", "SiteCertificateArn": "SITE_CERTIFICATE_ARN"},
}
"""The templates in the order in which they are made; for each its parameters that the environment may set."""
_ON_AN_EMULATOR = {"resources": {"MaxReceives": "5"}}
"""There each try that fails costs a second for its pause and another two for a new process."""
_PROTECTED = {template: {"DeletionProtection": "true"} for template in ("keys", "resources")}
_FOR_STAGES = {
    **dict.fromkeys(("prod", "production", "live"), _PROTECTED),
    "local": {"resources": {"OrdersFromBus": "true"}, "logs": {"ApiAccessLogs": "on"}},
}
"""Defaults by the stage's name."""
OPTIONAL = frozenset({"keys", "network", "firewall"})
"""Made only if their `InUse` is chosen. Switched off, they stay until nothing needs them: the key for good, the others
until the end of the deployment (`retire`)."""
KEY_IS_DELETED_LATER = (
    "The stage's key is deleted 30 days from now. Until then it costs nothing, and can be brought back."
)
_TYPE_OF = {"workflow": "STANDARD", "workflow-express": "EXPRESS"}
"""A stack for each type of state machine, of one template: AWS can't change a machine's type. The one that is not in
use stays, so that its executions get to their end; it costs nothing."""
_SCOPE_OF = {"firewall": "REGIONAL", "site-firewall": "CLOUDFRONT"}
"""The API's and the site's. WAF wants the latter in us-east-1, wherever the stage is."""
_STACKS = {"workflow": _TYPE_OF, "firewall": _SCOPE_OF}
_AT_EDGE = "site-firewall"
FROM_OTHERS = {"alarms": ("AlarmsTopicArn", "OrderStateMachineArn"), "dashboard": ("OrderStateMachineArn",)}
"""Parameters that are outputs, of the same name, of a template before."""
_IF_THERE = {
    **dict.fromkeys(("resources", "logs", "workflow", "firewall"), ("KeyArn",)),
    "site": ("SiteFirewallArn",),
}
"""The same, of templates that are optional."""


def names(target: Target) -> list[str]:
    """Of the stage's stacks, in the order in which they are made."""
    return [name for template in CHOOSABLE for name in names_of(target, template)]


def names_of(target: Target, template: str) -> list[str]:
    """Of the stacks that the template makes, or may make."""
    return [_stack(target, one) for one in _STACKS.get(template, (template,))]


def all_names(target: Target) -> list[str]:
    """Of the stage's stacks with that of the API, in the order in which they are made."""
    return [*names(target), api_name(target)]


def api_name(target: Target) -> str:
    """Of the stack with the keys and plans."""
    return f"{target.prefix}-api"


def home(target: Target, name: str) -> Target:
    """Where the stack of this name is."""
    return target.at_edge() if name == _stack(target, _AT_EDGE) else target


def apply(target: Target, say: Say = quietly) -> dict[str, str]:
    """Make or update all of them; returns their outputs. Refuses when CloudFormation rolls back."""
    outputs: dict[str, str] = {}
    for template in CHOOSABLE:
        given = {
            **unless_chosen(target, template),
            **parameters(template, target.stage, outputs),
            **_as_before(target, template),
        }
        for stack, more in _stacks_of(target, template):
            path = TEMPLATES / f"{template}.yaml"
            outputs |= stacks.apply(home(target, stack), stack, path, {**given, **more}, say)
    return outputs


def retire(target: Target, outputs: Mapping[str, str], say: Say = quietly) -> None:
    """Delete the firewalls and the network that are switched off, now that nothing needs them any more. The key stays:
    what it has encrypted is still there."""
    own = own_stacks(target)
    for template in ("firewall", "network"):
        if is_chosen(template):
            continue
        for name in reversed(names_of(target, template)):
            if name not in own:
                continue
            if template == "network" and not network.wait_until_empty(target, outputs, say):
                say(f"Lambda still has interfaces in the network: deploy again later to delete the stack {name}")
                continue
            stacks.delete(home(target, name), name, say)


def connect_site(target: Target, origins: str) -> None:
    """Let the site's pages call these origins, if they may not yet: a first deployment knows them late."""
    if _as_before(target, "site") != {"ConnectOrigins": origins}:
        given = {**parameters("site", target.stage, outputs(target)), "ConnectOrigins": origins}
        stacks.apply(target, _stack(target, "site"), TEMPLATES / "site.yaml", given)


def connect_api(target: Target, given: Mapping[str, str]) -> dict[str, str]:
    """Make the stack of what needs the API, keys and plans first; returns its outputs."""
    return stacks.apply(target, api_name(target), TEMPLATES / "api.yaml", given)


def parts(target: Target) -> list[str]:
    """The stacks."""
    return list(own_stacks(target))


def remove_plans(target: Target, say: Say = quietly) -> None:
    """The API cannot go before them."""
    stacks.delete(target, api_name(target), say)


def remove_functions(_target: Target, _say: Say = quietly) -> None:
    """Nothing: what Chalice made is removed thing by thing."""


def remove_others(target: Target, say: Say = quietly) -> None:
    """All stacks but the first, which says what belongs to the stage, and the key."""
    for name in reversed(names(target)):
        if name not in (target.prefix, *names_of(target, "keys")):
            stacks.delete(home(target, name), name, say)


def remove_first(target: Target, say: Say = quietly) -> None:
    """With which the stage is gone; last its key, as it has encrypted the rest."""
    keys = [name for name in names_of(target, "keys") if name in own_stacks(target)]
    stacks.delete(target, target.prefix, say)
    for name in keys:
        stacks.delete(target, name, say)
        say(KEY_IS_DELETED_LATER)


def _as_before(target: Target, template: str) -> dict[str, str]:
    """What only the end of a deployment knows: until then it is what the last one said."""
    stack = own_stacks(target).get(_stack(target, "site")) if template == "site" else None
    origins = stack_events.parameters(stack).get("ConnectOrigins") if stack else None
    return {"ConnectOrigins": origins} if origins else {}


def unless_chosen(target: Target, template: str) -> dict[str, str]:
    """What the template is given where the deployer says nothing, apart from its own defaults."""
    quicker = _ON_AN_EMULATOR.get(template, {}) if target.is_emulator else {}
    return {**quicker, **_FOR_STAGES.get(target.stage, {}).get(template, {})}


def parameters(template: str, stage: str, outputs: Mapping[str, str]) -> dict[str, str]:
    """What the template is given: the stage, what others put out, and what the deployer chose."""
    chosen = {name: os.environ.get(variable) for name, variable in CHOOSABLE[template].items()}
    linked = {name: outputs[name] for name in FROM_OTHERS.get(template, ())}
    linked |= {name: outputs[name] for name in _IF_THERE.get(template, ()) if outputs.get(name)}
    safer = _FOR_STAGES.get(stage, {}).get(template, {})
    return {"Stage": stage, **linked, **safer, **{name: value for name, value in chosen.items() if value}}


def _stacks_of(target: Target, template: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The stacks to make of the template, each with what it alone is given: the machine in use, then the other one if
    there is any."""
    if template in OPTIONAL:
        yield from _stacks_of_guard(target, template)
        return
    if template != "workflow":
        yield _stack(target, template), {}
        return
    chosen = os.environ.get("WORKFLOW_TYPE") or "STANDARD"
    for name, kind in sorted(_TYPE_OF.items(), key=lambda one: one[1] != chosen):
        stack = _stack(target, name)
        if kind == chosen or stack in own_stacks(target):
            yield stack, {"WorkflowType": kind, "InUse": str(kind == chosen).lower()}


def _stacks_of_guard(target: Target, template: str) -> Iterator[tuple[str, dict[str, str]]]:
    for name in _STACKS.get(template, (template,)):
        stack = _stack(target, name)
        before = own_stacks(target).get(stack)
        if is_chosen(template) or before:
            yield stack, _of_this_region(target, name, stack_events.parameters(before) if before else {})


def _of_this_region(target: Target, name: str, before: Mapping[str, str]) -> dict[str, str]:
    """What a guard's stack alone is given; a key is of one region, so the site's firewall may have none."""
    if name == "network":
        return network.parameters(target, before)
    if name not in _SCOPE_OF:
        return {}
    elsewhere = name == _AT_EDGE and target.at_edge() is not target
    return {"Scope": _SCOPE_OF[name], **({"KeyArn": ""} if elsewhere else {})}


def is_chosen(template: str) -> bool:
    """Whether the optional template shall be in use."""
    return os.environ.get(CHOOSABLE[template]["InUse"]) == "true"


def own_stacks(target: Target) -> "dict[str, StackTypeDef]":
    """The stage's stacks that are there, by name, in the order in which they are made."""
    return _found(target)[0]


def foreign_stacks(target: Target) -> list[str]:
    """Stacks that have a name which the stage needs, and are not the stage's."""
    return _found(target)[1]


def _found(target: Target) -> "tuple[dict[str, StackTypeDef], list[str]]":
    own, others = {}, []
    for name in all_names(target):
        if name == _stack(target, _AT_EDGE) and _stack(target, "firewall") not in own:
            continue  # they are made and deleted together: without a firewall nobody needs access to the other region
        where = home(target, name)
        stack = stack_events.describe(where.cloudformation, name)
        if stack is None:
            continue
        # Without tags the others are the stage's only together with the first, which has the record of all the rest.
        proven = tags.is_marked(tags.of_stack(stack)) or name == target.prefix or target.prefix in own
        if proven and tags.owns(where, stack):
            own[name] = stack
        else:
            others.append(name)
    return own, others


def outputs(target: Target) -> dict[str, str]:
    """Of all that are there; empty if the stage was never made."""
    own = own_stacks(target)
    return {key: value for name in names(target) if name in own for key, value in stacks.outputs(own[name]).items()}


def chosen(target: Target) -> dict[str, str]:
    """What the stage's stacks were given that they would not have without a choice, by its variable. The machine in use
    says which type was chosen."""
    found: dict[str, str] = {}
    for name, stack in own_stacks(target).items():
        template = next((one for one in CHOOSABLE if name in names_of(target, one)), None)
        if template is None:  # the API's
            continue
        given = stack_events.parameters(stack)
        if given.get("InUse") == "false":
            continue
        found |= choices(target, template, given)
    return found


def choices(target: Target, template: str, given: Mapping[str, str]) -> dict[str, str]:
    """What of the given parameters the template would not have without a choice, by its variable."""
    unchosen = {**defaults(template), **unless_chosen(target, template)}
    return {
        variable: given[parameter]
        for parameter, variable in CHOOSABLE[template].items()
        if given.get(parameter, unchosen.get(parameter)) != unchosen.get(parameter)
    }


@cache
def declared(template: str) -> dict[str, Any]:
    """The template's parameters: this part of it alone, as the rest takes long to read."""
    text = (TEMPLATES / f"{template}.yaml").read_text(encoding="utf-8")
    part = re.search(r"^Parameters:\n(?: .*\n|\n)*", text, re.MULTILINE)
    found: dict[str, Any] = yaml.safe_load(part[0])["Parameters"] if part else {}
    return found


def defaults(template: str) -> dict[str, str]:
    """Of its parameters."""
    return {name: str(one["Default"]) for name, one in declared(template).items() if "Default" in one}


def is_protected(target: Target) -> bool:
    """Whether tables and users refuse to be deleted."""
    stack = own_stacks(target).get(_stack(target, "resources"))
    return stack is not None and stack_events.parameters(stack).get("DeletionProtection") == "true"


def _stack(target: Target, template: str) -> str:
    return target.prefix if template == "resources" else f"{target.prefix}-{template}"
