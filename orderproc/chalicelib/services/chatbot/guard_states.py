"""What an answer says of the state of the orders that it speaks of: each saying must hold, or be denied, or be only
possible; and what holds may not be denied."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from . import guard_clauses, guard_words
from .context import OrderFacts
from .guard_facts import GONE, Allowed, allowed
from .words import plain

STATUS = re.compile(
    r"(?<!\w)(?:PENDING|VALIDATING|INVENTORY_CHECK|PAYMENT_PROCESSING|CONFIRMED|FULFILLMENT|COMPLETED|FAILED"
    r"|CANCELLED"
    r"|REFUNDED|SHIPPED|DELIVERED|LOST)(?!\w)"
)
_MONEY_UNDER_WAY = re.compile(
    r"\b(?:refund|money|terugbetaling|geld|ruckerstattung|erstattung|remboursement|argent|reembolso|dinero)\b"
    r"[^;,!?]{0,30}?\b(?:on (?:its|the) way|under ?way|onderweg|unterwegs|en route|en chemin|en camino)\b"
)
"""Which an order is not, then."""
_VERB_AT_THE_END = ("de", "nl")
"""What denies a saying may stand behind it, too."""
_REACH, _REACH_OF_A_MODAL = 5, 3
"""Words between what makes a saying harmless and the saying."""


def status_problem(part: str, orders: Sequence[OrderFacts], language: str, promise: bool) -> str | None:
    """`promise`: that money comes back may be said."""
    may = allowed(orders)
    if any(code not in may.codes for code in STATUS.findall(part)):
        return "status"
    spoken = plain(STATUS.sub(GONE, part))
    if may.refunds:
        spoken = _MONEY_UNDER_WAY.sub(GONE, spoken)
    clauses = guard_clauses.clauses_of(spoken, language)
    for each in [(order,) for order in orders] if _speaks_of_all(spoken, language) else [tuple(orders)]:
        if any(_is_wrong(clause, each, allowed(each), language, promise) for clause in clauses):
            return "status"
    if _cancelling_is_wrong(clauses, spoken, orders, language):
        return "status"
    untold = _receipt_is_wrong(clauses, orders, language) or _tracking_is_wrong(clauses, orders, language)
    return "status" if untold else None


def _speaks_of_all(spoken: str, language: str) -> bool:
    return bool(guard_clauses.pattern("all", language).search(spoken))


def without_sayings(spoken: str) -> str:
    """Of states: they are judged here."""
    for pattern in _patterns():
        spoken = pattern.sub(GONE, spoken)
    return spoken


def _is_wrong(clause: str, orders: Sequence[OrderFacts], may: Allowed, language: str, promise: bool) -> bool:
    for pattern in _patterns():
        for found in pattern.finditer(clause):
            concept = str(found.lastgroup)
            if _holds(concept, may):
                if concept in guard_words.DENIABLE and _denied(clause, found, language) and _of_all(concept, orders):
                    return True
            elif not _may_be_said(concept, clause, found, may, language, promise):
                return True
    if orders and guard_clauses.pattern("no_order", language).search(clause):
        return True
    is_over = bool(may.states & guard_words.OVER) or not orders
    if is_over:
        return False
    never = guard_clauses.pattern("never", language).search(clause)
    return bool(never) and not guard_clauses.pattern("condition", language).search(clause)


def _holds(concept: str, may: Allowed) -> bool:
    return bool(may.states & guard_words.TRUE_OF[concept]) or (concept in _OF_MONEY and may.refunds)


def _of_all(concept: str, orders: Sequence[OrderFacts]) -> bool:
    """Whether it holds of each of these as a whole."""
    in_part = concept in ("SHIPPED", "DELIVERED", "COMPLETED", "PACKED") and any(
        order.parcels and order.left_to_ship for order in orders
    )
    return not in_part and all(_holds(concept, allowed((order,))) for order in orders)


def _may_be_said(concept: str, clause: str, found: re.Match[str], may: Allowed, language: str, promise: bool) -> bool:
    if concept in guard_words.DENIABLE and _failed_to(clause, language) and may.states and not may.states & _TROUBLE:
        return False
    if _is_only_possible(concept, clause, found, language):
        return True
    if concept == "MONEY_BACK":
        return promise
    if concept == "REFUNDED":
        possible = promise
    else:
        possible = concept in guard_words.TO_COME and bool(may.states) and not may.states <= guard_words.OVER
    return possible and _near("soon", clause, found, language, _REACH)


_OF_MONEY = ("REFUNDED", "MONEY_BACK")
_MAY_BE = guard_words.TO_COME | {"CANCELLED", "CALLED_OFF", "REFUNDED", "MONEY_BACK"}
"""What can or may happen; that an order might be lost is no comfort."""
_TROUBLE = guard_words.OVER | {"LOST"}


def _failed_to(clause: str, language: str) -> bool:
    return bool(guard_clauses.pattern("failed_to", language).search(clause))


def _is_only_possible(concept: str, clause: str, found: re.Match[str], language: str) -> bool:
    return (
        _near("denial", clause, found, language, _REACH)
        or _near("condition", clause, found, language, _REACH)
        or (concept in _MAY_BE and _near("modal", clause, found, language, _REACH_OF_A_MODAL))
    )


def _near(kind: str, clause: str, found: re.Match[str], language: str, reach: int) -> bool:
    marker = guard_clauses.pattern(kind, language)
    if language in _VERB_AT_THE_END:
        return bool(marker.search(f"{clause[: found.start()]}{GONE}{clause[found.end() :]}"))
    before = clause[: found.start()]
    for marked in marker.finditer(before):
        between = before[marked.end() :]
        asserted = kind == "modal" and guard_clauses.pattern("asserted", language).search(between)
        if len(between.split()) <= reach and not asserted:
            return True
    return False


def _denied(clause: str, found: re.Match[str], language: str) -> bool:
    if not _near("denial", clause, found, language, _REACH):
        return False
    if _failed_to(clause, language):
        return True
    return not any(guard_clauses.pattern(kind, language).search(clause) for kind in ("condition", "modal"))


def _cancelling_is_wrong(clauses: Sequence[str], spoken: str, orders: Sequence[OrderFacts], language: str) -> bool:
    """That an order can still be cancelled, where it can not, or the other way round."""
    can_all = bool(orders) and all(order.may_cancel for order in orders)
    can_none = bool(orders) and not any(order.may_cancel for order in orders)
    on_condition = guard_clauses.pattern("condition", language).search(spoken)
    for clause in clauses:
        if not guard_clauses.pattern("to_cancel", language).search(clause):
            continue
        denied = guard_clauses.pattern("impossible", language).search(clause)
        if denied:
            by_the_assistant = guard_clauses.pattern("i_can", language).search(clause)
            if can_all and not by_the_assistant:
                return True
        elif can_none and not on_condition and guard_clauses.pattern("possible", language).search(clause):
            return True
    return False


def _receipt_is_wrong(clauses: Sequence[str], orders: Sequence[OrderFacts], language: str) -> bool:
    for clause in clauses:
        if not orders or not guard_clauses.pattern("receipt", language).search(clause):
            continue
        kinds = [
            kind for kind in ("denial", "condition", "soon") if guard_clauses.pattern(kind, language).search(clause)
        ]
        if not kinds and not any(order.has_receipt for order in orders):
            return True
        if kinds == ["denial"] and all(order.has_receipt for order in orders):
            return True
    return False


def _tracking_is_wrong(clauses: Sequence[str], orders: Sequence[OrderFacts], language: str) -> bool:
    """That there is no tracking number, where there is one."""

    def said(kind: str, clause: str) -> bool:
        return bool(guard_clauses.pattern(kind, language).search(clause))

    return any(
        bool(orders)
        and all(order.parcels for order in orders)
        and said("tracking", clause)
        and said("denial", clause)
        and not (said("condition", clause) or said("modal", clause))
        for clause in clauses
    )


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile("|".join(rf"(?P<{concept}>(?<!\w)(?:{words})(?!\w))" for concept, words in listed.items()))
        for listed in guard_words.STATES.values()
    )
