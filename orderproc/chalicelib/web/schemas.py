"""The requests and answers of the API as JSON Schema (2020-12). `validation.py` judges requests by these very
definitions, and `openapi.py` publishes them. They describe a body as it is once it is tidied; those of free texts also
allow what is trimmed of it, and every optional field may be null, so that clients who check by them are not stricter
than we are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..domain.countries import COUNTRIES, WITHOUT_POSTAL_CODES
from ..domain.money import MAX_AMOUNT
from ..domain.text import BLANK, INVISIBLE

Schema = dict[str, Any]

MAX_LINES = 100
MAX_QUANTITY = 10_000
# No control characters and no line separators: texts end up in mail headers and CSV files. And no U+FFFD: API Gateway
# puts it for what is not UTF-8, so a letter was lost.
_NOT_IN_LINES = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffd"
_NOT_IN_A_LINE = _NOT_IN_LINES + r"\u0009\u000a\u000d\u0085\u2028\u2029"


def _around(core: str) -> str:
    """A pattern for the core with what is trimmed around it."""
    return f"^[{BLANK}]*{core}[{BLANK}]*$"


_MAY_BE_EMPTY = _around(f"[^{_NOT_IN_A_LINE}]*")
_PLAIN = _around(f"[^{_NOT_IN_A_LINE}]*[^{_NOT_IN_LINES}{INVISIBLE}][^{_NOT_IN_A_LINE}]*")
_QUESTION = f"^[^{_NOT_IN_LINES}]*[^{_NOT_IN_LINES}{INVISIBLE}][^{_NOT_IN_LINES}]*$"
LINES = _around(f"[^{_NOT_IN_LINES}]*")
"""The pattern of texts that may have several lines, or none."""
OF_LINES = (LINES, _QUESTION)
"""The patterns of texts whose line ends become `\\n`."""
SEEN = (_PLAIN, _QUESTION)
"""The patterns of texts that must not be empty; `minLength` says so, too."""


def text_of(longest: int, shortest: int = 1, **more: Any) -> Schema:
    pattern = _PLAIN if shortest else _MAY_BE_EMPTY
    return {"type": "string", "minLength": shortest, "maxLength": longest, "pattern": pattern, **more}


def object_of(required: list[str], properties: Schema, **more: Any) -> Schema:
    return {
        "type": "object",
        "required": required,
        "properties": {name: of if name in required else or_null(of) for name, of in properties.items()},
        "additionalProperties": False,
        **more,
    }


def or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def one_of(words: Iterable[str]) -> str:
    return f"^({'|'.join(words)})$"


TIME: Schema = {"type": "string", "format": "date-time"}
AMOUNT: Schema = {
    "type": "number",
    "minimum": 0,
    "maximum": float(MAX_AMOUNT),
    "description": "Exact decimal with no more digits than the currency has.",
}
PRODUCT_ID: Schema = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"}
CURRENCY: Schema = {"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217", "examples": ["EUR"]}
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL: Schema = {
    "type": "string",
    "maxLength": 254,
    "pattern": rf"^[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(\.{_LABEL})+$",
    # SES refuses a dot at either end of the local part, and two in a row. A domain that ends
    # in a number is an IP address (https://url.spec.whatwg.org/#ends-in-a-number-checker).
    "not": {"pattern": r"^\.|\.[.@]|\.([0-9]+|0[xX][0-9A-Fa-f]*)$"},
    "description": "HTML's definition of a valid e-mail address, with a domain that has a dot and is no IP address, "
    "and no two dots in a row. An international domain is taken, too, and kept in Punycode; before the @ only ASCII "
    "can be sent to.",
}
PHONE: Schema = {"type": "string", "pattern": r"^\+[1-9][0-9]{6,14}$", "description": "E.164"}
PAYMENT_METHOD: Schema = {"type": "string", "pattern": "^pm_[A-Za-z0-9_]{1,64}$", "default": "pm_card_visa"}
CUSTOMER_ID: Schema = text_of(128)
MESSAGE_ID = "^[A-Za-z0-9-]{1,100}$"
COUNTRY: Schema = {
    "type": "string",
    "pattern": one_of(COUNTRIES),
    "description": "ISO 3166-1: alpha-2, or alpha-3, which is turned into it.",
    "examples": ["NL"],
}
# As an object's key in S3, in a URL's path, and in an execution's name it needs no escaping.
ORDER_ID: Schema = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"}

PATTERN_WORDS: dict[str, str] = {
    **dict.fromkeys(
        (_PLAIN, _MAY_BE_EMPTY),
        "must not contain control characters, line ends or \N{REPLACEMENT CHARACTER} (send UTF-8)",
    ),
    **dict.fromkeys(OF_LINES, "must not contain control characters or \N{REPLACEMENT CHARACTER} (send UTF-8)"),
    PRODUCT_ID["pattern"]: "must be 1 to 64 letters, digits, dots, dashes or underscores",
    ORDER_ID["pattern"]: "must be 1 to 64 letters, digits, dots, dashes or underscores, the first a letter or digit",
    CURRENCY["pattern"]: "must be a currency's three capital letters, like EUR",
    EMAIL["pattern"]: "must be an e-mail address (before the @ in ASCII)",
    PHONE["pattern"]: "must be a phone number in international form (E.164), like +31612345678",
    MESSAGE_ID: "must be the id of a message, as GET /admin/dead-letters gives it",
    COUNTRY["pattern"]: "must be a country's two capital letters, like NL, or three (ISO 3166-1)",
    PAYMENT_METHOD["pattern"]: "must be a payment method, like pm_card_visa",
}
"""What to tell people, who do not read regular expressions."""

ADDRESS: Schema = {
    **object_of(
        ["street", "city", "country"],
        {
            "street": text_of(200),
            "city": text_of(100),
            "state": text_of(100, 0),
            "zipCode": text_of(20, 0, description="Only a country without postal codes (HK, AE, …) needs none."),
            "country": COUNTRY,
        },
    ),
    "if": {"required": ["country"], "properties": {"country": {"pattern": one_of(WITHOUT_POSTAL_CODES)}}},
    "else": {"required": ["zipCode"], "properties": {"zipCode": {"minLength": 1}}},
}

LINE = object_of(
    ["productId", "quantity", "price"],
    {
        "productId": PRODUCT_ID,
        "name": text_of(200),
        "quantity": {"type": "integer", "minimum": 1, "maximum": MAX_QUANTITY},
        "price": {**AMOUNT, "description": "Per piece; must be the catalogue's price."},
    },
)

ORDER_REQUEST = object_of(
    ["customerId", "customerEmail", "items", "totalAmount", "shippingAddress"],
    {
        "customerId": CUSTOMER_ID,
        "customerEmail": EMAIL,
        "phoneNumber": PHONE,
        "items": {"type": "array", "minItems": 1, "maxItems": MAX_LINES, "items": LINE},
        "totalAmount": {**AMOUNT, "description": "Must be the sum of the lines, which may be 0."},
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

FLAT_ORDER = object_of(
    ["Product", "Quantity", "Price"],
    {
        "Product": text_of(200, description="A product's id, or its exact name."),
        "Quantity": {"type": "integer", "minimum": 1, "maximum": MAX_QUANTITY},
        "Price": {**AMOUNT, "description": "Per piece; must be the catalogue's price."},
        "CustomerId": CUSTOMER_ID,
        "CustomerEmail": EMAIL,
        "PhoneNumber": PHONE,
        "Currency": CURRENCY,
        "PaymentMethod": PAYMENT_METHOD,
        "ShippingAddress": ADDRESS,
    },
)
"""An order of one product, as other systems announce it in an event, without its `OrderId`."""

PRODUCT_PATH = object_of(["productId"], {"productId": PRODUCT_ID})
ORDERS_QUERY = object_of([], {"customerId": CUSTOMER_ID})
BUYER = object_of(["customerEmail"], {"customerEmail": EMAIL})
"""Of a signed-in customer, what an order needs: the e-mail address of their account."""
REFERENCE = object_of([], {"reference": text_of(200)})
"""A caller's own name for an order of an imported file."""

PRODUCT_REQUEST = object_of(
    ["name", "price"],
    {
        "name": text_of(200),
        "description": {"type": "string", "maxLength": 2000, "pattern": LINES},
        "price": AMOUNT,
        "currency": CURRENCY,
        "stock": {"type": "integer", "minimum": 0, "maximum": 1_000_000_000},
    },
    examples=[{"name": "Gaming Laptop", "price": 1299.99, "currency": "EUR", "stock": 25}],
)

STOCK_REQUEST = object_of(
    ["delta", "reason"],
    {
        "delta": {"type": "integer", "minimum": -1_000_000_000, "maximum": 1_000_000_000},
        "reason": text_of(200),
    },
    examples=[{"delta": 10, "reason": "Delivery 4711"}],
)

PLACE_ORDER_REQUEST = object_of(
    ["productId", "quantity", "customerEmail"],
    {
        "productId": PRODUCT_ID,
        "quantity": {"type": "integer", "minimum": 1, "maximum": MAX_QUANTITY},
        "customerEmail": EMAIL,
        "phoneNumber": PHONE,
        "paymentMethod": PAYMENT_METHOD,
    },
    examples=[{"productId": "LAPTOP001", "quantity": 1, "customerEmail": "customer@example.com"}],
)

CART_ITEM_REQUEST = object_of(
    ["quantity"],
    {"quantity": {"type": "integer", "minimum": 1, "maximum": 99}},
    examples=[{"quantity": 2}],
)

CHECKOUT_REQUEST = object_of(
    [],
    {
        "total": {**AMOUNT, "description": "The total you showed. If it is not the cart's any more: 409."},
        "currency": {**CURRENCY, "description": "The currency you showed. If it is not the cart's any more: 409."},
        "paymentMethod": PAYMENT_METHOD,
        "shippingAddress": ADDRESS,
    },
    examples=[{"total": 50, "currency": "EUR", "paymentMethod": "pm_card_visa"}],
)

SHIP_REQUEST = object_of(
    ["carrier", "trackingNumber"],
    {
        "carrier": text_of(60),
        "trackingNumber": text_of(60),
        "items": {
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_LINES,
            "items": object_of(
                ["productId", "quantity"],
                {"productId": PRODUCT_ID, "quantity": {"type": "integer", "minimum": 1, "maximum": MAX_QUANTITY}},
            ),
        },
    },
    examples=[{"carrier": "DHL", "trackingNumber": "00340434161094042557"}],
)

DELIVER_REQUEST = object_of([], {"trackingNumber": text_of(60)}, examples=[{"trackingNumber": "00340434161094042557"}])

CARRIER_REPORT: Schema = {
    **object_of(
        ["eventId", "carrier", "trackingNumber", "status", "occurredAt"],
        {
            "eventId": text_of(200),
            "carrier": {**SHIP_REQUEST["properties"]["carrier"], "description": "As staff wrote it when they shipped."},
            "trackingNumber": text_of(60),
            "status": {"enum": ["SHIPPED", "DELIVERED", "LOST"]},
            "occurredAt": text_of(40, format="date-time", description="With its zone; in the future counts as now."),
            "orderId": text_of(128),
        },
        examples=[
            {
                "eventId": "evt_7f3a",
                "carrier": "DHL",
                "trackingNumber": "00340434161094042557",
                "status": "DELIVERED",
                "occurredAt": "2026-11-23T10:41:57Z",
            }
        ],
    ),
    "additionalProperties": True,
}

_MESSAGE_IDS: Schema = {
    "type": "array",
    "minItems": 1,
    "maxItems": 100,
    "items": {"type": "string", "pattern": MESSAGE_ID},
}
_QUEUE: Schema = {
    "type": "string",
    "maxLength": 300,
    "description": "A name of `GET /admin/queues`, or the whole name or URL of the queue or its dead-letter queue.",
}

REDRIVE_REQUEST = object_of(
    ["queue"],
    {"queue": _QUEUE, "messageIds": {**_MESSAGE_IDS, "description": "All of them, if none are named."}},
    examples=[{"queue": "orders"}],
)

DISCARD_REQUEST = object_of(
    ["queue", "messageIds", "reason"],
    {"queue": _QUEUE, "messageIds": _MESSAGE_IDS, "reason": text_of(500, 3)},
    examples=[
        {
            "queue": "orders",
            "messageIds": ["5fea7756-0ea4-451a-a703-a558b933e274"],
            "reason": "A test message of ours, see ticket 4711.",
        }
    ],
)

CHATBOT_REQUEST = object_of(
    ["query"],
    {
        "query": {
            "type": "string",
            "minLength": 1,
            "maxLength": 1000,
            "pattern": _QUESTION,
            "description": "In English, Dutch, German, French or Spanish; the answer comes in the same language.",
        },
        "customerId": {**CUSTOMER_ID, "description": "Only this customer's orders are spoken of."},
    },
    examples=[{"query": "What's the status of order abc12345?", "customerId": "customer123"}],
)

FEEDBACK_REQUEST = object_of(
    ["score"],
    {
        "score": {"type": "integer", "minimum": 1, "maximum": 5},
        "comment": {"type": "string", "maxLength": 1000, "pattern": LINES},
    },
    examples=[{"score": 5, "comment": "Came the next day."}],
)
