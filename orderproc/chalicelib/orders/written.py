"""What mails and receipts write of an order besides its products: addresses, the caller's own number."""

from __future__ import annotations

import re

from ..kit.language import Language
from ..kit.plain_text import lures, one_line
from .model import Address, Order

_DIGITS = re.compile(r"[0-9][0-9 ./_-]*")


def address_lines(address: Address, language: Language) -> list[str]:
    """From the name to the country, which is named in that language; without what is not known."""
    town = " ".join(filter(None, (address.zip_code, address.city)))
    place = ", ".join(filter(None, (town, address.state)))
    lines = (address.name, address.company, address.street, address.street2, place, language.country(address.country))
    return list(filter(None, lines))


def shown_reference(order: Order) -> str:
    """In one line; empty if there is none, or if it may lead somewhere else. Digits alone are no request to call."""
    reference = one_line(order.reference or "")
    return "" if lures(reference) and not _DIGITS.fullmatch(reference) else reference
