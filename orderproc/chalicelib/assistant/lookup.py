"""Which orders a question is about: in few calls, and nothing but what the caller may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ..kit.errors import Damaged
from ..kit.page import Page
from ..kit.wiring import service
from ..orders.model import UNSUCCESSFUL, Order, ShipmentStatus, Status
from ..orders.ports import Orders
from ..orders.viewers import OneOrder, Viewer
from .context import Found, Intent
from .references import Reference
from .understanding import Understood
from .words import words_of

SHOWN = 5
_LATEST = 25
"""Orders to choose from when the question names none."""
_SEARCHED = 100
"""Orders among which one is looked for that is named by less than its id: as many as one BatchGetItem takes."""
_MOST_ORDERS = 3
"""Orders that one answer speaks of, unless it is a list."""
_NEEDS_NO_ORDER = frozenset({Intent.GENERAL, Intent.UNKNOWN})


@service
class FindOrders:
    orders: Orders | OneOrder
    named: Callable[[str], tuple[list[str], bool]] = lambda _: ([], False)  # SearchOrders.named: of anyone's orders

    def __call__(self, caller: Viewer, asked: Understood) -> Found[Order]:
        """Calls: a GetItem for each whole id (three at most); or a Query with its BatchGetItem, and a GetItem for an id
        that another system gave. Where the caller has more than a hundred orders, a Query finds the start of an id
        among the others, one of the search index a number, and a GetItem reads the order."""
        whole = [reference for reference in asked.references if reference.whole]
        other = [reference for reference in asked.references if not reference.whole]
        if whole and not any(reference.certain for reference in other):
            return self._by_id(caller, whole[:_MOST_ORDERS])
        page: Page[Order] | None = None
        if asked.references:
            page = self._recent(caller, _SEARCHED)
            found = self._named(caller, asked.references, page)
            if found.orders or found.not_found:
                return found
        if not caller.one_person or set(asked.intents) <= _NEEDS_NO_ORDER:
            return Found()
        most = SHOWN if Intent.RECENT in asked.intents else _LATEST
        latest = (page or self._recent(caller, most)).items[:most]
        found = _latest(latest, asked)
        return replace(found, others=tuple(order for order in latest[:SHOWN] if order not in found.orders))

    def _by_id(self, caller: Viewer, named: Sequence[Reference]) -> Found[Order]:
        orders = {reference.text: self._get(caller, reference.text) for reference in named}
        missing = tuple(text for text, order in orders.items() if order is None)
        return Found(_newest_first(filter(None, orders.values())), missing)

    def _named(self, caller: Viewer, named: Sequence[Reference], recent: Page[Order]) -> Found[Order]:
        """Of several ids, some of them short."""
        orders: dict[str, Order] = {}
        not_found: list[str] = []
        searched, reads_left = 0, 1
        ids, all_ids = list[str](), True
        among = {one: [order for order in recent.items if _is_meant(order, one.text, caller)] for one in named}
        if recent.next and any(reference.short and not meant for reference, meant in among.items()):
            ids, all_ids = self.orders.newest_ids(caller.owner, caller.customer_id)
        for reference in named:
            meant = among[reference]
            by_start = reference.short and recent.next is not None
            looked = bool(reads_left) or reference.short
            # One of digits alone may be an order's number, too.
            whole = by_start and all_ids and not reference.text.isdigit()
            if not meant and (by_start or reads_left):
                reads_left -= not by_start
                wanted = [i for i in ids if i.startswith(reference.text)][:1] if by_start else [reference.text]
                meant = [order for order_id in wanted if (order := self._get(caller, order_id))]
            if not meant and recent.next and not whole:
                named_so, whole = self.named(reference.text)
                found = (self._get(caller, order_id) for order_id in named_so)
                meant = [order for order in found if order and _is_meant(order, reference.text, caller)]
            orders |= {order.order_id: order for order in meant}
            if not meant and looked and reference.is_some_number:
                not_found.append(reference.text)
                if recent.next and not whole:
                    searched = len(ids) if by_start and not reference.text.isdigit() else _SEARCHED
        return Found(_newest_first(orders.values())[:_MOST_ORDERS], tuple(not_found), searched=searched)

    def _get(self, caller: Viewer, order_id: str) -> Order | None:
        try:
            order = self.orders.get(order_id)
        except Damaged:  # its owner can't be known for certain
            return None
        return order if order and caller.may_see(order) else None

    def _recent(self, caller: Viewer, limit: int) -> Page[Order]:
        page = self.orders.by_owner(caller.owner, caller.customer_id, limit, None)
        return Page([order for order in page.items if caller.may_see(order)], page.next)


def _latest(recent: Sequence[Order], asked: Understood) -> Found[Order]:
    """The orders that are most likely meant when none is named."""
    if Intent.RECENT in asked.intents:
        return Found(tuple(recent), chosen=True)
    fitting = [order for order in recent if _has_product(order, asked.words)] or recent
    meeting = ([order for order in fitting if wanted(order)] for wanted in _wanted(asked))
    meant = next(filter(None, meeting), fitting)
    most = 2 if asked.intents[0] is Intent.TRACKING and any(map(_is_under_way, meant)) else 1
    return Found(tuple(meant[:most]), chosen=True)


def _wanted(asked: Understood) -> _Conditions:
    if asked.about_failure:
        return _NOT_PAID + _FAILED if asked.about_money else _FAILED
    first = _MONEY_BACK if asked.about_money and asked.intents[0] is Intent.RETURN else ()
    return first + _WANTED.get(asked.intents[0], ())


def _is_meant(order: Order, text: str, caller: Viewer) -> bool:
    """By its number, its id, the start of that as messages of before show it, a shipment's number, or the id of a
    product in it; this last not for a partner who names no customer, because its customers must not see what others
    bought."""
    short = text.lower()
    numbers = [order.order_id, order.order_number, *(shipment.tracking_number for shipment in order.shipments)]
    if caller.one_person:
        numbers += [line.product_id for line in order.lines]
    return short in map(str.lower, numbers) or (len(short) >= 6 and order.order_id.lower().startswith(short))


def _has_product(order: Order, words: frozenset[str]) -> bool:
    names = [f"{line.title} {line.name}" if line.name else line.product_id for line in order.lines]
    return any(word in words for name in names for word in words_of(name) if len(word) >= 4)


def _is_under_way(order: Order) -> bool:
    return any(shipment.status is not ShipmentStatus.DELIVERED for shipment in order.shipments)


_Conditions = tuple[Callable[[Order], bool], ...]
_UNPAID = frozenset({"CARD_DECLINED", "INSUFFICIENT_FUNDS", "PAYMENT_UNAVAILABLE"})
_FAILED: _Conditions = (lambda order: order.status is Status.FAILED,)
_NOT_PAID: _Conditions = (lambda order: order.failure is not None and order.failure.code in _UNPAID,)
_MONEY_BACK: _Conditions = (
    lambda order: bool(order.payment and (order.payment.refunded or order.status in UNSUCCESSFUL)),
)
"""Or a refund: who asks for one without having returned anything means the refund of a cancelled order."""
_WANTED: dict[Intent, _Conditions] = {
    Intent.TRACKING: (_is_under_way, lambda order: bool(order.shipments) or order.status not in UNSUCCESSFUL),
    Intent.CANCEL: (lambda order: order.status not in UNSUCCESSFUL and not order.shipments,),
    Intent.RETURN: (lambda order: bool(order.shipments) or bool(order.payment and order.payment.refunded),),
    Intent.RECEIPT: (lambda order: order.succeeded_at is not None,),
}
"""Which of the latest orders is meant when none is named: the first condition that any order meets decides."""


def _newest_first(orders: Iterable[Order]) -> tuple[Order, ...]:
    return tuple(sorted(orders, key=lambda order: (order.created_at, order.order_id), reverse=True))
