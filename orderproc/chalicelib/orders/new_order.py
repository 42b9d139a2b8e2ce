"""Makes an order of what was asked for: every way in comes through here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

from ..kit.ports import Clock
from ..kit.wiring import service
from .commands import PlaceOrder
from .model import HistoryRow, Order, Status


@service
class NewOrder:
    number: Callable[[], str]
    clock: Clock
    locale: str
    """The shop's, for orders that name none."""

    def __call__(self, command: PlaceOrder, order_id: str) -> Order:
        """PENDING, nothing stored. Raises what leasing a number raises."""
        now = self.clock.now()
        said = {field.name: getattr(command, field.name) for field in fields(command) if field.name in _OF_AN_ORDER}
        said["locale"] = command.locale or self.locale
        return Order(
            order_id=order_id,
            order_number=self.number(),
            created_at=now,
            history=(HistoryRow(Status.PENDING, now),),
            **said,
        )


_OF_AN_ORDER = {field.name for field in fields(Order)}
