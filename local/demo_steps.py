"""What the parts of the demo share: headings, waiting, and how they refuse."""

from collections.abc import Callable
from typing import Any, TypeVar

from rich.console import Console

from infra.errors import Refusal
from local import processes

T = TypeVar("T")


def heading(console: Console, text: str) -> None:
    """A rule across the terminal, below an empty line."""
    console.print()
    console.rule(text, align="left")


def failed(what: str) -> Refusal:
    """Points to where the reason is."""
    return Refusal(f"{what}: look into .local/functions.log for the reason.")


def until(look: Callable[[], T | None], right: Callable[[T], object], failure: str, patience: float = 90.0) -> T:
    """The first look that is there and right. Refuses when none was in time."""
    seen = processes.wait_for(look, lambda found: found is not None and right(found), patience=patience, pause=0.2)
    if seen is None or not right(seen):
        raise failed(f"{failure} in {patience:.0f} s")
    return seen


def has_ended(order: dict[str, Any]) -> bool:
    """Whether nothing more happens to it by itself."""
    return order.get("status") in ("COMPLETED", "FAILED", "CANCELLED", "REFUNDED")


def named(order: dict[str, Any]) -> str:
    """As people call it and as the API does: its number, and its id."""
    number = order.get("orderNumber")
    return f"{number} ({order['orderId']})" if number else str(order["orderId"])
