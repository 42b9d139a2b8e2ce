"""Staff and partners' keys in memory, and the turn of who changes them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from chalicelib.access.model import KeyEnd, PartnerKey, StaffMember
from chalicelib.access.roles import Role
from chalicelib.kit.errors import TemporarilyUnavailable


class FakeStaffUsers:
    """Repeating a change changes nothing, as with Cognito."""

    def __init__(self) -> None:
        self.users: dict[str, StaffMember] = {}
        self.invited: list[str] = []
        self.signed_out: list[str] = []

    def known(
        self, user_id: str, *roles: Role, email: str = "", verified: bool = True, enabled: bool = True
    ) -> StaffMember:
        """A user who is there from the beginning."""
        email = email or f"{user_id}@shop.example"
        user = StaffMember(user_id, email, frozenset(roles), enabled, True, verified)
        self.users[user_id] = user
        return user

    def all(self) -> list[StaffMember]:
        return [user for user in self.users.values() if user.roles]

    def get(self, user_id: str) -> StaffMember | None:
        return self.users.get(user_id)

    def invite(self, email: str) -> StaffMember:
        for user in self.users.values():
            if user.email.lower() == email.lower():
                return user
        self.invited.append(email)
        user_id = f"user-{len(self.users)}"
        self.users[user_id] = StaffMember(user_id, email, frozenset(), True, False, True)
        return self.users[user_id]

    def join(self, user_id: str, role: Role) -> None:
        self._change(user_id, lambda user: replace(user, roles=user.roles | {role}))

    def leave(self, user_id: str, role: Role) -> None:
        self._change(user_id, lambda user: replace(user, roles=user.roles - {role}))

    def set_enabled(self, user_id: str, enabled: bool) -> None:
        self._change(user_id, lambda user: replace(user, enabled=enabled))

    def sign_out(self, user_id: str) -> None:
        self.signed_out.append(user_id)

    def _change(self, user_id: str, change: Callable[[StaffMember], StaffMember]) -> None:
        self.users[user_id] = change(self.users[user_id])


class FakeTurn:
    """`seconds` is the time by which a turn that was never given back ends."""

    def __init__(self, seconds: Callable[[], float] = lambda: 0.0) -> None:
        self._lock = threading.Lock()
        self._seconds = seconds
        self._until: float | None = None

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self._lock:
            if self._until is not None and self._until >= self._seconds():
                raise TemporarilyUnavailable("Another change of access is under way: try again in a moment.")
            self._until = mine = self._seconds() + 60
        try:
            yield
        finally:
            with self._lock:
                if self._until == mine:
                    self._until = None


class FakeApiKeys:
    """Keys by their ids. `values` are what callers send."""

    def __init__(self) -> None:
        self.keys: dict[str, PartnerKey] = {}
        self.values: dict[str, str] = {}
        self.moment = 0

    def known(self, key_id: str, name: str = "partner", plan: str = "partner") -> PartnerKey:
        """A key that the deployment made: it is its own partner."""
        self.keys[key_id] = PartnerKey(key_id, key_id, name, True, "2026-01-01T00:00:00.000Z", plan)
        return self.keys[key_id]

    def all(self) -> list[PartnerKey]:
        return list(self.keys.values())

    def plans(self) -> list[str]:
        return ["partner", "other-partner"]

    def make(self, partner_id: str, name: str, plan: str, value: str) -> PartnerKey:
        self.moment += 1
        key_id, at = f"key{len(self.keys)}", f"2026-11-21T14:30:{self.moment:02}.000Z"
        self.values[key_id] = value
        self.keys[key_id] = PartnerKey(key_id, partner_id, name, True, at, plan)
        return self.keys[key_id]

    def disable(self, key_id: str) -> None:
        if key_id in self.keys:
            self.keys[key_id] = replace(self.keys[key_id], enabled=False)


class FakeKeyEnds:
    def __init__(self) -> None:
        self.ends: set[KeyEnd] = set()

    def add(self, end: KeyEnd) -> None:
        self.ends.add(end)

    def all(self) -> list[KeyEnd]:
        return sorted(self.ends, key=lambda end: (end.at, end.key_id))

    def remove(self, end: KeyEnd) -> None:
        self.ends.discard(end)
