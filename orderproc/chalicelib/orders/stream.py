"""Records of the orders table's stream, as Lambda hands them over."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..kit.dynamodb import Item
from ..kit.errors import Damaged
from .items import order_from_item
from .model import Order
from .search_index import OrderChange, Tokens
from .search_tokens import tokens_of

Record = Mapping[str, Any]


def order_of(image: Item) -> Order:
    """Raises Damaged."""
    return order_from_item({name: _typed(value) for name, value in image.items()})


def _typed(value: dict[str, Any]) -> dict[str, Any]:
    """Bytes come as base64 in an event, and as bytes from an API."""
    ((kind, inner),) = value.items()
    return {kind: base64.b64decode(inner)} if kind == "B" and isinstance(inner, str) else value


def index_changes(records: Iterable[Record], unreadable: Callable[[str], None]) -> list[OrderChange]:
    """What they mean for the search. Ids of orders that can't be read are reported: counting makes dead letters of
    their records, and once they are repaired another record comes."""
    found = []
    for record in records:
        images = record["dynamodb"]
        old, new = images.get("OldImage"), images.get("NewImage")
        order_id = images["Keys"]["orderId"]["S"]
        created_at = next((at for image in (new, old) if image and (at := image.get("createdAt", {}).get("S"))), None)
        before, after = _tokens(old), _tokens(new)
        if new and after is None:
            unreadable(order_id)
        if created_at:
            gone = record["eventName"] == "REMOVE"
            found.append(OrderChange((created_at, order_id), before, after, is_new=old is None, is_gone=gone))
    return found


def _tokens(image: Item | None) -> Tokens | None:
    try:
        return tokens_of(order_of(image)) if image else None
    except Damaged:
        return None
