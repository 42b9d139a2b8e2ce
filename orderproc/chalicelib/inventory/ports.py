"""The ports of the catalogue: what its adapters implement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..kit.page import Page
from ..kit.uploads import UploadForm
from ..kit.wiring import Protocol
from .model import Product, Stock

MOST_OF_A_NAME = 10
"""Already two are too many to know which one is meant; ten are enough to name."""


class Images(Protocol):
    """Pictures of products: uploads of staff, and those that the site shows."""

    def form(self, upload_id: str, media_type: str, most_bytes: int, seconds: int) -> UploadForm:
        """A form that lets its owner upload one file of this type and size, for so long."""

    def uploaded(self, upload_id: str) -> bytes | None:
        """What was uploaded with that form; None if nothing was, or it is gone."""

    def show(self, path: str, content: bytes, media_type: str) -> None:
        """Have the site show it at the path, from now on and unchanged."""


class Catalogue(Protocol):
    def products(self, product_ids: Sequence[str]) -> dict[str, Product]:
        """Those of the products that are sold, as last written. Raises Damaged for one that can't be read."""

    def also_withdrawn(self, product_ids: Sequence[str]) -> dict[str, Product]:
        """As `products`, with those that are not sold any more: to show or change one, never for a sale."""

    def stock(self, product_ids: Sequence[str]) -> dict[str, Stock]:
        """Stock of those of the products that have any."""

    def all_stock(self) -> Iterator[Stock]:
        """Of every product, read page by page as it is asked for. Eventually consistent."""

    def low_stock(self, most: int) -> Iterator[Stock]:
        """Of every product that is sold with no more than that available, read page by page as it is asked for.
        Eventually consistent."""

    def readable(self, product_ids: Sequence[str], *, consistent: bool = False) -> dict[str, Product]:
        """Those of the products that are sold and can be read, as they were a moment ago: half the price of
        `products`. `consistent`: as last written, at its price."""

    def all_products(self) -> Iterator[Product]:
        """Every product that is sold and can be read, page by page as it is asked for. Eventually consistent."""

    def put(self, product: Product, stock: int | None, as_of: str | None = None) -> bool:
        """Create or replace, but for the picture; `stock` sets what is available, None leaves it (0 for a new product).
        A withdrawn product is sold again.

        With `as_of` (a time of `domain.clock`, and what may follow it) nothing is written if this very write was
        made before, nor if a later one was: False in the latter case. Without it: always, as of `updated_at`."""

    def withdraw(self, product_id: str, at: str) -> bool:
        """Sell it no more: from then on no order can reserve it. One that is withdrawn already stays as it is. False
        where there is no such product."""

    def set_image(self, product_id: str, image: str) -> bool:
        """Set the picture, or with an empty text remove it; False where there is no such product."""

    def change_stock(self, product_id: str, delta: int) -> int | None:
        """Add to what is available and return it; None when that would go below 0."""

    def ids_by_name(self, name: str) -> list[str]:
        """Ids of products of exactly this name, also withdrawn ones, in no particular order, MOST_OF_A_NAME at most.
        Eventually consistent."""

    def page(self, limit: int, after: Mapping[str, str] | None) -> Page[Product]:
        """Products that are sold, in no particular but stable order, without those that can't be read."""
