"""Builds what customers get and say: mails, SMS, feedback, and the chatbot's answers."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..kit.observability import log

if TYPE_CHECKING:
    from ..assistant.chatbot import AnswerQuestion
    from ..feedback.give import GiveFeedback
    from ..feedback.links import FeedbackLinks
    from ..kit.config import Settings
    from ..notifications.notify import Notifications
    from .adapters import Adapters
    from .operations import Operations
    from .search import Search
    from .workflow import Workflow


class Customers:
    def __init__(
        self, settings: Settings, adapters: Adapters, workflow: Workflow, operations: Operations, search: Search
    ) -> None:
        self._settings = settings
        self._a = adapters
        self._workflow = workflow
        self._operations = operations
        self._search = search

    @cached_property
    def notifications(self) -> Notifications:
        from ..notifications.daily_limits import DailyLimits
        from ..notifications.notify import Notifications
        from ..notifications.send_once import SendOnce
        from ..notifications.write import WriteMessage

        a, settings, receipts = self._a, self._settings, self._workflow.receipts
        limits = DailyLimits(a.claims, a.clock, {"sms": settings.sms_per_day, "mail": settings.mails_per_day})
        return Notifications(
            a.orders,
            a.documents,
            receipts,
            WriteMessage(a.messages, a.documents, receipts, a.mailer, a.texter, settings.mail_sender),
            SendOnce(a.claims, limits, a.findings, a.clock, log),
            lambda order, messages: self._operations.ask_for_messages(order, messages),  # noqa: PLW0108 - made when needed
            a.clock,
            log,
        )

    @cached_property
    def give_feedback(self) -> GiveFeedback:
        from ..feedback.give import GiveFeedback

        return GiveFeedback(self._a.orders, self._a.clock, log)

    @cached_property
    def feedback_links(self) -> FeedbackLinks:
        from ..feedback.links import FeedbackLinks

        return FeedbackLinks(self._a.link_secrets, self._a.clock, self._settings.public_url)

    @cached_property
    def answer_question(self) -> AnswerQuestion:
        from ..assistant.chatbot import AnswerQuestion
        from ..assistant.lookup import FindOrders
        from ..documents.receipts import receipt_key

        a = self._a
        return AnswerQuestion(
            FindOrders(a.orders, self._search.orders.named),
            self._settings.shop,
            a.chat_model,
            a.clock,
            log,
            lambda order: a.documents.exists(receipt_key(order.order_id)),
        )
