"""Links in mails that lead to the feedback page: anyone who has one may rate that one order, without key or account."""

from __future__ import annotations

from ..kit.ports import Clock, LinkSecrets
from ..kit.signed_ids import SignedIds
from ..kit.wiring import service

LIFETIME = 180 * 24 * 3600
"""Seconds for which a link works."""
_PURPOSE = b"orderproc feedback\n"


@service
class FeedbackLinks:
    """`public_url` is the API's address as customers reach it, empty where it is not known."""

    secrets: LinkSecrets
    clock: Clock
    public_url: str

    def link(self, order_id: str) -> str:
        """The address of the order's feedback page; empty where the API's own is not known.

        Raises TemporarilyUnavailable."""
        return f"{self.public_url}/feedback/{self.token(order_id)}" if self.public_url else ""

    def token(self, order_id: str) -> str:
        """Raises TemporarilyUnavailable."""
        return self._tokens.signer()(order_id, self._tokens.now() + LIFETIME)

    def order_of(self, token: str) -> str | None:
        """The id of the order that the link is for; None if we did not sign it, or it ended.

        Raises TemporarilyUnavailable if the secret can't be read."""
        return self._tokens.id_of(token)

    @property
    def _tokens(self) -> SignedIds:
        return SignedIds(self.secrets, self.clock, _PURPOSE)
