"""The composition root: builds the services from their adapters, each on first use, once per process.

Tests swap adapters by building `Services` over an `Adapters` of fakes and passing it to `use`."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..kit import aws, config
from ..kit.jsonio import dumps
from ..kit.observability import log, telemetry
from .adapters import Adapters
from .insight import InsightServices
from .office import OfficeServices

if TYPE_CHECKING:
    from ..checkout.carts import ChangeCart, ShowCart
    from ..checkout.checkout import BuyNow, Checkout
    from ..documents.receipts import Receipts
    from ..feedback.give import GiveFeedback
    from ..fulfilment.ship import ShipOrder
    from ..inventory.products import Products
    from ..kit.errors import Damaged
    from ..kit.ports import Clock
    from ..notifications.notify import Notifications
    from ..orders.accept import AcceptOrder
    from ..orders.model import Order
    from ..orders.queries import OrderQueries
    from ..payments.payments import Payments
    from ..workflow.cancel import CancelOrder
    from ..workflow.finalize import Settlement
    from ..workflow.housekeeper import Housekeeping
    from ..workflow.state_machine import SingleSteps
    from ..workflow.steps import OrderSteps

IN_FLIGHT = timedelta(seconds=120)
"""No function runs that long: after it, nobody can still be waiting for a gateway's answer."""

is_misconfigured = aws.is_misconfigured
is_temporary = aws.is_temporary
may_pass = aws.may_pass
aws.measure_with(telemetry)


class Services(InsightServices, OfficeServices):
    """The use cases, wired. Those around the orders stand in `office.py`, those that look at them in `insight.py`."""

    def __init__(self, settings: config.Settings, adapters: Any = None) -> None:
        self.settings = settings
        self._a = adapters or Adapters(settings)

    @cached_property
    def accept_order(self) -> AcceptOrder:
        from ..orders.accept import AcceptOrder

        return AcceptOrder(self._a.orders, self._a.hand_over, self._a.clock, log)

    @cached_property
    def queries(self) -> OrderQueries:
        from ..orders.queries import OrderQueries

        return OrderQueries(self._a.orders)

    @cached_property
    def products(self) -> Products:
        from ..inventory.products import Products

        return Products(self._a.catalogue, self._a.clock, log)

    @cached_property
    def payments(self) -> Payments:
        from ..payments.payments import Payments

        return Payments(self._a.ledger, self._a.gateway, self._a.clock, getattr(self._a, "pause", time.sleep))

    @cached_property
    def settlement(self) -> Settlement:
        from ..workflow.finalize import Settlement

        a = self._a
        return Settlement(a.orders, self.payments, a.events, a.carts, a.clock, log, IN_FLIGHT)

    @cached_property
    def order_steps(self) -> OrderSteps:
        from ..workflow.steps import OrderSteps

        a = self._a
        return OrderSteps(a.orders, a.catalogue, self.payments, self.settlement, a.clock, log)

    @cached_property
    def cancel_order(self) -> CancelOrder:
        from ..workflow.cancel import CancelOrder

        return CancelOrder(self._a.orders, self.order_steps, self.settlement, self._a.clock, log)

    @cached_property
    def single_steps(self) -> SingleSteps:
        from ..workflow.state_machine import SingleSteps

        return SingleSteps(self.order_steps, self.receipts)

    @cached_property
    def show_cart(self) -> ShowCart:
        from ..checkout.carts import ShowCart

        return ShowCart(self._a.carts, self._a.catalogue, self.settings.default_currency)

    @cached_property
    def change_cart(self) -> ChangeCart:
        from ..checkout.carts import ChangeCart

        return ChangeCart(self._a.carts, self._a.catalogue, self.show_cart)

    @cached_property
    def checkout(self) -> Checkout:
        from ..checkout.checkout import Checkout

        return Checkout(self.show_cart, self.accept_order)

    @cached_property
    def buy_now(self) -> BuyNow:
        from ..checkout.checkout import BuyNow

        return BuyNow(self._a.catalogue, self.accept_order)

    @cached_property
    def ship_order(self) -> ShipOrder:
        from ..fulfilment.ship import ShipOrder

        a = self._a
        return ShipOrder(a.orders, a.parcels, self.settlement, a.clock, log, IN_FLIGHT)

    @cached_property
    def give_feedback(self) -> GiveFeedback:
        from ..feedback.give import GiveFeedback

        return GiveFeedback(self._a.orders, self._a.clock, log)

    def execution_arn(self, order: Order) -> str:
        """Of the state machine's execution for this order."""
        from ..workflow.hand_over import execution_arn

        return execution_arn(self.settings.state_machine_arn, order)

    @cached_property
    def receipts(self) -> Receipts:
        from ..documents.receipts import Receipts

        return Receipts(self._a.documents, self._a.render_receipt, lambda view: dumps(view).encode())

    @cached_property
    def notifications(self) -> Notifications:
        from ..notifications.daily_limits import DailyLimits
        from ..notifications.notify import Notifications

        a = self._a
        return Notifications(
            a.orders,
            a.documents,
            self.receipts,
            a.claims,
            a.mailer,
            a.texter,
            a.messages,
            a.findings,
            DailyLimits(a.claims, a.clock, {"sms": self.settings.sms_per_day, "mail": self.settings.mails_per_day}),
            lambda order, messages: self._ask_for_messages(order, messages),  # noqa: PLW0108 - made when needed
            self.settings.mail_sender,
            a.clock,
            log,
        )

    @cached_property
    def housekeeping(self) -> Housekeeping:
        from ..workflow.housekeeper import Housekeeping
        from ..workflow.lost_orders import LostOrders

        a, handover_after = self._a, timedelta(seconds=self.settings.handover_after)
        return Housekeeping(
            a.orders,
            self.order_steps,
            self.settlement,
            a.hand_over,
            lambda: LostOrders(a.orders, a.backlog, a.clock, handover_after),
            a.clock,
            log,
            handover_after,
            timedelta(seconds=self.settings.give_up_after),
        )

    def report_damage(self, error: Damaged) -> None:
        """Tell staff, once, of a stored item that can't be read."""
        self._a.report_damage(error)

    @property
    def clock(self) -> Clock:
        clock: Clock = self._a.clock
        return clock

    def health(self) -> dict[str, bool]:
        """Whether each part that the API needs answers: tables, indexes, queue, topic, state machine and so on."""
        from ..kit.concurrency import few_at_a_time
        from ..operations.health import check

        return check(self.settings, few_at_a_time(8))


_current: Services | None = None


def services() -> Services:
    """The process's services. Raises ConfigurationError naming what is missing."""
    global _current  # noqa: PLW0603 - the one place that holds the process's services
    if _current is None:
        _current = Services(config.settings())
    return _current


def use(replacement: Services | None) -> None:
    """For tests: serve these services, or with None build the real ones anew."""
    global _current  # noqa: PLW0603 - the one place that holds the process's services
    _current = replacement
