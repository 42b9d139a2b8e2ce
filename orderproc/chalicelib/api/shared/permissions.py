"""What each role of staff may: the one table by which every route of staff is judged, and that the documents show.

A role is a group of the user pool. Several roles add up."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from ...access.roles import Role as Role  # noqa: PLC0414 (re-exported)


class Permission(StrEnum):
    """The comment is what it opens, where the name does not say it."""

    READ = "read"  # orders, customers, products, returns, imports, metrics, discrepancies, alarms
    NOTES = "notes"
    TAGS = "tags"
    CANCEL = "cancel"
    RESEND = "resend"
    SHIP = "ship"
    DELIVER = "deliver"
    RECEIVE_RETURNS = "receive_returns"
    STOCK = "stock"
    REFUND = "refund"
    APPROVE_RETURNS = "approve_returns"
    PROMOTIONS = "promotions"
    PRICES = "prices"  # products with all that is said of them, and whether they are sold at all
    TAX = "tax"
    EXPORTS = "exports"
    DEAD_LETTERS = "dead_letters"  # and the queues
    RETRY = "retry"
    SETTINGS = "settings"  # and files to import: they place orders and change products
    PARTNERS = "partners"  # and their keys
    ROLES = "roles"  # staff, and what they may
    AUDIT = "audit"
    ERASE = "erase"


_ALL = frozenset(Permission)
_MAY: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: _ALL,
    Role.SUPPORT: frozenset({Permission.READ, Permission.NOTES, Permission.TAGS, Permission.CANCEL, Permission.RESEND}),
    Role.WAREHOUSE: frozenset(
        {Permission.READ, Permission.SHIP, Permission.DELIVER, Permission.RECEIVE_RETURNS, Permission.STOCK}
    ),
    Role.FINANCE: frozenset(
        {
            Permission.READ,
            Permission.REFUND,
            Permission.APPROVE_RETURNS,
            Permission.PROMOTIONS,
            Permission.PRICES,
            Permission.TAX,
            Permission.EXPORTS,
        }
    ),
    Role.VIEWER: frozenset({Permission.READ}),
}


def roles_of(groups: Iterable[str]) -> frozenset[Role]:
    """The roles among the groups; other groups are none of staff's."""
    return frozenset(Role(name) for name in groups if name in _NAMES)


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """What all these roles allow together."""
    return frozenset[Permission]().union(*(_MAY[role] for role in roles))


def may(roles: Iterable[Role], permission: Permission) -> bool:
    """Whether one of the roles allows it."""
    return any(permission in _MAY[role] for role in roles)


def roles_that_may(permission: Permission) -> list[Role]:
    """In the table's order."""
    return [role for role in Role if permission in _MAY[role]]


_NAMES = frozenset(Role)
