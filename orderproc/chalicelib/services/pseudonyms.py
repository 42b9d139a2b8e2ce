"""Pseudonyms: what stands for a person in all that leaves the shop by the bus and the topic.

A pseudonym is an HMAC-SHA256 about the id, keyed with the secret that mails are signed with: the same person has the
same one in each event, and without the secret nobody finds out whose it is, not even by trying all phone numbers. After
a rotation of the secret people have new ones."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..personal import replaced
from .feedback_links import LinkSecrets

PREFIX = "hashed-"
_PURPOSE = b"orderproc pseudonym\n"
_LONG_ENOUGH = 32
"""Characters of the HMAC in hex: 128 bits."""
_PLAINLY_AN_ID = re.compile(r"[0-9]{1,6}|(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9._:-]+", re.ASCII)
"""A word may be a name, and a long number a telephone's or an authority's: of an id that says nothing about a person
one has letters and digits, or is short."""
_IDS_OF_THINGS = {"orderId", "eventId", "shipment"}
"""Listeners, ours among them, find the order and its parcels by them."""


@dataclass(frozen=True)
class Pseudonyms:
    """`secrets` is asked for when something is to be hidden, and read once per process."""

    secrets: Callable[[], LinkSecrets]

    def __call__(self, detail: Mapping[str, Any]) -> dict[str, Any]:
        """An event's detail as it may leave. Raises TemporarilyUnavailable if a secret is needed and can't be read."""
        shown = {name: inner if name in _IDS_OF_THINGS else self._shown(inner) for name, inner in detail.items()}
        return {**shown, "customerId": self.of_customer(detail["customerId"])}

    def of_customer(self, customer_id: str) -> str:
        """The id itself where it plainly is no more than that."""
        is_harmless = _PLAINLY_AN_ID.fullmatch(customer_id) and replaced(customer_id, lambda _: "") == customer_id
        return customer_id if is_harmless or not customer_id else self._hashed(customer_id)

    def _shown(self, value: Any) -> Any:
        if isinstance(value, str):
            return replaced(value, self._hashed)
        if isinstance(value, Mapping):
            return {name: self._shown(inner) for name, inner in value.items()}
        return [self._shown(inner) for inner in value] if isinstance(value, list) else value

    def _hashed(self, text: str) -> str:
        # People write their address now with a capital and now without.
        same = unicodedata.normalize("NFC", text).strip().casefold()
        mac = hmac.new(self.secrets().current(), _PURPOSE + same.encode(), hashlib.sha256)
        return PREFIX + mac.hexdigest()[:_LONG_ENOUGH]
