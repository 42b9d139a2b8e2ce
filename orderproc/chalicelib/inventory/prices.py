"""The catalogue's prices for lines that came without one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from ..kit.errors import FieldError
from ..kit.money import exact, is_exact
from ..orders.commands import PlaceOrder
from ..orders.model import Line, total_of
from .model import Product

NO_PRODUCT = "is not a product of the catalogue"


def products_to_price(command: PlaceOrder) -> list[str]:
    """The ids of products that must be read to price the command."""
    return sorted({command.lines[n].product_id for n in command.unpriced})


def unknown_products(command: PlaceOrder, products: Mapping[str, Product]) -> list[FieldError]:
    """Names the lines that can't be priced."""
    return [
        FieldError(f"items[{n}].productId", NO_PRODUCT)
        for n in sorted(command.unpriced)
        if command.lines[n].product_id not in products
    ]


def priced(command: PlaceOrder, products: Mapping[str, Product]) -> tuple[PlaceOrder, list[FieldError]]:
    """The command with the prices, the currency and the total that were left out; and the lines that are sold in
    another currency than the order's. What is no product keeps a price of 0: no step lets it pass."""
    found = {n: products.get(command.lines[n].product_id) for n in sorted(command.unpriced)}
    currency = command.currency
    if command.currency_open:
        currency = next((product.currency for product in found.values() if product), currency)
    errors = [
        FieldError(f"items[{n}].productId", f"is sold in {product.currency}, but the order is in {currency}")
        for n, product in found.items()
        if product and product.currency != currency
    ]
    lines = tuple(_priced(line, found[n], currency) if n in found else line for n, line in enumerate(command.lines))
    total = total_of(lines) if command.total_open else command.total_amount
    total = exact(total, currency) if is_exact(total, currency) else total
    priced = replace(command, lines=lines, currency=currency, total_amount=total)
    return replace(priced, unpriced=frozenset(), total_open=False, currency_open=False), errors


def _priced(line: Line, product: Product | None, currency: str) -> Line:
    if product is None or product.currency != currency:
        return replace(line, price=exact(Decimal(0), currency))
    return replace(line, price=product.price, name=line.name or product.name, title=product.name)
