"""Builds the saga of an order: its payments, documents, steps and drivers, and what fulfils it."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from ..kit.jsonio import dumps
from ..kit.observability import log

if TYPE_CHECKING:
    from ..documents.receipts import Receipts
    from ..fulfilment.ship import ShipOrder
    from ..fulfilment.signatures import CarrierSignatures
    from ..kit.config import Settings
    from ..orders.model import Order
    from ..payments.payments import Payments
    from ..workflow.cancel import CancelOrder
    from ..workflow.events import EventSteps
    from ..workflow.finalize import FinalizeOrder
    from ..workflow.housekeeper import Housekeeping
    from ..workflow.retry import RetryOrder
    from ..workflow.state_machine import SingleSteps
    from ..workflow.steps import OrderSteps
    from .adapters import Adapters
    from .checkout import Orders

IN_FLIGHT = timedelta(seconds=120)
"""No function runs that long: after it, no process can still be waiting for a gateway's answer."""


class Workflow:
    def __init__(self, settings: Settings, adapters: Adapters, orders: Orders) -> None:
        self._settings = settings
        self._a = adapters
        self._orders = orders

    @cached_property
    def payments(self) -> Payments:
        from ..payments.payments import Payments

        return Payments(self._a.ledger, self._a.gateway, self._a.clock, self._a.pause)

    @cached_property
    def receipts(self) -> Receipts:
        from ..documents.receipts import Receipts

        return Receipts(self._a.documents, self._a.render_receipt, lambda view: dumps(view).encode())

    @cached_property
    def finalize(self) -> FinalizeOrder:
        from ..workflow.finalize import FinalizeOrder

        a = self._a
        return FinalizeOrder(a.orders, self.payments, a.events, a.carts, a.clock, log, IN_FLIGHT)

    @cached_property
    def steps(self) -> OrderSteps:
        from ..workflow.steps import OrderSteps

        a = self._a
        return OrderSteps(a.orders, a.catalogue, self.payments, self.finalize, a.clock, log)

    @cached_property
    def single_steps(self) -> SingleSteps:
        from ..workflow.state_machine import SingleSteps

        return SingleSteps(self.steps, self.receipts)

    @cached_property
    def event_steps(self) -> EventSteps:
        from functools import partial

        from ..orders.order_created import announced_order
        from ..workflow.events import EventSteps

        a, settings = self._a, self._settings
        read = partial(announced_order, owner=settings.outside_owner, default_currency=settings.default_currency)
        return EventSteps(
            a.orders,
            a.catalogue,
            self.steps,
            self.finalize,
            lambda event, correlation_id: read(event, correlation_id=correlation_id),
            self._orders.new,
            a.clock,
            log,
        )

    @cached_property
    def cancel(self) -> CancelOrder:
        from ..workflow.cancel import CancelOrder

        return CancelOrder(self._a.orders, self.steps, self.finalize, self._a.clock, log)

    @cached_property
    def retry(self) -> RetryOrder:
        from ..workflow.retry import RetryOrder

        return RetryOrder(self._a.orders, self.finalize, self._a.hand_over, log)

    @cached_property
    def housekeeper(self) -> Housekeeping:
        from ..workflow.housekeeper import Housekeeping
        from ..workflow.lost_orders import LostOrders

        a, handover_after = self._a, timedelta(seconds=self._settings.handover_after)
        return Housekeeping(
            a.orders,
            self.steps,
            self.finalize,
            a.hand_over,
            lambda: LostOrders(a.orders, a.backlog, a.clock, handover_after),
            a.clock,
            log,
            handover_after,
            timedelta(seconds=self._settings.give_up_after),
        )

    def execution_arn(self, order: Order) -> str:
        """Of the state machine's execution for this order."""
        from ..workflow.hand_over import execution_arn

        return execution_arn(self._settings.state_machine_arn, order)

    @cached_property
    def ship(self) -> ShipOrder:
        from ..fulfilment.ship import ShipOrder

        a = self._a
        return ShipOrder(a.orders, a.shipments, self.finalize, a.clock, log, IN_FLIGHT)

    @cached_property
    def carrier_signatures(self) -> CarrierSignatures:
        from ..fulfilment.signatures import CarrierSignatures

        return CarrierSignatures(self._a.carrier_secrets, self._a.clock)
