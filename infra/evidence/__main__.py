"""`python -m infra.evidence [STAGE] [--order ID] [--out FILE]`: writes the report of a stage, or of what is left."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from infra.evidence import page, report
from infra.ops import operate
from infra.paths import BUILD
from infra.progress import Steps

_WIDE = 140
"""Columns where no terminal says how many it has."""


def main(arguments: Sequence[str]) -> int:
    """The command: 0 for a report, 1 if a destroyed stage left something or could not be looked for."""
    parser = argparse.ArgumentParser(
        prog="evidence", description="One HTML file that shows a stage, or that it is gone."
    )
    parser.add_argument("stage", nargs="?", help="its name; without one, the stage of the running local cloud")
    parser.add_argument("--order", default="", metavar="ID", help="the order to show, instead of the latest")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to (.build/evidence-<stage>.html)")
    options = parser.parse_args(list(arguments))
    return operate.command(lambda console: _run(console, options), _WIDE)


def _run(console: Console, options: argparse.Namespace) -> int:
    target = operate.stage_called(options.stage)
    steps = Steps(console)
    made = report.collect(target, steps, options.order)
    path: Path = options.out or BUILD / f"evidence-{target.stage}.html"
    with steps.step("The page"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page.render(made, target.account), encoding="utf-8")
    for what, lines in made.gaps.items():
        steps.say(f"[yellow]{what}: {escape(' '.join(lines))}[/yellow]")
    steps.say(f"Written: {path} ({path.stat().st_size / 1e6:.1f} MB, {sum(made.calls.values())} calls)")
    return _ended(steps, made)


def _ended(steps: Steps, made: report.Report) -> int:
    if made.proof is None:
        return 0
    for look, found in made.proof.left:
        steps.say(f"[red]left: {look.title}: {escape(found.name)}[/red]")
    steps.say("Nothing is left, and nothing costs money." if made.proof.holds else "It is not proven to be gone.")
    return 0 if made.proof.holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
