"""Builds what admins change of access: staff and their roles."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..kit.observability import log

if TYPE_CHECKING:
    from ..access.staff import StaffAccounts
    from .adapters import Adapters


class Access:
    def __init__(self, adapters: Adapters) -> None:
        self._a = adapters

    @cached_property
    def staff(self) -> StaffAccounts:
        from ..access.staff import StaffAccounts

        return StaffAccounts(self._a.staff_users, self._a.staff_turn, log)
