"""The ports of the catalogue: what its adapters implement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..kit.page import Page
from ..kit.wiring import Protocol
from .model import Product, Stock

MOST_OF_A_NAME = 10
"""Already two are too many to know which one is meant; ten are enough to name."""


class Catalogue(Protocol):
    def products(self, product_ids: Sequence[str]) -> dict[str, Product]:
        """Those of the products that exist, as last written. Raises Damaged for one that can't be read."""

    def stock(self, product_ids: Sequence[str]) -> dict[str, Stock]:
        """Stock of those of the products that have any."""

    def all_stock(self) -> Iterator[Stock]:
        """Of every product, read page by page as it is asked for. Eventually consistent."""

    def low_stock(self, most: int) -> Iterator[Stock]:
        """Of every product with no more than that available, read page by page as it is asked for. Eventually
        consistent."""

    def readable(self, product_ids: Sequence[str], *, consistent: bool = False) -> dict[str, Product]:
        """Those of the products that exist and can be read, as they were a moment ago: half the price of
        `products`. `consistent`: as last written, at its price."""

    def put(self, product: Product, stock: int | None, as_of: str | None = None) -> bool:
        """Create or replace; `stock` sets what is available, None leaves it (0 for a new product).

        With `as_of` (a time of `domain.clock`, and what may follow it) nothing is written if this very write was
        made before, nor if a later one was: False in the latter case. Without it: always, as of `updated_at`."""

    def change_stock(self, product_id: str, delta: int) -> int | None:
        """Add to what is available and return it; None when that would go below 0."""

    def ids_by_name(self, name: str) -> list[str]:
        """Ids of products of exactly this name, in no particular order, MOST_OF_A_NAME at most. Eventually
        consistent."""

    def page(self, limit: int, after: Mapping[str, str] | None) -> Page[Product]:
        """Products in no particular but stable order, without those that can't be read."""
