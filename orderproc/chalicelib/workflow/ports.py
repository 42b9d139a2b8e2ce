"""The ports of the workflow's drivers."""

from __future__ import annotations

from ..kit.wiring import Protocol, dataclass
from ..orders.model import Order


@dataclass(frozen=True)
class Depth:
    """About how many messages a queue holds: waiting, being worked on, and not due yet."""

    waiting: int
    in_flight: int
    delayed: int


class Backlog(Protocol):
    """What is on its way to the drivers. All may raise TemporarilyUnavailable."""

    def queue_of(self, order: Order) -> str | None:
        """The queue whose message brings the order's next step. None where an execution does."""

    def depth(self, queue: str) -> Depth: ...

    def is_running(self, order: Order) -> bool:
        """Whether the order's last execution is still under way."""
