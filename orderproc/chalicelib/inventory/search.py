"""Searches the catalogue by words, in a copy of it that each process keeps for a minute: a search then reads only the
products that it shows. A copy costs one read of the table, half a read unit for each 4 KB."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta

from ..kit.clock import from_iso
from ..kit.page import Page
from ..kit.ports import Clock
from .model import Product
from .ports import Catalogue

KEPT = timedelta(seconds=60)
"""A new product is found, and a withdrawn one is not found any more, so much later at most."""


class SearchProducts:
    def __init__(self, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._texts: list[tuple[str, str]] = []
        self._read_at: datetime | None = None

    def page(self, query: str, limit: int, after: Mapping[str, str] | None) -> Page[Product]:
        """Products in whose id, name or description every word of the query stands, in the order of their ids, as they
        are now. Case and accents make no difference."""
        words, start = plain(query).split(), after["productId"] if after else ""
        found = [key for key, text in self._all() if key > start and all(word in text for word in words)]
        shown = self._catalogue.readable(found[:limit])
        following = {"productId": found[limit - 1]} if len(found) > limit else None
        return Page([shown[key] for key in found[:limit] if key in shown], following)

    def _all(self) -> list[tuple[str, str]]:
        now = from_iso(self._clock.now())
        if self._read_at is None or now - self._read_at > KEPT:
            products = self._catalogue.all_products()
            self._texts = sorted((p.product_id, plain(f"{p.product_id} {p.name} {p.description}")) for p in products)
            self._read_at = now
        return self._texts


def plain(text: str) -> str:
    """Without case and accents: `cafe` finds `Café`."""
    parts = unicodedata.normalize("NFD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()
