"""Answers a customer's question about their orders: in a language model's words around our facts where there is one
and it keeps the rules, by a template where not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..kit.clock import to_millis
from ..kit.plain_text import one_line
from ..kit.ports import Clock, Log
from ..kit.shop import Shop
from ..kit.wiring import dataclass, service
from ..orders.commands import GUEST
from ..orders.model import Order
from ..orders.viewers import OneOrder, Viewer
from .context import Context, Found, Intent, OrderFacts, facts_of
from .languages import WITH_TEXTS
from .lookup import FindOrders
from .ports import Draft, Model, NoAnswer
from .templates import Wording
from .understanding import Understood, understand

_ABOUT_ORDERS = frozenset({Intent.RECENT, Intent.STATUS, Intent.ITEMS})


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
    clock: Clock
    log: Log
    has_receipt: Callable[[Order], bool] = lambda _: False
    """Whether the order's receipt is stored."""

    def __call__(self, owner: str, query: str, customer_id: str | None = None) -> Answer:
        """About the owner's orders, or only those of the customer that is given. There is always an answer, also to a
        question that was not understood; asking changes nothing.

        Another's order gets the answer of one that does not exist. Raises what the orders' store raises."""
        return self._answer(query, Viewer(owner, customer_id), self.find)

    def about(self, order: Order, query: str) -> Answer:
        """About this order alone: any other gets the answer of one that does not exist. Nothing is read but whether the
        order has a receipt."""
        return self._answer(query, Viewer(order.owner, order.customer_id), FindOrders(OneOrder(order)))

    def _answer(self, query: str, caller: Viewer, find: FindOrders) -> Answer:
        began = self.clock.now()
        question = one_line(query).strip()
        asked = understand(question)
        context = self._context(asked, find(caller, asked), caller)
        answer, draft, reason = self._by_model(question, asked, context)
        if answer is None:
            orders = tuple(order.order_id for order in context.orders)
            answer = Answer(Wording(context).text(asked.intents), "template", orders)
        self.log.info(
            "chatbot_answered",
            intent=context.intent.value,
            language=asked.language,
            source=answer.source,
            reason=reason,
            inputTokens=draft.input_tokens if draft else 0,
            outputTokens=draft.output_tokens if draft else 0,
            durationMs=to_millis(self.clock.now()) - to_millis(began),
        )
        return answer

    def _by_model(self, question: str, asked: Understood, context: Context) -> tuple[Answer | None, Draft | None, str]:
        """The model's answer, if it may be given; what it was made of; and why there is none, empty if there is."""
        if self.model is None:
            return None, None, "no_model"
        if not context.offered and not context.not_found and context.intent in _ABOUT_ORDERS:
            return None, None, "no_orders"  # a model can't know whether they were looked for
        if context.searched:
            return None, None, "not_all_searched"  # nor that older orders were not
        try:
            draft = self.model.draft(question, context)
        except NoAnswer as none:
            return None, None, str(none)
        from .rules import problem  # only a shop with a model pays for it
        from .slots import Slots

        slots = Slots(context, draft.orders, draft.language)
        is_foreign = asked.surely and draft.language != asked.language
        if wrong := "language" if is_foreign else problem(draft, slots):
            return None, draft, wrong
        return Answer(slots.fill(draft.text), "bedrock", slots.orders_in(draft.text)), draft, ""

    def _context(self, asked: Understood, found: Found[Order], caller: Viewer) -> Context:
        intent = asked.intents[0]
        if found.orders and intent in (Intent.UNKNOWN, Intent.GENERAL):
            intent = Intent.STATUS
        orders, others = (
            tuple(self._facts_of(order, asked) for order in listed) for listed in (found.orders, found.others)
        )
        return Context(
            **{**vars(found), "orders": orders, "others": others},
            intent=intent,
            language=asked.language if asked.language in WITH_TEXTS else "en",
            shop_name=self.shop.name,
            shop_url=self.shop.url,
            is_guest=caller.owner == GUEST,
            whose=not caller.one_person,
        )

    def _facts_of(self, order: Order, asked: Understood) -> OrderFacts:
        """The store is asked for a receipt only if the question is about one."""
        facts = facts_of(order)
        if facts.has_receipt is None and Intent.RECEIPT in asked.intents:
            return replace(facts, has_receipt=self.has_receipt(order))
        return facts
