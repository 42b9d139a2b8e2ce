"""What caches in front of the API may keep: the catalogue, for as long as the shop says, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from chalice.app import Chalice
from chalicelib import bootstrap
from chalicelib.bootstrap import Services

from tests.support.api.gateway import Gateway
from tests.support.builders.examples import SETTINGS, body
from tests.support.fakes.adapters import FakeAdapters

CATALOGUE = ["/products", "/products?q=mouse&limit=1", "/products/MOUSE001"]


@pytest.fixture
def cached(app: Chalice, services: Services, adapters: FakeAdapters) -> Iterator[Gateway]:
    """The API of a shop whose catalogue may be half a minute old."""
    bootstrap.use(Services(replace(SETTINGS, catalogue_cache_seconds=30), adapters))
    yield Gateway(app)
    bootstrap.use(services)


@pytest.mark.parametrize("path", CATALOGUE)
def test_unless_it_is_chosen_nothing_is_kept(api: Gateway, path: str) -> None:
    headers = api.get(path).headers

    assert headers["cache-control"] == "no-store"
    assert "etag" not in headers


@pytest.mark.parametrize("path", CATALOGUE)
def test_shared_caches_keep_the_catalogue_as_long_as_is_said_and_no_longer_if_the_api_fails(
    cached: Gateway, path: str
) -> None:
    headers = cached.get(path).headers

    assert headers["cache-control"] == "public, max-age=0, s-maxage=30, stale-if-error=0"
    assert headers["access-control-allow-origin"] == "*"  # the same for pages of every origin
    assert not {"set-cookie", "vary"} & headers.keys()


def test_the_etag_changes_with_what_is_shown_and_only_with_it(cached: Gateway) -> None:
    def etag() -> str:
        return cached.get("/products/MOUSE001").headers["etag"]

    before = etag()
    assert etag() == before

    cached.call("POST", "/products/MOUSE001/stock", {"delta": 1, "reason": "found"}, groups="admin")
    assert etag() != before


@pytest.mark.parametrize(
    "path", ["/products/NOTHING", "/products?limit=0", "/products?cursor=forged", "/orders", "/health"]
)
def test_problems_and_all_other_answers_are_never_kept(cached: Gateway, path: str) -> None:
    assert cached.get(path).headers["cache-control"] == "no-store"


def test_carts_and_checkout_see_the_stock_and_price_of_now(cached: Gateway) -> None:
    cached.get("/products/MOUSE001")
    cached.call("PUT", "/products/MOUSE001", {"name": "Mouse", "price": 31.25}, groups="admin")

    cached.call("PUT", "/cart/items/MOUSE001", {"quantity": 1}, groups="")
    cart = cached.call("GET", "/cart", groups="")

    assert cart.json["items"][0]["price"] == 31.25
    assert cart.headers["cache-control"] == "no-store"
    quote = {**body(), "items": [{"productId": "MOUSE001", "quantity": 1}]}
    quote.pop("totalAmount", None)
    assert cached.call("POST", "/orders", quote).json["totalAmount"] == 31.25
