"""Distinguish orders that were lost on the way to their driver from those that merely wait for it.

How long an order has waited says nothing: a message in a queue of thousands is as old as a lost one. What waits says
more. Where messages are many, no order is given up. Where they are few, more orders than messages means that some were
lost; so does an order that is overtaken by younger ones, since a queue hands out new messages roughly in turn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from ..kit.clock import from_iso, to_iso
from ..kit.ports import Clock
from ..orders.model import Order, Status
from ..orders.ports import Orders
from .ports import Backlog, Depth

DEEP = 50
"""Messages that wait: as many mean that the consumer does not keep up, and more would make it worse."""
_LOST_IN_A_RUN = 5
"""Of those that were overtaken, while as many messages are hidden: a message that is tried again comes out of turn."""
_LOOKED_AT = 100
"""The youngest orders that are looked at for one that was worked on."""

_UNKNOWN = Depth(DEEP + 1, 0, 0)


@dataclass
class LostOrders:
    """For one run: each queue is looked at once."""

    orders: Orders
    backlog: Backlog
    clock: Clock
    slack: timedelta
    """A queue's turns are only rough: an order counts as overtaken by one that is so much younger."""
    trouble: list[Exception] = field(default_factory=list)
    """Why queues could not be looked at. One that does not say what is in it counts as deep."""
    _depths: dict[str, Depth] = field(default_factory=dict)

    def among(self, orders: Sequence[Order]) -> list[Order]:
        """Those of the orders that no message will bring to their driver any more, in the same order. Orders that are
        brought by executions are all among them: see `is_running`."""
        queues: dict[str | None, list[Order]] = defaultdict(list)
        for order in orders:
            queues[self.backlog.queue_of(order)].append(order)
        lost = {o.order_id for queue, some in queues.items() for o in (self._lost(queue, some) if queue else some)}
        return [order for order in orders if order.order_id in lost]

    def is_running(self, order: Order) -> bool:
        """Whether an execution has the order. It costs a call."""
        return self.backlog.queue_of(order) is None and self.backlog.is_running(order)

    def may_wait(self, order: Order) -> bool:
        """Whether the order's queue is so deep that it may not have had its turn yet."""
        queue = self.backlog.queue_of(order)
        return queue is not None and self._depth(queue).waiting > DEEP

    def _lost(self, queue: str, orders: list[Order]) -> list[Order]:
        depth = self._depth(queue)
        if depth.waiting > DEEP:
            return []
        unexplained = max(0, len(orders) - depth.waiting - depth.in_flight - depth.delayed)
        lost = orders[:unexplained]
        if unexplained < len(orders) and (front := self._front(orders[0].workflow)):
            before = to_iso(from_iso(front) - self.slack)
            overtaken = [order for order in orders[unexplained:] if order.created_at < before]
            lost += overtaken[: max(_LOST_IN_A_RUN, len(overtaken) - depth.in_flight - depth.delayed)]
        return lost

    def _depth(self, queue: str) -> Depth:
        if self.trouble:
            return _UNKNOWN
        if queue not in self._depths:
            try:
                self._depths[queue] = self.backlog.depth(queue)
            except Exception as error:  # noqa: BLE001 - the run raises it at its end
                self.trouble.append(error)  # nor is any other asked: a call without an answer costs seconds
                return _UNKNOWN
        return self._depths[queue]

    def _front(self, workflow: str) -> str | None:
        """When the youngest order that the workflow's driver ended was accepted, if it is among the day's last."""
        page = self.orders.by_day(self.clock.now()[:10], _LOOKED_AT, None)
        worked_on = (
            o for o in page.items if o.workflow == workflow and o.processing_done and o.reached(Status.VALIDATING)
        )
        return next((order.created_at for order in worked_on), None)
