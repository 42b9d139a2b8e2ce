"""The `chalice` of this project's environment, `.venv/bin/chalice` (written by `local/chalice_script.py`).

In `orderproc/` it lets Chalice's own commands act on a stage as this project makes one. Chalice alone knows neither
where the local cloud is, nor what the stage's tables are called, nor that another machine deployed it. Its default
stage `dev`, like `local`, is the local cloud of `make run`; any other stage is in the AWS that the credentials name.
Elsewhere, and for commands that touch no stage, it is Chalice as it is.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

from infra.deploy import choices, deploy, foundation, state
from infra.errors import Refusal
from infra.ops import operate
from infra.paths import APP, BUILD
from infra.progress import Steps
from infra.target import Target, connect
from local import cloud, dev, kept, processes, stack
from local.run import STAGE, build_folder

HERE = {None, "dev", STAGE}
"""Stages that are the local cloud; the first is Chalice's default."""
_VALUED = {"--project-dir"}


def _reader(*options: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    for option in options:
        parser.add_argument(option)
    return parser


_OPTIONS = _reader("--stage", "--profile", "--project-dir")
_PORT = _reader("--port")


class Call(NamedTuple):
    """What was typed: the command, the stage if one is named, and what else there is."""

    verb: str
    stage: str | None
    profile: str | None
    project: Path
    before: list[str]
    rest: list[str]


def parse(arguments: Sequence[str]) -> Call:
    """Take the stage, the profile and the project out of Chalice's arguments."""
    left, before = list(arguments), []
    while left and left[0].startswith("-"):
        before.append(left.pop(0))
        if before[-1] in _VALUED and left:
            before.append(left.pop(0))
    verb, rest = (left[0], left[1:]) if left else ("", [])
    found, others = _OPTIONS.parse_known_args(rest)
    project = _OPTIONS.parse_known_args(before)[0].project_dir
    return Call(verb, found.stage, found.profile, Path(project or ".").resolve(), before, others)


def main(arguments: Sequence[str], folder: Path | str = stack.FOLDER) -> int:
    """The command; `folder` is that of the local cloud."""
    call = parse(arguments)
    act = _COMMANDS.get(call.verb)
    if act is None or call.project != APP or "--help" in arguments:
        return _chalice(arguments)
    try:
        return act(call, _target(call, Path(folder)), Path(folder))
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1


def _local(call: Call, target: Target, _folder: Path) -> int:
    """Serve the API from the sources, over the local cloud's tables and queues. Stage `dev` is in no configuration, so
    that the functions' variables are those set here."""
    if call.stage not in HERE:
        raise Refusal("`chalice local` serves the local cloud only: leave out --stage.")
    port = _PORT.parse_known_args(call.rest)[0].port
    if "CHALICE_WORKER" not in os.environ:  # the reloader's own process, which comes later, is what listens
        processes.check_free(int(port) if port and port.isdigit() else 8000, "--port")
    os.environ.update(dev.environment(target))
    return _chalice([*call.before, call.verb, "--stage", "dev", *call.rest])


def _deploy(call: Call, target: Target, folder: Path) -> int:
    """Redeploy the functions, with what the stage's owner chose when it was made."""
    outputs = _outputs(target)
    bucket = outputs["DocumentsBucketName"]
    steps = Steps()
    here = call.stage in HERE
    wanted = kept.deployment()
    if here:  # the next `make run` must not take what is half deployed for whole
        kept.note_deployment(folder, "")
    build = build_folder(folder) if here else BUILD
    with choices.recalled(target, steps):
        deploy.deploy_functions(target, steps, outputs, build=build, options=call.rest, show=True)
    state.restore(target, bucket, APP)
    if here:
        cloud.save(str(target.endpoint_url))
        kept.note_deployment(folder, wanted)
    return 0


def _read(call: Call, target: Target, _folder: Path) -> int:
    """Commands that look up a function or the API in what Chalice recorded of the stage."""
    os.environ.update(target.environment())
    if not state.restore(target, _outputs(target)["DocumentsBucketName"], APP):
        raise Refusal(f"Stage {target.stage} was never deployed completely: do so with `make deploy`.")
    profile = ["--profile", call.profile] if call.profile and call.stage not in HERE else []
    return _chalice([*call.before, call.verb, "--stage", target.stage, *profile, *call.rest])


def _delete(call: Call, target: Target, _folder: Path) -> NoReturn:
    way_out = "`make run FRESH=1` begins anew" if call.stage in HERE else f"use `make destroy STAGE={target.stage}`"
    raise Refusal(f"`chalice delete` would leave tables, queues and keys behind that nothing serves: {way_out}.")


_COMMANDS: dict[str, Callable[[Call, Target, Path], int]] = {
    "local": _local,
    "deploy": _deploy,
    "url": _read,
    "logs": _read,
    "invoke": _read,
    "delete": _delete,
}


def _target(call: Call, folder: Path) -> Target:
    if call.stage not in HERE:
        return connect(str(call.stage), profile=call.profile)
    found = stack.read(folder)
    if found is None:
        raise Refusal(
            "No local cloud runs here: start one with `make run`, or name a stage in AWS with --stage, one that"
            " `make deploy STAGE=…` made."
        )
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        os.environ.pop(name, None)
    return operate.target_of(found)


def _outputs(target: Target) -> dict[str, str]:
    outputs = foundation.outputs(target)
    if not outputs:
        raise Refusal(
            f"There is no stage {target.stage} in account {target.account}, {target.region}: make it with"
            f" `make deploy STAGE={target.stage}`; after that `chalice deploy` redeploys its functions."
        )
    return outputs


def _chalice(arguments: Sequence[str]) -> int:
    """Chalice itself, in this process. Its reloader starts the command again as it was typed."""
    from chalice import cli

    typed = sys.argv
    sys.argv = [typed[0], *arguments]
    try:
        return cli.main() or 0
    finally:
        sys.argv = typed
