"""`python -m infra.ops.dead_letters [STAGE] COMMAND …`: what staff do with dead letters over the API, from a terminal,
with the operator's AWS credentials. Exits 1 when something asked for was not done, 2 for what it does not
understand."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from infra.errors import Refusal
from infra.ops import operate
from infra.paths import make_importable

if TYPE_CHECKING:
    from chalicelib.operations.dead_letters import DeadLetters

COMMANDS = ("queues", "list", "redrive", "discard", "audit")
_PATIENCE = 600.0
"""Seconds for one command: nobody waits behind it but the one who gave it."""
_PATIENCE_OF_A_LOOK = 120.0
"""What is looked at is hidden from others for so long at most."""
_LONGEST_PAYLOAD = 400
_WIDE = 200
"""Columns where no terminal says how many it has."""

Shown = tuple[dict[str, Any], int]
"""What a command found or did, and its exit code."""


def main(arguments: Sequence[str]) -> int:
    """The command."""
    options = _parsed(list(arguments))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
    try:
        shown, code = _run(options)
    except Refusal as refusal:
        Console(stderr=True, highlight=False).print(f"[red]{escape(str(refusal))}[/red]", soft_wrap=True)
        return 1
    if options.json:
        print(json.dumps(shown, ensure_ascii=False, indent=2, default=_number))
    else:
        _SHOW[options.command](console, shown)
    return code


def _parsed(arguments: list[str]) -> argparse.Namespace:
    stage = (
        arguments.pop(0) if arguments and not arguments[0].startswith("-") and arguments[0] not in COMMANDS else None
    )
    parser = argparse.ArgumentParser(prog="dead_letters [STAGE]", description="What was given up on.")
    commands = parser.add_subparsers(dest="command", metavar="{" + ",".join(COMMANDS) + "}")
    for name, text in _HELP.items():
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--json", action="store_true", help="for programs")
        if name in _ADD:
            _ADD[name](command)
    flags_alone = not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help"))
    options = parser.parse_args(["list", *arguments] if flags_alone else arguments)
    options.stage = stage
    return options


def _queue(command: argparse.ArgumentParser, **more: Any) -> None:
    command.add_argument("queue", help="as `queues` names them, or a whole name or URL", **more)


def _add_list(command: argparse.ArgumentParser) -> None:
    _queue(command, nargs="?")
    command.add_argument("--limit", type=_count, default=100, help="at most so many (100)")


def _add_redrive(command: argparse.ArgumentParser) -> None:
    _queue(command)
    command.add_argument("message_ids", nargs="*", metavar="MESSAGE", help="which; without any, all")


def _add_discard(command: argparse.ArgumentParser) -> None:
    _queue(command)
    command.add_argument("message_ids", nargs="+", metavar="MESSAGE", help="which")
    command.add_argument("--reason", required=True, type=_reason, help="why, for the audit record")


def _add_audit(command: argparse.ArgumentParser) -> None:
    command.add_argument("--day", help="like 2026-11-21, UTC (today)")
    command.add_argument("--limit", type=_count, default=100, help="at most so many (100)")


def _run(options: argparse.Namespace) -> Shown:
    target = operate.stage_called(options.stage)
    services = operate.services_of(target)
    from chalicelib.kit.errors import InvalidRequest, OrderProcError
    from chalicelib.operations.audit import audit_view

    try:
        if options.command == "audit":
            page = services.operations.audit.page(options.day or services.clock.now()[:10], options.limit)
            return {"records": [audit_view(record) for record in page.items]}, 0
        who = "" if options.command in ("queues", "list") else operate.identity(target)
        return _DO[options.command](services.operations.dead_letters, options, who)
    except InvalidRequest as error:
        raise Refusal("; ".join(f"{e.field} {e.message}" for e in error.errors).capitalize() + ".") from error
    except OrderProcError as error:
        raise Refusal(str(error)) from error
    except ClientError as error:
        said = error.response.get("Error", {})
        raise Refusal(f"AWS refuses {error.operation_name}: {said.get('Code')}: {said.get('Message')}") from error
    except BotoCoreError as error:
        raise Refusal(f"AWS cannot be reached: {error}") from error


def _queues(dead_letters: "DeadLetters", _options: argparse.Namespace, _who: str) -> Shown:
    from chalicelib.operations.dead_letter_views import depth_view

    return {"queues": [depth_view(*row) for row in dead_letters.depths()]}, 0


def _list(dead_letters: "DeadLetters", options: argparse.Namespace, _who: str) -> Shown:
    from chalicelib.operations.dead_letter_views import seen_view

    return seen_view(dead_letters.peek(options.queue, options.limit, _PATIENCE_OF_A_LOOK)), 0


def _redrive(dead_letters: "DeadLetters", options: argparse.Namespace, who: str) -> Shown:
    from chalicelib.operations.dead_letter_views import redriven_view

    done = dead_letters.redrive(who, options.queue, options.message_ids or None, _PATIENCE, resend=True)
    return redriven_view(done), int(bool(done.not_found or done.refused))


def _discard(dead_letters: "DeadLetters", options: argparse.Namespace, who: str) -> Shown:
    from chalicelib.operations.dead_letter_views import discarded_view

    done = dead_letters.discard(who, options.queue, options.message_ids, options.reason, _PATIENCE)
    return discarded_view(done), int(bool(done.not_found))


def _show_queues(console: Console, shown: dict[str, Any]) -> None:
    table = Table("queue", *("waiting", "in flight", "delayed", "dead letters"), box=None)
    for row in shown["queues"]:
        dead = f"[red]{row['deadLetters']}[/red]" if row["deadLetters"] else "0"
        table.add_row(row["name"], *(str(row[n]) for n in ("messages", "inFlight", "delayed")), dead)
    console.print(table)


def _show_list(console: Console, shown: dict[str, Any]) -> None:
    if not shown["messages"]:
        console.print("[green]There are no dead letters.[/green]")
        return
    table = Table("queue", "message", "order", "sent", "reason and payload", box=None, padding=(0, 2, 0, 0))
    for letter in shown["messages"]:
        payload = json.dumps(letter["payload"], ensure_ascii=False, default=_number)[:_LONGEST_PAYLOAD]
        table.add_row(
            letter["queue"],
            letter["messageId"],
            escape(letter["orderId"] or "–"),
            letter["sentAt"],
            f"[red]{escape(letter['reason'])}[/red]\n[dim]{escape(payload)}[/dim]",
        )
    for column in table.columns[:2]:
        column.no_wrap = True  # ids are there to be copied
    console.print(table)
    if not shown["complete"]:
        console.print("There are more: --limit shows up to 1000.")


def _show_redrive(console: Console, shown: dict[str, Any]) -> None:
    console.print(f"[green]{shown['redriven']} sent back[/green], {shown['left']} left in the dead-letter queue.")
    for refused in shown["refused"]:
        console.print(f"[red]{refused['messageId']} stays: {escape(refused['reason'])}[/red]", soft_wrap=True)
    _show_missing(console, shown)


def _show_discard(console: Console, shown: dict[str, Any]) -> None:
    kept = "; a copy is in the audit record" if shown["discarded"] else ""
    console.print(f"[green]{shown['discarded']} discarded[/green]{kept}.")
    _show_missing(console, shown)


def _show_missing(console: Console, shown: dict[str, Any]) -> None:
    for message_id in shown["notFound"]:
        console.print(f"[red]{escape(message_id)} was not found.[/red]", soft_wrap=True)
    if not shown["complete"]:
        console.print("There was no time to look through all of the queue: give the command again.")


def _show_audit(console: Console, shown: dict[str, Any]) -> None:
    if not shown["records"]:
        console.print("Nothing was done by hand that day.")
        return
    table = Table("at", "who", "action", "details", "outcome", box=None, padding=(0, 2, 0, 0))
    for record in shown["records"]:
        texts = (json.dumps(record[n], ensure_ascii=False, default=_number) for n in ("details", "outcome"))
        table.add_row(record["at"], record["who"], record["action"], *(escape(t[:_LONGEST_PAYLOAD]) for t in texts))
    console.print(table)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 1000):
        raise argparse.ArgumentTypeError("must be a whole number from 1 to 1000")
    return int(text)


def _reason(text: str) -> str:
    make_importable()
    from chalicelib.kit.text import clean

    if not 3 <= len(clean(text)) <= 500:
        raise argparse.ArgumentTypeError("must be 3 to 500 characters that say why")
    return clean(text)


def _number(value: Any) -> Any:
    """A Decimal, as JSON has numbers."""
    return int(value) if value == int(value) else float(value)


_HELP = {
    "queues": "how full each queue is",
    "list": "dead letters with their reasons, of one queue or all (also without any command)",
    "redrive": "send all of a queue's dead letters, or some, back to work",
    "discard": "delete some for good, with a reason",
    "audit": "who did what on a day",
}
_ADD = {
    "list": _add_list,
    "redrive": _add_redrive,
    "discard": _add_discard,
    "audit": _add_audit,
}
_DO = {"queues": _queues, "list": _list, "redrive": _redrive, "discard": _discard}
_SHOW = {
    "queues": _show_queues,
    "list": _show_list,
    "redrive": _show_redrive,
    "discard": _show_discard,
    "audit": _show_audit,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
