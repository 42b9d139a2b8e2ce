"""The catalogue: what staff change and everybody reads."""

from __future__ import annotations

from collections.abc import Mapping

from ..kit.errors import Conflict, Damaged, NotFound
from ..kit.page import Page
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from ..orders.paginate import topped_up
from .commands import PutProduct
from .model import Product
from .ports import Catalogue
from .search import SearchProducts


@service
class Products:
    catalogue: Catalogue
    clock: Clock
    log: Log
    search: SearchProducts

    def get(self, product_id: str) -> tuple[Product, int]:
        """The product, also one that is withdrawn, and how many of it are in stock. Raises NotFound."""
        return self._product(product_id), self._available([product_id]).get(product_id, 0)

    def page(self, limit: int, after: Mapping[str, str] | None, query: str = "") -> Page[tuple[Product, int]]:
        """Of all products, or with a query of those that it finds."""
        page = self.search.page(query, limit, after) if query else topped_up(self.catalogue.page, limit, after)
        available = self._available([product.product_id for product in page.items])
        return Page([(product, available.get(product.product_id, 0)) for product in page.items], page.next)

    def put(self, command: PutProduct) -> tuple[Product, int, bool]:
        """The product as stored, its stock, and whether it is new."""
        try:
            before = self.catalogue.also_withdrawn([command.product_id]).get(command.product_id)
        except Damaged:
            before = None  # it is being repaired
        product = command.product(self.clock.now(), before)
        self.catalogue.put(product, command.stock)
        return product, self._available([product.product_id]).get(product.product_id, 0), before is None

    def withdraw(self, product_id: str) -> tuple[Product, int]:
        """Sell it no more; it stays readable, and a put sells it again. Doing it again changes nothing. Orders that
        hold units of it keep them. Raises NotFound."""
        if not self.catalogue.withdraw(product_id, self.clock.now()):
            raise NotFound("There is no such product.", "PRODUCT_NOT_FOUND")
        self.log.info("product_withdrawn", productId=product_id)
        return self.get(product_id)

    def change_stock(self, product_id: str, delta: int) -> int:
        """Add `delta` units (or take, below 0) and return what is available. Raises NotFound, Conflict."""
        self._product(product_id)
        available = self.catalogue.change_stock(product_id, delta)
        if available is None:
            words = f"There are fewer than {-delta} units of {product_id}; stock can't go below 0."
            raise Conflict(words, "STOCK_TOO_LOW")
        self.log.info("stock_changed", productId=product_id, delta=delta, available=available)
        return available

    def _product(self, product_id: str) -> Product:
        product = self.catalogue.also_withdrawn([product_id]).get(product_id)
        if product is None:
            raise NotFound("There is no such product.", "PRODUCT_NOT_FOUND")
        return product

    def _available(self, product_ids: list[str]) -> dict[str, int]:
        return {key: stock.available for key, stock in self.catalogue.stock(product_ids).items()}
