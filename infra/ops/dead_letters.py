"""`python -m infra.ops.dead_letters [STAGE] COMMAND …`: what staff do with dead letters over the API, from a terminal,
with the operator's AWS credentials. Exits 1 when something asked for was not done, 2 for what it does not
understand."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.console import Console
from rich.markup import escape

from infra.ops import operate
from infra.paths import make_importable

if TYPE_CHECKING:
    from chalicelib.bootstrap import Services

_PATIENCE = 600.0
"""Seconds for one command: only its operator waits for it."""
_PATIENCE_OF_A_LOOK = 120.0
"""Messages that are looked at are hidden from others for at most this long."""
_LONGEST_PAYLOAD = 400
_WIDE = 200
"""Columns where no terminal says how many it has."""

Shown = tuple[dict[str, Any], int]
"""What a command found or did, and its exit code."""
Argument = tuple[str, dict[str, Any]]
"""As argparse takes it."""


class Command(NamedTuple):
    """`do` is given the stage's services, the options, and a function that says whose credentials these are."""

    help: str
    do: "Callable[[Services, argparse.Namespace, Callable[[], str]], Shown]"
    show: Callable[[Console, dict[str, Any]], None]
    arguments: tuple[Argument, ...] = ()


def main(arguments: Sequence[str]) -> int:
    """The command."""
    options = _parsed(list(arguments))
    return operate.command(lambda console: _run(console, options), _WIDE)


def _run(console: Console, options: argparse.Namespace) -> int:
    target, command = operate.stage_called(options.stage), COMMANDS[options.command]
    shown, code = command.do(operate.services_of(target), options, lambda: operate.changing(target))
    if options.json:
        print(json.dumps(shown, ensure_ascii=False, indent=2, default=_number))
    else:
        command.show(console, shown)
    return code


def _parsed(arguments: list[str]) -> argparse.Namespace:
    stage = operate.stage_of(arguments, COMMANDS)
    parser = argparse.ArgumentParser(prog="dead_letters [STAGE]", description="Messages that exhausted their retries.")
    commands = parser.add_subparsers(dest="command", metavar="{" + ",".join(COMMANDS) + "}")
    for name, command in COMMANDS.items():
        added = commands.add_parser(name, help=command.help, description=command.help)
        added.add_argument("--json", action="store_true", help="for programs")
        for argument, how in command.arguments:
            added.add_argument(argument, **how)
    flags_alone = not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help"))
    options = parser.parse_args(["list", *arguments] if flags_alone else arguments)
    options.stage = stage
    return options


def _queues(services: "Services", _options: argparse.Namespace, _who: Callable[[], str]) -> Shown:
    from chalicelib.operations.dead_letter_views import depth_view

    return {"queues": [depth_view(*row) for row in services.operations.dead_letters.depths()]}, 0


def _list(services: "Services", options: argparse.Namespace, _who: Callable[[], str]) -> Shown:
    from chalicelib.operations.dead_letter_views import seen_view

    return seen_view(services.operations.dead_letters.peek(options.queue, options.limit, _PATIENCE_OF_A_LOOK)), 0


def _redrive(services: "Services", options: argparse.Namespace, who: Callable[[], str]) -> Shown:
    from chalicelib.operations.dead_letter_views import redriven_view

    redrive = services.operations.dead_letters.redrive
    done = redrive(who(), options.queue, options.message_ids or None, _PATIENCE, resend=True)
    return redriven_view(done), int(bool(done.not_found or done.refused))


def _discard(services: "Services", options: argparse.Namespace, who: Callable[[], str]) -> Shown:
    from chalicelib.operations.dead_letter_views import discarded_view

    discard = services.operations.dead_letters.discard
    done = discard(who(), options.queue, options.message_ids, options.reason, _PATIENCE)
    return discarded_view(done), int(bool(done.not_found))


def _audit(services: "Services", options: argparse.Namespace, _who: Callable[[], str]) -> Shown:
    from chalicelib.operations.audit import audit_view

    page = services.operations.audit.page(options.day or services.clock.now()[:10], options.limit)
    return {"records": [audit_view(record) for record in page.items]}, 0


def _show_queues(console: Console, shown: dict[str, Any]) -> None:
    table = operate.table("queue", "waiting", "in flight", "delayed", "dead letters")
    for row in shown["queues"]:
        dead = f"[red]{row['deadLetters']}[/red]" if row["deadLetters"] else "0"
        table.add_row(row["name"], *(str(row[n]) for n in ("messages", "inFlight", "delayed")), dead)
    console.print(table)


def _show_list(console: Console, shown: dict[str, Any]) -> None:
    if not shown["messages"]:
        console.print("[green]There are no dead letters.[/green]")
        return
    table = operate.table("queue", "message", "order", "sent", "reason and payload")
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
    table = operate.table("at", "who", "action", "details", "outcome")
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


_QUEUE = {"help": "as `queues` names them, or a whole name or URL"}
_MESSAGES = {"metavar": "MESSAGE", "nargs": "+", "help": "which"}
_LIMIT = ("--limit", {"type": _count, "default": 100, "help": "at most so many (100)"})
COMMANDS = {
    "queues": Command("how full each queue is", _queues, _show_queues),
    "list": Command(
        "dead letters with their reasons, of one queue or all (also without any command)",
        _list,
        _show_list,
        (("queue", {**_QUEUE, "nargs": "?"}), _LIMIT),
    ),
    "redrive": Command(
        "send all of a queue's dead letters, or some, back to work",
        _redrive,
        _show_redrive,
        (
            ("queue", _QUEUE),
            ("message_ids", {**_MESSAGES, "nargs": "*", "help": "which; without any, all"}),
        ),
    ),
    "discard": Command(
        "delete some for good, with a reason",
        _discard,
        _show_discard,
        (
            ("queue", _QUEUE),
            ("message_ids", _MESSAGES),
            ("--reason", {"required": True, "type": _reason, "help": "why, for the audit record"}),
        ),
    ),
    "audit": Command(
        "who did what on a day", _audit, _show_audit, (("--day", {"help": "like 2026-11-21, UTC (today)"}), _LIMIT)
    ),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
