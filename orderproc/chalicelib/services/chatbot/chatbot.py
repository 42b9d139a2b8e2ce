"""Answers a customer's question about their orders: by a language model where there is one and what it says holds, by a
template where not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ...domain.clock import to_millis
from ...domain.order import CALLED_OFF, Order
from ...domain.shop import Shop
from ...wiring import service
from ..plain_text import one_line
from ..ports import Clock, Log
from . import templates
from .context import Context, Intent, OrderFacts
from .facts import facts_of, was_successful
from .lookup import Caller, FindOrders, Found
from .ports import Model, NoAnswer, Said
from .understanding import Understood, understand

Problem = Callable[[str, Context, str], str | None]
"""Why a model's answer to a question may not be given, in one word; None if it may."""


_ABOUT_SOMEBODYS_ORDERS = frozenset({Intent.RECENT, Intent.STATUS, Intent.ITEMS})


@dataclass(frozen=True)
class Answer:
    """`orders`: the ids of those that it speaks of."""

    answer: str
    source: str
    orders: tuple[str, ...]


@service
class AnswerQuestion:
    find: FindOrders
    shop: Shop
    model: Model | None
    problem: Problem
    clock: Clock
    log: Log
    has_receipt: Callable[[Order], bool] = lambda _: False
    """Whether the order's receipt is stored."""

    def __call__(self, owner: str, query: str, customer_id: str | None = None) -> Answer:
        """About the owner's orders, where a customer is given about that customer's only. Always an answer, be it that
        the question was not understood; nothing is changed by asking.

        An order that is another's is spoken of as one that is not there. Raises what the orders' store raises."""
        began, caller = self.clock.now(), Caller(owner, customer_id)
        question = one_line(query).strip()
        asked = understand(question)
        found = self.find(caller, asked)
        context = self._context(asked, found)
        situation = templates.Situation(found.chosen, whose=not caller.one_person, searched=found.searched)
        text, said, reason = self._asked(question, context, situation)
        if text is None:
            text = templates.answer(context, asked.intents, situation)
        source = "template" if reason else "bedrock"
        self.log.info(
            "chatbot_answered",
            intent=context.intent.value,
            language=asked.language,
            source=source,
            reason=reason,
            inputTokens=said.input_tokens if said else 0,
            outputTokens=said.output_tokens if said else 0,
            durationMs=to_millis(self.clock.now()) - to_millis(began),
        )
        return Answer(text, source, _spoken_of(text, context))

    def _asked(
        self, question: str, context: Context, situation: templates.Situation
    ) -> tuple[str | None, Said | None, str]:
        """What the model said, if it may be given; what it cost; and why it is not given, empty if it is."""
        if self.model is None:
            return None, None, "no_model"
        nobodys = situation.whose and not context.orders and not context.not_found
        if nobodys and context.intent in _ABOUT_SOMEBODYS_ORDERS:
            return None, None, "no_customer"  # that nobody was named is not in the context: it would say there are none
        if situation.searched:
            return None, None, "not_all_searched"  # nor that older orders were not looked at
        try:
            said = self.model.answer(question, context)
        except NoAnswer as none:
            return None, None, none.reason
        problem = self.problem(said.text, context, question)
        return (None, said, problem) if problem else (said.text, said, "")

    def _context(self, asked: Understood, found: Found) -> Context:
        intent = asked.intents[0]
        if found.orders and intent in (Intent.UNKNOWN, Intent.GENERAL):
            intent = Intent.STATUS
        orders = tuple(self._facts_of(order, asked) for order in found.orders)
        return Context(intent, asked.language, orders, found.not_found, self.shop.name, self.shop.url)

    def _facts_of(self, order: Order, asked: Understood) -> OrderFacts:
        """Of an order that was called off later only the store knows whether its receipt was written before."""
        facts = facts_of(order, asked.language)
        if Intent.RECEIPT in asked.intents and order.status in CALLED_OFF and was_successful(order):
            return replace(facts, has_receipt=self.has_receipt(order))
        return facts


def _spoken_of(text: str, context: Context) -> tuple[str, ...]:
    """A model may leave out some of the orders, or the id where there is one order only."""
    ids = tuple(order.order_id for order in context.orders)
    return tuple(order_id for order_id in ids if order_id in text) or ids
