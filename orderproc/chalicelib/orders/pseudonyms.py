"""Pseudonyms: what replaces a person's id in all that leaves the shop by the bus and the topic.

A pseudonym is an HMAC-SHA256 about the id, keyed with the secret that mails are signed with: the same person has the
same one in each event, and without the secret it can't be traced back, not even by trying all phone numbers. After
a rotation of the secret people have new ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from ..kit.personal_data import addresses_replaced, replaced
from ..kit.ports import LinkSecrets
from ..kit.signing import mac_of
from ..kit.wiring import service

PREFIX = "hashed-"
_PURPOSE = b"orderproc pseudonym\n"
_LONG_ENOUGH = 32
"""Characters of the HMAC in hex: 128 bits."""
_PLAINLY_AN_ID = re.compile(r"[0-9]{1,6}|(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9._:-]+", re.ASCII)
"""A word may be a name, and a long number a telephone's or an authority's: of an id that says nothing about a person
one has letters and digits, or is short."""
_RANDOM = re.compile(
    r"(?:[a-z]{2}-[a-z]+-[0-9]:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24}|[0-9a-f]{32}", re.IGNORECASE
)
"""UUIDs, those of identity pools among them, and ids in hex: digits stand in a row there by chance."""
_LONG_NUMBER = re.compile(r"[0-9]{7}|(?:[0-9][._:-]?){9}")
_WORDS = re.compile(r"[._:-]")
_NAMES_WORD = re.compile(r"[A-Za-z]+[0-9]*")
_CAPITALISED = re.compile(r"[A-Za-z][a-z]+(?:[A-Z][a-z]+)+[0-9]*")
"""Two words in one: `AnnaJansen1985`."""
_IDS_OF_THINGS = {"orderId", "orderNumber", "eventId", "shipment"}
"""Listeners, ours among them, find the order and its shipments by them."""
_GIVEN_IDS = ("customerId", "reference")


@service
class Pseudonyms:
    """`secrets` is asked for when something is to be hidden, and read once per process."""

    secrets: Callable[[], LinkSecrets]

    def __call__(self, detail: Mapping[str, Any]) -> dict[str, Any]:
        """An event's detail as it may leave. Raises TemporarilyUnavailable if a secret is needed and can't be read."""
        shown = {name: inner if name in _IDS_OF_THINGS else self._shown(inner) for name, inner in detail.items()}
        given = {name: self.of_id(detail[name]) for name in _GIVEN_IDS if detail.get(name) is not None}
        return {**shown, **given}

    def of_id(self, given: str) -> str:
        """The id that somebody else gave, itself where it plainly is no more than that."""
        return given if _is_harmless(given) else self._hashed(given)

    def _shown(self, value: Any) -> Any:
        if isinstance(value, str):
            return replaced(value, self._hashed)
        if isinstance(value, Mapping):
            return {
                name: self._product(inner) if name == "productId" else self._shown(inner)
                for name, inner in value.items()
            }
        return [self._shown(inner) for inner in value] if isinstance(value, list) else value

    def _product(self, product_id: Any) -> Any:
        """Readable, for those who pick it. Many are long numbers, and some have a card's check digit."""
        return addresses_replaced(product_id, self._hashed) if isinstance(product_id, str) else product_id

    def _hashed(self, text: str) -> str:
        # People write their address now with a capital and now without.
        same = unicodedata.normalize("NFC", text).strip().casefold()
        return PREFIX + mac_of(self.secrets().current(), _PURPOSE + same.encode()).hex()[:_LONG_ENOUGH]


def _is_harmless(given: str) -> bool:
    if not given:
        return True
    if not _PLAINLY_AN_ID.fullmatch(given) or replaced(given, lambda _: "") != given:
        return False
    if _RANDOM.fullmatch(given):
        return True
    words = _WORDS.split(given)
    is_name = sum(_NAMES_WORD.fullmatch(word) is not None for word in words) > 1
    return not (is_name or _LONG_NUMBER.search(given) or any(map(_CAPITALISED.fullmatch, words)))
