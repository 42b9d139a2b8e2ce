"""A stage's native resources by Terraform: what templates.py does by CloudFormation.

The root's variables are the templates' parameters, its outputs their outputs, both in Terraform's spelling."""

import os
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from infra.aws_errors import unless
from infra.deploy import dashboard, network, removal, site, templates
from infra.deploy.stack_events import Say, quietly
from infra.deploy.terraform import binary, remote, workspace
from infra.errors import Refusal
from infra.paths import BUILD
from infra.target import API_STAGE, Target

_APPLY = ("apply", "-auto-approve", "-input=false", "-no-color")
_DESTROY = ("destroy", "-auto-approve", "-input=false", "-no-color")
_NOT_BY_TERRAFORM = (
    "{} is not there for a stage by Terraform yet: leave it out, or deploy the stage by CloudFormation. Nothing was"
    " changed."
)
_OUTLIVE = ("CustomerKey", "PrivateNetwork")
_SECRETS = ("CarrierSecretArn", "LinkSecretArn")
_NOT_MADE_YET = {name: "" for names in templates.FROM_OTHERS.values() for name in names}


def in_terraform(name: str) -> str:
    """The name of a parameter or an output, as Terraform writes it."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def in_cloudformation(name: str) -> str:
    """The same backwards."""
    return "".join(part.capitalize() for part in name.split("_"))


def apply(target: Target, _say: Say = quietly) -> dict[str, str]:
    """Make or update all of it; returns the outputs by CloudFormation's names."""
    given = parameters(target)
    refuse_unknown(given)
    binary.find(target)
    workspace.refuse_unstored(target, BUILD)
    remote.make(target)
    remote.refuse_while_locked(target)
    noted = remote.note(target, **_wanted(given, remote.stage(target) or {}))
    if "CustomerKey" in noted["kept"]:
        _to_awss_key(target)
    return _applied(target)


def _to_awss_key(target: Target) -> None:
    """Encrypt the secrets with AWS's key again: without a key in its configuration the provider leaves a secret the one
    that it has, and lists that as a change for ever (https://github.com/hashicorp/terraform-provider-aws/issues/21623).
    """
    made, secrets = outputs(target), target.client("secretsmanager")
    for secret in (made[name] for name in _SECRETS if name in made):
        with unless("ResourceNotFoundException"):  # deleted by hand: Terraform makes it again
            found = secrets.describe_secret(SecretId=secret)
            if found.get("KmsKeyId") and "DeletedDate" not in found:
                secrets.update_secret(SecretId=secret, KmsKeyId="")


def _wanted(given: Mapping[str, str], noted: Mapping[str, Any]) -> dict[str, Any]:
    """What is noted of a deployment that is given this."""
    # AWS can't change a machine's type. The one that is not in use stays for its executions, and costs nothing.
    types = sorted({*noted.get("workflow_types", ()), given.get("WorkflowType", "STANDARD")})
    return {"parameters": dict(given), "workflow_types": types, "kept": kept(given, noted)}


def kept(given: Mapping[str, str], noted: Mapping[str, Any]) -> list[str]:
    """Which guards stay though they are switched off: the key for what it has encrypted, the network until functions
    have left it."""
    before = {*noted.get("kept", ()), *(name for name in _OUTLIVE if noted.get("parameters", {}).get(name) == "true")}
    return sorted(name for name in before if given.get(name) != "true")


def retire(target: Target, made: Mapping[str, str], say: Say = quietly) -> None:
    """Remove the network, if it is switched off and the functions have left it."""
    noted = remote.stage(target) or {}
    if "PrivateNetwork" not in noted.get("kept", ()):
        return
    if not network.wait_until_empty(target, made, say):
        say("Lambda still has interfaces in the network: deploy again later to delete it")
        return
    _applied(target, kept=[name for name in noted["kept"] if name != "PrivateNetwork"])


def parameters(target: Target) -> dict[str, str]:
    """What all the templates together would be given."""
    found: dict[str, str] = {}
    for template in templates.CHOOSABLE:
        given = {
            **templates.unless_chosen(target, template),
            **templates.parameters(template, target.stage, _NOT_MADE_YET),
        }
        found |= {_of_all(template, name): value for name, value in given.items()}
    if found.get("PrivateNetwork") == "true":
        found["NetworkLanguageModel"] = str(bool(os.environ.get("BEDROCK_MODEL_ID"))).lower()
    return {name: value for name, value in found.items() if name not in _NOT_MADE_YET}


def _of_all(template: str, parameter: str) -> str:
    """The parameter's name among those of all templates: guards' are called as their variables, since each has an
    `InUse`."""
    variable = templates.CHOOSABLE[template].get(parameter, "") if template in templates.OPTIONAL else ""
    return in_cloudformation(variable.lower()) if variable else parameter


def refuse_unknown(given: Mapping[str, str]) -> None:
    """Refuses what the root has no variable for, unless it is as if nobody had said it."""
    known = declared()
    for template, choosable in templates.CHOOSABLE.items():
        defaults = templates.defaults(template)
        for parameter, variable in choosable.items():
            name = _of_all(template, parameter)
            unsaid = defaults.get(parameter, "false" if parameter == "InUse" else "")
            if in_terraform(name) not in known and given.get(name, unsaid) != unsaid:
                raise Refusal(_NOT_BY_TERRAFORM.format(variable))


@cache
def declared() -> frozenset[str]:
    """The root's variables."""
    text = (workspace.SOURCES / "variables.tf").read_text(encoding="utf-8")
    return frozenset(re.findall(r'^variable "(\w+)"', text, re.MULTILINE))


def variables(target: Target, noted: Mapping[str, Any]) -> dict[str, Any]:
    """What the root is given: what is noted of the stage."""
    given = noted["parameters"]
    current = given.get("WorkflowType", "STANDARD")
    return {
        **_known(given),
        **{f"keep_{in_terraform(name)}": True for name in noted.get("kept", ())},
        "region": target.region,
        "deployment": target.deployment,
        "dashboard_body": dashboard.body(),
        "kept_workflow_types": [one for one in noted["workflow_types"] if one != current],
        "api_stage": API_STAGE,
        **noted.get("api", {}),
        "connect_origins": noted.get("connect_origins", ""),
    }


def connect_site(target: Target, origins: str) -> None:
    """Let the site's pages call these origins, if they may not yet: a first deployment knows them late."""
    _connect(target, connect_origins=origins)


def connect_api(target: Target, given: Mapping[str, str]) -> dict[str, str]:
    """Make what needs the API, if it is not there yet, or not with this; returns all outputs."""
    said: dict[str, Any] = {"api": _known(given)}
    if "connect_origins" not in (remote.stage(target) or {}):  # at the first deployment both at once
        said["connect_origins"] = site.connect_origins(site.addresses(target, target.api_url(given["RestApiId"])))
    _connect(target, **said)
    return outputs(target)


def _known(given: Mapping[str, str]) -> dict[str, str]:
    """What of it the root has variables for, by their names."""
    return {in_terraform(name): value for name, value in given.items() if in_terraform(name) in declared()}


def _connect(target: Target, **said: Any) -> None:
    noted = remote.stage(target) or {}
    if any(noted.get(name) != value for name, value in said.items()):
        _applied(target, **said)


def _applied(target: Target, **said: Any) -> dict[str, str]:
    """Apply with what is noted and with this, which is noted when it is in force."""
    noted = {**(remote.stage(target) or {}), **said}
    folder = workspace.foundation(target, BUILD, variables(target, noted))
    binary.run(target, folder, *_APPLY)
    if said:
        remote.note(target, **said)
    return outputs(target)


def planned(target: Target, api: Mapping[str, str] | None = None) -> dict[str, list[str]]:
    """What a deployment now would change: the actions by resource. `api` is what `connect_api` would be given; without
    it that stays as it is."""
    given, noted = parameters(target), remote.stage(target) or {}
    refuse_unknown(given)
    wanted = {**noted, **_wanted(given, noted)}
    # A deployment removes the network at its end.
    wanted["kept"] = [name for name in wanted["kept"] if name != "PrivateNetwork"]
    if api:
        wanted["api"] = _known(api)
    folder = workspace.foundation(target, BUILD, variables(target, wanted))
    return binary.changes(binary.planned(target, folder))


def outputs(target: Target) -> dict[str, str]:
    """By CloudFormation's names; empty if the stage was never made."""
    return {in_cloudformation(name): value for name, value in remote.outputs(target).items() if value}


def chosen(target: Target) -> dict[str, str]:
    """What the stage was given that it would not have without a choice, by its variable."""
    noted = remote.stage(target) or {}
    found: dict[str, str] = {}
    for template in templates.CHOOSABLE:
        given = noted.get("parameters", {})
        own = {
            name: given[_of_all(template, name)]
            for name in templates.CHOOSABLE[template]
            if _of_all(template, name) in given
        }
        found |= templates.choices(target, template, own)
    return found


def is_protected(target: Target) -> bool:
    """Whether tables and users refuse to be deleted."""
    noted = remote.stage(target) or {}
    return bool(noted.get("parameters", {}).get("DeletionProtection") == "true")


def parts(target: Target) -> list[str]:
    """The states, with how much each knows."""
    found = ((root, remote.resources(target, root)) for root in (remote.FOUNDATION, remote.FUNCTIONS))
    counts = {root: sum(len(one["instances"]) for one in resources) for root, resources in found}
    return [f"{root} ({count} resources)" for root, count in counts.items() if count]


def remove_plans(target: Target, _say: Say = quietly) -> None:
    """The API cannot go before them."""
    _destroy(target, remote.FOUNDATION, "-target=module.api")


def remove_functions(target: Target, say: Say = quietly) -> None:
    """All of Chalice's part. In a network the roles go last, since Lambda removes its interfaces in their names."""
    made = outputs(target)
    if "FunctionsSecurityGroupId" in made:
        resources = remote.resources(target, remote.FUNCTIONS)
        functions = [one["name"] for one in resources if one["type"] == "aws_lambda_function"]
        if functions:
            _destroy(target, remote.FUNCTIONS, *(f"-target=aws_lambda_function.{name}" for name in functions))
        if not network.wait_until_empty(target, made, say):
            raise Refusal(network.NOT_EMPTY)
    _destroy(target, remote.FUNCTIONS)


def remove_others(target: Target, _say: Say = quietly) -> None:
    """Nothing: they go with the first."""


def remove_first(target: Target, say: Say = quietly) -> None:
    """All native resources, then the state bucket."""
    has_key = any(one["type"] == "aws_kms_key" for one in remote.resources(target, remote.FOUNDATION))
    _destroy(target, remote.FOUNDATION)
    if has_key:
        say(templates.KEY_IS_DELETED_LATER)
    removal.empty_bucket(target, remote.bucket(target), last=remote.STAGE)
    with unless(*remote.GONE):
        target.s3.delete_bucket(Bucket=remote.bucket(target))


def _destroy(target: Target, root: str, *options: str) -> None:
    """What the root's state knows. The sources are not needed: a root without any destroys all."""
    if remote.resources(target, root):
        binary.run(target, workspace.nothing(target, BUILD, root), *_DESTROY, *options)
