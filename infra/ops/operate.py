"""The use cases of a stage, run on this machine with an operator's own credentials instead of a function's role."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from infra.deploy import render, templates
from infra.deploy.deploy import tracked_config
from infra.errors import Refusal
from infra.paths import ROOT, make_importable
from infra.target import Target, connect

if TYPE_CHECKING:
    from chalicelib.bootstrap import Services

STACK = Path(os.environ.get("ORDERPROC_STACK") or ROOT / ".local" / "stack.json")
"""Where `make run` says what runs on this machine, or another stack.json that the environment names."""


def stage_called(name: str | None) -> Target:
    """The stage of that name, as the environment's credentials reach it; without a name the one that runs here."""
    if name:
        return connect(name)
    try:
        here = json.loads(STACK.read_text(encoding="utf-8"))
        session = boto3.Session(here["access_key_id"], here["secret_access_key"], region_name=here["region"])
        stage, endpoint_url = here["stage"], here["endpoint_url"]
    except (FileNotFoundError, json.JSONDecodeError, KeyError):
        raise Refusal("No local cloud runs here: start one with `make run`, or name a stage with STAGE=….") from None
    return connect(stage, session=session, endpoint_url=endpoint_url)


def services_of(target: Target) -> "Services":
    """The stage's services. The process's environment becomes that of its functions."""
    outputs = templates.outputs(target)
    if not outputs:
        raise Refusal(f"There is no stage {target.stage} in account {target.account}, {target.region}: is it deployed?")
    stages = tracked_config()["stages"]
    tracked = (stages.get(target.stage) or stages[render.BASE_STAGE])["environment_variables"]
    quiet = {"LOG_LEVEL": "ERROR"}  # what a function logs would stand between the lines of the command
    os.environ.update({**target.environment(), **tracked, **render.from_stack(target, outputs), **quiet})
    make_importable()
    from chalicelib.bootstrap import Services
    from chalicelib.kit import config

    return Services(config.settings())


def identity(target: Target) -> str:
    """The ARN of whoever the credentials belong to: for the audit trail."""
    sts = target.session.client("sts", region_name=target.region, endpoint_url=target.endpoint_url)
    return sts.get_caller_identity()["Arn"]
