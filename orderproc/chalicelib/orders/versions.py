"""What staff have seen of an order, as a short text: to act on it only if nothing of it was changed meanwhile.

It is made of what people act on, and not of our own bookkeeping: that an event was published is no change to them."""

from __future__ import annotations

from hashlib import sha256

from ..kit.errors import Conflict
from ..kit.jsonio import dumps
from .model import Order

_PARTS = ("shipments", "payment", "tags", "mark")


def version_of(order: Order) -> str:
    """The same for two orders of which staff see the same."""
    return ".".join([str(len(order.history)), *_digests(order)])


def refuse_if_changed(seen: str | None, order: Order) -> None:
    """Raises Conflict that says what changed, if this is not the version that was seen. None allows every version."""
    if seen is not None and seen != version_of(order):
        words = f"The order was changed meanwhile: {_changes(seen, order)}. Look at it again before you act."
        raise Conflict(words, "CHANGED_MEANWHILE")


def _digests(order: Order) -> list[str]:
    payment = order.payment
    seen = [
        [[s.carrier, s.tracking_number, s.status.value, s.items] for s in order.shipments],
        [payment.status.value, payment.amount, payment.refunded] if payment else None,
        sorted(order.tags),
        order.attention,
    ]
    return [sha256(dumps(part).encode()).hexdigest()[:8] for part in seen]


def _changes(seen: str, order: Order) -> str:
    count, *digests = seen.split(".")
    if not (count.isascii() and count.isdigit()) or len(count) > 4 or len(digests) != len(_PARTS):
        return f"it is {order.status} now"
    rows = order.history[int(count) :]
    said = [f"it became {row.status} at {row.at}" + (f" ({row.detail})" if row.detail else "") for row in rows]
    before_after = zip(_PARTS, digests, _digests(order), strict=True)
    said += [f"its {name} changed" for name, before, after in before_after if before != after]
    return "; ".join(said) or f"it is {order.status} now"
