"""Runs Terraform: the user's own, or on an emulator the one that `make terraform` installs, with its old provider."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from infra.errors import Refusal
from infra.paths import ROOT
from infra.target import Target

PROVIDER = "~> 6.8"
"""Of AWS, that all is written for."""
_OWN_PYTHON = ROOT / ".local" / "terraform-venv" / "bin" / "python"
_OWN = ROOT / "local" / "terraform.py"
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_FRAME = re.compile(r"^[│╷╵ ]+")
_LOCK = re.compile(
    r"Lock Info:.*?ID:\s*(?P<id>\S+).*?Path:\s*(?P<path>\S+).*?Who:\s*(?P<who>\S+).*?Created:\s*(?P<when>[^\n]+)",
    re.DOTALL,
)


class Terraform(NamedTuple):
    """How it is called, and whether its AWS provider is the old one that packages of Python carry."""

    command: tuple[str, ...]
    is_old: bool


def find(target: Target) -> Terraform:
    """The one that TERRAFORM names, or the project's own for an emulator, or `terraform` in the path. Refuses if there
    is none."""
    if named := os.environ.get("TERRAFORM"):
        return Terraform((named,), is_old=False)
    if target.is_emulator:
        if not _OWN_PYTHON.exists():
            raise Refusal(
                "Terraform for the local cloud is not installed yet: run `make terraform`, or name your own by"
                " TERRAFORM=…, then run this again."
            )
        return Terraform((str(_OWN_PYTHON), str(_OWN)), is_old=True)
    if found := shutil.which("terraform"):
        return Terraform((found,), is_old=False)
    raise Refusal(
        "There is no `terraform` in the path: install 1.11 or newer (https://developer.hashicorp.com/terraform/install),"
        " or name it by TERRAFORM=…."
    )


def run(target: Target, folder: Path, *arguments: str, is_secret: bool = False) -> str:
    """What it prints. Refuses with its first error when it fails; all that it says is in a log beside the folder,
    unless it is secret: a plan in JSON has the values of API keys."""
    log = folder.parent / f"terraform-{folder.name}.log"
    with log.open("a+", encoding="utf-8") as output:
        output.write(f"$ terraform {' '.join(arguments)}\n")
        output.flush()
        status, said = _ended(
            [*find(target).command, *arguments], folder, environment(target), None if is_secret else output
        )
    # Of a plan, 2 says that something would change.
    if status not in (0, 2) or (status == 2 and "-detailed-exitcode" not in arguments):
        raise Refusal(explain(arguments[0], said, log))
    return said


def _ended(command: list[str], folder: Path, env: dict[str, str], output: TextIO | None) -> tuple[int, str]:
    """The exit status and what was said. Ctrl-C reaches Terraform, too: it ends what it has begun and stores its state,
    and killed before that it would forget what it made. So it writes into a file: a pipe would break with this process,
    and kill it at its next word."""
    begin = output.seek(0, os.SEEK_END) if output else 0
    with subprocess.Popen(
        command,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output or subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            said, _ = process.communicate()
        except KeyboardInterrupt:
            process.communicate()
            raise
    if output:
        output.seek(begin)
        said = output.read()
    return process.returncode, said


def explain(verb: str, said: str, log: Path) -> str:
    """A sentence for a failure, from all that Terraform said."""
    text = "\n".join(_FRAME.sub("", line) for line in _COLOURS.sub("", said).splitlines())
    if "Error acquiring the state lock" in text:
        return _locked(text)
    first = re.split(r"\n\s*Error: ", f"\n{text}")[1:2]
    why = " ".join(re.sub(r"\n\s*(with|on) .+(,|:)", "", first[0]).split()) if first else ""
    last = next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "it said nothing")
    return f"`terraform {verb}` failed: {(why or last)[:600]} (All of it is in {log}.)"


def _locked(text: str) -> str:
    found = _LOCK.search(text)
    return in_use(found["path"], found["who"], found["when"].strip()) if found else in_use("the state's", "", "")


def in_use(path: str, who: str, since: str) -> str:
    """A sentence for a state that another run has locked; `path` is the bucket with the state's key."""
    by = f" by {who} since {since or 'an unknown time'}" if who else ""
    return (
        f"Another deployment of this stage is under way{by}, so this one stopped: wait until it is done. If it died,"
        f" remove its lock by `aws s3 rm s3://{path}.tflock`, and run this again."
    )


def planned(target: Target, folder: Path) -> dict[str, Any]:
    """What would change now, as Terraform's JSON plan."""
    stored = folder / "now.tfplan"
    try:
        run(
            target,
            folder,
            "plan",
            "-input=false",
            "-no-color",
            "-lock=false",
            f"-out={stored.name}",
            "-detailed-exitcode",
        )
        said = run(target, folder, "show", "-json", "-no-color", stored.name, is_secret=True)
    finally:
        stored.unlink(missing_ok=True)
    plan: dict[str, Any] = json.loads(_json_part(said))
    return plan


def changes(plan: Mapping[str, Any]) -> dict[str, list[str]]:
    """The actions by resource, of those that would change."""
    return {
        one["address"]: one["change"]["actions"]
        for one in plan.get("resource_changes", ())
        if one["change"]["actions"] not in (["no-op"], ["read"])
    }


def schemas(target: Target, folder: Path) -> dict[str, Any]:
    """Of the providers that the folder uses."""
    # Not secret, but tens of megabytes.
    said = run(target, folder, "providers", "schema", "-json", "-no-color", is_secret=True)
    found: dict[str, Any] = json.loads(_json_part(said))
    return found


def _json_part(said: str) -> str:
    """Without warnings, which come in between."""
    return next(line for line in said.splitlines() if line.startswith("{"))


_OWN_VARIABLES = ("TF_VAR_", "TF_CLI_ARGS", "TF_WORKSPACE", "TF_DATA_DIR")


def environment(target: Target) -> dict[str, str]:
    """Terraform's own variables of the user's would choose another workspace, add options such as `-target`, share one
    folder of data among all stages, or give our variables other values."""
    kept = {name: value for name, value in target.environment().items() if not name.startswith(_OWN_VARIABLES)}
    return {**kept, "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
