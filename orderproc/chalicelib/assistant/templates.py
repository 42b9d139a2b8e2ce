"""Answers without a model: correct, complete and short, in the language of the question.

Every sentence is in `texts/<language>.json`; this module decides which of them hold for an order. `slots.py` gives the
same sentences to what a model says."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from ..kit.clock import from_iso
from ..orders.model import UNSUCCESSFUL, Shipment
from .context import Context, Intent, OrderFacts
from .languages import texts_in

_WORKING = frozenset({"PENDING", "VALIDATING", "INVENTORY_CHECK", "PAYMENT_PROCESSING"})
_MOST_ITEMS = 10
_MOST_SHIPMENTS = 5


def state_of(order: OrderFacts) -> str:
    """The status, refined by where the shipments are."""
    if order.status in UNSUCCESSFUL or not order.shipments:
        return order.status
    statuses = {shipment.status for shipment in order.shipments}
    if "LOST" in statuses:
        return "LOST"
    if order.left_to_ship > 0:
        return "PARTLY_SHIPPED"
    return "DELIVERED" if statuses == {"DELIVERED"} else "SHIPPED"


class Wording:
    """The sentences about one question's orders, each a list of those that hold."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._words = texts_in(context.language)
        url, name = context.shop_url, context.shop_name
        contact, shop = ("contact", "shop") if url else ("contact.none", "shop.none")
        shop = "shop.guest" if context.is_guest else shop  # guests have no list of orders
        self.contact = self._words[contact].format(url=url, name=name)
        self._always = {"contact": self.contact, "shop": self._words[shop].format(url=url), "name": name}

    def text(self, intents: Sequence[Intent]) -> str:
        """Plain text of a few lines, with the ids of all orders of the context that it is about."""
        context = self._context
        if context.orders:
            parts = [part for intent in intents for part in self._about_orders(intent)]
            if Intent.GENERAL in intents:
                parts.append(self.say("general"))
            if context.not_found:
                parts.append(self.not_found("not_found.too"))
            elif context.chosen and Intent.RECENT not in intents:
                parts.append(self.say("latest"))
        elif context.not_found:
            parts = [self.not_found("not_found")]
        else:
            parts = [part for intent in intents for part in self._in_general(intent)]
        return "\n".join(dict.fromkeys(parts))

    def not_found(self, key: str) -> str:
        count = self._context.searched
        return self.say("not_found.recent", count=count) if count else self.say(key)

    def _about_orders(self, intent: Intent) -> list[str]:
        orders = self._context.orders
        if intent is Intent.RECENT:
            return [self.say("recent.title"), *map(self.line, orders)]
        return [self.about(intent, order) for order in orders]

    def about(self, intent: Intent, order: OrderFacts, *, from_second: bool = False) -> str:
        """What there is to say about one order to a question of that kind; the first sentence may be left out."""
        tell = {
            Intent.ITEMS: self._items,
            Intent.TRACKING: self._tracking,
            Intent.CANCEL: self._cancelling,
            Intent.RETURN: self._returning,
            Intent.RECEIPT: self._receipt,
        }.get(intent, self._status)
        return " ".join(tell(order)[from_second:])

    def _in_general(self, intent: Intent) -> list[str]:
        which = ("recent.whose" if intent is Intent.RECENT else "which") if self._context.whose else "recent.none"
        keys = {
            **dict.fromkeys((Intent.RECENT, Intent.STATUS, Intent.ITEMS), (which,)),
            Intent.GENERAL: ("help", "general"),
            Intent.UNKNOWN: ("unknown", "help"),
        }.get(intent, (f"{intent.lower()}.general",))
        return [self.say(key) for key in keys]

    def line(self, order: OrderFacts) -> str:
        """One of a list."""
        return self._of("recent.line", order, day=order.created_at[:10])

    def _status(self, order: OrderFacts) -> list[str]:
        if state_of(order) in _WORKING:
            return [self.headline(order), self.say("next.WORKING")]
        shipments = [] if order.status in UNSUCCESSFUL else self._shipments(order)
        return [self.headline(order), *self.failure(order), *shipments, *self.money(order)]

    def _tracking(self, order: OrderFacts) -> list[str]:
        money = self.money(order) if order.status in UNSUCCESSFUL else []
        return [self.headline(order), *self.failure(order), *self._shipments(order), *money]

    def _items(self, order: OrderFacts) -> list[str]:
        return [self._of("items", order, items=self.items(order)), *self.refunded(order)]

    def items(self, order: OrderFacts) -> str:
        """The first of them with their numbers, and how many there are in all where there are more."""
        names = [f"{units} × {name}" for name, units in order.items[:_MOST_ITEMS]]
        if len(order.items) > _MOST_ITEMS:
            names.append(self.say("items.more", count=sum(units for _, units in order.items)))
        return ", ".join(names)

    def _cancelling(self, order: OrderFacts) -> list[str]:
        over = order.status in UNSUCCESSFUL
        key = "possible" if order.may_cancel else order.status if over else "SHIPPED"
        return [self._of(f"cancel.{key}", order), *(self.money(order) if over else [])]

    def _returning(self, order: OrderFacts) -> list[str]:
        key = "over" if order.status in UNSUCCESSFUL else "SHIPPED" if order.shipments else "TO_SHIP"
        return [self._of(f"return.{key}", order), *self.failure(order), *self.money(order)]

    def _receipt(self, order: OrderFacts) -> list[str]:
        key = "there" if order.has_receipt else "never" if order.status in UNSUCCESSFUL else "later"
        return [self._of(f"receipt.{key}", order)]

    def headline(self, order: OrderFacts) -> str:
        return self._of("order", order, words=self.say(f"words.{state_of(order)}"))

    def status(self, order: OrderFacts) -> str:
        """A few words for the middle of a sentence."""
        return f"{self._words[f'label.{state_of(order)}']} ({order.status})"

    def _shipments(self, order: OrderFacts) -> list[str]:
        """The last of them, and what comes next."""
        shipments = list(zip_longest(order.shipments, order.links))[-_MOST_SHIPMENTS:]
        state, sentences = state_of(order), [self._shipment(*shipment) for shipment in shipments]
        if order.status in UNSUCCESSFUL:
            return sentences or [self.say("next.NEVER")]
        if order.shipments and order.left_to_ship > 0:
            sentences.append(self.say("left", count=order.left_to_ship))
        if state == "PARTLY_SHIPPED":
            state = "SHIPPED" if any(shipment.status == "SHIPPED" for shipment in order.shipments) else "TO_SHIP"
        return [*sentences, self.say(f"next.{state}" if order.shipments else "next.TO_SHIP")]

    def _shipment(self, shipment: Shipment, link: str | None) -> str:
        at = shown_time(shipment.at)
        told = self.say(f"shipment.{shipment.status}", carrier=shipment.carrier, number=shipment.tracking_number, at=at)
        return f"{told} {self.say('shipment.follow', link=link)}" if link and shipment.status == "SHIPPED" else told

    def failure(self, order: OrderFacts) -> list[str]:
        """Why it failed, and what to do, in a sentence or two."""
        known = self._words.get(f"failure.{order.failure}", self._words["failure.OTHER"])
        return [known] if order.failure else []

    def money(self, order: OrderFacts) -> list[str]:
        """What was or will be refunded; of an unsuccessful order also that nothing is."""
        sentences = self.refunded(order)
        if order.owed_back:
            sentences.append(self.say("money.owed", owed=order.owed_back))
        return sentences or ([self.say("money.none")] if order.status in UNSUCCESSFUL else [])

    def refunded(self, order: OrderFacts) -> list[str]:
        return [self.say("money.refunded", refunded=order.refunded)] if order.refunded else []

    def _of(self, key: str, order: OrderFacts, **more: Any) -> str:
        return self.say(
            key,
            id=order.name,
            status=order.status,
            label=self._words[f"label.{state_of(order)}"],
            placed=shown_time(order.created_at),
            since=shown_time(order.updated_at),
            total=order.total,
            **more,
        )

    def say(self, key: str, **values: Any) -> str:
        return self._words[key].format(**self._always, **values)


def shown_time(at: str) -> str:
    return f"{from_iso(at):%Y-%m-%d %H:%M} UTC"
