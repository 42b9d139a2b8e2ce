"""The user pool's staff in memory, and the turn of who changes them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from chalicelib.access.model import Role, StaffMember
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
                raise TemporarilyUnavailable("Somebody else is changing staff: try again in a moment.")
            self._until = mine = self._seconds() + 60
        try:
            yield
        finally:
            with self._lock:
                if self._until == mine:
                    self._until = None
