"""Builds what admins change of access: staff and their roles, partners and their keys."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..kit.observability import log

if TYPE_CHECKING:
    from ..access.partners import PartnerKeys
    from ..access.staff import StaffAccounts
    from .adapters import Adapters


class Access:
    def __init__(self, adapters: Adapters) -> None:
        self._a = adapters

    @cached_property
    def staff(self) -> StaffAccounts:
        from ..access.staff import StaffAccounts

        return StaffAccounts(self._a.staff_users, self._a.staff_turn, log)

    @cached_property
    def partners(self) -> PartnerKeys:
        import secrets
        import string

        from ..access.key_values import RANDOM_CHARACTERS
        from ..access.partners import PartnerKeys

        def random() -> str:
            letters = string.ascii_letters + string.digits
            return "".join(secrets.choice(letters) for _ in range(RANDOM_CHARACTERS))

        a = self._a
        return PartnerKeys(a.api_keys, a.key_ends, a.staff_turn, a.clock, log, random)

    def end_keys(self) -> None:
        """End the keys whose time has come."""
        self.partners.end_due()
