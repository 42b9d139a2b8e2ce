"""A cart: as it is stored, and as the customer sees it, always at the prices of now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal

from ..kit.wiring import dataclass
from .rules import NOT_SUMMED, Problem


@dataclass(frozen=True)
class StoredCart:
    """Units per product. `version` is another after every change of the lines, and no later cart has it again.

    Both `version` and `currency` are empty for none at all, `currency` also for a cart from before there were any."""

    lines: Mapping[str, int] = field(default_factory=dict)
    currency: str = ""
    version: str = ""


STEP_OF_REMOVAL = 2
"""A version's number rises by so much when the customer takes a line out, and by one with every other change. So
no order is made of the version before that of a cart that its customer emptied."""


def version_before(version: str) -> str:
    """The version from which an order's payment led to this one; empty where there is none."""
    token, _, number = version.rpartition(".")
    return f"{token}.{int(number) - 1}" if token and number.isdigit() and int(number) > 1 else ""


@dataclass(frozen=True)
class CartLine:
    """`price` is in the product's `currency`. `image` is where its picture is on the site; empty without one."""

    product_id: str
    name: str
    quantity: int
    price: Decimal | None
    currency: str
    problem: Problem = Problem.NONE
    image: str = ""

    @property
    def total(self) -> Decimal | None:
        return None if self.price is None else self.price * self.quantity


@dataclass(frozen=True)
class Cart:
    lines: tuple[CartLine, ...]
    currency: str
    version: str = ""

    @property
    def total(self) -> Decimal:
        """Of the lines that can be bought, in the cart's currency."""
        return sum((n.total for n in self.lines if n.total is not None and n.problem not in NOT_SUMMED), Decimal(0))


@dataclass(frozen=True)
class QuietCart:
    """A cart with something in it (units per product) that was not changed since."""

    touched_at: str
    lines: Mapping[str, int]
