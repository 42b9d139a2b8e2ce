"""Find orders that nobody is working on any more, and see to it that each of them ends."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..domain.clock import from_iso, to_iso
from ..domain.errors import StaleOrder
from ..domain.order import CALLED_OFF, Failure, Order
from .order_steps import OrderSteps
from .ports import Clock, HandOver, Log, Orders
from .settlement import Settlement

_LONGEST = timedelta(seconds=40)
"""A run ends before its function would be ended: what is left waits for the next."""
_HANDOVERS_FOR_A_RECEIPT = 6
"""The last of them half an hour after the one before: then staff must look why there is no receipt."""
NO_RECEIPT = "NoReceipt"


@dataclass(frozen=True)
class Housekeeping:
    orders: Orders
    steps: OrderSteps
    settlement: Settlement
    hand_over: HandOver
    clock: Clock
    log: Log
    handover_after: timedelta
    give_up_after: timedelta

    def __call__(self) -> dict[str, int]:
        """How many orders were `handed_over`, `expired`, `settled`, left `waiting`, or `failed` to be helped.

        One order's trouble does not keep the next from being helped; at the end it is raised, so that it rings."""
        now = from_iso(self.clock.now())
        done: Counter[str] = Counter()
        trouble: list[Exception] = []
        for order in self.orders.open_before(to_iso(now - self.handover_after)):
            if from_iso(self.clock.now()) - now > _LONGEST:
                break
            try:
                done[self._help(order, now)] += 1
            except StaleOrder:
                done["waiting"] += 1  # somebody is working on it after all
            except Exception as error:  # noqa: BLE001
                reason, detail = type(error).__name__, str(error)
                self.log.warning("housekeeping_failed", orderId=order.order_id, reason=reason, detail=detail)
                trouble.append(error)
        self.log.correlate("")  # the run's own line belongs to no order
        named = {"handedOver" if what == "handed_over" else what: number for what, number in done.items()}
        self.log.info("housekeeping", **named, failed=len(trouble))
        if trouble:
            raise ExceptionGroup("orders that could not be helped", trouble)
        return dict(done)

    def _help(self, order: Order, now: datetime) -> str:
        self.log.correlate(order.correlation_id)
        if order.driven and not awaits_its_receipt(order):
            self.settlement(order)
            return "settled"
        if not order.driven and now - from_iso(order.created_at) > self.give_up_after:
            expired = Failure("EXPIRED", "The order could not be worked off in time.")
            self.settlement(self.steps.fail(order, expired))
            return "expired"
        # Each hand-over waits twice as long as the one before, so that an order that can't be worked off does not
        # fill the dead-letter queue until it expires.
        if now - from_iso(order.updated_at) < self.handover_after * 2**order.handovers:
            return "waiting"
        if order.driven and order.handovers >= _HANDOVERS_FOR_A_RECEIPT:
            self.settlement(replace(order, attention=order.attention or NO_RECEIPT))
            return "settled"
        if order.driven:
            # Raises while nobody can be told: then that is what it is open for, and no hand-over is spent.
            order = self.settlement(order, close=False)
        order = self.orders.save(replace(order, handovers=order.handovers + 1), order.status)
        self.hand_over.hand_over(order)
        return "handed_over"


def awaits_its_receipt(order: Order) -> bool:
    """The state machine writes it last and closes the order with it, so one that is open lacks it still."""
    return order.workflow == "stepfunctions" and order.status not in CALLED_OFF
