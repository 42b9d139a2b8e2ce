"""Days, times, amounts and numbers in an answer: each must be one of an order that is spoken of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache

from ...domain.clock import from_iso
from ...domain.money import is_currency
from . import guard_vocabulary, guard_words
from .context import OrderFacts
from .templates import state_of
from .words import plain

GONE = "\x00"
"""Stands where something was found to be right."""


@dataclass(frozen=True)
class Allowed:
    """What may be said where these orders are spoken of. `refunds`: money was given back, or is on its way."""

    states: frozenset[str]
    codes: frozenset[str]
    refunds: bool
    moments: tuple[datetime, ...]
    amounts: frozenset[tuple[str, Decimal]]
    counts: frozenset[int]


@lru_cache(maxsize=256)
def _moment(at: str) -> datetime:
    """The same few for each part of an answer, and slow to parse."""
    return from_iso(at)


def allowed(orders: Sequence[OrderFacts]) -> Allowed:
    parcels = [parcel for order in orders for parcel in order.parcels]
    times = [at for order in orders for at in (order.created_at, order.updated_at)] + [parcel.at for parcel in parcels]
    moneys = [text for order in orders for text in (order.total, order.refunded, order.owed_back) if text]
    on_the_way = {"SHIPPED", "DELIVERED"} & {parcel.status for parcel in parcels}
    return Allowed(
        frozenset({*map(state_of, orders), *(o.status for o in orders if o.left_to_ship), *on_the_way}),
        frozenset({order.status for order in orders} | {parcel.status for parcel in parcels}),
        any(order.refunded or order.owed_back for order in orders),
        tuple(_moment(at) for at in times),
        frozenset((currency_of(text), amount) for text in moneys for amount in amounts_in(text)),
        frozenset(_counts(orders)),
    )


def _counts(orders: Sequence[OrderFacts]) -> Iterable[int]:
    yield from (len(orders), *range(1, len(orders) + 1))
    for order in orders:
        pieces = [quantity for _, quantity in order.items]
        shipped = sum(pieces) - order.left_to_ship
        yield from (*pieces, sum(pieces), len(pieces), len(order.parcels), order.left_to_ship, shipped)


_WORDS_OF_MONEY = "|".join(re.escape(word) for word in guard_words.MONEY if word.isalpha() and word != "zł")
_CURRENCY = rf"(?:CN¥|US\$|[€$£¥₹₴]|(?<!\w)zł(?!\w)|(?<!\w)(?:[A-Z]{{3}}|(?i:{_WORDS_OF_MONEY}))(?!\w))"
_NUMBER = r"(?:\d{1,3}(?:[ .,']\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,3})?(?!\d))"
_MONEY = re.compile(
    rf"(?P<before>{_CURRENCY})\s?(?P<a>{_NUMBER})(?:[.,][-–])?|(?P<b>{_NUMBER})\s?(?P<after>{_CURRENCY})"
)
_LEFT_OVER = re.compile(r"CN¥|US\$|[€$£¥₹₴%]|(?<!\w)zł(?!\w)|(?<!\w)(?i:" + _WORDS_OF_MONEY + r")(?!\w)")

_MONTHS = {name: number for number, names in enumerate(guard_words.MONTHS, 1) for name in names.split("|")}
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")(?!\w)\.?"
_DATES = (
    re.compile(r"(?<![\w.])(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)(?:t(?=\d)|(?!\w))"),
    re.compile(r"(?<![\w.])(?P<d>\d\d?)(?P<s>[./-])(?P<m>\d\d?)(?P=s)(?P<y>\d{4}|\d\d)(?!\w)"),
    re.compile(
        rf"(?<![\w.])(?P<d>\d\d?)(?:st|nd|rd|th|er|e|\.|o)?\s*(?:de |of )?(?P<name>{_MONTH})"
        r"(?:,?\s*(?:de |del )?(?P<y>\d{4})(?!\w))?"
    ),
    re.compile(rf"(?<!\w)(?P<name>{_MONTH})\s+(?P<d>\d\d?)(?:st|nd|rd|th)?(?![\w:])(?:,?\s*(?P<y>\d{{4}})(?!\w))?"),
    re.compile(r"(?<![\w.])(?P<d>\d\d?)/(?P<m>\d\d?)(?![\w/])|(?<![\w.])(?P<e>\d\d?)\.(?P<n>\d\d?)\.(?!\w)"),
)
_TIMES = (
    re.compile(
        r"(?<![\w.:])(?P<h>\d\d?)(?::|\s?h\s?)(?P<m>\d\d)(?::\d\d(?:\.\d+)?)?z?\s*(?P<half>[ap]\.?m\.?(?!\w))?"
        r"(?:\s*(?:uhr|uur|h)(?!\w))?(?![\d:])"
    ),
    re.compile(r"(?<![\w.:])(?P<h>\d\d?)\.(?P<m>\d\d) ?(?P<half>(?!))?(?:uhr|uur|h)(?!\w)"),
    re.compile(
        r"(?<![\w.:])(?P<h>\d\d?)(?P<m>(?!))?\s?(?P<half>[ap]\.?m\.?(?!\w))?(?:(?<=m)|(?<=m\.)|\s?(?:uhr|uur"
        r"|h)(?!\w))"
    ),
)
_MONTH_ALONE = re.compile(
    "(?<!\\w)(?:" + "|".join(m for m in _MONTHS if len(m) > 4 and m not in ("march", "maart")) + ")(?!\\w)"
)
_DAYS_OF_WEEK = {name: day for day, names in enumerate(guard_words.WEEKDAYS) for name in names}
_DAY_OF_WEEK = re.compile("(?<!\\w)(?:" + "|".join(_DAYS_OF_WEEK) + ")(?!\\w)")
_DURATION = re.compile(f"(?<!\\w)(?:{guard_words.DURATIONS})(?!\\w)")
_TEN_DAYS = re.compile(r"(?<!\w)(?:ten|10|tien|zehn|dix|diez) (?:days|dagen|tagen?|jours|dias)(?!\w)")
"""Until a bank shows money that was given back: the one duration that is known (`prompt.REFUNDED`)."""
_BARE_TOTAL = re.compile(
    r"(?<!\w)(?:total\w*|price|amount|costs?|sum|totaal\w*|bedrag|prijs|kost|gesamt\w+|betrag|preis|kostet"
    r"|montant|prix|coute"
    r"|importe|precio|cuesta)(?: \w+){0,4} \d{1,4} ?(?:[.;!,]|$)(?!\d)"
)
"""A number with nothing behind it, where money is spoken of."""
_TOKEN = re.compile(r"\w*\d\w*(?:[-_.,/:']\w+)*")
_COUNT = re.compile(r"x?(\d{1,4})(?:st|nd|rd|th|er|re|e|eme|o|x)?")


def number_problem(text: str, may: Allowed, language: str, excused: str) -> str | None:
    """What is wrong with the days, amounts and numbers of a part of an answer, in one word. `excused` is text whose
    words may be said again."""
    text, wrong = _money_taken(text, may)
    if wrong or _BARE_TOTAL.search(plain(text)):
        return "money"
    rest = _TEN_DAYS.sub(GONE, plain(text)) if may.refunds else plain(text)
    for pattern in _DATES:
        rest, good = _taken(pattern, rest, lambda found: _is_date_of(found, may.moments))
        if not good:
            return "date"
    for pattern in _TIMES:
        rest, good = _taken(pattern, rest, lambda found: _is_time_of(found, may.moments))
        if not good:
            return "date"
    if _speaks_of_time(rest, may, language, excused):
        return "date"
    return _numeral_problem(rest, may, language) or _leftover_problem(rest, may)


def _money_taken(text: str, may: Allowed) -> tuple[str, str | None]:
    def is_right(found: re.Match[str]) -> bool:
        currency = _code(found["before"] or found["after"])
        return any((currency, amount) in may.amounts for amount in amounts_in(found["a"] or found["b"]))

    def is_money(found: re.Match[str]) -> bool:
        sign = found["before"] or found["after"]
        return not re.fullmatch("[A-Z]{3}", sign) or is_currency(sign)

    wrong = any(is_money(found) and not is_right(found) for found in _MONEY.finditer(text))
    text = _MONEY.sub(lambda found: GONE if is_money(found) else found[0], text)
    return text, "money" if wrong or _LEFT_OVER.search(text) else None


def currency_of(text: str) -> str:
    """Of an amount as `money.display` writes it."""
    return _code(re.sub(r"[\d.,\s-]", "", text))


def _code(sign: str) -> str:
    return guard_words.MONEY.get(sign.lower(), sign)


def amounts_in(text: str) -> set[Decimal]:
    """What a number may mean, wherever its reader comes from: `1.299` is 1299, or a little more than one."""
    digits = re.sub(r"[^\d.,]", "", text).strip(".,")
    if not digits:
        return set()
    found = {Decimal(re.sub(r"[.,]", "", digits))} if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+|\d+", digits) else set()
    whole, separator, behind = digits.replace(",", ".").rpartition(".")
    if separator and len(behind) <= 3:
        found.add(Decimal(f"{whole.replace('.', '') or 0}.{behind}"))
    return found


def _taken(pattern: re.Pattern[str], text: str, is_right: Callable[[re.Match[str]], bool]) -> tuple[str, bool]:
    good = all(is_right(found) for found in pattern.finditer(text))
    return pattern.sub(f" {GONE} ", text), good


def _is_date_of(found: re.Match[str], moments: Sequence[datetime]) -> bool:
    parts = found.groupdict()
    day = int(parts.get("d") or parts["e"])
    name = parts.get("name")
    month = _MONTHS[name.rstrip(".")] if name else int(parts.get("m") or parts["n"])
    year = parts.get("y")
    swapped = (not name and len(year or "") != 4) or (not name and "s" in parts)
    return any(
        ((moment.month, moment.day) == (month, day) or (swapped and (moment.month, moment.day) == (day, month)))
        and (not year or f"{moment.year}".endswith(year))
        for moment in moments
    )


def _is_time_of(found: re.Match[str], moments: Sequence[datetime]) -> bool:
    hour, minute, half = int(found["h"]), int(found["m"] or 0), (found["half"] or "")[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return any((moment.hour, moment.minute) == (hour, minute) for moment in moments)


def _speaks_of_time(text: str, may: Allowed, language: str, excused: str) -> bool:
    months = {moment.month for moment in may.moments}
    if any(_MONTHS[found[0]] not in months for found in _MONTH_ALONE.finditer(text)):
        return True
    weekdays = {moment.weekday() for moment in may.moments}
    if any(_DAYS_OF_WEEK[found[0]] not in weekdays for found in _DAY_OF_WEEK.finditer(text)):
        return True
    spoken = [*_DURATION.finditer(text), *_relative_days(language).finditer(text)]
    return any(found[0] not in excused for found in spoken)


@cache
def _relative_days(language: str) -> re.Pattern[str]:
    return re.compile(f"(?<![\\w-])(?:{guard_words.DAYS.get(language, guard_words.DAYS['en'])})(?![\\w-])")


def _numeral_problem(text: str, may: Allowed, language: str) -> str | None:
    listed = guard_vocabulary.NUMERALS.get(language, "").split()
    meant = (listed.index(word) + 2 for word in re.findall(r"[^\W\d_]+", text) if word in listed)
    return "number" if any(number not in may.counts for number in meant) else None


def _leftover_problem(text: str, may: Allowed) -> str | None:
    for token in _TOKEN.findall(text):
        count = _COUNT.fullmatch(token)
        if count and int(count[1]) in may.counts:
            continue
        if re.fullmatch(r"[\d.,']+", token) and amounts_in(token) & {amount for _, amount in may.amounts}:
            continue
        return "reference" if len(token) > 4 or not token.isdecimal() else "number"
    return None
