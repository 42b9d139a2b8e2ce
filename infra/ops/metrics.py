"""`python -m infra.ops.metrics [STAGE] check|rebuild [--from DAY] [--to DAY]`: compare the counters of orders with the
orders and their archive, or make them again, with the operator's AWS credentials. `rebuild` shows what it would change
and asks before it writes; programs say --yes. Exits 1 if `check` finds a difference or something was not done, 2 for
what it does not understand."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from infra.errors import Refusal
from infra.ops import operate

if TYPE_CHECKING:
    from chalicelib.bootstrap import Services
    from chalicelib.reporting.rebuild import DayReport, RebuildMetrics

COMMANDS = ("check", "rebuild")
_LONGEST = 400
"""Days: as far back as counters remember what they counted."""
_MOST_SHOWN = 200
"""Differences in the table; all are in --json."""
_MOST_NAMED = 10
_WIDE = 120
"""Columns where no terminal says how many it has."""


def main(arguments: Sequence[str]) -> int:
    """The command."""
    options = _parsed(list(arguments))
    return operate.command(lambda console: _run(console, options), _WIDE)


def _run(console: Console, options: argparse.Namespace) -> int:
    target = operate.stage_called(options.stage)
    services = operate.services_of(target)
    if options.command == "check":
        return _check(console, options, services.reporting.rebuild)
    return _rebuild(console, options, services, lambda: operate.changing(target))


def _check(console: Console, options: argparse.Namespace, work: "RebuildMetrics") -> int:
    reports = _each_day(work.check, options.first, options.last)
    _print(console, options, reports, written=False)
    if _differing(reports) and not options.json:
        console.print("`rebuild` puts them right.")
    return int(bool(_differing(reports)))


def _rebuild(console: Console, options: argparse.Namespace, services: "Services", who: Callable[[], str]) -> int:
    """Look first, show it, ask, and only then write, on the days that differ and on record."""
    work = services.reporting.rebuild
    reports = _each_day(work.check, options.first, options.last)
    wrong = _differing(reports)
    if not options.json or not (wrong and options.yes):
        _print(console, options, reports, written=False)
    if not wrong:
        return 0
    if not (options.yes or _agreed(options)):
        raise Refusal("Nothing was written.")
    first, last = (date.fromisoformat(report.day) for report in (wrong[0], wrong[-1]))
    changes = [
        {"hour": found.hour, "count": found.name, "before": found.counted, "after": found.expected}
        for report in wrong
        for found in report.differences
    ]
    recorded = {"from": first.isoformat(), "to": last.isoformat(), "changes": changes}
    with services.operations.audit.of(who(), "rebuild_metrics", **recorded) as outcome:
        done = _each_day(work.rebuild, first, last)
        outcome["putRight"] = sum(len(report.differences) for report in done)
    if options.json:
        _print(console, options, done, written=True)
    else:
        console.print(f"[green]{sum(len(report.differences) for report in done)} counts were put right.[/green]")
    return 0


def _agreed(options: argparse.Namespace) -> bool:
    """Whether the operator says yes. Raises Refusal where there is none to ask."""
    if options.json or not sys.stdin.isatty():
        raise Refusal("Nothing was written: run it in a terminal, which asks, or with YES=1 (--yes).")
    return input("Write these counts? [y/N] ").strip().lower() in ("y", "yes")


def _differing(reports: "list[DayReport]") -> "list[DayReport]":
    return [report for report in reports if report.differences]


def _parsed(arguments: list[str]) -> argparse.Namespace:
    stage = operate.stage_of(arguments, COMMANDS)
    parser = argparse.ArgumentParser(prog="metrics [STAGE]", description="Counters of orders, and their archive.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="{" + ",".join(COMMANDS) + "}")
    today = datetime.now(UTC).date()
    if not (arguments or stage) or (arguments and arguments[0].startswith("--") and arguments[0] != "--help"):
        arguments.insert(0, "check")  # it changes nothing
    for name, text in _HELP.items():
        command = commands.add_parser(name, help=text, description=f"{text} Hours of the last day stay as they are.")
        day = partial(command.add_argument, type=_day, metavar="DAY")
        day("--from", dest="first", default=today - timedelta(days=7), help="like 2026-11-01, UTC (a week ago)")
        day("--to", dest="last", default=today, help="the last day (today)")
        command.add_argument("--json", action="store_true", help="for programs")
        if name == "rebuild":
            command.add_argument("--yes", action="store_true", help="write without asking")
    if stage and not arguments:
        parser.error(f"{' or '.join(COMMANDS)} must follow ({stage} was read as a stage's name)")
    options = parser.parse_args(arguments)
    if not 0 <= (options.last - options.first).days < _LONGEST:
        parser.error(f"--from must not be after --to ({options.last}), and the days at most {_LONGEST}")
    options.stage = stage
    return options


def _each_day(work: "Callable[[str, str], Iterator[DayReport]]", first: date, last: date) -> "list[DayReport]":
    """The reports, with a bar that grows by the day, in a terminal."""
    doing = _DOING[work.__name__]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True, highlight=False)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(doing, total=(last - first).days + 1)
        found = []
        for report in work(first.isoformat(), last.isoformat()):
            progress.update(task, advance=1, description=f"{doing} {report.day}")
            found.append(report)
        return found


def _print(console: Console, options: argparse.Namespace, reports: "list[DayReport]", *, written: bool) -> None:
    if options.json:
        print(json.dumps({"written": written, "days": [asdict(report) for report in reports]}, indent=2, default=str))
        return
    differences = [difference for report in reports for difference in report.differences]
    hours, facts = sum(report.hours for report in reports), sum(report.facts for report in reports)
    looked_at = f"{hours} finished hours, {facts} facts"
    unproven = [hour for report in reports for hour in report.unproven]
    if differences:
        table = operate.table("hour (UTC)", "count", "counted", "summed up", "right")
        for found in differences[:_MOST_SHOWN]:
            numbers = (str(number) for number in (found.counted, found.summed, found.expected))
            table.add_row(found.hour, escape(found.name), *numbers)
        console.print(table)
        if len(differences) > _MOST_SHOWN:
            console.print(f"… and {len(differences) - _MOST_SHOWN} more; --json has them all.")
        console.print(f"[red]{len(differences)} counts differ[/red] ({looked_at}).")
    else:
        console.print(f"[green]The counters are right[/green] ({looked_at}).")
    if unproven:
        named = ", ".join(unproven[:_MOST_NAMED]) + (" …" if len(unproven) > _MOST_NAMED else "")
        said = "Something is counted that is neither in the table nor in the archive any more; it stays:"
        console.print(said, named, soft_wrap=True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a day like 2026-11-01") from None


_HELP = {
    "check": "Show where counters differ from the orders and their archive.",
    "rebuild": "Show that, ask, and make those counters again.",
}
_DOING = {"check": "Comparing", "rebuild": "Rebuilding"}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
