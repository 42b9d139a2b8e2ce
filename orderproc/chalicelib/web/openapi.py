"""The OpenAPI 3.1 document, made from the very schemas that requests are judged by."""

from __future__ import annotations

from typing import Any

from . import answer_schemas as answers
from . import dead_letter_answers as dead_letters
from . import schemas
from .openapi_chatbot import ANSWER as CHATBOT_ANSWER
from .openapi_chatbot import paths as chatbot_paths
from .openapi_dead_letters import paths as dead_letter_paths
from .openapi_feedback import paths as feedback_paths
from .openapi_imports import IMPORT
from .openapi_imports import paths as import_paths
from .openapi_metrics import METRICS, METRICS_FIGURES
from .openapi_metrics import paths as metrics_paths
from .openapi_paths import paths
from .openapi_webhooks import SECURITY_SCHEMES
from .openapi_webhooks import paths as webhook_paths

VERSION = "0.1.0"
Document = dict[str, Any]


def document() -> Document:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "orderproc",
            "version": VERSION,
            "description": "Order processing for online shops. Errors are RFC 9457 problems; see docs/guide.md.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": {
            **paths(),
            **dead_letter_paths(),
            **import_paths(),
            **webhook_paths(),
            **metrics_paths(),
            **feedback_paths(),
            **chatbot_paths(),
        },
        "components": {
            "schemas": {
                "OrderRequest": schemas.ORDER_REQUEST,
                "Order": answers.ORDER,
                "StaffOrder": answers.STAFF_ORDER,
                "ProductRequest": schemas.PRODUCT_REQUEST,
                "Product": answers.PRODUCT,
                "StockRequest": schemas.STOCK_REQUEST,
                "PlaceOrderRequest": schemas.PLACE_ORDER_REQUEST,
                "CartItemRequest": schemas.CART_ITEM_REQUEST,
                "CheckoutRequest": schemas.CHECKOUT_REQUEST,
                "ShipRequest": schemas.SHIP_REQUEST,
                "DeliverRequest": schemas.DELIVER_REQUEST,
                "FeedbackRequest": schemas.FEEDBACK_REQUEST,
                "CarrierReport": schemas.CARRIER_REPORT,
                "Accepted": answers.ACCEPTED,
                "Cart": answers.CART,
                "Feedback": answers.FEEDBACK,
                "RedriveRequest": schemas.REDRIVE_REQUEST,
                "DiscardRequest": schemas.DISCARD_REQUEST,
                "QueueDepth": dead_letters.QUEUE,
                "DeadLetter": dead_letters.DEAD_LETTER,
                "AuditRecord": dead_letters.AUDIT_RECORD,
                "Import": IMPORT,
                "Metrics": METRICS,
                "MetricsFigures": METRICS_FIGURES,
                "ChatbotRequest": schemas.CHATBOT_REQUEST,
                "ChatbotAnswer": CHATBOT_ANSWER,
                "Problem": answers.PROBLEM,
            },
            "securitySchemes": {
                "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                "idToken": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "A Cognito ID token, with or without `Bearer `.",
                },
                **SECURITY_SCHEMES,
            },
        },
    }
