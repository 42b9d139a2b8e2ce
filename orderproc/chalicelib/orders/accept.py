"""Accept an order: stored durably before it is answered, then handed over to its driver. Two AWS calls."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from ..kit.errors import IdempotencyMismatch, InvalidRequest, TemporarilyUnavailable
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from .commands import PlaceOrder
from .model import Order, Status
from .new_order import NewOrder
from .ports import HandOver, Orders
from .rules import order_errors

_NAMESPACE = uuid.UUID("2f1c0a5e-6f0b-4b53-9d9a-6f4f5a1f2c3d")


def order_id_for(owner: str, idempotency_key: str) -> str:
    """The id that this caller's key always leads to (UUIDv5), so that the put itself decides who was first."""
    # JSON-like quoting is not needed: an owner has no newline, so no two pairs give the same name.
    return str(uuid.uuid5(_NAMESPACE, f"{owner}\n{idempotency_key}"))


@service
class AcceptOrder:
    orders: Orders
    new_order: NewOrder
    hand_over: HandOver
    clock: Clock
    log: Log
    new_id: Callable[[], str] = lambda: str(uuid.uuid4())

    def __call__(self, command: PlaceOrder) -> Order:
        """The stored order: PENDING if it is new, as it is now if the key was used before with the same body.

        Raises IdempotencyMismatch if the key was used with another body, InvalidRequest if it can be no order."""
        order, is_new = self.first(command)
        return order if is_new else _require_same(order, command.fingerprint)

    def first(self, command: PlaceOrder) -> tuple[Order, bool]:
        """The order that the command's key leads to, and whether this command made it; else it is as stored now,
        and its body may be another. Raises InvalidRequest."""
        order = self._new_order(command)
        existing = self.orders.add(order)
        if existing is None or _is_own_write(existing, order):
            self._hand_over(order)
            return existing or order, True
        return existing, False

    def earlier(self, command: PlaceOrder) -> Order | None:
        """The order that the command's Idempotency-Key made before, for those who fill the command with what changes
        meanwhile, like prices. Raises IdempotencyMismatch."""
        existing = self.with_key(command)
        return _require_same(existing, command.fingerprint) if existing else None

    def with_key(self, command: PlaceOrder) -> Order | None:
        """The stored order that the command's key leads to, also for another body."""
        if not command.idempotency_key:
            return None
        return self.orders.get(order_id_for(command.owner, command.idempotency_key))

    def _new_order(self, command: PlaceOrder) -> Order:
        if errors := order_errors(command.lines, command.currency, command.total_amount):
            raise InvalidRequest(errors)
        key = command.idempotency_key
        order_id = order_id_for(command.owner, key) if key else self.new_id()
        return self.new_order(command, order_id)

    def _hand_over(self, order: Order) -> None:
        try:
            self.hand_over.hand_over(order)
        except TemporarilyUnavailable as error:
            # It is stored, and so accepted: the housekeeper hands it over when the queue is back.
            self.log.warning("hand_over_failed", orderId=order.order_id, reason=type(error).__name__)


def _require_same(existing: Order, fingerprint: bytes) -> Order:
    if existing.fingerprint != fingerprint:
        raise IdempotencyMismatch("This Idempotency-Key was used before with another body.")
    return existing


def _is_own_write(existing: Order, order: Order) -> bool:
    """A put whose reply was lost is repeated by the SDK and then looks like a lost race.

    The correlation id is of this request; where two requests share one, handing over twice is harmless."""
    return (
        existing.status is Status.PENDING
        and existing.correlation_id == order.correlation_id
        and existing.created_at == order.created_at
        and existing.fingerprint == order.fingerprint
    )
