"""The use cases of a stage, run on this machine with an operator's own credentials instead of a function's role, and
what the commands that do so share."""

import json
import os
import sys
from collections.abc import Callable, Container, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from infra.deploy import foundation, names, render, state
from infra.deploy.deploy import tracked_config
from infra.errors import Refusal
from infra.paths import ROOT, make_importable
from infra.target import Target, connect

if TYPE_CHECKING:
    from chalicelib.bootstrap import Services

STACK = Path(os.environ.get("ORDERPROC_STACK") or ROOT / ".local" / "stack.json")
"""Where `make run` says what runs on this machine, or another stack.json that the environment names."""


def command(act: Callable[[Console], int], wide: int) -> int:
    """Its exit status; a refusal, also AWS's, becomes a sentence and status 1. The console has `wide` columns where no
    terminal says how many."""
    make_importable()
    from chalicelib.kit.errors import InvalidRequest, OrderProcError

    try:
        return act(Console(highlight=False, width=None if sys.stdout.isatty() else wide))
    except InvalidRequest as error:
        refused = "; ".join(f"{e.field} {e.message}" for e in error.errors).capitalize() + "."
    except (OrderProcError, Refusal) as error:
        refused = str(error)
    except ClientError as error:
        said = error.response.get("Error", {})
        refused = f"AWS refuses {error.operation_name}: {said.get('Code')}: {said.get('Message')}"
    except BotoCoreError as error:
        refused = f"AWS cannot be reached: {error}"
    Console(stderr=True, highlight=False).print(f"[red]{escape(refused)}[/red]", soft_wrap=True)
    return 1


def stage_of(arguments: list[str], commands: Container[str]) -> str | None:
    """Take the stage's name from the front of the arguments, if one is there."""
    named = arguments and not arguments[0].startswith("-") and arguments[0] not in commands
    return arguments.pop(0) if named else None


def table(*columns: str) -> Table:
    """Without lines, as it is for copying too."""
    return Table(*columns, box=None, padding=(0, 2, 0, 0))


def stage_called(name: str | None) -> Target:
    """The stage of that name, as the environment's credentials reach it; without a name the one that runs here."""
    if name:
        return connect(name)
    try:
        return target_of(json.loads(STACK.read_text(encoding="utf-8")))
    except (FileNotFoundError, json.JSONDecodeError, KeyError):
        raise Refusal("No local cloud runs here: start one with `make run`, or name a stage with STAGE=….") from None


def target_of(here: Mapping[str, Any]) -> Target:
    """The stage that a stack.json describes, with its root credentials."""
    session = boto3.Session(here["access_key_id"], here["secret_access_key"], region_name=here["region"])
    site = here.get("storefront_url", "").rstrip("/") or None
    return connect(here["stage"], session=session, endpoint_url=here["endpoint_url"], site_endpoint=site)


def services_of(target: Target) -> "Services":
    """The stage's services. The process's environment becomes that of its functions."""
    outputs = foundation.outputs(target)
    if not outputs:
        raise Refusal(f"There is no stage {target.stage} in account {target.account}, {target.region}: is it deployed?")
    tracked = names.stage_of(target, tracked_config())["environment_variables"]
    quiet = {"LOG_LEVEL": "ERROR"}  # what a function logs would stand between the lines of the command
    os.environ.update({**target.environment(), **tracked, **render.from_stack(target, outputs), **quiet})
    make_importable()
    from chalicelib.bootstrap import Services
    from chalicelib.kit import config

    return Services(config.settings())


def changing(target: Target) -> str:
    """The ARN of who is about to change data of the stage, for the audit trail. Refuses while the stage is being
    restored: what was written then would be neither of then nor of now."""
    state.refuse_while_restored(target, foundation.outputs(target)["DocumentsBucketName"])
    return identity(target)


def identity(target: Target) -> str:
    """The ARN of the credentials' owner."""
    arn: str = target.client("sts").get_caller_identity()["Arn"]
    return arn
