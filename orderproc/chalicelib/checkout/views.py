"""How a cart looks from outside."""

from __future__ import annotations

from typing import Any

from ..kit.money import exact
from .model import Cart


def cart_view(cart: Cart, site_url: str) -> dict[str, Any]:
    """The cart at the prices of now; `price` and `lineTotal` are null for a product that was withdrawn. `currency` is
    the cart's, and a line's own. Pictures are on the site."""
    return {
        "items": [
            {
                "productId": line.product_id,
                "name": line.name,
                "quantity": line.quantity,
                "price": line.price,
                "currency": line.currency,
                "lineTotal": line.total,
                "problem": line.problem.value or None,
                "imageUrl": f"{site_url}/{line.image}" if line.image else None,
            }
            for line in cart.lines
        ],
        "currency": cart.currency,
        "total": exact(cart.total, cart.currency),
    }
