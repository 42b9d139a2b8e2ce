"""Members of staff, and partners with their keys."""

from __future__ import annotations

from ..kit.wiring import dataclass
from .roles import Role


@dataclass(frozen=True)
class StaffMember:
    """A user of the pool with their roles; without any it is a customer, or a former member of staff."""

    user_id: str
    email: str
    roles: frozenset[Role]
    enabled: bool
    has_signed_in: bool
    """False from the invitation to the first own password."""
    verified: bool
    """The address is known to be this person's."""


@dataclass(frozen=True)
class PartnerKey:
    """A key of API Gateway, without its value: that is a secret, which only the partner has."""

    key_id: str
    partner_id: str
    name: str
    """What staff call the partner."""
    enabled: bool
    created_at: str
    plan: str = ""
    """The usage plan that it is on; empty without one, and then it opens nothing."""


@dataclass(frozen=True)
class KeyEnd:
    """From `at` on the key shall open nothing any more."""

    key_id: str
    partner_id: str
    at: str


@dataclass(frozen=True)
class Partner:
    """With all keys it ever had, the oldest first, and when those end that are to."""

    partner_id: str
    keys: tuple[PartnerKey, ...]
    ends: tuple[KeyEnd, ...] = ()

    @property
    def name(self) -> str:
        return self.keys[-1].name

    @property
    def plan(self) -> str:
        """Of the newest key that has one."""
        return next((key.plan for key in reversed(self.keys) if key.plan), "")

    def ends_at(self, key_id: str) -> str | None:
        """The earliest, if it was said more than once."""
        return min((end.at for end in self.ends if end.key_id == key_id), default=None)
