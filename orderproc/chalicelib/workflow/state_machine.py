"""The same steps one at a time, for the state machine: each loads the order, returns at once if it is past this point,
acts and saves. `order_workflow.asl.json` says which follows which, what is tried again, and what compensates."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..documents.receipts import Receipts, with_receipt
from ..kit.errors import (
    GatewayTimeout,
    OrderUnsuccessful,
    OutOfStock,
    RefundRefused,
    Rejected,
    StaleOrder,
    TemporarilyUnavailable,
)
from ..kit.jsonio import at
from ..kit.wiring import service
from ..orders.latest import on_latest
from ..orders.model import UNSUCCESSFUL, Duty, Failure, Order, Reservation, Status
from ..payments.model import EntryStatus, LedgerEntry
from .steps import BEFORE_RESERVING, ENDED_WELL, OrderSteps, captured, ended_well

StepResult = dict[str, Any]


@service
class SingleSteps:
    """Each takes an order's id and answers `{"orderId", "status", …}`: payloads carry ids, not orders.

    A step raises Rejected for what no repetition will change, OrderUnsuccessful if the order was cancelled meanwhile,
    and GatewayTimeout or TemporarilyUnavailable where the state machine shall try again."""

    steps: OrderSteps
    receipts: Receipts

    def validate(self, order_id: str) -> StepResult:
        order = _alive(self.steps.load(order_id))
        if order.status in (Status.PENDING, Status.VALIDATING):
            _, failure = self.steps.validated(order)
            if failure:
                raise Rejected(failure.code, failure.message)
        return _result(order)

    def save(self, order_id: str) -> StepResult:
        return self._act(order_id, self._save)

    def reserve(self, order_id: str) -> StepResult:
        return self._act(order_id, self._reserve)

    def charge(self, order_id: str) -> StepResult:
        """Also says `payment`: CAPTURED, or DECLINED with the `failure`."""
        order, failure = _alive(self.steps.load(order_id)), {}
        if order.status is Status.PAYMENT_PROCESSING and not order.payment and order.total_amount:
            entry = self._charged(order)
            if entry.status is EntryStatus.ABANDONED:
                raise OrderUnsuccessful(f"{order_id} was cancelled while it was being charged")
            if entry.status is EntryStatus.DECLINED:
                failure = {"code": entry.code, "message": entry.message}
        return {**_result(order), "payment": "DECLINED" if failure else "CAPTURED", "failure": failure}

    def _charged(self, order: Order) -> LedgerEntry:
        try:
            with self.steps.log.step("charge"):
                return self.steps.payments.capture(order)
        except GatewayTimeout as error:
            if self.steps.waits_in_vain(order):
                raise Rejected("PAYMENT_UNAVAILABLE", "The payment provider did not answer.") from error
            raise

    def commit(self, order_id: str) -> StepResult:
        """Also says `fulfilment`, for the choice that follows."""
        return self._act(order_id, self._commit)

    def confirm(self, order_id: str) -> StepResult:
        return self._act(order_id, lambda order: self._moved(order, Status.PAYMENT_PROCESSING, Status.CONFIRMED))

    def fulfil(self, order_id: str) -> StepResult:
        return self._act(order_id, lambda order: self._moved(order, Status.PAYMENT_PROCESSING, Status.FULFILLMENT))

    def complete(self, order_id: str) -> StepResult:
        return self._act(order_id, lambda order: self._moved(order, Status.FULFILLMENT, Status.COMPLETED))

    def notify(self, order_id: str) -> StepResult:
        """Publish what happened, and empty the cart of what was bought."""
        return _result(self._finalized(order_id))

    def issue_receipt(self, order_id: str) -> StepResult:
        """Write the receipt, which is the last thing to do for an order."""

        def issue(order: Order) -> Order:
            if not self.receipts.issue(order) or Duty.RECEIPT not in order.duties:
                return order
            return self.steps.orders.save(with_receipt(order), order.status)

        return self._retried(order_id, issue)

    def release(self, order_id: str, event: Mapping[str, Any]) -> StepResult:
        """Compensate: release the stock, or make sure that the order never holds any. From here on no step, of any
        driver, can take the order further, so that its money may go back."""

        def released(order: Order) -> Order:
            if order.processing_done or order.unsuccessful:
                return order
            off = replace(order, failure=order.failure or failure_of(event))
            if order.reservation is Reservation.NONE:
                return self.steps.orders.save(replace(off, reservation=Reservation.RELEASED), order.status)
            return self.steps.stored_with_stock_back(off, order.status)

        return self._retried(order_id, released)

    def refund(self, order_id: str) -> StepResult:
        """Refund what was captured of an unsuccessful order. What can't be known yet is left to the housekeeper.

        Raises RefundRefused if the gateway will not, GatewayTimeout if it does not answer."""
        order = self.steps.load(order_id)
        if order.unsuccessful:
            refund = self.steps.payments.refund(order).refund
            if refund and refund.status is EntryStatus.DECLINED:
                raise RefundRefused(f"The payment of {order_id} could not be refunded: {refund.code}")
        return _result(order)

    def fail(self, order_id: str, event: Mapping[str, Any]) -> StepResult:
        """End the order as FAILED, publish, and close it. An order that ended meanwhile stays as it ended: the answer's
        status says so."""

        def end(order: Order) -> Order:
            if order.processing_done:
                return order
            # ValidateOrder only looks, so an order that it rejected is stored as it came.
            seen = self.steps.moved_to(order, Status.VALIDATING) if order.status is Status.PENDING else order
            failure = order.failure or failure_of(event)
            return self.steps.fail(seen, failure, stored=order.status, publish_later=True)

        ended = self._retried(order_id, end)
        # What is left of an order that another driver brought to a good end, but for its events, is not the
        # compensation's.
        return _result(self._finalized(order_id, publish_only=ended["status"] not in UNSUCCESSFUL))

    def needs_attention(self, order_id: str, event: Mapping[str, Any]) -> StepResult:
        """Write on the order why staff must look at it, until it is closed. An earlier reason stays."""
        reason = str(at(event, "error", "Error") or "unknown")

        def mark(order: Order) -> Order:
            if not order.open or order.attention:
                return order
            return self.steps.orders.save(replace(order, attention=reason), order.status)

        self.steps.log.warning("needs_attention", orderId=order_id, reason=reason)
        return self._retried(order_id, mark)

    def _save(self, order: Order) -> Order:
        if order.status not in (Status.PENDING, Status.VALIDATING):
            return order
        checked, failure = self.steps.validated(order)
        if failure:
            raise Rejected(failure.code, failure.message)
        checking = checked.moved(Status.INVENTORY_CHECK, self.steps.clock.now())
        return self.steps.orders.save(checking, order.status)

    def _reserve(self, order: Order) -> Order:
        if order.status not in BEFORE_RESERVING:
            return order
        try:
            return self.steps.reserved(order, order.status)
        except OutOfStock as error:
            raise Rejected("OUT_OF_STOCK", str(error)) from None

    def _commit(self, order: Order) -> Order:
        if order.status is not Status.PAYMENT_PROCESSING or order.reservation is not Reservation.HELD:
            return order
        return self.steps.stored_with_stock_gone(self._paid(order), order.reservation, order.status)

    def _paid(self, order: Order) -> Order:
        if not order.total_amount:
            return order
        entry = self.steps.payments.capture(order)  # the ledger's answer: nothing is charged again
        if entry.status is not EntryStatus.SUCCEEDED:
            raise Rejected("PAYMENT_UNAVAILABLE", "There is no captured payment for this order.")
        return replace(order, payment=captured(entry))

    def _moved(self, order: Order, stored: Status, to: Status) -> Order:
        if order.status is not stored:
            return order
        if order.reservation is not Reservation.COMMITTED:
            raise OrderUnsuccessful(f"{order.order_id} does not have its stock any more")
        now = self.steps.clock.now()
        if to not in ENDED_WELL:
            return self.steps.orders.save(order.moved(to, now), stored)
        self.steps.payments.refuse_if_refunded(order)
        moved = order.moved(to, now, "Ready for shipping" if to is Status.COMPLETED else "")
        ended = self.steps.orders.save(ended_well(moved, publish_later=True), stored)
        self.steps.log.info(ENDED_WELL[to], orderId=order.order_id)
        return ended

    def _finalized(self, order_id: str, *, publish_only: bool = False) -> Order:
        try:
            return self.steps.finalize(self.steps.load(order_id), publish_only=publish_only)
        except StaleOrder as error:
            raise TemporarilyUnavailable("The order is being changed by another process.") from error

    def _act(self, order_id: str, act: Callable[[Order], Order]) -> StepResult:
        return self._retried(order_id, lambda order: act(_alive(order)))

    def _retried(self, order_id: str, act: Callable[[Order], Order]) -> StepResult:
        return _result(on_latest(self.steps.orders, self.steps.load(order_id), act))


def _alive(order: Order) -> Order:
    """The same order. One whose stock was released is on its way to FAILED, also if its status does not say so yet:
    raises OrderUnsuccessful."""
    if order.unsuccessful:
        raise OrderUnsuccessful(f"{order.order_id} is {order.status} and {order.reservation}")
    return order


def failure_of(event: Mapping[str, Any]) -> Failure:
    """Why the state machine came here: from a declined payment, or from the error that it caught."""
    if code := at(event, "failure", "code"):
        return Failure(str(code), str(event["failure"]["message"]))
    name = at(event, "error", "Error")
    if name == "Rejected":
        rejected = json.loads(json.loads(event["error"]["Cause"])["errorMessage"])
        return Failure(rejected["code"], rejected["message"])
    if name == "GatewayTimeout":
        return Failure("PAYMENT_UNAVAILABLE", "The payment provider did not answer.")
    return Failure("PROCESSING_FAILED", "The order could not be processed.")


def _result(order: Order) -> StepResult:
    return {"orderId": order.order_id, "status": order.status.value, "fulfilment": order.fulfilment}
