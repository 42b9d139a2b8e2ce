"""`python -m infra.ops.show_dashboard [STAGE] [--watch]`: the stage's dashboard. On AWS its address in the
console; on a local cloud its picture in the terminal, since no console draws it there."""

import argparse
import sys
import time
import webbrowser
from collections.abc import Sequence
from contextlib import suppress

from rich.console import Console
from rich.live import Live

from infra.ops import dashboard_terminal, operate
from infra.ops.dashboard_data import Picture, Reader
from infra.target import Target

_WIDE = 140
"""Columns where no terminal says how many it has."""


def main(arguments: Sequence[str]) -> int:
    """The command."""
    options = _parsed(arguments)
    with suppress(KeyboardInterrupt):
        return operate.command(lambda console: _run(console, options), _WIDE)
    return 0


def _run(console: Console, options: argparse.Namespace) -> int:
    target = operate.stage_called(options.stage)
    reader = Reader(target)
    if target.is_emulator:
        _show(reader, options, console)
    else:
        reader.body()  # refuses when there is none
        console.print(url := address(target), soft_wrap=True)
        if sys.stdout.isatty():
            webbrowser.open(url)
    return 0


def address(target: Target) -> str:
    """Of the dashboard in AWS's console."""
    domain = {"aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com"}.get(
        target.partition, f"{target.region}.console.aws.amazon.com"
    )
    return f"https://{domain}/cloudwatch/home?region={target.region}#dashboards/dashboard/{target.prefix}"


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="show_dashboard", description="The stage's dashboard.")
    parser.add_argument("stage", nargs="?", help="its name; without one, the stage of the running local cloud")
    parser.add_argument("--watch", action="store_true", help="anew every few seconds, until Ctrl-C")
    parser.add_argument("--every", type=float, default=5, metavar="SECONDS", help="how often (5)")
    parser.add_argument("--minutes", type=int, default=60, help="how far back (60)")
    return parser.parse_args(list(arguments))


def _show(reader: Reader, options: argparse.Namespace, console: Console) -> None:
    def draw() -> Picture:
        return reader.picture(options.minutes * 60)

    if not options.watch:
        console.print(dashboard_terminal.render(draw(), console.width))
        return
    with Live(console=console, auto_refresh=False, screen=sys.stdout.isatty(), vertical_overflow="crop") as live:
        while True:
            live.update(dashboard_terminal.render(draw(), console.width), refresh=True)
            time.sleep(options.every)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
