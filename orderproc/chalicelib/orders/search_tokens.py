"""The texts that an order is found by, and how they are compared: in NFC, without case, without spaces."""

from __future__ import annotations

import unicodedata

from ..kit.wiring import dataclass
from .model import Address, Order

LONGEST = 100
"""Characters of a token. A longer text is found by these; the order itself then says whether it is meant."""
_MOST_WORDS = 8
"""Of one name."""


def normalised(text: str) -> str:
    """The form in which texts are compared; empty for one of which nothing is left."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return "".join(char for char in folded if char.isprintable() and not char.isspace())[:LONGEST]


def tokens_of(order: Order) -> frozenset[str]:
    """Id, number, e-mail address, customer, reference, tracking numbers, products and tags, each as a whole; names by
    their words, since people search by the last one."""
    whole = (
        order.order_id,
        order.order_number,
        order.customer_email,
        order.customer_id,
        order.reference or "",
        *(shipment.tracking_number for shipment in order.shipments),
        *(line.product_id for line in order.lines),
        *(tag_token(tag) for tag in order.tags),
    )
    words = (*_words(order.shipping_address), *_words(order.billing_address))
    return frozenset(filter(None, map(normalised, (*whole, *words))))


def tag_token(tag: str) -> str:
    """What an order with this tag has; no customer's name or product begins like it."""
    return normalised(f"tag:{tag}")


@dataclass(frozen=True)
class SearchText:
    """What was typed into the search field: the whole, and its words."""

    whole: str
    words: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> SearchText:
        return cls(normalised(text), tuple(filter(None, map(normalised, text.split()))))

    @property
    def lookups(self) -> tuple[str, ...]:
        """Texts of which each match of this begins with one: the whole, as a tracking number typed in groups, and the
        longest word, which fewer orders have than the others."""
        if len(self.words) < 2:
            return (self.whole,)
        return (self.whole, max(self.words, key=len))

    def matches(self, order: Order) -> bool:
        """Whether the whole, or every word of it, is the beginning of something that the order is found by."""
        tokens = tokens_of(order)
        return _begins(tokens, self.whole) or all(_begins(tokens, word) for word in self.words)


def _begins(tokens: frozenset[str], text: str) -> bool:
    return any(token.startswith(text) for token in tokens)


def _words(address: Address | None) -> list[str]:
    if address is None:
        return []
    return [word for name in (address.name, address.company) for word in name.split()[:_MOST_WORDS]]
