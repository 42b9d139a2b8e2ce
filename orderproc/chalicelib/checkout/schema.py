"""Carts and checkouts in requests and answers, as JSON Schema."""

from __future__ import annotations

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
from ..orders.schema import MORE
from .model import Problem

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

CHECKOUT_REQUEST = object_of(
    [],
    {
        "total": {**AMOUNT, "description": "The total you showed. If it is not the cart's any more: 409."},
        "currency": {**CURRENCY, "description": "The currency you showed. If it is not the cart's any more: 409."},
        "paymentMethod": PAYMENT_METHOD,
        "shippingAddress": ADDRESS,
        **MORE,
    },
)

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
    },
}

CART: Schema = answer_of({"items": list_of(_LINE), "currency": CURRENCY, "total": AMOUNT})
