"""What a cart may hold, and why a line can't be put in or bought."""

from __future__ import annotations

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
