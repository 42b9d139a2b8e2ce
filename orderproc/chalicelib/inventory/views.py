"""How a product looks from outside."""

from __future__ import annotations

from typing import Any

from .model import Product


def product_view(product: Product, stock: int, site_url: str) -> dict[str, Any]:
    """A product with what of it can be bought now. Pictures are on the site."""
    return {
        "productId": product.product_id,
        "name": product.name,
        "description": product.description,
        "price": product.price,
        "currency": product.currency,
        "stock": 0 if product.withdrawn_at else stock,
        "withdrawn": bool(product.withdrawn_at),
        "imageUrl": f"{site_url}/{product.image}" if product.image else None,
    }
