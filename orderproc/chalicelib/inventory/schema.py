"""Products and stock in requests and answers, as JSON Schema."""

from __future__ import annotations

from ..kit.schemas import AMOUNT, CURRENCY, LINES, PRODUCT_ID, Schema, object_of, text_of

PRODUCT_PATH = object_of(["productId"], {"productId": PRODUCT_ID})


PRODUCT_REQUEST = object_of(
    ["name", "price"],
    {
        "name": text_of(200),
        "description": {"type": "string", "maxLength": 2000, "pattern": LINES},
        "price": AMOUNT,
        "currency": CURRENCY,
        "stock": {"type": "integer", "minimum": 0, "maximum": 1_000_000_000},
    },
)


STOCK_REQUEST = object_of(
    ["delta", "reason"],
    {
        "delta": {"type": "integer", "minimum": -1_000_000_000, "maximum": 1_000_000_000},
        "reason": text_of(200),
    },
)


PRODUCT: Schema = {
    "type": "object",
    "required": ["productId", "name", "description", "price", "currency", "stock"],
    "properties": {
        "productId": PRODUCT_ID,
        "name": {"type": "string"},
        "description": {"type": "string"},
        "price": AMOUNT,
        "currency": CURRENCY,
        "stock": {"type": "integer", "minimum": 0},
    },
}


STOCK: Schema = {
    "type": "object",
    "required": ["productId", "stock"],
    "properties": {"productId": PRODUCT_ID, "stock": {"type": "integer", "minimum": 0}},
}
