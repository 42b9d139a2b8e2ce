"""Questions and answers of the chatbot, as JSON Schema."""

from __future__ import annotations

from ..kit.schemas import _QUESTION, CUSTOMER_ID, TEXT, answer_of, list_of, object_of

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
)

GUEST_CHATBOT_REQUEST = object_of(["query"], {"query": CHATBOT_REQUEST["properties"]["query"]})
"""A guest asks about the order of the token: there is no customer to name."""

CHATBOT_ANSWER = answer_of(
    {
        "answer": {**TEXT, "description": "Plain text, in the language of the question or in English."},
        "source": {"enum": ["bedrock", "template"], "description": "Who worded it."},
        "orders": list_of(TEXT, description="Ids of the orders that it speaks of."),
    }
)
