"""The languages that customers are written to in: their texts (`assets/texts`), and how each writes money, numbers,
times and countries (CLDR, by babel, which is imported where something is first written).

Times are in UTC and say so. English writes them as Europe does, so that 3 April is no 4 March."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .clock import from_iso
from .countries import alpha_2
from .locales import LOCALES
from .money import digits, exact

if TYPE_CHECKING:
    from babel import Locale

CLDR = {code: (code, "en_GB" if code == "en" else code) for code in LOCALES}
"""Which of CLDR's locales write a language's money and names, and its dates. These and no others are in the package."""
_FOLDER = Path(__file__).parent.parent / "assets" / "texts"
_UNGROUPED_BELOW = {"es": 10_000}
"""CLDR's minimumGroupingDigits, which babel leaves out: Spanish writes 1299,99 and 12.999,99."""


@dataclass(frozen=True, eq=False)
class Language:
    """One of LOCALES."""

    code: str
    texts: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """A text with its places filled; what fills them is never looked through for others. Raises KeyError."""
        return self.texts[key].format(**values) if values else self.texts[key]

    def money(self, amount: Decimal, currency: str, *, grouped: bool = True) -> str:
        """`€1,299.99`, `1.299,99 €`: with all the currency's digits. Raises ValueError as `exact` does."""
        from babel.numbers import format_currency

        value = exact(amount, currency)
        return format_currency(
            value,
            currency,
            _pattern(self.code, currency),
            _cldr(self.code),
            currency_digits=False,
            group_separator=grouped and value >= _UNGROUPED_BELOW.get(self.code, 0),
        )

    def number(self, count: int) -> str:
        """`12,000`, `12.000`."""
        from babel.numbers import format_decimal

        grouped = count >= _UNGROUPED_BELOW.get(self.code, 0)
        return format_decimal(count, locale=_cldr(self.code), group_separator=grouped)

    def day(self, at: str) -> str:
        """`21 November 2026`, of a text of `to_iso`."""
        from babel.dates import format_date

        return format_date(from_iso(at), "long", _cldr(self.code, dates=True))

    def moment(self, at: str) -> str:
        """`21 November 2026 at 14:30 UTC`, of a text of `to_iso`."""
        from babel.dates import format_time

        time = format_time(from_iso(at), "short", locale=_cldr(self.code, dates=True))
        return self.say("moment", day=self.day(at), time=time)

    def country(self, country: str) -> str:
        """The name of a country by its code; what is no code stays as it is."""
        found: str = _cldr(self.code).territories.get(alpha_2(country), country)
        return found


@cache
def language_of(locale: str) -> Language:
    """The language of that code. One that we do not have is English: a text is worth more than an error."""
    code = locale if locale in LOCALES else LOCALES[0]
    texts: dict[str, str] = json.loads((_FOLDER / f"{code}.json").read_text(encoding="utf-8"))
    return Language(code, texts)


@cache
def _cldr(code: str, *, dates: bool = False) -> Locale:
    from babel import Locale

    return Locale.parse(CLDR[code][dates])


@cache
def _pattern(code: str, currency: str) -> str:
    """The language's pattern with ISO 4217's digits, since CLDR has others for some. A code or symbol of letters is
    parted from the number: CLDR asks for that, too, and babel does not do it."""
    from babel.numbers import get_currency_symbol

    locale: Any = _cldr(code)
    decimals = digits(currency)
    pattern: str = locale.currency_formats["standard"].pattern
    pattern = pattern.partition(";")[0].replace("0.00", "0." + "0" * decimals if decimals else "0")
    letters = get_currency_symbol(currency, locale)[-1].isalpha()
    return re.sub("¤(?=#)", "¤\u00a0", pattern) if letters else pattern
