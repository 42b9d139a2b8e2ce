"""Shows what is going on: a line per step with its time; on a terminal a spinner while it lasts."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from infra.errors import Refusal


class Steps:
    """Prints each step once it is done. Silent when `quiet`, as in tests."""

    def __init__(self, console: Console | None = None, *, quiet: bool = False) -> None:
        self.console = console or Console(quiet=quiet, highlight=False)

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Show `what` while the body runs, then its time; a failing body leaves a cross and raises on."""
        started = time.monotonic()
        try:
            with self.console.status(what):
                yield
        except BaseException:
            self.console.print(f"[red]✗[/red] {what}")
            raise
        self.console.print(f"[green]✓[/green] {what} [dim]{time.monotonic() - started:.1f} s[/dim]")

    def say(self, text: str) -> None:
        """Print a line of its own, unwrapped, so that what is in it can be copied."""
        self.console.print(text, soft_wrap=True)

    def refuse(self, refusal: Refusal) -> None:
        """Print why the command ends here."""
        self.console.print(f"[red]{refusal}[/red]", soft_wrap=True)
