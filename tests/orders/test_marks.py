"""Marks for staff and notes of what is unpublished: what is there already stays, and each is removed with its cause."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import StaleOrder, TemporarilyUnavailable
from chalicelib.orders.model import Duty, Order, Status
from chalicelib.payments.model import GatewayAnswer

from tests.support.builders.examples import command
from tests.support.fakes.adapters import FakeAdapters, stored

EARLIER = "States.Timeout"


def refund_refused(key: str, *_: Any) -> GatewayAnswer:
    return GatewayAnswer(False, "re_1", Decimal(0), "expired_card", "No.")


def not_allowed(_: object) -> None:
    refusal: Any = {"Error": {"Code": "AuthorizationError"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
    raise ClientError(refusal, "PublishBatch")


def left(services: Services, adapters: FakeAdapters, **changes: Any) -> Order:
    """A paid order that was cancelled and is not finalised."""
    paid = services.workflow.steps.run_all(services.orders.accept(command()).order_id)
    off = paid.moved(Status.CANCELLED, services.clock.now())
    off = replace(off, duties=frozenset({Duty.REFUND}), **changes)
    saved: Order = adapters.orders.save(off, paid.status)
    return saved


def test_a_refused_refund_overwrites_no_earlier_mark(services: Services, adapters: FakeAdapters) -> None:
    adapters.gateway.refund = refund_refused

    assert services.workflow.finalize(left(services, adapters)).attention == "RefundRefused"
    assert services.workflow.finalize(left(services, adapters, attention=EARLIER)).attention == EARLIER


@pytest.mark.parametrize(("before", "after"), [("", "EventsNotPublished"), (EARLIER, EARLIER)])
def test_events_that_are_refused_overwrite_no_earlier_mark(
    services: Services, adapters: FakeAdapters, before: str, after: str
) -> None:
    order = left(services, adapters, attention=before, unpublished=("OrderCancelled",))
    adapters.events.publish = not_allowed

    with pytest.raises(ClientError):
        services.workflow.finalize(order)

    assert stored(adapters, order).attention == after


def test_publishing_removes_its_own_mark_only(services: Services, adapters: FakeAdapters) -> None:
    """The refund is refused, so that the order stays open and keeps what is left of its marks."""
    adapters.gateway.refund = refund_refused
    order = left(services, adapters, attention=EARLIER, unpublished=("OrderCancelled",))

    finalized = services.workflow.finalize(order)

    assert (finalized.unpublished, finalized.attention) == ((), EARLIER)


def test_a_refund_removes_its_own_mark_only(services: Services, adapters: FakeAdapters) -> None:
    order = left(services, adapters, attention=EARLIER, unpublished=("OrderCancelled",))
    adapters.events.publish = not_allowed

    with pytest.raises(ClientError):
        services.workflow.finalize(order)

    assert stored(adapters, order).duties == frozenset()
    assert stored(adapters, order).attention == EARLIER


def test_the_state_machine_overwrites_no_earlier_mark(services: Services, adapters: FakeAdapters) -> None:
    order = left(services, adapters)

    for reason in (EARLIER, "Later"):
        services.workflow.single_steps.needs_attention(order.order_id, {"error": {"Error": reason}})

    assert stored(adapters, order).attention == EARLIER


def test_what_could_not_be_published_is_added_to_what_was_noted(services: Services, adapters: FakeAdapters) -> None:
    order = left(services, adapters, unpublished=("OrderPlaced",))
    adapters.events.publish = not_allowed

    with pytest.raises(ClientError):
        services.workflow.finalize.publish(order, ["OrderCancelled"])

    assert stored(adapters, order).unpublished == ("OrderPlaced", "OrderCancelled")


def test_a_note_is_written_on_the_order_as_another_left_it(services: Services, adapters: FakeAdapters) -> None:
    order = left(services, adapters)
    another = adapters.orders.save(replace(stored(adapters, order), attention=EARLIER), order.status)
    assert another.revision != order.revision

    noted = services.workflow.finalize.note_unpublished(order)

    assert (noted.attention, noted.open) == (EARLIER, True)
    assert noted.unpublished


def test_an_order_that_changes_all_the_time_is_tried_again_later(services: Services, adapters: FakeAdapters) -> None:
    order = left(services, adapters)

    def stale(*_: Any) -> None:
        raise StaleOrder("another was faster")

    adapters.orders.save = stale

    with pytest.raises(TemporarilyUnavailable):
        services.workflow.finalize.note_unpublished(order)


def test_a_lost_race_goes_on_from_what_is_stored(services: Services, adapters: FakeAdapters) -> None:
    """Our reservation is applied, and its reply lost."""
    order = services.orders.accept(command())
    reserve, lost = adapters.orders.reserve, []

    def reply_lost(*sent: Any) -> Order:
        done: Order = reserve(*sent)
        if not lost:
            lost.append(done)
            raise StaleOrder("it is not as it was read")
        return done

    adapters.orders.reserve = reply_lost

    assert services.workflow.steps.run_all(order.order_id).status is Status.COMPLETED
    stock = adapters.store.stock["LAPTOP001"]
    assert (lost != [], stock.available, stock.reserved) == (True, 4, 0)


def test_an_order_that_others_always_change_first_is_tried_ten_times(
    services: Services, adapters: FakeAdapters
) -> None:
    order = services.orders.accept(command())
    tries: list[Any] = []

    def stale(*sent: Any) -> None:
        tries.append(sent)
        raise StaleOrder("another was faster")

    adapters.orders.reserve = stale

    with pytest.raises(TemporarilyUnavailable, match="is being changed"):
        services.workflow.steps.run_all(order.order_id)

    assert len(tries) == 10


def test_an_end_that_another_touches_before_it_is_finalized_is_finalized_as_stored(
    services: Services, adapters: FakeAdapters
) -> None:
    order = services.orders.accept(command(workflow="queue", from_cart=True))
    commit = adapters.orders.commit

    def touched(*sent: Any) -> Order:
        done: Order = commit(*sent)
        adapters.orders.save(replace(done, tries=3), done.status)
        return done

    adapters.orders.commit = touched

    ended = services.workflow.steps.run_all(order.order_id)

    assert (ended.tries, ended.open) == (3, False)
    assert "OrderCompleted" in adapters.events.types
