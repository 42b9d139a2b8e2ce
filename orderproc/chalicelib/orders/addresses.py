"""Addresses as they are written on mails and receipts."""

from __future__ import annotations

from ..kit.language import Language
from .model import Address


def address_lines(address: Address, language: Language) -> list[str]:
    """From the name to the country, which is named in that language; without what is not known."""
    town = " ".join(filter(None, (address.zip_code, address.city)))
    place = ", ".join(filter(None, (town, address.state)))
    lines = (address.name, address.company, address.street, address.street2, place, language.country(address.country))
    return list(filter(None, lines))
