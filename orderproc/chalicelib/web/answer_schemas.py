"""The answers of the API as JSON Schema (2020-12), as `openapi.py` publishes them."""

from __future__ import annotations

from ..domain.cart import Problem
from ..domain.inspection import Kind
from ..domain.order import Reservation, Status
from .problems import PROBLEMS
from .problems import table as problem_table
from .schemas import ADDRESS, AMOUNT, CURRENCY, LINE, PRODUCT_ID, TIME, Schema, or_null

_COUNTRY: Schema = {"type": "string", "description": "ISO 3166-1 alpha-2; as it was written in orders of before."}

ACCEPTED: Schema = {
    "type": "object",
    "required": ["orderId", "executionArn", "status"],
    "properties": {
        "orderId": {"type": "string"},
        "executionArn": {"type": "string"},
        "status": {"enum": [status.value for status in Status]},
    },
}

CART: Schema = {
    "type": "object",
    "required": ["items", "currency", "total"],
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "productId": PRODUCT_ID,
                    "name": {"type": "string"},
                    "quantity": {"type": "integer"},
                    "price": {"type": ["number", "null"]},
                    "currency": {**CURRENCY, "description": "The product's; another than the cart's is a problem."},
                    "lineTotal": {"type": ["number", "null"]},
                    "problem": {
                        "enum": [problem.value or None for problem in Problem],
                        "description": "With any but SHORT the line is not in the total, and checkout is 409.",
                    },
                },
            },
        },
        "currency": CURRENCY,
        "total": AMOUNT,
    },
}

FEEDBACK: Schema = {
    "type": "object",
    "required": ["score", "comment", "at"],
    "properties": {
        "score": {"type": "integer"},
        "comment": {"type": "string"},
        "at": {"type": "string", "format": "date-time"},
    },
}

SHIPMENT: Schema = {
    "type": "object",
    "properties": {
        "carrier": {"type": "string"},
        "trackingNumber": {"type": "string"},
        "status": {"enum": ["SHIPPED", "DELIVERED", "LOST"]},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"productId": PRODUCT_ID, "quantity": {"type": "integer"}},
            },
        },
        "updatedAt": TIME,
    },
}

CARRIER_REPORT_TAKEN: Schema = {
    "type": "object",
    "required": ["orderId", "trackingNumber", "status"],
    "properties": {
        "orderId": {"type": "string"},
        "trackingNumber": {"type": "string"},
        "status": SHIPMENT["properties"]["status"],
    },
}

_ORDERED_LINE: Schema = {
    "type": "object",
    "required": ["productId", "name", "quantity", "price"],
    "properties": {
        **LINE["properties"],
        "productId": {"type": "string", "description": "As ordered, also if there is no such product."},
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
        "customerEmail": {"type": "string", "description": "Empty if no mail is sent: none was given, or verified."},
        "phoneNumber": {"type": ["string", "null"]},
        "items": {"type": "array", "items": _ORDERED_LINE},
        "currency": CURRENCY,
        "totalAmount": AMOUNT,
        "paymentMethod": {"type": "string"},
        "shippingAddress": or_null({"type": "object", "properties": {**ADDRESS["properties"], "country": _COUNTRY}}),
        "status": {"enum": [status.value for status in Status]},
        "workflow": {"enum": ["queue", "stepfunctions", "events"]},
        "fulfilment": {"enum": ["auto", "manual"]},
        "createdAt": TIME,
        "updatedAt": TIME,
        "history": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["status", "at", "detail"],
                "properties": {
                    "status": {"enum": [status.value for status in Status]},
                    "at": TIME,
                    "detail": {"type": "string"},
                },
            },
        },
        "payment": or_null(
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
        "shipment": or_null(SHIPMENT),
        "shipments": {"type": "array", "items": SHIPMENT},
        "error": or_null(
            {
                "type": "object",
                "required": ["code", "message"],
                "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
            }
        ),
    },
}

STAFF_ORDER: Schema = {
    **ORDER,
    "description": "An order as staff see it.",
    "required": [*ORDER["required"], "owner", "reservation", "needsAttention", "open", "feedback"],
    "properties": {
        **ORDER["properties"],
        "owner": {"type": "string", "description": "`p-` and a partner's key, or `c-` and a customer's id."},
        "reservation": {"enum": [reservation.value for reservation in Reservation]},
        "needsAttention": {"type": ["string", "null"], "description": "Why staff must look at it; null if not."},
        "open": {"type": "boolean", "description": "Whether something is still to be done for it."},
        "feedback": or_null(FEEDBACK),
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

RESENT: Schema = {
    "type": "object",
    "required": ["orderId", "messages"],
    "properties": {"orderId": {"type": "string"}, "messages": {"type": "array", "items": {"type": "string"}}},
}

HEALTH: Schema = {
    "type": "object",
    "required": ["status", "checks"],
    "properties": {
        "status": {"enum": ["ok", "unavailable"]},
        "checks": {"type": "object", "additionalProperties": {"type": "boolean"}},
    },
}

LINK: Schema = {
    "type": "object",
    "required": ["url", "expiresAt"],
    "properties": {"url": {"type": "string"}, "expiresAt": TIME},
}

STOCK: Schema = {
    "type": "object",
    "required": ["productId", "stock"],
    "properties": {"productId": PRODUCT_ID, "stock": {"type": "integer", "minimum": 0}},
    "examples": [{"productId": "LAPTOP001", "stock": 35}],
}

INCONSISTENCIES: Schema = {
    "type": "object",
    "required": ["inconsistencies", "more", "checkedUpTo", "checkedAt"],
    "properties": {
        "inconsistencies": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["kind", "details", "foundAt", "lastSeenAt", "mended"],
                "properties": {
                    "kind": {"enum": [kind.value for kind in Kind]},
                    "orderId": {"type": "string", "description": "Of all kinds but the next two."},
                    "productId": {**PRODUCT_ID, "description": "Of RESERVED_MISMATCH."},
                    "item": {"type": "string", "description": "Of DAMAGED_ITEM: what it is, and its key."},
                    "details": {"type": "object", "additionalProperties": {"type": "string"}},
                    "foundAt": TIME,
                    "lastSeenAt": TIME,
                    "mended": {"type": "boolean", "description": "What was not done was done; listed for a week."},
                },
            },
        },
        "more": {"type": "boolean", "description": "Whether there are more than the thousand that are shown."},
        "checkedUpTo": or_null(TIME),
        "checkedAt": or_null(TIME),
    },
}

PROBLEM: Schema = {
    "type": "object",
    "description": f"RFC 9457. More codes may come.\n\n{problem_table()}",
    "required": ["type", "title", "status", "detail", "requestId", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "Where the code is explained."},
        "code": {"enum": list(PROBLEMS), "description": "For programs; a status may have several."},
        "title": {"type": "string", "description": "The status in words."},
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


_DAMAGED_ORDERS: Schema = {
    "type": "array",
    "description": "Orders of this page whose stored data can't be read, of any status.",
    "items": {
        "type": "object",
        "required": ["orderId", "reason"],
        "properties": {"orderId": {"type": "string"}, "reason": {"type": "string"}},
    },
}


def staff_page(item: Schema) -> Schema:
    page = page_of("orders", item)
    properties = {**page["properties"], "damaged": _DAMAGED_ORDERS}
    return {**page, "required": [*page["required"], "damaged"], "properties": properties}


def page_of(name: str, item: Schema) -> Schema:
    return {
        "type": "object",
        "required": [name, "nextCursor"],
        "properties": {
            name: {"type": "array", "items": item},
            "nextCursor": {
                "type": ["string", "null"],
                "description": "Pass as cursor; null at the end. At 4 MB, or of a rare status, a page is short.",
            },
        },
    }


CHATBOT_ANSWER: Schema = {
    "type": "object",
    "required": ["answer", "source", "orders"],
    "properties": {
        "answer": {"type": "string", "description": "Plain text, in the language of the question or in English."},
        "source": {"enum": ["bedrock", "template"], "description": "Who worded it."},
        "orders": {
            "type": "array",
            "items": {"type": "string"},
            "description": "The ids of the orders that it speaks of.",
        },
    },
}
