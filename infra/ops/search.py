"""`python -m infra.ops.search [STAGE] rebuild [--from DAY] [--to DAY]`: make the search's index again from the
orders table, with the operator's AWS credentials, the newest day first. It writes only what is missing or wrong, orders
may go on arriving, and a rebuild that was interrupted goes on where it was when it is started again with the same days.
Exits 1 if it was not done, 2 for what it does not understand."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from infra.errors import Refusal
from infra.ops import operate

if TYPE_CHECKING:
    from chalicelib.orders.search_rebuild import DayIndexed, RebuildSearch

COMMANDS = ("rebuild",)
_DAYS = 400
"""As far back as staff's list goes."""
_WIDE = 120


def main(arguments: Sequence[str]) -> int:
    """The command."""
    options = _parsed(list(arguments))
    return operate.command(lambda console: _run(console, options), _WIDE)


def _run(console: Console, options: argparse.Namespace) -> int:
    target = operate.stage_called(options.stage)
    services = operate.services_of(target)
    if services.settings.order_search == "off":
        raise Refusal("The search is switched off: deploy with ORDER_SEARCH=on first, so that new orders are indexed.")
    first, last = options.first.isoformat(), options.last.isoformat()
    work = services.search.rebuild
    if (begun := work.begun(first, last)) and not options.json:
        console.print(f"An interrupted rebuild goes on at {begun}.")
    with services.operations.audit.of(operate.changing(target), "rebuild_search", **{"from": first, "to": last}) as out:
        days = _each_day(work, first, last)
        found = {"orders": sum(day.orders for day in days), "repaired": sum(day.repaired for day in days)}
        out.update(found)
    if options.json:
        print(json.dumps({**found, "days": [asdict(day) for day in days if day.repaired]}, indent=2))
    else:
        console.print(f"[green]{found['orders']} orders of {len(days)} days were compared[/green]:", end=" ")
        console.print(f"{found['repaired']} were missing or wrong, and are right now.")
    return 0


def _each_day(work: "RebuildSearch", first: str, last: str) -> "list[DayIndexed]":
    """With a bar that grows by the day, in a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True, highlight=False)
    end = date.fromisoformat(work.begun(first, last) or last)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Indexing", total=(end - date.fromisoformat(first)).days + 1)
        found = []
        for day in work(first, last):
            progress.update(task, advance=1, description=f"Indexing {day.day}")
            found.append(day)
        return found


def _parsed(arguments: list[str]) -> argparse.Namespace:
    stage = operate.stage_of(arguments, COMMANDS)
    parser = argparse.ArgumentParser(prog="search [STAGE]", description="The index that staff search orders by.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="{" + ",".join(COMMANDS) + "}")
    text = "Index what is missing or wrong, the newest day first."
    command = commands.add_parser("rebuild", help=text, description=text)
    today = datetime.now(UTC).date()
    day = partial(command.add_argument, type=_day, metavar="DAY")
    day("--from", dest="first", default=today - timedelta(days=_DAYS), help=f"like 2026-11-01, UTC ({_DAYS} days ago)")
    day("--to", dest="last", default=today, help="the last day (today)")
    command.add_argument("--json", action="store_true", help="for programs")
    options = parser.parse_args(arguments)
    if options.last < options.first:
        parser.error(f"--from must not be after --to ({options.last})")
    options.stage = stage
    return options


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a day like 2026-11-01") from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
