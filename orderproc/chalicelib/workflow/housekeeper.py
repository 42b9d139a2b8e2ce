"""Find orders that no driver is working on any more, and see to it that each of them ends.

Overload never adds work: an order that may still wait in front of its driver is neither handed over again nor expired.
And no order keeps the others waiting: those tried least come first, what failed is tried again ever later, and each
kind of help has a share of the run's time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from ..documents.receipts import NO_RECEIPT
from ..kit.clock import from_iso, to_iso
from ..kit.errors import StaleOrder
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from ..orders.model import Duty, Failure, Order, Status
from ..orders.ports import HandOver, Orders
from .finalize import FinalizeOrder
from .lost_orders import LostOrders
from .steps import OrderSteps

_READING = timedelta(seconds=10)
_SHARE = timedelta(seconds=10)
"""Of each kind of help."""
_LONGEST = timedelta(seconds=35)
"""A run ends before its function would be ended (60 s), though its last act may take 20: the next goes on."""
_HANDOVERS_FOR_A_RECEIPT = 6
"""After the last of them, half an hour after the one before, staff must look why there is no receipt."""
_LONGEST_PAUSE = timedelta(minutes=30)
_WHILE_RUNNING = 4
"""Times the usual pause: how long to wait before asking again whether an execution is still under way."""


class Help(StrEnum):
    """What a run can do for an order, in this order."""

    HAND_OVER = "handed_over"
    EXPIRE = "expired"
    FINALIZE = "finalized"


@dataclass
class _Run:
    started: datetime
    lost: LostOrders
    due: dict[Help, list[Order]] = field(default_factory=lambda: {kind: [] for kind in Help})
    done: Counter[str] = field(default_factory=Counter)
    trouble: list[Exception] = field(default_factory=list)


@service
class Housekeeping:
    orders: Orders
    steps: OrderSteps
    finalize: FinalizeOrder
    hand_over: HandOver
    lost_orders: Callable[[], LostOrders]
    clock: Clock
    log: Log
    handover_after: timedelta
    give_up_after: timedelta

    def __call__(self) -> dict[str, int]:
        """How many orders were `handed_over`, `expired`, `finalized`, left `waiting`, or `failed` to be helped.

        One order's trouble does not keep the next from being helped; at the end it is raised, so that it rings."""
        run = _Run(from_iso(self.clock.now()), self.lost_orders())
        self._read(run)
        late, lost = run.due[Help.HAND_OVER], run.lost.among(run.due[Help.HAND_OVER])
        run.due[Help.HAND_OVER] = lost
        run.done["waiting"] += len(late) - len(lost)
        acts = {Help.HAND_OVER: self._hand_over, Help.EXPIRE: self._expire, Help.FINALIZE: self._finalize}
        for kind, act in acts.items():
            self._help(run, kind, act)
        run.trouble += run.lost.trouble
        self.log.correlate("")  # the run's own line belongs to no order
        done = {what: number for what, number in run.done.items() if number}
        named = {"handedOver" if what == "handed_over" else what: number for what, number in done.items()}
        self.log.info("housekeeping", **named, failed=len(run.trouble))
        if run.trouble:
            raise ExceptionGroup("orders that could not be helped", run.trouble)
        return done

    def _read(self, run: _Run) -> None:
        """Sort what is open by the help that it needs. Each run begins at another shard, so that none is never read."""
        before = to_iso(run.started - self.handover_after)
        for order in self.orders.open_before(before, first_shard=int(run.started.timestamp()) // 60):
            try:
                kind = self._needed(order, run)
            except Exception as error:  # noqa: BLE001
                self._note(run, order, error)
                continue
            if kind is None:
                run.done["waiting"] += 1
            else:
                run.due[kind].append(order)
            if from_iso(self.clock.now()) - run.started > _READING:
                break
        for orders in run.due.values():
            orders.sort(key=lambda order: (order.tries, order.created_at))

    def _needed(self, order: Order, run: _Run) -> Help | None:
        """None where it is not due yet."""
        age = run.started - from_iso(order.created_at)
        if not order.processing_done and age > self.give_up_after and run.lost.may_wait(order):
            return None
        if not order.processing_done and age > self.give_up_after and self._was_tried(order):
            return Help.EXPIRE
        since = from_iso(order.updated_at) + self.handover_after
        if run.started < since or (order.retry_at and run.started < from_iso(order.retry_at)):
            return None
        return Help.FINALIZE if order.processing_done else Help.HAND_OVER

    def _was_tried(self, order: Order) -> bool:
        """Whether its driver got to it, rather than that it waits in a queue: for its first step, or for any of
        `events`. Such an order expires only after all the hand-overs that its time has room for."""
        if order.status is not Status.PENDING and order.workflow != "events":
            return True
        return order.tries >= (self.give_up_after // self.handover_after).bit_length()

    def _help(self, run: _Run, kind: Help, act: Callable[[Order, _Run], str]) -> None:
        began = from_iso(self.clock.now())
        for order in run.due[kind]:
            now = from_iso(self.clock.now())
            if now - began > _SHARE or now - run.started > _LONGEST:
                break
            try:
                self.log.correlate(order.correlation_id)
                run.done[act(order, run)] += 1
            except StaleOrder:
                run.done["waiting"] += 1  # another is working on it after all
            except Exception as error:  # noqa: BLE001
                self._note(run, order, error)

    def _note(self, run: _Run, order: Order, error: Exception) -> None:
        reason, detail = type(error).__name__, str(error)
        self.log.warning("housekeeping_failed", orderId=order.order_id, reason=reason, detail=detail)
        run.trouble.append(error)

    def _hand_over(self, order: Order, run: _Run) -> str:
        if run.lost.is_running(order):
            return self._leave_to_its_execution(order, run)
        order = self._begin(replace(order, handovers=order.handovers + 1), run)
        self.hand_over.hand_over(order)
        return Help.HAND_OVER

    def _expire(self, order: Order, run: _Run) -> str:
        """An earlier failure keeps its code."""
        if run.lost.is_running(order):
            return self._leave_to_its_execution(order, run)
        expired = order.failure or Failure("EXPIRED", "The order could not be processed in time.")
        self._finalize(self.steps.fail(self._begin(order, run), expired, publish_later=True), run)
        return Help.EXPIRE

    def _leave_to_its_execution(self, order: Order, run: _Run) -> str:
        later = to_iso(run.started + _WHILE_RUNNING * self.handover_after)
        self.orders.save(replace(order, retry_at=later), order.status)
        return "waiting"

    def _finalize(self, order: Order, run: _Run) -> str:
        order = self.finalize(self._begin(_marked(order), run))
        if not order.open:
            return Help.FINALIZE
        if Duty.RECEIPT not in order.duties:
            return "waiting"  # for a charge that may still arrive, or for staff
        order = self.orders.save(replace(order, handovers=order.handovers + 1), order.status)
        self.hand_over.hand_over(order)
        return Help.HAND_OVER

    def _begin(self, order: Order, run: _Run) -> Order:
        """Stored as tried once more, before it is: a run that dies of it begins with others. Each try waits twice as
        long as the one before."""
        pause = self.handover_after * 2 ** min(16, order.tries)
        if order.processing_done:
            pause = min(pause, _LONGEST_PAUSE)
        tried = replace(order, tries=order.tries + 1, retry_at=to_iso(run.started + pause))
        return self.orders.save(tried, order.status)


def _marked(order: Order) -> Order:
    without_receipt = Duty.RECEIPT in order.duties and order.tries >= _HANDOVERS_FOR_A_RECEIPT
    return replace(order, attention=NO_RECEIPT) if without_receipt and not order.attention else order
