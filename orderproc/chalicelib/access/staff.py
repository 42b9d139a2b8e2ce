"""Staff's accounts and roles. Admins change them, and can't lock themselves out: an admin can't take their own access
away, so the caller is still an admin after each change."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from ..kit.errors import Conflict, NotFound, TemporarilyUnavailable
from ..kit.ports import Log
from ..kit.wiring import service
from .model import StaffMember
from .ports import StaffUsers, Turn
from .roles import Role

_USER_ID = re.compile(r"[0-9a-f-]{36}")


@service
class StaffAccounts:
    users: StaffUsers
    turn: Turn
    log: Log

    def all(self) -> list[StaffMember]:
        """Everybody with a role, by their addresses."""
        return sorted(self.users.all(), key=lambda member: (member.email, member.user_id))

    def get(self, user_id: str) -> StaffMember:
        """Raises NotFound for a user without a role."""
        found = self.users.get(user_id)
        if found is None or not found.roles:
            raise NotFound("There is no such member of staff.", "STAFF_NOT_FOUND")
        return found

    def addresses_of(self, user_ids: Collection[str]) -> dict[str, str]:
        """Of those that are users: an author may be an operator, or gone. If the user pool does not answer, addresses
        are missing, and the rest can be read."""
        found: dict[str, str] = {}
        for user_id in sorted(filter(_USER_ID.fullmatch, user_ids)):
            try:
                user = self.users.get(user_id)
            except TemporarilyUnavailable:
                return found
            if user and user.email:
                found[user_id] = user.email
        return found

    def invite(self, who: str, email: str, roles: Collection[Role]) -> StaffMember:
        """A new user, to whom a temporary password is mailed; or the account that has the address already.

        Raises Conflict for a member of staff, and for an account whose address is not confirmed: it may have been
        made with another person's address."""
        with self._turn_of(who):
            found = self.users.invite(email)
            if found.roles:
                raise Conflict("This address is a member of staff's already: set the roles.", "ALREADY_STAFF")
            if not found.verified:
                words = "There is an account with this address, which its owner has not confirmed: it must be, first."
                raise Conflict(words, "ACCOUNT_NOT_VERIFIED")
            return self._with_roles(found, roles)

    def set_roles(self, who: str, user_id: str, roles: Collection[Role]) -> StaffMember:
        """Just these; none takes the user off the staff. The user must sign in again. Raises NotFound, Conflict."""
        with self._turn_of(who):
            found = self.get(user_id)
            if user_id == who and Role.ADMIN not in roles:
                raise Conflict("You can't take the role admin from yourself: another admin can.", "OWN_ACCESS")
            return self._with_roles(found, roles)

    def set_enabled(self, who: str, user_id: str, enabled: bool) -> StaffMember:
        """Let the user sign in or not, neither as staff nor as a customer. Raises NotFound, Conflict."""
        with self._turn_of(who):
            self.get(user_id)
            if user_id == who:
                raise Conflict("You can't do this to yourself: another admin can.", "OWN_ACCESS")
            self.users.set_enabled(user_id, enabled)
            if not enabled:
                self.users.sign_out(user_id)
            self.log.info("staff_changed", userId=user_id, enabled=enabled)
            return self.get(user_id)

    @contextmanager
    def _turn_of(self, who: str) -> Iterator[None]:
        """One change at a time, and only by a caller who is still an admin: two admins who take each other's role at
        once would leave none."""
        with self.turn():
            me = self.users.get(who)
            if me is None or not me.enabled or Role.ADMIN not in me.roles:
                raise Conflict("You are no admin any more: another admin has changed that.", "NO_ADMIN_ANY_MORE")
            yield

    def _with_roles(self, member: StaffMember, roles: Collection[Role]) -> StaffMember:
        # First those that are new: died between the two, the user is staff still, and the same can be asked again.
        for role in sorted(set(roles) - member.roles):
            self.users.join(member.user_id, role)
        for role in sorted(member.roles - set(roles)):
            self.users.leave(member.user_id, role)
        # Also if none changed: the time before may have died here. A token says the roles of when it was issued.
        self.users.sign_out(member.user_id)
        self.log.info("staff_changed", userId=member.user_id, roles=sorted(roles))
        return self.users.get(member.user_id) or member
