"""What may happen once only, claimed before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from .wiring import Protocol, dataclass


class Claims(Protocol):
    """What may happen once only is claimed first; the claim then records the outcome. Kept for 30 days."""

    def claim(self, occasion: str, asked_at: str | None = None) -> bool:
        """True for exactly one caller.

        With `asked_at`, the time at which a person asked for it, also if it was claimed before and is not known to
        have happened, so long before that no process can still be doing it: once for each time of asking."""

    def release(self, occasion: str) -> None:
        """What was claimed did certainly not happen: another may claim it."""

    def sent(self, occasion: str) -> None:
        """It happened."""

    def refused(self, occasion: str, reason: str) -> None:
        """It did not happen, and will not."""

    def look_up(self, occasions: Sequence[str], *, consistent: bool = False) -> dict[str, Claim]:
        """Those of the claims that there are: as they were a moment ago, or at twice the price as last written."""

    def count(self, occasion: str, scope: str, most: int) -> bool:
        """Whether the occasion is one of the first `most` that were counted in that scope. Counting one again changes
        nothing. Scopes are kept for two days."""


class ClaimState(StrEnum):
    """What is known of a message."""

    CLAIMED = "CLAIMED"  # sending began, and was never confirmed: it may have been sent
    SENT = "SENT"  # the carrier took it
    REFUSED = "REFUSED"  # the carrier will never take it


@dataclass(frozen=True)
class Claim:
    """A claimed message: since when it is in this state, and why it was refused."""

    state: ClaimState
    at: str
    reason: str = ""


IN_FLIGHT = timedelta(seconds=120)
"""No function runs that long: after it, no process can still be about to send what it claimed."""
