"""Who sells: what customers see on receipts and in mails."""

from __future__ import annotations

from .locales import LOCALES
from .wiring import dataclass


@dataclass(frozen=True)
class Shop:
    """The shop's face. `address` may have several lines; `address` and `url` may be empty. `locale` is the language of
    orders that name none."""

    name: str
    address: str
    url: str
    locale: str = LOCALES[0]
