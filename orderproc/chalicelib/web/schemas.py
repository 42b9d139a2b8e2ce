"""The requests and answers of the API as JSON Schema (2020-12). `validation.py` judges requests by these very
definitions, and `openapi.py` publishes them."""

from __future__ import annotations

from typing import Any

from ..domain.order import Status

Schema = dict[str, Any]

MAX_LINES = 100
MAX_QUANTITY = 10_000
# No control characters and no line separators: texts end up in mail headers and CSV files.
_PLAIN = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$"
_LINES = r"^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]*$"  # tabs and new lines are fine here


def _text(longest: int, shortest: int = 1, **more: Any) -> Schema:
    return {"type": "string", "minLength": shortest, "maxLength": longest, "pattern": _PLAIN, **more}


def _object(required: list[str], properties: Schema, **more: Any) -> Schema:
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
        **more,
    }


AMOUNT: Schema = {
    "type": "number",
    "minimum": 0,
    "maximum": 999999999.99,
    "description": "Exact decimal with no more digits than the currency has.",
}
PRODUCT_ID: Schema = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"}
CURRENCY: Schema = {"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217", "examples": ["EUR"]}
EMAIL: Schema = {
    "type": "string",
    "maxLength": 254,
    "pattern": r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
    r"(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$",
    "description": "HTML's definition of a valid e-mail address, with a domain that has a dot.",
}
PHONE: Schema = {"type": "string", "pattern": r"^\+[1-9][0-9]{6,14}$", "description": "E.164"}
PAYMENT_METHOD: Schema = {"type": "string", "pattern": "^pm_[A-Za-z0-9_]{1,64}$", "default": "pm_card_visa"}
CUSTOMER_ID: Schema = _text(128)

PATTERN_WORDS: dict[str, str] = {
    _PLAIN: "must not contain control characters",
    _LINES: "must not contain control characters",
    PRODUCT_ID["pattern"]: "must be 1 to 64 letters, digits, dots, dashes or underscores",
    CURRENCY["pattern"]: "must be a currency's three capital letters, like EUR",
    EMAIL["pattern"]: "must be an e-mail address",
    PHONE["pattern"]: "must be a phone number in international form (E.164), like +31612345678",
    PAYMENT_METHOD["pattern"]: "must be a payment method, like pm_card_visa",
}
"""What to tell people, who do not read regular expressions."""

ADDRESS = _object(
    ["street", "city", "zipCode", "country"],
    {
        "street": _text(200),
        "city": _text(100),
        "state": _text(100, 0),
        "zipCode": _text(20),
        "country": _text(60),
    },
)

LINE = _object(
    ["productId", "quantity", "price"],
    {
        "productId": PRODUCT_ID,
        "name": _text(200),
        "quantity": {"type": "integer", "minimum": 1, "maximum": MAX_QUANTITY},
        "price": {**AMOUNT, "description": "Per piece; must be the catalogue's price."},
    },
)

ORDER_REQUEST = _object(
    ["customerId", "customerEmail", "items", "totalAmount", "shippingAddress"],
    {
        "customerId": CUSTOMER_ID,
        "customerEmail": EMAIL,
        "phoneNumber": PHONE,
        "items": {"type": "array", "minItems": 1, "maxItems": MAX_LINES, "items": LINE},
        "totalAmount": {**AMOUNT, "exclusiveMinimum": 0, "description": "Must be the sum of the lines."},
        "currency": CURRENCY,
        "paymentMethod": PAYMENT_METHOD,
        "shippingAddress": ADDRESS,
    },
    examples=[
        {
            "customerId": "customer123",
            "customerEmail": "customer@example.com",
            "phoneNumber": "+31612345678",
            "items": [{"productId": "LAPTOP001", "name": "Gaming Laptop", "quantity": 1, "price": 1299.99}],
            "totalAmount": 1299.99,
            "currency": "EUR",
            "paymentMethod": "pm_card_visa",
            "shippingAddress": {
                "street": "123 Main St",
                "city": "Anytown",
                "state": "CA",
                "zipCode": "12345",
                "country": "USA",
            },
        }
    ],
)

PRODUCT_PATH = _object(["productId"], {"productId": PRODUCT_ID})
ORDERS_QUERY = _object([], {"customerId": CUSTOMER_ID})

PRODUCT_REQUEST = _object(
    ["name", "price"],
    {
        "name": _text(200),
        "description": {"type": "string", "maxLength": 2000, "pattern": _LINES},
        "price": AMOUNT,
        "currency": CURRENCY,
        "stock": {"type": "integer", "minimum": 0, "maximum": 1_000_000_000},
    },
    examples=[{"name": "Gaming Laptop", "price": 1299.99, "currency": "EUR", "stock": 25}],
)

STOCK_REQUEST = _object(
    ["delta", "reason"],
    {
        "delta": {"type": "integer", "minimum": -1_000_000_000, "maximum": 1_000_000_000},
        "reason": _text(200),
    },
    examples=[{"delta": 10, "reason": "Delivery 4711"}],
)

_TIME: Schema = {"type": "string", "format": "date-time"}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


_ORDERED_LINE: Schema = {
    "type": "object",
    "required": ["productId", "name", "quantity", "price"],
    "properties": {
        **LINE["properties"],
        "name": {"type": "string", "description": "Empty until validated if none was sent, then the catalogue's."},
    },
}

ORDER: Schema = {
    "type": "object",
    "required": [
        "orderId",
        "customerId",
        "customerEmail",
        "phoneNumber",
        "items",
        "currency",
        "totalAmount",
        "paymentMethod",
        "shippingAddress",
        "status",
        "workflow",
        "fulfilment",
        "createdAt",
        "updatedAt",
        "history",
        "payment",
        "shipment",
        "error",
    ],
    "properties": {
        "orderId": {"type": "string"},
        "customerId": {"type": "string"},
        "customerEmail": {"type": "string"},
        "phoneNumber": {"type": ["string", "null"]},
        "items": {"type": "array", "items": _ORDERED_LINE},
        "currency": CURRENCY,
        "totalAmount": AMOUNT,
        "paymentMethod": {"type": "string"},
        "shippingAddress": _or_null({"type": "object", "properties": ADDRESS["properties"]}),
        "status": {"enum": [status.value for status in Status]},
        "workflow": {"enum": ["queue", "stepfunctions", "events"]},
        "fulfilment": {"enum": ["auto", "manual"]},
        "createdAt": _TIME,
        "updatedAt": _TIME,
        "history": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["status", "at", "detail"],
                "properties": {
                    "status": {"enum": [status.value for status in Status]},
                    "at": _TIME,
                    "detail": {"type": "string"},
                },
            },
        },
        "payment": _or_null(
            {
                "type": "object",
                "required": ["status", "reference", "amount", "refunded"],
                "properties": {
                    "status": {"enum": ["CAPTURED", "REFUNDED"]},
                    "reference": {"type": "string"},
                    "amount": AMOUNT,
                    "refunded": AMOUNT,
                },
            }
        ),
        "shipment": _or_null({"type": "object"}),
        "error": _or_null(
            {
                "type": "object",
                "required": ["code", "message"],
                "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
            }
        ),
    },
}

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

PROBLEM: Schema = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail", "requestId"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "requestId": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


def page_of(name: str, item: Schema) -> Schema:
    return {
        "type": "object",
        "required": [name, "nextCursor"],
        "properties": {
            name: {"type": "array", "items": item},
            "nextCursor": {
                "type": ["string", "null"],
                "description": "Pass as cursor; null at the end. A filtered page may be short, or empty, before that.",
            },
        },
    }
