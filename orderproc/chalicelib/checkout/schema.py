"""Carts and checkouts in requests and answers, as JSON Schema."""

from __future__ import annotations

from ..inventory.schema import IMAGE_URL
from ..kit.schemas import (
    ADDRESS,
    AMOUNT,
    CURRENCY,
    EMAIL,
    MAX_QUANTITY,
    PAYMENT_METHOD,
    PHONE,
    PRODUCT_ID,
    TEXT,
    Schema,
    answer_of,
    list_of,
    object_of,
)
from ..orders.schema import ACCEPTED, MORE
from .rules import MAX_LINES, Problem

BUYER = object_of(["customerEmail"], {"customerEmail": EMAIL})
"""Of a signed-in customer, what an order needs: the e-mail address of their account."""

PLACE_ORDER_REQUEST = object_of(
    ["productId", "quantity", "customerEmail"],
    {
        "productId": PRODUCT_ID,
        "quantity": {"type": "integer", "minimum": 1, "maximum": MAX_QUANTITY},
        "customerEmail": EMAIL,
        "phoneNumber": PHONE,
        "paymentMethod": PAYMENT_METHOD,
        "shippingAddress": ADDRESS,
        **MORE,
    },
)

CART_ITEM_REQUEST = object_of(
    ["quantity"],
    {"quantity": {"type": "integer", "minimum": 1, "maximum": 99}},
)

_CHECKOUT: Schema = {
    "total": {**AMOUNT, "description": "The total you showed. If it is not the cart's any more: 409."},
    "currency": {**CURRENCY, "description": "The currency you showed. If it is not the cart's any more: 409."},
    "paymentMethod": PAYMENT_METHOD,
    "shippingAddress": ADDRESS,
    **{name: MORE[name] for name in ("billingAddress", "note", "locale")},
}

CHECKOUT_REQUEST = object_of([], {**_CHECKOUT, **MORE})

GUEST_CHECKOUT_REQUEST = object_of(
    ["items", "customerEmail", "shippingAddress"],
    {
        "items": {
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_LINES,
            "items": object_of(["productId", "quantity"], {"productId": PRODUCT_ID, **CART_ITEM_REQUEST["properties"]}),
            "description": "Each product once.",
        },
        "customerEmail": EMAIL,
        **_CHECKOUT,
    },
)
"""What a page may say of a guest's order: what a signed-in customer may, and what is known of these without asking."""

ORDER_TOKEN: Schema = {
    "type": "string",
    "description": "Of a guest's order: send it as `Authorization: Order <token>`. It works for 14 days.",
}
GUEST_ACCEPTED: Schema = answer_of({**ACCEPTED["properties"], "orderToken": ORDER_TOKEN})
PLACED: Schema = answer_of(GUEST_ACCEPTED["properties"], optional=["orderToken"])

_LINE: Schema = {
    "type": "object",
    "properties": {
        "productId": PRODUCT_ID,
        "name": TEXT,
        "quantity": {"type": "integer"},
        "price": {"type": ["number", "null"]},
        "currency": {**CURRENCY, "description": "The product's; another than the cart's is a problem."},
        "lineTotal": {"type": ["number", "null"]},
        "problem": {
            "enum": [problem.value or None for problem in Problem],
            "description": "With any but SHORT the line is not in the total, and checkout is 409.",
        },
        "imageUrl": IMAGE_URL,
    },
}

CART: Schema = answer_of({"items": list_of(_LINE), "currency": CURRENCY, "total": AMOUNT})
