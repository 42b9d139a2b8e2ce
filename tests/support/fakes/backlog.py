"""What is on its way to the drivers, as a test says."""

from __future__ import annotations

from chalicelib.orders.model import Order, Status
from chalicelib.workflow.ports import Depth


class FakeBacklog:
    """Nothing waits anywhere, unless `depths` says so for a queue, or `running` for an order."""

    def __init__(self) -> None:
        self.depths: dict[str, Depth] = {}
        self.running: set[str] = set()
        self.looks: list[str] = []

    def queue_of(self, order: Order) -> str | None:
        if order.workflow != "events":
            return None if order.workflow == "stepfunctions" else "queue"
        steps = {Status.PAYMENT_PROCESSING: "payment", Status.FULFILLMENT: "shipping"}
        return steps.get(order.status, "inventory")

    def depth(self, queue: str) -> Depth:
        self.looks.append(queue)
        return self.depths.get(queue, Depth(0, 0, 0))

    def is_running(self, order: Order) -> bool:
        return order.order_id in self.running
