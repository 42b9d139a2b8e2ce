"""Questions in people's own words, about the caller's own orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.app import Blueprint, Response

from ..assistant.schema import CHATBOT_REQUEST, GUEST_CHATBOT_REQUEST
from ..bootstrap import services
from ..kit.validation import valid
from .shared import http
from .shared.callers import customer, guests_order, partner
from .shared.operations import Caller, serves

if TYPE_CHECKING:
    from ..assistant.chatbot import Answer

bp = Blueprint(__name__)


@serves(
    bp,
    "POST /chatbot",
    Caller.PARTNER,
    "Chatbot",
    "Ask about the caller's orders",
    "About a partner's orders, or those of one of its customers.",
    {200: ("The answer, also where the question was not understood", "ChatbotAnswer")},
    body="ChatbotRequest",
    id="askChatbot",
)
def ask() -> Response:
    """About a partner's orders, or those of one of its customers."""
    return _answered(partner(bp.current_request))


@serves(
    bp,
    "POST /me/chatbot",
    Caller.CUSTOMER,
    "Chatbot",
    "Ask about one's own orders",
    "Another customer's `customerId` finds nothing.",
    {200: ("The answer, also where the question was not understood", "ChatbotAnswer.mine")},
    body="ChatbotRequest.mine",
    id="askMyChatbot",
)
def ask_about_mine() -> Response:
    """A `customerId` that is not the caller's own names orders that the caller has not: nothing is found."""
    return _answered(customer(bp.current_request).owner)


@serves(
    bp,
    "POST /guest/order/chatbot",
    Caller.GUEST,
    "Chatbot",
    "Ask about the guest's order",
    "About the one that the token is for. Every other order is answered like one that does not exist.",
    {200: ("The answer, also where the question was not understood", "ChatbotAnswer.guest")},
    body="GuestChatbotRequest",
    errors=("ORDER_NOT_FOUND", "ORDER_DAMAGED"),
    id="askGuestChatbot",
)
def ask_about_guests_order() -> Response:
    order = guests_order(bp.current_request)
    asked = valid(http.body_of(bp.current_request), GUEST_CHATBOT_REQUEST)
    return _said(services().customers.answer_question.about(order, asked["query"]))


def _answered(owner: str) -> Response:
    asked = valid(http.body_of(bp.current_request), CHATBOT_REQUEST)
    return _said(services().customers.answer_question(owner, asked["query"], asked.get("customerId")))


def _said(answer: Answer) -> Response:
    return http.json_response({"answer": answer.answer, "source": answer.source, "orders": list(answer.orders)})
