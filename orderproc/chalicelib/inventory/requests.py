"""From a body to a change of the catalogue."""

from __future__ import annotations

from typing import Any

from ..kit.errors import InvalidRequest
from ..kit.money import exact
from ..kit.request_rules import currency_errors, digit_errors, is_named
from ..kit.validation import read, valid
from .commands import PutProduct
from .schema import IMAGE_REQUEST, IMAGE_UPLOAD_REQUEST, PRODUCT_PATH, PRODUCT_REQUEST, SEARCH, STOCK_REQUEST


def product_id(text: str) -> str:
    """As it is. Raises InvalidRequest for one that no product can have."""
    _, errors = read({"productId": text}, PRODUCT_PATH)
    if errors:
        raise InvalidRequest(errors)
    return text


def put_product(product_id: str, body: dict[str, Any], default_currency: str) -> PutProduct:
    """Raises InvalidRequest with every wrong field."""
    path, errors = read({"productId": product_id}, PRODUCT_PATH)
    body, found = read(body, PRODUCT_REQUEST)
    currency = body.get("currency", default_currency)
    errors += found + currency_errors(currency)
    if not is_named(errors, "currency"):
        errors += digit_errors(body.get("price"), currency, "price")
    if errors:
        raise InvalidRequest(errors)
    return PutProduct(
        path["productId"],
        body["name"],
        body.get("description", ""),
        exact(body["price"], currency),
        currency,
        body.get("stock"),
    )


def image_upload(body: dict[str, Any]) -> str:
    """The media type of the picture that is to be uploaded. Raises InvalidRequest."""
    media_type: str = valid(body, IMAGE_UPLOAD_REQUEST)["contentType"]
    return media_type


def image(body: dict[str, Any]) -> str:
    """The id of an upload. Raises InvalidRequest."""
    upload_id: str = valid(body, IMAGE_REQUEST)["uploadId"]
    return upload_id


def search(text: str) -> str:
    """Of a list's `q`. Raises InvalidRequest for one that is no text, or too long."""
    words: str = valid({"q": text}, SEARCH).get("q", "")
    return words


def change_stock(body: dict[str, Any]) -> tuple[int, str]:
    """`delta` and `reason`. Raises InvalidRequest with every wrong field."""
    body = valid(body, STOCK_REQUEST)
    return body["delta"], body["reason"]
