"""Orders in requests and answers, as JSON Schema (2020-12)."""

from __future__ import annotations

from ..kit.schemas import (
    ADDRESS,
    AMOUNT,
    CURRENCY,
    CUSTOMER_ID,
    EMAIL,
    LINES,
    LOCALE,
    MAX_LINES,
    MAX_QUANTITY,
    METADATA,
    PAYMENT_METHOD,
    PHONE,
    PRODUCT_ID,
    TEXT,
    TIME,
    Schema,
    answer_of,
    list_of,
    object_of,
    or_null,
    text_of,
)
from .model import PaymentStatus, Reservation, ShipmentStatus, Status

LINE = object_of(
    ["productId", "quantity"],
    {
        "productId": PRODUCT_ID,
        "name": text_of(200),
        "quantity": {"type": "integer", "minimum": 1, "maximum": MAX_QUANTITY},
        "price": {**AMOUNT, "description": "Per unit; must be the catalogue's price, and is when left out."},
    },
)

REFERENCE: Schema = text_of(64, description="Your own number of the order.")

MORE: Schema = {
    "billingAddress": ADDRESS,
    "reference": REFERENCE,
    "note": {"type": "string", "maxLength": 500, "pattern": LINES, "description": "Shown to staff."},
    "metadata": METADATA,
    "locale": LOCALE,
}
"""What every request for an order may say besides."""

ORDER_REQUEST = object_of(
    ["customerId", "customerEmail", "items", "shippingAddress"],
    {
        "customerId": CUSTOMER_ID,
        "customerEmail": EMAIL,
        "phoneNumber": PHONE,
        "items": {"type": "array", "minItems": 1, "maxItems": MAX_LINES, "items": LINE},
        "totalAmount": {**AMOUNT, "description": "Must be the sum of the lines, which may be 0."},
        "currency": CURRENCY,
        "paymentMethod": PAYMENT_METHOD,
        "shippingAddress": ADDRESS,
        **MORE,
    },
)

FLAT_ORDER = object_of(
    ["Product", "Quantity"],
    {
        "Product": text_of(200, description="A product's id, or its exact name."),
        "Quantity": {"type": "integer", "minimum": 1, "maximum": MAX_QUANTITY},
        "Price": {**AMOUNT, "description": "Per unit; must be the catalogue's price, and is when left out."},
        "CustomerId": CUSTOMER_ID,
        "CustomerEmail": EMAIL,
        "PhoneNumber": PHONE,
        "Currency": CURRENCY,
        "PaymentMethod": PAYMENT_METHOD,
        "ShippingAddress": ADDRESS,
        **{name[0].upper() + name[1:]: of for name, of in MORE.items()},
    },
)
"""An order of one product, as other systems announce it in an event, without its `OrderId`."""

ORDERS_QUERY = object_of([], {"customerId": CUSTOMER_ID})

CLAIM_REQUEST = object_of(
    ["orderToken"], {"orderToken": text_of(512, description="Of the answer that accepted the guest's order.")}
)

_COUNTRY: Schema = {"type": "string", "description": "ISO 3166-1 alpha-2; as it was written in orders of before."}
_ADDRESS: Schema = {"type": "object", "properties": {**ADDRESS["properties"], "country": _COUNTRY}}
_ORDER_NUMBER: Schema = {
    "type": "string",
    "pattern": "^[0-9]{6,12}$",
    "description": "Short, for people: unique, roughly rising, with gaps. Null for orders of before there were any.",
    "examples": ["100482"],
}
_STATUS: Schema = {"enum": [status.value for status in Status]}

ACCEPTED: Schema = answer_of(
    {"orderId": TEXT, "orderNumber": or_null(_ORDER_NUMBER), "executionArn": TEXT, "status": _STATUS}
)

FEEDBACK: Schema = answer_of({"score": {"type": "integer"}, "comment": TEXT, "at": TIME})

_TRACKING_URL: Schema = {
    "type": "string",
    "format": "uri",
    "description": "The carrier's page about it; null for a carrier that is not known.",
    "examples": ["https://www.ups.com/track?tracknum=1Z999AA10123456784"],
}

SHIPMENT: Schema = {
    "type": "object",
    "properties": {
        "carrier": TEXT,
        "trackingNumber": TEXT,
        "trackingUrl": or_null(_TRACKING_URL),
        "status": {"enum": [status.value for status in ShipmentStatus]},
        "items": list_of({"type": "object", "properties": {"productId": PRODUCT_ID, "quantity": {"type": "integer"}}}),
        "updatedAt": TIME,
    },
}

_ORDERED_LINE: Schema = answer_of(
    {
        **LINE["properties"],
        "productId": {"type": "string", "description": "As ordered, also if there is no such product."},
        "name": {"type": "string", "description": "Empty until validated if none was sent, then the catalogue's."},
        "price": {**AMOUNT, "description": "Per unit."},
    }
)

_PAYMENT: Schema = answer_of(
    {
        "status": {"enum": [status.value for status in PaymentStatus]},
        "reference": TEXT,
        "amount": AMOUNT,
        "refunded": AMOUNT,
    }
)

ORDER: Schema = answer_of(
    {
        "orderId": TEXT,
        "orderNumber": or_null(_ORDER_NUMBER),
        "reference": or_null(TEXT),
        "customerId": TEXT,
        "customerEmail": {"type": "string", "description": "Empty if no mail is sent: none was given, or verified."},
        "phoneNumber": or_null(TEXT),
        "items": list_of(_ORDERED_LINE),
        "currency": CURRENCY,
        "totalAmount": AMOUNT,
        "paymentMethod": TEXT,
        "shippingAddress": or_null(_ADDRESS),
        "billingAddress": or_null(_ADDRESS),
        "note": or_null(TEXT),
        "metadata": {"type": "object", "additionalProperties": TEXT},
        "locale": or_null(LOCALE),
        "status": _STATUS,
        "workflow": {"enum": ["queue", "stepfunctions", "events"]},
        "fulfilment": {"enum": ["auto", "manual"]},
        "createdAt": TIME,
        "updatedAt": TIME,
        "history": list_of(answer_of({"status": _STATUS, "at": TIME, "detail": TEXT})),
        "payment": or_null(_PAYMENT),
        "shipment": or_null(SHIPMENT),
        "shipments": list_of(SHIPMENT),
        "error": or_null(answer_of({"code": TEXT, "message": TEXT})),
        "feedback": or_null(FEEDBACK),
    },
    optional=["shipments"],
)

STAFF_ORDER: Schema = {
    **ORDER,
    "description": "An order as staff see it.",
    "required": [*ORDER["required"], "owner", "reservation", "needsAttention", "tags", "open"],
    "properties": {
        **ORDER["properties"],
        "owner": {"type": "string", "description": "`p-` and a partner's key, `c-` and a customer's id, or `guest`."},
        "reservation": {"enum": [reservation.value for reservation in Reservation]},
        "needsAttention": {"type": ["string", "null"], "description": "Why staff must look at it; null if not."},
        "tags": list_of(TEXT),
        "open": {"type": "boolean", "description": "Whether something is still to be done for it."},
    },
}

TAG: Schema = text_of(40)
TAGS_REQUEST: Schema = object_of(
    ["tags"],
    {"tags": list_of(TAG, maxItems=20, description="All that the order is to have, at most 20 of 40 characters.")},
)
CUSTOMER: Schema = answer_of(
    {
        "id": {
            "type": "string",
            "description": "For `GET /admin/customers/{customer_id}`: the id of one of the orders.",
        },
        "owner": STAFF_ORDER["properties"]["owner"],
        "customerId": {"type": "string", "description": "A guest's is the e-mail address."},
        "email": {
            "type": "string",
            "description": "Of the newest order, as are name and number; empty if it has none.",
        },
        "name": or_null(TEXT),
        "phoneNumber": or_null(TEXT),
        "lastOrderAt": TIME,
    }
)

CUSTOMER_WORTH: Schema = {
    "orderCount": {"type": "integer", "minimum": 0},
    "complete": {"type": "boolean", "description": "False if only the newest thousand orders were counted and summed."},
    "spent": {
        "type": "object",
        "description": "By currency: captured, less what was refunded.",
        "additionalProperties": AMOUNT,
    },
    "firstOrderAt": TIME,
}
