"""An order that another system announced, as far as it can be understood."""

from __future__ import annotations

from dataclasses import dataclass

from ..kit.errors import FieldError
from .commands import PlaceOrder


@dataclass(frozen=True)
class AnnouncedOrder:
    """It brings its own `order_id`. `errors` says why it can be no order: then `command` holds what of it is right."""

    order_id: str
    command: PlaceOrder
    by_name: bool = False
    """Its line's `product_id` is a product's id or its exact name: which of them, the catalogue knows."""
    errors: tuple[FieldError, ...] = ()
