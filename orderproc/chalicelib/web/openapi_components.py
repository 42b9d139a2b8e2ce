"""The names that operations use: schemas, parameters and ways to say who calls."""

from __future__ import annotations

from typing import Any

from ..domain.order import Status
from . import answer_schemas as answers
from . import dead_letter_answers as dead_letters
from . import schemas
from .metrics_answers import METRICS, METRICS_FIGURES
from .metrics_query import MOMENT, MOST_DAYS

Document = dict[str, Any]


def _ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


SCHEMAS: Document = {
    "OrderRequest": schemas.ORDER_REQUEST,
    "Order": answers.ORDER,
    "OrderPage": answers.page_of("orders", _ref("Order")),
    "StaffOrder": answers.STAFF_ORDER,
    "StaffOrderPage": answers.staff_page(_ref("StaffOrder")),
    "ProductRequest": schemas.PRODUCT_REQUEST,
    "Product": answers.PRODUCT,
    "ProductPage": answers.page_of("products", _ref("Product")),
    "StockRequest": schemas.STOCK_REQUEST,
    "Stock": answers.STOCK,
    "PlaceOrderRequest": schemas.PLACE_ORDER_REQUEST,
    "CartItemRequest": schemas.CART_ITEM_REQUEST,
    "CheckoutRequest": schemas.CHECKOUT_REQUEST,
    "ShipRequest": schemas.SHIP_REQUEST,
    "DeliverRequest": schemas.DELIVER_REQUEST,
    "FeedbackRequest": schemas.FEEDBACK_REQUEST,
    "CarrierReport": schemas.CARRIER_REPORT,
    "CarrierReportTaken": answers.CARRIER_REPORT_TAKEN,
    "Accepted": answers.ACCEPTED,
    "Cart": answers.CART,
    "Feedback": answers.FEEDBACK,
    "Link": answers.LINK,
    "Resent": answers.RESENT,
    "Inconsistencies": answers.INCONSISTENCIES,
    "RedriveRequest": schemas.REDRIVE_REQUEST,
    "DiscardRequest": schemas.DISCARD_REQUEST,
    "QueueDepth": dead_letters.QUEUE,
    "Queues": dead_letters.QUEUES,
    "DeadLetter": dead_letters.DEAD_LETTER,
    "DeadLetters": dead_letters.DEAD_LETTERS,
    "Redriven": dead_letters.REDRIVEN,
    "Discarded": dead_letters.DISCARDED,
    "AuditRecord": dead_letters.AUDIT_RECORD,
    "AuditPage": answers.page_of("records", _ref("AuditRecord")),
    "Import": dead_letters.IMPORT,
    "ImportPage": answers.page_of("imports", _ref("Import")),
    "Metrics": METRICS,
    "MetricsFigures": METRICS_FIGURES,
    "ChatbotRequest": schemas.CHATBOT_REQUEST,
    "ChatbotAnswer": answers.CHATBOT_ANSWER,
    "Health": answers.HEALTH,
    "Document": {"type": "object"},
    "Problem": answers.PROBLEM,
}

_TEXT: Document = {"type": "string"}
_MOMENT = "A day (with all its hours) or a time; without an offset in `timeZone`."
PARAMETERS: dict[str, tuple[str, Document]] = {
    "order_id": ("The order's id.", _TEXT),
    "import_id": ("The import's id.", _TEXT),
    "product_id": ("The product's id.", schemas.PRODUCT_ID),
    "token": ("As in the mail. It is signed, names one order, and works for 180 days.", _TEXT),
    "customerId": ("Only this customer's orders.", schemas.CUSTOMER_ID),
    "status": ("Only orders with this status.", {"enum": [status.value for status in Status]}),
    "limit": ("How many at most.", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}),
    "cursor": ("The `nextCursor` of the page before.", _TEXT),
    "queue": ("As in `GET /admin/queues`; without it all.", _TEXT),
    "day": ("UTC; today by default.", {"type": "string", "format": "date"}),
    "from": (f"{_MOMENT} 24 hours before `to` by default.", {"type": "string", "pattern": MOMENT}),
    "to": (f"{_MOMENT} At most {MOST_DAYS} days later. Now by default.", {"type": "string", "pattern": MOMENT}),
    "by": ("The length of a bucket.", {"enum": ["hour", "day"], "default": "hour"}),
    "timeZone": ("`UTC`, `shop`, or the shop's by name.", {"type": "string", "default": "UTC"}),
    "Idempotency-Key": ("", {"type": "string", "pattern": "^[ -~]{1,255}$"}),
}
"""Each with its description."""

SECURITY_SCHEMES: Document = {
    "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "idToken": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "A Cognito ID token, with or without `Bearer `.",
    },
    "carrierSignature": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Carrier-Signature",
        "description": "`t=<unix seconds>,v1=<hex>`: v1 is the HMAC-SHA256 of `<t>.` and the body's bytes, made with "
        "the secret that the shop gave the carrier. Several v1 may be sent. t may be off by five minutes.",
    },
}
