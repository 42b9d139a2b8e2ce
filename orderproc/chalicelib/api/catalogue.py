"""The catalogue: read by anyone, changed by staff."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from chalice.app import Blueprint, Response

from ..bootstrap import services
from ..inventory import requests
from ..inventory.commands import PutProduct
from ..inventory.model import Product
from ..inventory.views import product_view
from ..kit.errors import Damaged, NotFound
from ..kit.redaction import reason_of
from .shared import http, pages
from .shared.callers import member, staff
from .shared.operations import Caller, serves
from .shared.permissions import Permission

bp = Blueprint(__name__)


@serves(
    bp,
    "GET /products",
    Caller.ANYONE,
    "Catalogue",
    "List products",
    "In a stable order. `q` searches; it finds a new product after a minute at most.",
    {200: ("A page", "ProductPage")},
    query=("q", "limit", "cursor"),
)
def list_products() -> Response:
    query = http.query_of(bp.current_request)
    words = query.get("q", "")
    scope = f"products\n{words}" if words else "products"
    _, _, limit, position = http.together(
        lambda: http.only(query, "q", "limit", "cursor"),
        lambda: requests.search(words),
        lambda: http.limit_of(query),
        lambda: http.position_of(query, scope, {"productId"}),
    )
    page = services().inventory.products.page(limit, position, words)
    entries = ((shown(product, stock), {"productId": product.product_id}) for product, stock in page.items)
    products, following = pages.page_of(entries, page.next)
    page_shown = {"products": products, "nextCursor": http.cursor_for(following, scope)}
    return http.cacheable(page_shown, services().settings.catalogue_cache_seconds)


@serves(
    bp,
    "GET /products/{product_id}",
    Caller.ANYONE,
    "Catalogue",
    "Get a product",
    "With its price and the stock available now. A product that is `withdrawn` is readable, but not sold.",
    {200: ("The product", "Product")},
    errors=("PRODUCT_NOT_FOUND",),
)
def get_product(product_id: str) -> Response:
    found = shown(*services().inventory.products.get(http.path_key(product_id, "product")))
    return http.cacheable(found, services().settings.catalogue_cache_seconds)


@serves(
    bp,
    "PUT /products/{product_id}",
    Caller.STAFF,
    "Catalogue",
    "Create or replace a product",
    "Stock that is not named stays as it is. Naming `stock` needs a role that may change it. A withdrawn "
    "product is sold again.",
    {200: ("Replaced", "Product"), 201: ("Created", "Product")},
    body="ProductRequest",
    may=Permission.PRICES,
)
def put_product(product_id: str) -> Response:
    """Create (201) or replace (200) a product."""
    who = member(bp.current_request)
    command = requests.put_product(
        unquote(product_id), http.body_of(bp.current_request), services().settings.default_currency
    )
    if command.stock is not None:
        who.require(Permission.STOCK)
    recorded = {"productId": command.product_id, "before": _as_it_was(command.product_id), "after": _put_view(command)}
    with services().operations.audit.of(who.user_id, "put_product", **recorded) as outcome:
        product, stock, is_new = services().inventory.products.put(command)
        outcome.update(created=is_new, stock=stock)
    return http.json_response(shown(product, stock), 201 if is_new else 200)


@serves(
    bp,
    "DELETE /products/{product_id}",
    Caller.STAFF,
    "Catalogue",
    "Withdraw a product",
    "It is no longer listed or sold, and stays readable. Orders that hold units of it go on. `PUT` sells it again.",
    {200: ("Withdrawn, now or before", "Product.withdrawn")},
    errors=("PRODUCT_NOT_FOUND",),
    may=Permission.PRICES,
)
def withdraw_product(product_id: str) -> Response:
    who, key = staff(bp.current_request), http.path_key(product_id, "product")
    product, _ = services().inventory.products.get(key)
    recorded = {"productId": key, "before": {"withdrawn": bool(product.withdrawn_at)}}
    with services().operations.audit.of(who, "withdraw_product", **recorded) as outcome:
        withdrawn = shown(*services().inventory.products.withdraw(key))
        outcome["after"] = {"withdrawn": withdrawn["withdrawn"]}
    return http.json_response(withdrawn)


@serves(
    bp,
    "POST /products/{product_id}/stock",
    Caller.STAFF,
    "Catalogue",
    "Add or remove stock",
    "The reason goes to the audit trail.",
    {200: ("The new stock", "Stock")},
    body="StockRequest",
    errors=("PRODUCT_NOT_FOUND", "STOCK_TOO_LOW"),
    may=Permission.STOCK,
)
def change_stock(product_id: str) -> Response:
    who = staff(bp.current_request)
    key = http.path_key(product_id, "product")
    delta, reason = requests.change_stock(http.body_of(bp.current_request))
    _, before = services().inventory.products.get(key)
    recorded = {"productId": key, "delta": delta, "reason": reason, "before": {"stock": before}}
    with services().operations.audit.of(who, "change_stock", **recorded) as outcome:
        stock = outcome["stock"] = services().inventory.products.change_stock(key, delta)
    return http.json_response({"productId": key, "stock": stock})


def shown(product: Product, stock: int) -> dict[str, Any]:
    """A product as callers see it."""
    return product_view(product, stock, services().settings.site_url)


def _as_it_was(product_id: str) -> Any:
    """For the record; None if there was none. One that can't be read is about to be put right."""
    try:
        return shown(*services().inventory.products.get(product_id))
    except NotFound:
        return None
    except Damaged as error:
        return reason_of(error)


def _put_view(command: PutProduct) -> dict[str, Any]:
    """What is asked for; stock that is not named stays as it is."""
    asked = {
        "name": command.name,
        "description": command.description,
        "price": command.price,
        "currency": command.currency,
        "stock": command.stock,
    }
    return {name: value for name, value in asked.items() if value is not None}
