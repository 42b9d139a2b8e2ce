"""A cart: as it is stored, and as the customer sees it, always at the prices of now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

MAX_LINES = 100
MAX_QUANTITY = 99


class Problem(StrEnum):
    """Why a line can't be bought as it is. The comment is what it means to the customer."""

    NONE = ""
    WITHDRAWN = "WITHDRAWN"  # it is not sold any more: there is no name and no price
    CURRENCY = "CURRENCY"  # it is sold in another currency than the cart's
    TOO_LARGE = "TOO_LARGE"  # with it the cart would be worth more than an order may be
    SHORT = "SHORT"  # fewer are left than the cart asks for


NOT_SUMMED = frozenset({Problem.WITHDRAWN, Problem.CURRENCY, Problem.TOO_LARGE})
"""A line with one of these is not part of the total, and while it is in the cart, the cart can't be bought."""


class Refusal(StrEnum):
    """Why a line was not put into a cart."""

    FULL = "FULL"  # it holds as many different products as it can
    CURRENCY = "CURRENCY"  # its other lines are in another currency


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
