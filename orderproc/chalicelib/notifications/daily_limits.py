"""How many messages one address or number gets on one day (UTC), for any number of orders: a flood of orders must
become neither a flood of mails to one person nor the bill of a premium number."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from ..kit.claims import Claims
from ..kit.errors import Undeliverable
from ..kit.ports import Clock
from ..kit.wiring import service
from ..orders.model import Order
from .occasions import Occasion, claim_key


@service
class DailyLimits:
    counted: Claims
    clock: Clock
    most: Mapping[str, int]
    """By channel: `sms`, `mail`."""

    def require_room(self, order: Order, occasion: Occasion) -> None:
        """Count the message, once however often it is tried on that day. Raises Undeliverable beyond the limit, so
        that staff see it as not sent, and nothing retries it."""
        most = self.most[occasion.channel]
        if not self.counted.count(claim_key(order, occasion), _scope(order, occasion, self.clock.now()[:10]), most):
            raise Undeliverable(f"The recipient got {most} messages that day, which is the limit.")


def _scope(order: Order, occasion: Occasion, day: str) -> str:
    """Recipients are distinguished by a digest: the table of claims names no customer."""
    recipient = (order.phone_number or "") if occasion.channel == "sms" else _mailbox(order.customer_email)
    return f"limit#{occasion.channel}#{hashlib.sha256(recipient.encode()).hexdigest()[:32]}#{day}"


def _mailbox(address: str) -> str:
    """`Anna+1@Example.com` and `anna+2@example.com` come to the same person."""
    local, at, domain = address.casefold().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"
