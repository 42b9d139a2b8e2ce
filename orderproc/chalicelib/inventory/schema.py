"""Products and stock in requests and answers, as JSON Schema."""

from __future__ import annotations

from ..kit.schemas import AMOUNT, CURRENCY, LINES, PRODUCT_ID, TEXT, Schema, answer_of, object_of, text_of

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

_STOCK: Schema = {"type": "integer", "minimum": 0}
PRODUCT = answer_of(
    {
        "productId": PRODUCT_ID,
        "name": TEXT,
        "description": TEXT,
        "price": AMOUNT,
        "currency": CURRENCY,
        "stock": _STOCK,
    }
)
STOCK = answer_of({"productId": PRODUCT_ID, "stock": _STOCK})
