"""Products, stock and pictures in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from chalicelib.inventory.model import Product, Stock
from chalicelib.inventory.ports import MOST_OF_A_NAME
from chalicelib.kit.page import Page
from chalicelib.kit.uploads import UploadForm

from tests.support.fakes.orders import FakeStore


class FakeCatalogue:
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    def products(self, product_ids: Sequence[str]) -> dict[str, Product]:
        return _sold(self.also_withdrawn(product_ids))

    def also_withdrawn(self, product_ids: Sequence[str]) -> dict[str, Product]:
        found = {p: self._store.one("product", p, self._store.products) for p in product_ids}
        return {p: product for p, product in found.items() if product}

    def stock(self, product_ids: Sequence[str]) -> dict[str, Stock]:
        return self._store.whole("stock", {p: self._store.stock[p] for p in product_ids if p in self._store.stock})

    def all_stock(self) -> Iterator[Stock]:
        return iter(list(self._store.whole("stock", dict(self._store.stock)).values()))

    def low_stock(self, most: int) -> Iterator[Stock]:
        withdrawn = {p for p, product in self._store.products.items() if product.withdrawn_at}
        return (stock for stock in self.all_stock() if stock.available <= most and stock.product_id not in withdrawn)

    def readable(self, product_ids: Sequence[str], *, consistent: bool = False) -> dict[str, Product]:
        products = self._store.products
        return _sold(self._store.whole("product", {p: products[p] for p in product_ids if p in products}))

    def put(self, product: Product, stock: int | None, as_of: str | None = None) -> bool:
        with self._store.lock:
            before = self._store.as_of.get(product.product_id, "")
            if as_of and before >= as_of:
                return before == as_of
            self._store.as_of[product.product_id] = as_of or product.updated_at
            known = self._store.products.get(product.product_id)
            self._store.products[product.product_id] = replace(product, image=known.image if known else "")
            self._store.damaged.pop(("product", product.product_id), None)
            now = self._store.stock.get(product.product_id, Stock(product.product_id, 0, 0))
            self._store.stock[product.product_id] = replace(now, available=now.available if stock is None else stock)
            return True

    def all_products(self) -> Iterator[Product]:
        return iter(list(_sold(self._store.whole("product", dict(self._store.products))).values()))

    def withdraw(self, product_id: str, at: str) -> bool:
        with self._store.lock:
            known = self._store.products.get(product_id)
            if known:
                self._store.products[product_id] = replace(known, withdrawn_at=known.withdrawn_at or at)
                self._store.as_of[product_id] = at
                self._store.stock.setdefault(product_id, Stock(product_id, 0, 0))
            return known is not None

    def set_image(self, product_id: str, image: str) -> bool:
        with self._store.lock:
            known = self._store.products.get(product_id)
            if known:
                self._store.products[product_id] = replace(known, image=image)
            return known is not None

    def change_stock(self, product_id: str, delta: int) -> int | None:
        with self._store.lock:
            now = self._store.stock.get(product_id)
            if now is None or now.available + delta < 0:
                return None
            self._store.stock[product_id] = replace(now, available=now.available + delta)
            return now.available + delta

    def ids_by_name(self, name: str) -> list[str]:
        ids = [product.product_id for product in self._store.products.values() if product.name == name]
        return ids[:MOST_OF_A_NAME]

    def page(self, limit: int, after: Mapping[str, str] | None) -> Page[Product]:
        ids = sorted(self._store.products)
        ids = [p for p in ids if after is None or p > after["productId"]]
        following = {"productId": ids[limit - 1]} if len(ids) > limit else None
        shown = _sold(self._store.whole("product", {p: self._store.products[p] for p in ids[:limit]}))
        return Page(list(shown.values()), following)


def _sold(found: Mapping[str, Product]) -> dict[str, Product]:
    return {product_id: product for product_id, product in found.items() if not product.withdrawn_at}


class FakeImages:
    def __init__(self) -> None:
        self.uploads: dict[str, bytes] = {}
        self.shown: dict[str, tuple[bytes, str]] = {}

    def form(self, upload_id: str, media_type: str, most_bytes: int, seconds: int) -> UploadForm:
        return UploadForm("https://site.test/", {"key": f"uploads/{upload_id}", "Content-Type": media_type})

    def uploaded(self, upload_id: str) -> bytes | None:
        return self.uploads.get(upload_id)

    def show(self, path: str, content: bytes, media_type: str) -> None:
        self.shown[path] = content, media_type
