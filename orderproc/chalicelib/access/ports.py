"""The ports of access: what their adapters implement."""

from __future__ import annotations

from contextlib import AbstractContextManager

from ..kit.wiring import Protocol
from .model import KeyEnd, PartnerKey, StaffMember
from .roles import Role


class StaffUsers(Protocol):
    """The user pool. All may raise TemporarilyUnavailable. A change may be repeated: it then changes nothing."""

    def all(self) -> list[StaffMember]:
        """Every user with a role, in no particular order."""

    def get(self, user_id: str) -> StaffMember | None:
        """The user, also one without a role."""

    def invite(self, email: str) -> StaffMember:
        """A new user, to whom a temporary password is mailed; or the one that has this address already."""

    def join(self, user_id: str, role: Role) -> None: ...

    def leave(self, user_id: str, role: Role) -> None: ...

    def set_enabled(self, user_id: str, enabled: bool) -> None: ...

    def sign_out(self, user_id: str) -> None:
        """Everywhere: no token from before changes anything any more."""


class Turn(Protocol):
    def __call__(self) -> AbstractContextManager[None]:
        """One caller at a time is inside; after a crash inside the turn ends within a minute. Raises
        TemporarilyUnavailable while another is."""


class ApiKeys(Protocol):
    """Partners' keys of this stage, at API Gateway. All may raise TemporarilyUnavailable."""

    def all(self) -> list[PartnerKey]:
        """Enabled or not, without the page's publishable one, in no particular order."""

    def plans(self) -> list[str]:
        """The names of the usage plans that partners can be on."""

    def make(self, partner_id: str, name: str, plan: str, value: str) -> PartnerKey:
        """An enabled key of this value on that plan. A crash half-way leaves one that opens nothing."""

    def disable(self, key_id: str) -> None:
        """It opens nothing any more, within a minute. May be repeated; one that is gone is fine."""


class KeyEnds(Protocol):
    def add(self, end: KeyEnd) -> None: ...

    def all(self) -> list[KeyEnd]:
        """Those that have not come, or have not been done; the earliest first."""

    def remove(self, end: KeyEnd) -> None: ...
