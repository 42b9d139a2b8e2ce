"""The ports of access: what their adapters implement."""

from __future__ import annotations

from contextlib import AbstractContextManager

from ..kit.wiring import Protocol
from .model import Role, StaffMember


class StaffUsers(Protocol):
    """The user pool. All may raise TemporarilyUnavailable. A change may be repeated: it then changes nothing."""

    def all(self) -> list[StaffMember]:
        """Every user with a role, in no particular order."""

    def get(self, user_id: str) -> StaffMember | None:
        """The user, also one without a role."""

    def invite(self, email: str) -> StaffMember:
        """A new user, to whom a temporary password is mailed; or the one who has this address already."""

    def join(self, user_id: str, role: Role) -> None: ...

    def leave(self, user_id: str, role: Role) -> None: ...

    def set_enabled(self, user_id: str, enabled: bool) -> None: ...

    def sign_out(self, user_id: str) -> None:
        """Everywhere: no token from before changes anything any more."""


class Turn(Protocol):
    def __call__(self) -> AbstractContextManager[None]:
        """One at a time is inside; one that died inside is out after a minute. Raises TemporarilyUnavailable while
        another is."""
