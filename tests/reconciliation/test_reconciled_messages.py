"""The reconciler on messages to customers: what was never tried is asked for, what is in doubt is left to staff."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.discrepancies import Kind

from tests.support.builders import discrepancies as inspected
from tests.support.builders.discrepancies import NONE, finished, later, listed
from tests.support.builders.examples import SETTINGS, command
from tests.support.fakes.adapters import FakeAdapters


def test_a_mail_that_was_never_tried_is_asked_for_once_and_sent(services: Services, adapters: FakeAdapters) -> None:
    order = inspected.unmailed(services, adapters)
    later(adapters)

    for _ in range(3):
        services.operations.reconciliation()
    requests = [json.loads(body) for body in adapters.dead_sqs.bodies(SETTINGS.notifications_queue_url)]
    for request in requests:
        services.customers.notifications.on_event(request)

    assert requests == [{"orderId": order.order_id, "resend": ["mail-confirmation"], "correlationId": "corr-1"}]
    assert len(adapters.mailer.sent) == 1
    assert listed(adapters)[Kind.MAIL_MISSING, order.order_id].repaired
    assert services.operations.reconciliation() == NONE


def test_a_notice_that_was_never_tried_is_asked_for_too(services: Services, adapters: FakeAdapters) -> None:
    order = services.workflow.steps.run_all(
        services.orders.accept(command(payment_method="pm_card_chargeDeclined")).order_id
    )
    later(adapters)

    assert services.operations.reconciliation() == {**NONE, Kind.MAIL_MISSING: 1}

    [request] = [json.loads(body) for body in adapters.dead_sqs.bodies(SETTINGS.notifications_queue_url)]
    assert (request["orderId"], request["resend"]) == (order.order_id, ["mail-notice"])


def test_a_mail_that_was_sent_in_the_meantime_is_not_sent_again(services: Services, adapters: FakeAdapters) -> None:
    order = inspected.unmailed(services, adapters)
    later(adapters)
    services.operations.reconciliation()
    inspected.tell(services, order)

    [request] = [json.loads(body) for body in adapters.dead_sqs.bodies(SETTINGS.notifications_queue_url)]
    services.customers.notifications.on_event(request)

    assert len(adapters.mailer.sent) == 1


def test_nothing_old_is_mailed_when_the_reconciler_begins_anew(services: Services, adapters: FakeAdapters) -> None:
    finished(services)
    later(adapters, 24 * 30.5)  # the claims expired
    adapters.findings.reached = None

    assert services.operations.reconciliation() == NONE
    assert adapters.dead_sqs.bodies(SETTINGS.notifications_queue_url) == []


def test_a_message_in_doubt_is_left_to_staff_and_says_since_when(services: Services, adapters: FakeAdapters) -> None:
    order = inspected.in_doubt(services, adapters)
    begun = f"{adapters.clock.now()[:19]}.000Z"
    later(adapters)

    services.operations.reconciliation()

    finding = listed(adapters)[Kind.MESSAGE_NOT_SENT, order.order_id]
    assert finding.details["mail-confirmation"] == f"may not have been sent: begun at {begun}"
    assert not finding.repaired
    assert adapters.mailer.sent == []


def test_what_a_consumer_noted_is_struck_once_it_was_sent(services: Services, adapters: FakeAdapters) -> None:
    order = inspected.in_doubt(services, adapters)
    adapters.clock.advance(11)
    services.customers.notifications.on_receipt(f"receipts/{order.order_id}.pdf")
    assert list(listed(adapters)) == [(Kind.MESSAGE_NOT_SENT, order.order_id)]
    adapters.claims.sent(f"{order.order_id}#mail-confirmation")

    services.operations.reconciliation()

    assert listed(adapters) == {}


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_mark_that_there_is_no_receipt_goes_once_there_is_one(
    services: Services, adapters: FakeAdapters, by_hand: bool
) -> None:
    order = finished(services) if by_hand else inspected.without_receipt(services, adapters)
    adapters.orders.save(replace(order, attention="NoReceipt"), order.status)
    later(adapters)

    services.operations.reconciliation()
    services.operations.reconciliation()

    assert adapters.store.orders[order.order_id].attention == ""
    assert Kind.NEEDS_ATTENTION not in {kind for kind, _ in listed(adapters)}
