"""`python -m infra.deploy.deploy STAGE`: everything a stage needs, made or brought up to date. Safe to run again at
any time.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy import (
    chalice_cli,
    choices,
    foundation,
    gateway_responses,
    names,
    package,
    post_deploy,
    proof,
    record,
    render,
    runtime,
    settings_check,
    site,
    state,
    vendor,
    verify,
    versions,
    warm,
    web_build,
)
from infra.deploy.terraform import functions_root, unrecorded
from infra.errors import Refusal
from infra.paths import APP, BUILD
from infra.progress import Steps
from infra.target import Target, connect


@dataclass(frozen=True)
class Deployment:
    """What came of it: the stack's outputs by key, the API's address and its keys (the partners' are secrets)."""

    outputs: Mapping[str, str]
    rest_api_id: str
    api_url: str
    keys: post_deploy.ApiKeys
    site_url: str = ""
    """Where the storefront is; empty if it could not be built."""
    catalogue_url: str | None = None
    """Where pages read the catalogue, if not from the API itself."""


def deploy(target: Target, steps: Steps, *, build: Path = BUILD, iac: str = "") -> Deployment:
    """Bring the whole stage to what this checkout and the environment say; `build` is where the package is built, `iac`
    what shall make its resources (foundation.py)."""
    tracked = tracked_config()
    settings_check.check(target, tracked)
    stands_on = foundation.choose(target, iac)
    target = record.claim(target, tracked)
    state.refuse_while_restored(target, stands_on.outputs(target).get("DocumentsBucketName", ""))
    vendored = vendored_for(target, steps)
    pages = _built_pages(target, steps)
    with steps.step(f"Tables, queues, topic, buckets, users, site ({foundation.spoken(stands_on)})"):
        outputs = stands_on.apply(target, steps.say)
    deployed = deploy_functions(target, steps, outputs, vendored, build=build)
    stands_on.retire(target, outputs, steps.say)
    if pages is None:
        return deployed
    with steps.step("The storefront is published"):
        return replace(deployed, site_url=_publish_site(target, deployed, tracked, pages))


def _built_pages(target: Target, steps: Steps) -> Path | None:
    """None on an emulator without what builds them: there all else goes on without a storefront."""
    try:
        with steps.step("The storefront's pages (built once)"):
            return web_build.built()
    except Refusal as refusal:
        if not target.is_emulator:
            raise
        steps.say(f"[yellow]The storefront is left out, all else works.[/yellow] {refusal} Then run this again.")
        return None


def _publish_site(target: Target, deployed: Deployment, tracked: Mapping[str, Any], built: Path) -> str:
    """Upload the pages, which may call the API from now on; returns where they are."""
    key, catalogue_url = deployed.keys.publishable, deployed.catalogue_url
    config = site.config(target, tracked, deployed.outputs, deployed.api_url, key, catalogue_url)
    foundation.of(target).connect_site(target, site.connect_origins(config))
    site.publish(target, deployed.outputs, built, config)
    return target.site_url(deployed.outputs["SiteDomainName"])


def deploy_functions(
    target: Target,
    steps: Steps,
    outputs: Mapping[str, str],
    vendored: Path | None = None,
    *,
    build: Path = BUILD,
    options: Sequence[str] = (),
    show: bool = False,
) -> Deployment:
    """Bring the functions and the API of a stage that is there to what this checkout says, or, if that does not answer,
    back to what it was. `options` are for `chalice deploy`, whose words are shown as it says them if `show`."""
    tracked = tracked_config()
    settings_check.check(target, tracked)
    bucket = outputs["DocumentsBucketName"]
    state.refuse_while_restored(target, bucket)
    with proof.guarded(target, steps, bucket):
        target = record.claim(target, tracked)
        vendored = vendored or vendored_for(target, steps)
        by = "Terraform" if foundation.is_by_terraform(target) else "chalice deploy"
        with steps.step(f"Functions, roles, API, triggers ({by})"):
            staged = lay_out(target, outputs, vendored, tracked, build, state.api_url(target, bucket))
            with record.kept(target, outputs, staged, tracked):
                # Noted before anything of it is in force: what is interrupted here is repeated as it was meant.
                versions.note(target, bucket, state.rest_api_id(state.load(target, bucket)))
                state.put(target, bucket, state.CHOICES, choices.made())
                warm.prepare(target, state.rest_api_id(state.load(target, bucket)))
                rest_api_id = _apply_functions(target, outputs, staged, tracked, options, show=show)
        api_url = target.api_url(rest_api_id)
        with steps.step("API keys, error answers, dead letters, logs"):
            post_deploy.finish_functions(target, outputs)
            post_deploy.set_public_url(target, render.public_url(api_url))
            warm.publish(target, rest_api_id)
            api = post_deploy.finish_api(target, rest_api_id, outputs, render.variables(tracked, target, outputs))
        with steps.step("Triggers are there and on"):
            verify.triggers(target, outputs)
        proof.prove(target, steps, bucket, api_url)
        warm.retire(target)
    return Deployment(outputs, rest_api_id, api_url, api.keys, catalogue_url=api.catalogue_url)


def _apply_functions(
    target: Target,
    outputs: Mapping[str, str],
    staged: Path,
    tracked: Mapping[str, Any],
    options: Sequence[str],
    *,
    show: bool,
) -> str:
    """By Chalice, or by Terraform what Chalice writes for it; returns the API's id, which the stage's record has."""
    bucket = outputs["DocumentsBucketName"]
    if foundation.is_by_terraform(target):
        origin = render.site_origin(tracked, target, outputs)
        unrecorded.remove(target, tracked, state.rest_api_id(state.load(target, bucket)))
        functions_root.apply(target, outputs, staged, origin, show=show)
        record.complete(target, outputs, staged, tracked)
    else:
        chalice_cli.run("deploy", staged, target, options, bucket=bucket, show=show)
    return state.rest_api_id(state.save(target, bucket, staged))


def lay_out(
    target: Target,
    outputs: Mapping[str, str],
    vendored: Path,
    tracked: Mapping[str, Any],
    build: Path,
    api_url: str = "",
) -> Path:
    """The staged copy of the app with this stage's configuration; returns its folder."""
    staged = package.stage_app(APP, build / target.stage, vendored)
    config = render.config(tracked, target, outputs, api_url)
    base_sender = tracked["stages"][render.BASE_STAGE]["environment_variables"]["MAIL_SENDER"]
    variables = config["stages"][target.stage]["environment_variables"]
    sender, model_id = variables["MAIL_SENDER"], variables.get("BEDROCK_MODEL_ID", "")
    policies = render.policies(APP / ".chalice", target, outputs, sender, base_sender, model_id)
    answers = gateway_responses.document(render.public_url(api_url), render.site_origin(tracked, target, outputs))
    package.write_config(staged, config, {**policies, gateway_responses.FILE: answers})
    return staged


def tracked_config() -> dict[str, Any]:
    """orderproc/.chalice/config.json."""
    config: dict[str, Any] = json.loads((APP / ".chalice" / "config.json").read_text(encoding="utf-8"))
    return config


def main(arguments: list[str]) -> int:
    """The command; 0 when the stage is up."""
    steps = Steps()
    try:
        if len(arguments) != 1:
            raise Refusal("Say which stage: `make deploy STAGE=…` or `python -m infra.deploy.deploy STAGE`.")
        target = connect(arguments[0])
        iac = os.environ.get("IAC", "")
        steps.say(f"Deploying stage [b]{target.stage}[/b] to account {target.account}, {target.region}")
        with choices.recalled(target, steps):
            done = deploy(target, steps, iac=iac)
    except Refusal as refusal:
        steps.refuse(refusal)
        return 1
    except (BotoCoreError, ClientError) as error:
        steps.refuse(Refusal(f"AWS refused: {error} Put that right and deploy again: it goes on from here."))
        return 1
    except KeyboardInterrupt:
        steps.refuse(Refusal("Interrupted: deploy again with the same variables, and it goes on from here."))
        return 130
    steps.say(f"The API is at {done.api_url}")
    if done.site_url:
        steps.say(f"The storefront is at {done.site_url}, the back office at {done.site_url}/{site.OFFICE}")
    steps.say(f"The publishable key, for the shop's page: {done.keys.publishable}")
    steps.say(f"The partners' keys: aws apigateway get-api-keys --name-query {target.prefix} --include-values")
    return 0


def vendored_for(target: Target, steps: Steps) -> Path:
    """The packages that travel with the functions."""
    with steps.step("Packages for the functions (built once)"):
        return vendor.build(APP / "requirements.txt", BUILD / "vendor", _architecture(target, tracked_config()))


def _architecture(target: Target, tracked: Mapping[str, Any]) -> str | None:
    if target.is_emulator:
        return None
    return str(names.stage_of(target, tracked).get("lambda_architecture", runtime.ARCHITECTURE))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
