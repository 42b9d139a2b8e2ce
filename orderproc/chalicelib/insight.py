"""The services that look at the orders: counting, publishing, feedback links, the chatbot. `bootstrap.Services` has
them beside those of the orders themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import config
from .observability import log

if TYPE_CHECKING:
    from .services.chatbot.chatbot import AnswerQuestion
    from .services.chatbot.context import Context


class InsightServices:
    """Each is made on first use."""

    settings: config.Settings
    _a: Any

    def count_orders(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Records of the orders table's stream."""

    def publish_metrics(self) -> None:
        """Each minute."""

    def hourly_metrics(self) -> None:
        """Each hour."""

    @cached_property
    def answer_question(self) -> AnswerQuestion:
        from .domain.shop import Shop
        from .services.chatbot.chatbot import AnswerQuestion
        from .services.chatbot.lookup import FindOrders

        a, settings = self._a, self.settings
        shop = Shop(settings.shop_name, settings.shop_address, settings.shop_url)
        model = getattr(a, "chat_model", None)
        return AnswerQuestion(FindOrders(a.orders), shop, model, _problem, a.clock, log)


def _problem(text: str, context: Context, question: str) -> str | None:
    """Only a shop with a model pays for the import."""
    from importlib import import_module

    found: str | None = import_module(".services.chatbot.guard", __package__).problem(text, context, question)
    return found
