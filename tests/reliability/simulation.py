"""A whole shop in memory: the services over fakes, queues that deliver again, a bucket that tells of new receipts, a
housekeeper, and processes that can be made to fail at any call of any port."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from chalicelib import bootstrap
from chalicelib.bootstrap import Services
from chalicelib.bootstrap.hand_overs import ByWorkflow
from chalicelib.kit import sqs_batch as batch
from chalicelib.kit.jsonio import dumps
from chalicelib.orders.commands import PlaceOrder
from chalicelib.orders.model import Order
from chalicelib.workflow.events import HandOverByEvents
from chalicelib.workflow.ports import Depth

from tests.reliability.bus import Bus, Consumer, asks_for_something
from tests.reliability.dead_letters import SimulatedDeadLetters
from tests.reliability.faults import Died, Plan, Tapped, as_asked
from tests.reliability.messages import TerseMessages, who_and_what
from tests.reliability.promises import Facts, GatewayRow, broken_at_any_time, broken_at_rest, lost_from_sight
from tests.reliability.queues import OrderHandOver, SimulatedQueue, SimulatedSqs
from tests.support.builders.examples import LAPTOP, MOUSE, SETTINGS, command
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.backlog import FakeBacklog
from tests.support.state_machine import Execution, Invoke, TaskFailed, Way, failing

IN_STOCK = 5
_PORTS = (
    "orders",
    "number_leases",
    "catalogue",
    "ledger",
    "gateway",
    "events",
    "documents",
    "claims",
    "mailer",
    "texter",
    "hand_over",
    "sqs",
    "carts",
    "shipments",
    "reasons",
    "tries",
    "audit_records",
    "findings",
)
_MOVE_MONEY_AND_STOCK = ("orders", "gateway")
_MAIL_TRIES = 3
"""Lambda repeats an asynchronous invocation that failed twice."""
_ROUNDS = 100
"""Of the housekeeper, a minute apart: well past the time after which it gives up."""


@dataclass(frozen=True)
class Story:
    """An order, and how it ends when nothing goes wrong."""

    name: str
    ends: str = "COMPLETED"
    error: str | None = None
    order: Mapping[str, Any] = field(default_factory=dict)

    def command(self) -> PlaceOrder:
        return command(**self.order)

    def __str__(self) -> str:
        return self.name


class Simulation:
    """`plans` says for a role what becomes of its calls. With `disorder` all events arrive twice and backwards.

    There are `in_stock` units of each product at first."""

    def __init__(
        self, plans: Mapping[str, Plan] | None = None, *, disorder: bool = False, in_stock: int = IN_STOCK
    ) -> None:
        self.plans = dict(plans or {})
        self._disorder = disorder
        self._in_stock = in_stock
        self.fakes = FakeAdapters(messages=TerseMessages())
        self.clock = self.fakes.clock
        self.order_queue = SimulatedQueue(self.clock)
        self.notifications = SimulatedQueue(self.clock)
        self.bus = Bus(self.fakes, disorder=disorder)
        queues = {
            SETTINGS.order_queue_url: self.order_queue,
            SETTINGS.notifications_queue_url: self.notifications,
            **self.bus.urls,
        }
        self._sqs = SimulatedSqs(queues)
        self.dead_letters = SimulatedDeadLetters(self.clock, queues)
        self.executions: dict[str, Execution] = {}
        """All that were started, by name."""
        self.ways: dict[str, Way] = {}
        """How states of executions started from now on go wrong."""
        self._forwarded = 0
        self._announced: set[str] = set()
        self.broken: list[str] = []
        self._looked_at: list[list[Any]] = []
        for product in (LAPTOP, MOUSE):
            self.fakes.catalogue.put(product, in_stock)

    def process(self, role: str) -> Services:
        """The services in a new process, as after a crash; what is stored is shared by all."""
        plan = self.plans.get(role, as_asked)
        getattr(plan, "attempt_begins", lambda: None)()
        return self.process_with(plan)

    def process_with(self, plan: Plan) -> Services:
        def watched(call: Any) -> Any:
            try:
                return plan(call)
            finally:
                if call.port in _MOVE_MONEY_AND_STOCK and self._has_moved():
                    self.broken += [f"after {call}: {what}" for what in broken_at_any_time(self.facts())]

        real = {name: getattr(self.fakes, name) for name in _PORTS}
        to_drivers = {
            "queue": OrderHandOver(self.order_queue).hand_over,
            "stepfunctions": self.start_execution,
            "events": HandOverByEvents(OrderHandOver(self.bus.inventory).hand_over, self.fakes.events),
        }
        real |= {"hand_over": ByWorkflow(to_drivers), "sqs": self._sqs, "dead_letter_queues": self.dead_letters}
        ports = {name: Tapped(name, port, watched) for name, port in real.items()}
        rest = {name: getattr(self.fakes, name) for name in ("clock", "pause", "messages", "render_receipt")}
        rest["backlog"] = SimulatedBacklog(self)
        return Services(SETTINGS, SimpleNamespace(**ports, **rest))

    def _has_moved(self) -> bool:
        """Whether any order, stock or money changed since it was last asked: promises of any time are about these."""
        fakes, before = self.fakes, self._looked_at
        kept = (fakes.store.orders, fakes.store.stock, fakes.gateway.done)
        self._looked_at = [list(things.values()) for things in kept]
        return self._looked_at != before

    def accept(self, placed: PlaceOrder) -> Order | None:
        """What the client was answered; None if it got an error or none at all."""
        return self._attempt(lambda: self.process("accept").orders.accept(placed))

    def placed(self, command: PlaceOrder) -> Order:
        """One that was accepted without trouble."""
        order = self.accept(command)
        assert order is not None
        return order

    def cancel(self, order_id: str) -> Order | Exception | None:
        """As `POST /orders/{id}/cancel`: what the client was answered, None if nothing."""
        try:
            services = self.process("cancel")
            return services.workflow.cancel(services.orders.queries.get("p-one", order_id))
        except Died:
            return None
        except Exception as error:  # noqa: BLE001 - to be looked at
            return error

    def work_orders(self) -> None:
        """The `process_orders` function, until its queue is empty."""
        while records := self.order_queue.receive():
            services = self.process("orders")
            self.work_batch(services, records)

    def work_batch(self, services: Services, records: Any) -> None:
        """One invocation of `process_orders`; what it fails to work off comes back."""
        self._invoke(
            self.order_queue,
            records,
            lambda: batch.process_batch(
                records,
                services.queues.of("orders"),
                lambda m: services.workflow.steps.run_all(m.text("orderId"), m.last_try, m.again),
            ),
        )

    def work_steps(self) -> None:
        """The three consumers of the workflow `events`, until nothing is on the bus and in their queues any more."""
        while self.work_each_step():
            pass

    def work_each_step(self) -> bool:
        """One batch of each consumer. False if there was none for any."""
        self.bus.route()
        batches = [(consumer, records) for consumer in self.bus.consumers if (records := consumer.queue.receive())]
        for consumer, records in batches:
            self.work_consumer(consumer, records, self.process(consumer.role))
        return bool(batches)

    def work_consumer(self, consumer: Consumer, records: Any, services: Services) -> None:
        """One invocation; what it fails to work off comes back."""
        self._invoke(consumer.queue, records, lambda: consumer.process_batch(services, records))

    def start_execution(self, order: Order) -> None:
        """As the state machine takes it: an execution of that name is started once."""
        name = f"{order.order_id}-{order.handovers}"
        self.executions.setdefault(name, self.execution(order.order_id))

    def execution(self, order_id: str, plan: Plan | None = None) -> Execution:
        """One that is not begun yet. The calls of its functions go through the plan, by default the role's."""
        payload = {"orderId": order_id, "correlationId": "corr-1"}
        return Execution(failing(self._function_calls(plan), dict(self.ways)), payload)

    def work_executions(self) -> None:
        """Let all that were started and not begun run to their ends."""
        for execution in list(self.executions.values()):
            if not execution.states:
                execution.run()

    def _function_calls(self, plan: Plan | None) -> Invoke:
        import app  # it reads the environment as it is imported

        def invoke(state: str, function: str, payload: Any) -> Any:
            bootstrap.use(self.process_with(plan) if plan else self.process("machine"))
            try:
                return getattr(app, function)(payload, None)
            except Died as death:
                if plan:
                    raise
                raise TaskFailed("Runtime.ExitError", str(death)) from None

        return invoke

    def forward_events(self) -> None:
        """The topic and its subscription: what was published since the last time, as far as it asks for something."""
        published = self.fakes.events.published[self._forwarded :]
        self._forwarded += len(published)
        wanted = [dumps(event.detail) for event in published if asks_for_something(event.detail)]
        for body in [*reversed(wanted), *reversed(wanted)] if self._disorder else wanted:
            self.notifications.send(body)

    def tell(self) -> None:
        """The `notify` function, until its queue is empty."""
        self.forward_events()
        while records := self.notifications.receive():
            self.tell_batch(self.process("notify"), records)

    def tell_batch(self, services: Services, records: Any) -> None:
        """One invocation of `notify`; what it fails to work off comes back."""
        work = services.customers.notifications.on_event
        self._invoke(
            self.notifications,
            records,
            lambda: batch.process_batch(records, services.queues.of("notifications"), lambda m: work(m.body)),
        )

    def mail(self) -> None:
        """The bucket's notifications of new receipts, and the `mail_receipt` function."""
        for key in [k for k in self.fakes.documents.files if k.startswith("receipts/") and k not in self._announced]:
            self._announced.add(key)
            for _ in range(2 if self._disorder else 1):
                self._announce(key)

    def housekeeper(self) -> None:
        """One run, a minute after whatever was before."""
        self.clock.advance(61)
        self._attempt(lambda: self.process("housekeeper").workflow.housekeeper())  # noqa: PLW0108 - made in the attempt

    def come_to_rest(self) -> None:
        """Let everything run until nothing moves any more."""
        for _ in range(_ROUNDS):
            self.work_orders()
            self.work_executions()
            self.work_steps()
            self.tell()
            self.mail()
            if not any(order.open for order in self.orders):
                return
            self.housekeeper()

    def redrive(self) -> None:
        """Staff replay the dead-letter queues."""
        for queue in (self.order_queue, *self.bus.queues.values(), self.notifications):
            queue.redrive()
            self.come_to_rest()

    @property
    def orders(self) -> list[Order]:
        return list(self.fakes.store.orders.values())

    @property
    def order(self) -> Order:
        """The one order of this sim."""
        [order] = self.orders
        return order

    def broken_promises(self) -> list[str]:
        """Of any time since the beginning and of now, when all is at rest."""
        return [*self.broken, *broken_at_rest(self.facts())]

    def lost_from_sight(self) -> list[str]:
        """What nobody will look after, when the queues of orders are empty."""
        queues = (self.order_queue, *self.bus.queues.values())
        dead = " ".join(message.body for queue in queues for message in queue.dead)
        return lost_from_sight(self.facts(), {o.order_id for o in self.orders if o.order_id in dead})

    def facts(self) -> Facts:
        fakes = self.fakes
        return Facts(
            orders=self.orders,
            stock=fakes.store.stock,
            stock_at_first=dict.fromkeys(fakes.store.products, self._in_stock),
            gateway=[_gateway_row(key, answer) for key, answer in fakes.gateway.done.items()],
            events=[(event.detail["orderId"], event.type) for event in fakes.events.published],
            notified=[
                who_and_what(text)
                for text in [m.decode() for _, m in fakes.mailer.sent] + [t for _, t in fakes.texter.sent]
            ],
            documents=list(fakes.documents.files),
        )

    def _announce(self, key: str) -> None:
        for _ in range(_MAIL_TRIES):
            if self._attempt(lambda: self.process("mail").customers.notifications.on_receipt(key)) is not None:
                return

    def _invoke(self, queue: SimulatedQueue, records: Any, function: Callable[[], None]) -> None:
        """As Lambda does: a function that returned has its batch deleted, one that failed or died has not."""
        try:
            function()
        except (Exception, Died):  # noqa: BLE001 - what is not deleted comes back
            return
        for message in records.messages:
            queue.delete(str(message.number))

    def _attempt(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except (Exception, Died):  # noqa: BLE001 - somebody will come again
            return None


class SimulatedBacklog(FakeBacklog):
    """What is in the simulation's queues and executions."""

    def __init__(self, sim: Simulation) -> None:
        super().__init__()
        self._sim = sim

    def depth(self, queue: str) -> Depth:
        queues = {"queue": self._sim.order_queue, **self._sim.bus.queues}
        return Depth(len(queues[queue].messages), 0, 0)

    def is_running(self, order: Order) -> bool:
        name = f"{order.order_id}-{order.handovers}"
        execution = self._sim.executions.get(name)
        return execution is not None and not execution.states


def _gateway_row(key: str, answer: Any) -> GatewayRow:
    order_id, operation, *_ = key.split(":")
    return GatewayRow(order_id, operation, answer.approved, answer.reference, answer.amount)
