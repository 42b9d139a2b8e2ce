"""The names that operations use: schemas, parameters and ways to say who calls."""

from __future__ import annotations

from typing import Any

from ...access import schema as access
from ...assistant.schema import CHATBOT_ANSWER, CHATBOT_REQUEST, GUEST_CHATBOT_REQUEST
from ...checkout.schema import (
    CART,
    CART_ITEM_REQUEST,
    CHECKOUT_REQUEST,
    GUEST_ACCEPTED,
    GUEST_CHECKOUT_REQUEST,
    PLACE_ORDER_REQUEST,
    PLACED,
)
from ...exports.schema import EXPORT, EXPORT_ENTRY, EXPORT_REQUEST, EXPORT_REQUESTED
from ...feedback.schema import FEEDBACK_REQUEST, LINK
from ...fulfilment.schema import CARRIER_REPORT, CARRIER_REPORT_TAKEN, DELIVER_REQUEST, SHIP_REQUEST
from ...inventory.schema import (
    IMAGE_REQUEST,
    IMAGE_UPLOAD,
    IMAGE_UPLOAD_REQUEST,
    PRODUCT,
    PRODUCT_REQUEST,
    SEARCH_WORDS,
    STOCK,
    STOCK_REQUEST,
)
from ...kit.moments import MOMENT
from ...kit.schemas import CUSTOMER_ID, EMAIL, PRODUCT_ID
from ...operations import schema as dead_letters
from ...operations.schema import DISCARD_REQUEST, HEALTH, REDRIVE_REQUEST, RESENT
from ...orders.filters import SEARCH_TEXT
from ...orders.model import Status
from ...orders.schema import (
    ACCEPTED,
    CLAIM_REQUEST,
    CUSTOMER,
    FEEDBACK,
    ORDER,
    ORDER_REQUEST,
    REFERENCE,
    STAFF_ORDER,
    TAG,
    TAGS_REQUEST,
)
from ...reconciliation.schema import DISCREPANCIES
from ...reporting.query import MOST_DAYS
from ...reporting.schema import METRICS, METRICS_FIGURES
from . import page_schemas as shared_page_schemas
from . import staff_schemas

Document = dict[str, Any]


def _ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


SCHEMAS: Document = {
    "OrderRequest": ORDER_REQUEST,
    "Order": ORDER,
    "OrderPage": shared_page_schemas.page_of("orders", _ref("Order")),
    "StaffOrder": STAFF_ORDER,
    "StaffOrderPage": shared_page_schemas.staff_page(_ref("StaffOrder")),
    "Customer": CUSTOMER,
    "CustomerPage": shared_page_schemas.page_of("customers", _ref("Customer")),
    "CustomerDetails": shared_page_schemas.customer_details(_ref("StaffOrder"), CUSTOMER),
    "ProductRequest": PRODUCT_REQUEST,
    "Product": PRODUCT,
    "ProductPage": shared_page_schemas.page_of("products", _ref("Product")),
    "ImageUploadRequest": IMAGE_UPLOAD_REQUEST,
    "ImageUpload": IMAGE_UPLOAD,
    "ImageRequest": IMAGE_REQUEST,
    "StockRequest": STOCK_REQUEST,
    "Stock": STOCK,
    "PlaceOrderRequest": PLACE_ORDER_REQUEST,
    "CartItemRequest": CART_ITEM_REQUEST,
    "CheckoutRequest": CHECKOUT_REQUEST,
    "ShipRequest": SHIP_REQUEST,
    "DeliverRequest": DELIVER_REQUEST,
    "TagsRequest": TAGS_REQUEST,
    "FeedbackRequest": FEEDBACK_REQUEST,
    "CarrierReport": CARRIER_REPORT,
    "CarrierReportTaken": CARRIER_REPORT_TAKEN,
    "GuestCheckoutRequest": GUEST_CHECKOUT_REQUEST,
    "ClaimRequest": CLAIM_REQUEST,
    "Accepted": ACCEPTED,
    "PlacedOrder": PLACED,
    "GuestAccepted": GUEST_ACCEPTED,
    "Cart": CART,
    "Feedback": FEEDBACK,
    "Link": LINK,
    "Resent": RESENT,
    "ResendRequest": dead_letters.RESEND_REQUEST,
    "NoteRequest": dead_letters.NOTE_REQUEST,
    "Note": dead_letters.NOTE,
    "Timeline": dead_letters.TIMELINE,
    "DiscrepancyList": DISCREPANCIES,
    "RedriveRequest": REDRIVE_REQUEST,
    "DiscardRequest": DISCARD_REQUEST,
    "QueueDepth": dead_letters.QUEUE,
    "Queues": dead_letters.QUEUES,
    "DeadLetter": dead_letters.DEAD_LETTER,
    "DeadLetters": dead_letters.DEAD_LETTERS,
    "Redriven": dead_letters.REDRIVEN,
    "Discarded": dead_letters.DISCARDED,
    "AuditRecord": dead_letters.AUDIT_RECORD,
    "AuditPage": shared_page_schemas.page_of("records", _ref("AuditRecord")),
    "Import": dead_letters.IMPORT,
    "ImportPage": shared_page_schemas.page_of("imports", _ref("Import")),
    "ImportUploadRequest": dead_letters.IMPORT_UPLOAD_REQUEST,
    "ImportUpload": dead_letters.IMPORT_UPLOAD,
    "ImportReport": dead_letters.IMPORT_REPORT,
    "Alarms": dead_letters.ALARMS,
    "ExportRequest": EXPORT_REQUEST,
    "ExportRequested": EXPORT_REQUESTED,
    "Export": EXPORT,
    "ExportEntry": EXPORT_ENTRY,
    "ExportPage": shared_page_schemas.page_of("exports", _ref("ExportEntry")),
    "Metrics": METRICS,
    "MetricsFigures": METRICS_FIGURES,
    "ChatbotRequest": CHATBOT_REQUEST,
    "GuestChatbotRequest": GUEST_CHATBOT_REQUEST,
    "ChatbotAnswer": CHATBOT_ANSWER,
    "Me": staff_schemas.ME,
    "StaffRequest": access.STAFF_REQUEST,
    "RolesRequest": access.ROLES_REQUEST,
    "StaffMember": access.STAFF_MEMBER,
    "StaffList": access.STAFF_LIST,
    "PartnerRequest": access.PARTNER_REQUEST,
    "KeyRequest": access.KEY_REQUEST,
    "Partner": access.PARTNER,
    "NewPartnerKey": access.NEW_KEY,
    "PartnerList": access.PARTNER_LIST,
    "Health": HEALTH,
    "Document": {"type": "object"},
    "Problem": shared_page_schemas.PROBLEM,
}

_TEXT: Document = {"type": "string"}
_MOMENT_SCHEMA: Document = {"type": "string", "pattern": MOMENT}
_MOMENT = "A day (with all its hours) or a time; without an offset in `timeZone`."
PARAMETERS: dict[str, tuple[str, Document]] = {
    "order_id": ("The order's id.", _TEXT),
    "user_id": ("The user's id, as `GET /admin/staff` gives it.", _TEXT),
    "partner_id": ("The partner's id, as `GET /admin/partners` gives it.", _TEXT),
    "key_id": ("The key's id, not its value.", _TEXT),
    "import_id": ("The import's id.", _TEXT),
    "export_id": ("The export's id.", _TEXT),
    "product_id": ("The product's id.", PRODUCT_ID),
    "token": ("As in the mail. It is signed, names one order, and works for 180 days.", _TEXT),
    "customerId": ("Only this customer's orders.", CUSTOMER_ID),
    "status": ("Only orders with this status.", {"enum": [status.value for status in Status]}),
    "q": (
        "Only products in whose id, name or description every word stands; case and accents make no difference.",
        SEARCH_WORDS,
    ),
    "orders:q": (
        "Only orders whose id, number, e-mail address, name, customer, reference, tracking number or product begins "
        "with this; of names, each word. Case and spaces make no difference. Up to two characters must be the whole; "
        "of an order's number at least six digits are needed.",
        SEARCH_TEXT,
    ),
    "orders:email": ("Only orders with this e-mail address, in any case.", EMAIL),
    "orders:reference": ("Only orders with this number of their caller's own, in any case.", REFERENCE),
    "orders:tag": ("Only orders that staff gave this tag, in any case.", TAG),
    "orders:from": ("A day or a time, by default in UTC: only orders placed from then on.", _MOMENT_SCHEMA),
    "orders:to": ("A day (with all its hours) or a time: only orders placed before.", _MOMENT_SCHEMA),
    "customers:q": ("As in `GET /admin/orders`: customers with such an order.", SEARCH_TEXT),
    "customer_id": ("The id of one of the customer's orders, or the customer's own `customerId`.", _TEXT),
    "limit": ("How many at most.", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}),
    "cursor": ("The `nextCursor` of the page before.", _TEXT),
    "queue": ("As in `GET /admin/queues`; without it all.", _TEXT),
    "day": ("UTC; today by default.", {"type": "string", "format": "date"}),
    "from": (f"{_MOMENT} 24 hours before `to` by default.", {"type": "string", "pattern": MOMENT}),
    "to": (f"{_MOMENT} At most {MOST_DAYS} days later. Now by default.", {"type": "string", "pattern": MOMENT}),
    "by": ("The length of a bucket.", {"enum": ["hour", "day"], "default": "hour"}),
    "timeZone": ("`UTC`, `shop`, or the shop's by name.", {"type": "string", "default": "UTC"}),
    "If-Match": (
        "The `ETag` of the order as you saw it. If it was changed since, nothing is done, and the answer is 409 with "
        "what changed.",
        {"type": "string", "maxLength": 200},
    ),
    "Idempotency-Key": ("", {"type": "string", "pattern": "^[ -~]{1,255}$"}),
    "Idempotency-Key of a guest": ("", {"type": "string", "pattern": "^[ -~]{22,255}$"}),
}
"""Each with its description."""

SECURITY_SCHEMES: Document = {
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "A partner's key, or the publishable key of the shop's page, which may only place orders.",
    },
    "orderToken": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Order ` and the `orderToken` of the answer that accepted a guest's order.",
    },
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
