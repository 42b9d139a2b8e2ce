"""`python -m infra.ops.backup [STAGE] create|list|delete [NAME]`: backups of a stage by name, with the operator's AWS
credentials. A backup has all tables as they are at one second, and the list of the documents of that time; orders go on
meanwhile. Exits 1 if something asked for was not done, 2 for what it does not understand."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console

from infra.backups import backups
from infra.backups.backups import Backup
from infra.deploy import foundation
from infra.errors import Refusal
from infra.ops import operate
from infra.progress import Steps
from infra.target import Target

COMMANDS = ("create", "list", "delete")
_WIDE = 120


def main(arguments: Sequence[str]) -> int:
    """The command."""
    options = _parsed(list(arguments))
    return operate.command(lambda console: _run(console, options), _WIDE)


def _run(console: Console, options: argparse.Namespace) -> int:
    target = operate.stage_called(options.stage)
    outputs = outputs_of(target)
    bucket = outputs["DocumentsBucketName"]
    if options.command == "list":
        _list(console, options, backups.all_of(target, bucket))
    elif options.command == "delete":
        backups.delete(target, bucket, options.name)
        console.print(f"Backup {options.name} is deleted.")
    else:
        name = options.name or f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
        with Steps(Console(quiet=options.json, highlight=False)).step(f"Backup {name} (on AWS it takes ten minutes)"):
            made = backups.make(target, outputs, name)
        if options.json:
            print(json.dumps(_view(made)))
        else:
            console.print(f"[green]{made.items} items, all as of {backups.shown(made.at)}.[/green]")
            console.print(f"To bring the stage back to it: make restore STAGE={target.stage} TO={name}", soft_wrap=True)
    return 0


def outputs_of(target: Target) -> dict[str, str]:
    """Of what the stage stands on, by name. Refuses where there is none."""
    outputs = foundation.outputs(target)
    if not outputs:
        raise Refusal(f"There is no stage {target.stage} in account {target.account}, {target.region}: is it deployed?")
    return outputs


def _list(console: Console, options: argparse.Namespace, found: list[Backup]) -> None:
    if options.json:
        print(json.dumps({"backups": [_view(one) for one in found]}))
        return
    if not found:
        console.print("There is no backup. `make backup` makes one.")
        return
    table = operate.table("name", "as of (UTC)", "items", "")
    for one in found:
        table.add_row(one.name, backups.shown(one.at), str(one.items), "" if one.complete else "unfinished")
    console.print(table)


def _view(one: Backup) -> dict[str, object]:
    return {"name": one.name, "at": backups.shown(one.at), "items": one.items, "complete": one.complete}


def _parsed(arguments: list[str]) -> argparse.Namespace:
    stage = operate.stage_of(arguments, COMMANDS)
    parser = argparse.ArgumentParser(prog="backup [STAGE]", description="Backups of a stage.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="{" + ",".join(COMMANDS) + "}")
    for name, text in _HELP.items():
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--json", action="store_true", help="for programs")
        if name != "list":
            command.add_argument("name", nargs="?" if name == "create" else None, help="lower-case letters, digits, -")
    options = parser.parse_args(arguments or ["create"])
    options.stage = stage
    return options


_HELP = {
    "create": "Make one; again under the same name goes on with one that was interrupted.",
    "list": "Show all, the newest first.",
    "delete": "Delete one for good.",
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
