"""The slots of a model's answer, and what fills them: the templates' own sentences about the caller's orders.

`{{status}}` is of the one order that the answer is about, `{{status:2}}` of the second on offer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from ..kit.wiring import dataclass
from .context import Context, Intent, OrderFacts
from .templates import Wording, shown_time

SLOT = re.compile(r"\{\{\s*([a-z_]+)\s*(?::\s*(\d{1,2})\s*)?\}\}")
_ENDS = ".!?:"

ANSWERS = {
    Intent.STATUS: ("summary", "status"),
    Intent.ITEMS: ("items", "total"),
    Intent.TRACKING: ("tracking", "summary", "status"),
    Intent.CANCEL: ("cancel",),
    Intent.RETURN: ("return", "refund"),
    Intent.RECENT: ("orders", "summary", "status"),
    Intent.RECEIPT: ("receipt",),
    Intent.GENERAL: ("summary", "status", "items", "contact", "about_me", "limits"),
    Intent.UNKNOWN: ("summary", "status", "items", "contact", "about_me", "limits"),
}
"""To each kind of question the slots of which an answer has at least one: without the fact it is no answer."""
_TEXTS = {
    "about_me": "help",
    "limits": "general",
    "how_to_cancel": "cancel.general",
    "how_to_return": "return.general",
    "how_to_track": "tracking.general",
    "how_to_get_receipt": "receipt.general",
    "ask_which": "which",
}
"""What holds for all orders, by its key in the texts."""
OF_AN_ORDER: dict[str, Callable[[Wording, OrderFacts], str]] = {
    "order": lambda _, order: order.name,
    "placed": lambda _, order: shown_time(order.created_at),
    "status": lambda wording, order: wording.status(order),
    "summary": lambda wording, order: wording.headline(order),
    "next_step": lambda wording, order: wording.about(Intent.STATUS, order, from_second=True),
    "items": lambda wording, order: wording.items(order),
    "total": lambda _, order: order.total,
    "tracking": lambda wording, order: wording.about(Intent.TRACKING, order, from_second=True),
    "reason": lambda wording, order: " ".join(wording.failure(order)),
    "refund": lambda wording, order: " ".join(wording.money(order)),
    "cancel": lambda wording, order: wording.about(Intent.CANCEL, order),
    "return": lambda wording, order: wording.about(Intent.RETURN, order),
    "receipt": lambda wording, order: "" if order.has_receipt is None else wording.about(Intent.RECEIPT, order),
}
NAMING = frozenset({"order", "summary", "cancel", "return", "receipt"})
"""Those of an order that say which one it is."""
IN_GENERAL = ("orders", "not_found", "contact", *_TEXTS)


@dataclass(frozen=True)
class Slots:
    """`chosen`: the numbers of the orders that the answer is about. `language` is the answer's."""

    context: Context
    chosen: tuple[int, ...]
    language: str

    def value(self, name: str, number: str | None) -> str | None:
        """What stands there; None if there is no such slot, or nothing to say in it."""
        if name in IN_GENERAL:
            return self._general(name) if number is None else None
        if name not in OF_AN_ORDER or (order := self._order(number)) is None:
            return None
        return OF_AN_ORDER[name](self._wording, order) or None

    def fill(self, text: str) -> str:
        """The text with its slots filled; each must have a value. What fills a slot is never looked through for
        others."""

        def filled(match: re.Match[str]) -> str:
            value, after = self.value(match[1], match[2]) or "", match[3]
            return value if after and value[-1:] in _ENDS else value + after

        return re.sub(SLOT.pattern + r"(\.?)", filled, text).replace(" \n", "\n").strip()

    def orders_in(self, text: str) -> tuple[str, ...]:
        """The ids of the orders that it tells of."""
        slots = [(match[1], match[2]) for match in SLOT.finditer(text)]
        numbers = {int(number) if number else self.chosen[0] for name, number in slots if name in OF_AN_ORDER}
        if any(name == "orders" for name, _ in slots):
            numbers |= set(self.chosen)
        return tuple(order.order_id for n, order in enumerate(self.context.offered, 1) if n in numbers)

    def _order(self, number: str | None) -> OrderFacts | None:
        if number is None and len(self.chosen) != 1:
            return None
        wanted = int(number) if number else self.chosen[0]
        return self.context.offered[wanted - 1] if wanted in self.chosen else None

    def _general(self, name: str) -> str | None:
        wording = self._wording
        if name == "not_found":
            return wording.not_found("not_found") if self.context.not_found else None
        if name == "orders":
            orders = [self.context.offered[n - 1] for n in self.chosen]
            return "\n" + "\n".join(map(wording.line, orders)) if orders else None
        return wording.contact if name == "contact" else wording.say(_TEXTS[name])

    @property
    def _wording(self) -> Wording:
        return Wording(replace(self.context, language=self.language))
