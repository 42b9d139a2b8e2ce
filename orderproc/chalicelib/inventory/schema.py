"""Products and stock in requests and answers, as JSON Schema."""

from __future__ import annotations

from ..kit.schemas import AMOUNT, CURRENCY, LINES, PRODUCT_ID, TEXT, Schema, answer_of, object_of, text_of
from .image_content import MEDIA_TYPES

PRODUCT_PATH = object_of(["productId"], {"productId": PRODUCT_ID})

SEARCH_WORDS = text_of(100, shortest=0)
SEARCH = object_of([], {"q": SEARCH_WORDS})

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

IMAGE_UPLOAD_REQUEST = object_of(["contentType"], {"contentType": {"enum": list(MEDIA_TYPES)}})
IMAGE_REQUEST = object_of(
    ["uploadId"], {"uploadId": {"type": "string", "pattern": "^[0-9a-f-]{36}$", "minLength": 36, "maxLength": 36}}
)
IMAGE_UPLOAD = answer_of(
    {
        "uploadId": TEXT,
        "url": {"type": "string", "format": "uri", "description": "POST the form there as multipart/form-data."},
        "fields": {
            "type": "object",
            "additionalProperties": TEXT,
            "description": "The form's first fields, unchanged. The last one is `file`.",
        },
        "expiresAt": TEXT,
        "maxBytes": {"type": "integer"},
    }
)

_STOCK: Schema = {"type": "integer", "minimum": 0}
IMAGE_URL: Schema = {"type": ["string", "null"], "format": "uri", "description": "Of its picture on the shop's site."}
PRODUCT = answer_of(
    {
        "productId": PRODUCT_ID,
        "name": TEXT,
        "description": TEXT,
        "price": AMOUNT,
        "currency": CURRENCY,
        "stock": {**_STOCK, "description": "Units that can be bought now."},
        "withdrawn": {"type": "boolean", "description": "It is not sold any more."},
        "imageUrl": IMAGE_URL,
    }
)
STOCK = answer_of({"productId": PRODUCT_ID, "stock": _STOCK})
