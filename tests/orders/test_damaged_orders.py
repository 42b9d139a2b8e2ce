"""Every job and list with a damaged order, product or stock in its way: the others are worked on as ever, staff are
told once, and what is repaired leaves the list again."""

from __future__ import annotations

from typing import Any

import pytest
from chalicelib.assistant.lookup import FindOrders
from chalicelib.assistant.understanding import understand
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import Damaged
from chalicelib.kit.observability import log
from chalicelib.orders.discrepancies import Kind
from chalicelib.orders.model import Order, Reservation, Status
from chalicelib.orders.viewers import Viewer
from chalicelib.reconciliation.report_damage import ReportDamage

from tests.support.builders import discrepancies as inspected
from tests.support.builders.examples import SETTINGS, command
from tests.support.fakes.adapters import FakeAdapters

MINUTE = 60


@pytest.fixture
def good(services: Services) -> Order:
    return services.orders.accept(command())


@pytest.fixture
def bad(services: Services, adapters: FakeAdapters, good: Order) -> Order:
    """Stored between two that can be read."""
    order = services.orders.accept(command())
    adapters.store.damage("order", order.order_id)
    services.orders.accept(command())
    adapters.queue.messages.clear()
    return order


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What was logged as a warning: the event, and the item's key."""
    found: list[tuple[str, Any]] = []
    monkeypatch.setattr(log, "warning", lambda event, **fields: found.append((event, fields.get("key"))))
    return found


def findings(adapters: FakeAdapters) -> list[tuple[Kind, str]]:
    return [finding.key for finding in adapters.findings.all()]


def test_the_housekeeper_hands_over_the_others(services: Services, adapters: FakeAdapters, bad: Order) -> None:
    adapters.clock.advance(MINUTE + 1)

    assert services.workflow.housekeeper() == {"handed_over": 2}

    assert len(adapters.queue.messages) == 2
    assert bad.order_id not in adapters.queue.messages
    assert findings(adapters) == [(Kind.DAMAGED_ORDER, bad.order_id)]


def test_the_metrics_count_it_among_those_that_need_attention(
    services: Services, adapters: FakeAdapters, bad: Order
) -> None:
    adapters.clock.advance(MINUTE + 1)

    told = services.reporting.publish()

    assert told is not None
    assert told["OrdersNeedingAttention"] == 1
    assert findings(adapters) == [(Kind.DAMAGED_ORDER, bad.order_id)]


def test_the_reconciler_lists_it_and_looks_at_the_others(
    services: Services, adapters: FakeAdapters, bad: Order
) -> None:
    inspected.later(adapters)

    found = services.operations.reconciliation()

    assert found[Kind.DAMAGED_ORDER] == 1
    assert found[Kind.STUCK] == 2
    reason = adapters.findings.found[Kind.DAMAGED_ORDER, bad.order_id].details["reason"]
    assert reason == f"Damaged: The order {bad.order_id} is damaged: KeyError('x')."


def test_it_stays_listed_until_it_is_repaired(services: Services, adapters: FakeAdapters, bad: Order) -> None:
    for _ in range(3):
        inspected.later(adapters)
        assert services.operations.reconciliation()[Kind.DAMAGED_ORDER] == 1

    adapters.store.damaged.clear()
    inspected.later(adapters)

    assert services.operations.reconciliation()[Kind.DAMAGED_ORDER] == 0
    assert (Kind.DAMAGED_ORDER, bad.order_id) not in findings(adapters)


def test_damaged_after_its_end_it_is_found_too(services: Services, adapters: FakeAdapters) -> None:
    """No index of open orders has it, only the one by day."""
    order = inspected.finished(services)
    adapters.store.damage("order", order.order_id)
    inspected.later(adapters)

    assert services.operations.reconciliation()[Kind.DAMAGED_ORDER] == 1


def test_a_damaged_payment_does_not_stop_the_reconciler(services: Services, adapters: FakeAdapters) -> None:
    order, other = inspected.finished(services), inspected.unpaid(services, adapters)

    def get(order_id: str, operation: Any) -> Any:
        if order_id == order.order_id:
            raise Damaged(f"The payment {order_id} is damaged.", "payment", order_id)
        return None

    adapters.ledger.get = get
    adapters.ledger.look_up = lambda keys: {}
    inspected.later(adapters)

    found = services.operations.reconciliation()

    assert found[Kind.DAMAGED_ORDER] == 1
    assert (Kind.FINISHED_UNPAID, other.order_id) in findings(adapters)


def test_staff_are_notified_once_however_often_it_is_read(
    services: Services, adapters: FakeAdapters, bad: Order, warnings: list[tuple[str, Any]]
) -> None:
    for _ in range(3):
        adapters.clock.advance(MINUTE)
        services.workflow.housekeeper()
        services.reporting.publish()
        services.orders.listing(10)
        services.orders.queries.page("p-one", 10)
    Services(SETTINGS, adapters).orders.listing(10)

    assert warnings == [("item_damaged", bad.order_id)]


def test_another_process_does_not_tell_it_again(
    adapters: FakeAdapters, bad: Order, warnings: list[tuple[str, Any]]
) -> None:
    for _ in range(2):
        ReportDamage(lambda: adapters.findings, adapters.clock, log)(adapters.store.damaged["order", bad.order_id])

    assert warnings == [("item_damaged", bad.order_id)]


def test_what_can_not_be_listed_stops_no_job_and_is_told_by_the_next(
    services: Services, adapters: FakeAdapters, bad: Order, warnings: list[tuple[str, Any]]
) -> None:
    add, adapters.findings.add = adapters.findings.add, _refused
    adapters.clock.advance(MINUTE + 1)
    assert services.workflow.housekeeper() == {"handed_over": 2}
    assert findings(adapters) == []

    adapters.findings.add = add
    services.workflow.housekeeper()

    assert findings(adapters) == [(Kind.DAMAGED_ORDER, bad.order_id)]
    assert [event for event, _ in warnings] == ["damage_not_listed", "item_damaged"]


def _refused(_: object) -> bool:
    raise PermissionError("AccessDenied")


def test_staffs_pages_hold_it_once_and_every_other_order_once(
    services: Services, adapters: FakeAdapters, bad: Order
) -> None:
    seen: list[str] = []
    damaged: list[str] = []
    after: Any = None
    for _ in range(10):
        page = services.orders.listing(1, after)
        assert len(page.items) + len(page.damaged) <= 1
        seen += [order.order_id for order in page.items]
        damaged += [error.key for error in page.damaged]
        if page.next is None:
            break
        after = page.next

    assert damaged == [bad.order_id]
    assert sorted([*seen, *damaged]) == sorted(adapters.store.orders)


def test_the_chatbot_speaks_of_the_others(adapters: FakeAdapters, bad: Order) -> None:
    find = FindOrders(adapters.orders)
    caller = Viewer("p-one", "customer123")

    listed = find(caller, understand("Show me my recent orders"))
    named = find(caller, understand(f"Where is order {bad.order_id}?"))

    assert len(listed.orders) == 2
    assert named.orders == ()


def test_a_message_about_it_fails_and_the_next_is_worked_on(services: Services, bad: Order, good: Order) -> None:
    with pytest.raises(Damaged, match=bad.order_id):
        services.workflow.steps.run_all(bad.order_id, last_try=True)

    assert services.workflow.steps.run_all(good.order_id).status is Status.COMPLETED


STEPS = [
    *("validate", "save", "reserve", "charge", "commit", "confirm", "fulfil", "complete", "notify"),
    *("issue_receipt", "refund"),
]


@pytest.mark.parametrize("step", [*STEPS, "release", "fail", "needs_attention"])
def test_each_step_of_the_state_machine_says_what_is_wrong(services: Services, bad: Order, step: str) -> None:
    """So that the execution ends as failed, under the error's own name."""
    act = getattr(services.workflow.single_steps, step)
    arguments = [bad.order_id] if step in STEPS else [bad.order_id, {"error": {"Error": "Damaged", "Cause": "{}"}}]

    with pytest.raises(Damaged, match=bad.order_id):
        act(*arguments)


def test_damaged_stock_hides_no_other_stock(services: Services, adapters: FakeAdapters) -> None:
    adapters.store.damage("stock", "MOUSE001")

    shown = {product.product_id: stock for product, stock in services.inventory.products.page(10, None).items}
    services.reporting.publish_hourly()
    found = services.operations.reconciliation()

    assert shown == {"LAPTOP001": 5, "MOUSE001": 0}
    assert found[Kind.DAMAGED_ITEM] == 1
    assert adapters.findings.found[Kind.DAMAGED_ITEM, "stock MOUSE001"].details["key"] == "MOUSE001"


def test_what_was_repaired_leaves_the_list_a_day_later_and_what_was_not_is_told_again(
    services: Services, adapters: FakeAdapters, warnings: list[tuple[str, Any]]
) -> None:
    adapters.store.damage("product", "MOUSE001")
    services.inventory.products.page(10, None)
    adapters.clock.advance(24 * 3600 + 1)
    assert findings(adapters) == []

    services.inventory.products.page(10, None)
    assert findings(adapters) == [(Kind.DAMAGED_ITEM, "product MOUSE001")]
    assert warnings == [("item_damaged", "MOUSE001")] * 2

    adapters.store.damaged.clear()
    adapters.clock.advance(24 * 3600 + 1)
    services.inventory.products.page(10, None)
    assert findings(adapters) == []


def test_a_reservation_of_a_damaged_order_is_no_reason_to_stop_looking_at_the_stock(
    services: Services, adapters: FakeAdapters, good: Order
) -> None:
    services.workflow.single_steps.save(good.order_id)
    services.workflow.single_steps.reserve(good.order_id)
    held = adapters.store.orders[good.order_id]
    assert held.reservation is Reservation.HELD
    adapters.store.damage("order", good.order_id)

    found = services.operations.reconciliation()

    assert (found[Kind.DAMAGED_ORDER], found[Kind.RESERVED_MISMATCH]) == (1, 1)
