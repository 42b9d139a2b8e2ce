"""What a guest reads, cancels and judges their one order with: the `orderToken` of the answer that accepted it.

It ends a fixed time after the order was placed, so a repeated answer gives no more time than the first."""

from __future__ import annotations

from collections.abc import Callable

from ..kit.clock import to_millis
from ..kit.ports import Clock, LinkSecrets
from ..kit.signed_ids import SignedIds
from ..kit.wiring import service
from .model import Order

LIFETIME = 14 * 24 * 3600
"""Seconds from the order's creation for which its token works."""
_PURPOSE = b"orderproc order\n"


@service
class OrderTokens:
    secrets: LinkSecrets
    clock: Clock

    def signer(self) -> Callable[[Order], str]:
        """Makes an order's token. To be asked for before the order is stored: afterwards nothing may keep a guest from
        getting it. Raises TemporarilyUnavailable."""
        signed = self._tokens.signer()
        return lambda order: signed(order.order_id, to_millis(order.created_at) // 1000 + LIFETIME)

    def order_of(self, token: str) -> str | None:
        """The id of the order that the token is for; None if we did not sign it, or it ended. Raises
        TemporarilyUnavailable if the secret can't be read."""
        return self._tokens.id_of(token)

    @property
    def _tokens(self) -> SignedIds:
        return SignedIds(self.secrets, self.clock, _PURPOSE)
