"""`python -m infra.metrics [STAGE] check|rebuild [--from DAY] [--to DAY]`: compare the counters of orders with the
archive, or make them again from it, with the operator's AWS credentials. Exits 1 if `check` finds a difference or
something was not done, 2 for what it does not understand."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from infra import operate
from infra.errors import Refusal

if TYPE_CHECKING:
    from chalicelib.services.rebuild_metrics import DayReport

COMMANDS = ("check", "rebuild")
_LONGEST = 400
"""Days: as far back as counters remember what they counted."""
_MOST_SHOWN = 200
"""Differences in the table; all are in --json."""
_WIDE = 120
"""Columns where no terminal says how many it has."""


def main(arguments: Sequence[str]) -> int:
    """The command."""
    options = _parsed(list(arguments))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)
    try:
        reports = _run(options)
    except Refusal as refusal:
        Console(stderr=True, highlight=False).print(f"[red]{escape(str(refusal))}[/red]", soft_wrap=True)
        return 1
    if options.json:
        print(json.dumps({"days": [_view(report) for report in reports]}, indent=2, default=str))
    else:
        _show(console, options.command, reports)
    return int(options.command == "check" and any(report.differences for report in reports))


def _parsed(arguments: list[str]) -> argparse.Namespace:
    stage = (
        arguments.pop(0) if arguments and not arguments[0].startswith("-") and arguments[0] not in COMMANDS else None
    )
    parser = argparse.ArgumentParser(prog="metrics [STAGE]", description="Counters of orders, and their archive.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="{" + ",".join(COMMANDS) + "}")
    today = datetime.now(UTC).date()
    for name, text in _HELP.items():
        command = commands.add_parser(name, help=text, description=f"{text} Hours of the last day stay as they are.")
        command.add_argument(
            "--from",
            dest="first",
            type=_day,
            default=today - timedelta(days=7),
            metavar="DAY",
            help="the first day, like 2026-11-01, UTC (a week ago)",
        )
        command.add_argument("--to", dest="last", type=_day, default=today, metavar="DAY", help="the last day (today)")
        command.add_argument("--json", action="store_true", help="for programs")
    if stage and not arguments:
        parser.error(f"{' or '.join(COMMANDS)} must follow ({stage} was taken for a stage's name)")
    options = parser.parse_args(arguments)
    if not 0 <= (options.last - options.first).days < _LONGEST:
        parser.error(f"--from must not be after --to ({options.last}), and the days at most {_LONGEST}")
    options.stage = stage
    return options


def _run(options: argparse.Namespace) -> "list[DayReport]":
    services = operate.services_of(operate.stage_called(options.stage))
    from chalicelib.domain.errors import OrderProcError

    work = getattr(services.rebuild_metrics, options.command)
    days = (options.last - options.first).days + 1
    try:
        return list(_watched(work(options.first.isoformat(), options.last.isoformat()), options.command, days))
    except OrderProcError as error:
        raise Refusal(f"{error} Days before that are done; the command can be given again.") from error
    except ClientError as error:
        said = error.response.get("Error", {})
        raise Refusal(f"AWS refuses {error.operation_name}: {said.get('Code')}: {said.get('Message')}") from error
    except BotoCoreError as error:
        raise Refusal(f"AWS cannot be reached: {error}") from error


def _watched(reports: "Iterator[DayReport]", command: str, days: int) -> "Iterator[DayReport]":
    """With a bar that grows by the day, where somebody is there to see it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True, highlight=False)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(_DOING[command], total=days)
        for report in reports:
            progress.update(task, advance=1, description=f"{_DOING[command]} {report.day}")
            yield report


def _show(console: Console, command: str, reports: "list[DayReport]") -> None:
    differences = [difference for report in reports for difference in report.differences]
    hours, facts = sum(report.hours for report in reports), sum(report.facts for report in reports)
    looked_at = f"{hours} settled hours, {facts} facts in archive and open orders"
    if not differences:
        console.print(f"[green]The counters are what the archive says[/green] ({looked_at}).")
        return
    table = Table("hour (UTC)", "count", "counted", "summed up", "archived", box=None, padding=(0, 2, 0, 0))
    for found in differences[:_MOST_SHOWN]:
        numbers = (str(number) for number in (found.counted, found.summed, found.archived))
        table.add_row(found.hour, escape(found.name), *numbers)
    console.print(table)
    if len(differences) > _MOST_SHOWN:
        console.print(f"… and {len(differences) - _MOST_SHOWN} more; --json has them all.")
    if command == "rebuild":
        console.print(f"[green]{len(differences)} counts were put right[/green] ({looked_at}).")
    else:
        console.print(f"[red]{len(differences)} counts differ[/red] ({looked_at}); `rebuild` puts them right.")


def _view(report: "DayReport") -> dict[str, Any]:
    return {
        "day": report.day,
        "hours": report.hours,
        "facts": report.facts,
        "differences": [vars(difference) for difference in report.differences],
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a day like 2026-11-01") from None


_HELP = {
    "check": "Show where counters and archive differ.",
    "rebuild": "Make the counters again from the archive and the open orders.",
}
_DOING = {"check": "Comparing", "rebuild": "Rebuilding"}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
