"""The workflows' drivers: where each order is handed to, and how many orders wait there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..kit import aws, config
from ..workflow import hand_over as to

if TYPE_CHECKING:
    from ..orders.model import Order
    from ..orders.ports import Events, HandOver
    from ..workflow.ports import Backlog, Depth


class ByWorkflow:
    """Gives each order to the driver that its `workflow` names."""

    def __init__(self, drivers: Mapping[str, Callable[[Order], None]]) -> None:
        self._drivers = drivers

    def hand_over(self, order: Order) -> None:
        self._drivers[order.workflow](order)


def hand_over(settings: config.Settings, events: Callable[[], Events]) -> HandOver:
    """To the queue, the state machine or the first queue of the event-driven steps; each client is made when used."""

    def to_queue(url: str) -> Callable[[Order], None]:
        return lambda order: to.SqsHandOver(aws.client("sqs"), url).hand_over(order)

    def to_state_machine(order: Order) -> None:
        to.StepFunctionsHandOver(aws.client("stepfunctions"), settings.state_machine_arn).hand_over(order)

    def to_event_steps(order: Order) -> None:
        from ..workflow.events import HandOverByEvents

        HandOverByEvents(to_queue(settings.inventory_queue_url), events())(order)

    drivers = {"queue": to_queue(settings.order_queue_url), "stepfunctions": to_state_machine, "events": to_event_steps}
    return ByWorkflow(drivers)


def backlog(settings: config.Settings, depth: Callable[[str], Depth]) -> Backlog:
    """The queues and executions of all drivers."""
    from ..workflow.backlog import AwsBacklog

    urls = {
        "queue": settings.order_queue_url,
        "inventory": settings.inventory_queue_url,
        "payment": settings.payment_queue_url,
        "shipping": settings.shipping_queue_url,
    }
    return AwsBacklog(lambda: aws.client("stepfunctions"), urls, settings.state_machine_arn, depth)
