"""A flood of orders is no flood of messages: so many a day to one recipient, and what is held back is seen by staff."""

from __future__ import annotations

from dataclasses import replace

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.claims import ClaimState
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.orders.discrepancies import Kind
from chalicelib.orders.events import events_of
from chalicelib.orders.model import Order

from tests.reliability.faults import Died
from tests.support.builders.discrepancies import listed
from tests.support.builders.examples import SETTINGS, command
from tests.support.fakes.adapters import FakeAdapters

DAY = 24 * 3600


@pytest.fixture
def limited(adapters: FakeAdapters) -> Services:
    """Two text messages and two mails a day."""
    return Services(replace(SETTINGS, sms_per_day=2, mails_per_day=2), adapters)


def declined(services: Services, **changes: object) -> Order:
    changes = {"payment_method": "pm_card_chargeDeclined", **changes}
    return services.workflow.steps.run_all(services.orders.accept(command(**changes)).order_id)


def tell(services: Services, order: Order) -> None:
    for event in events_of(order):
        services.customers.notifications.on_event(event.detail)


def test_beyond_the_limit_nothing_is_sent(limited: Services, adapters: FakeAdapters) -> None:
    for _ in range(4):
        tell(limited, declined(limited))

    assert (len(adapters.texter.sent), len(adapters.mailer.sent)) == (2, 2)


def test_what_is_held_back_is_shown_to_staff_and_not_tried_again(limited: Services, adapters: FakeAdapters) -> None:
    tell(limited, declined(limited))
    held_back = declined(limited)
    for _ in range(3):
        tell(limited, held_back)  # no error: no message of the queue comes again for it

    finding = listed(adapters)[Kind.MESSAGE_NOT_SENT, held_back.order_id]
    assert finding.details["sms-created"] == (
        "refused: Undeliverable: The recipient got 2 messages that day, which is the limit."
    )
    claims = adapters.claims.look_up([f"{held_back.order_id}#sms-created"])
    assert [claim.state for claim in claims.values()] == [ClaimState.REFUSED]


def test_another_day_staff_may_have_it_sent(limited: Services, adapters: FakeAdapters) -> None:
    for _ in range(2):
        order = declined(limited)
        tell(limited, order)
    adapters.clock.advance(DAY)

    limited.customers.notifications.on_event(
        {"orderId": order.order_id, "resend": ["sms-created"], "askedAt": adapters.clock.now()}
    )

    assert len(adapters.texter.sent) == 3
    claim = f"{order.order_id}#sms-created"
    assert adapters.claims.look_up([claim])[claim].state is ClaimState.SENT


def test_other_recipients_have_limits_of_their_own(limited: Services, adapters: FakeAdapters) -> None:
    for n in range(3):
        tell(limited, declined(limited, phone_number=f"+3161234567{n}", customer_email=f"{n}@example.com"))

    assert (len(adapters.texter.sent), len(adapters.mailer.sent)) == (6, 3)


@pytest.mark.parametrize("owners", [("p-one", "p-two", "c-anne"), ("p-one", "p-one", "p-one")])
def test_whoever_orders_it_is_the_recipient_that_counts(
    limited: Services, adapters: FakeAdapters, owners: tuple[str, ...]
) -> None:
    for owner in owners:
        tell(limited, declined(limited, owner=owner, customer_id=owner))

    assert (len(adapters.texter.sent), len(adapters.mailer.sent)) == (2, 2)


def test_a_mailbox_is_one_however_it_is_spelt(limited: Services, adapters: FakeAdapters) -> None:
    for address in ("anna@example.com", "Anna@Example.COM", "anna+1@example.com", "ANNA+2@example.com"):
        tell(limited, declined(limited, customer_email=address, phone_number=None))

    assert len(adapters.mailer.sent) == 2


def test_a_message_that_comes_again_is_counted_once(limited: Services, adapters: FakeAdapters) -> None:
    for _ in range(5):
        tell(limited, order := declined(limited, phone_number=None))
        adapters.mailer.sent.clear()
        adapters.claims.until.clear()  # as if each claim had been given back
        adapters.claims.counted.clear()
        for _ in range(5):
            tell(limited, order)
        [counted] = adapters.claims.counted.values()
        assert len(counted) == 1


def test_what_the_carrier_refused_for_now_is_counted_once(limited: Services, adapters: FakeAdapters) -> None:
    send, tries = adapters.texter.send, iter([TemporarilyUnavailable("no"), TemporarilyUnavailable("no")])

    def refuse_twice(number: str, text: str) -> None:
        for error in tries:
            raise error
        send(number, text)

    adapters.texter.send = refuse_twice
    order = declined(limited)
    for _ in range(2):
        with pytest.raises(TemporarilyUnavailable):
            tell_first(limited, order)
    tell_first(limited, order)
    tell(limited, order)

    assert len(adapters.texter.sent) == 2


def test_a_process_that_dies_after_counting_leaves_the_message_in_doubt_and_counted_once(
    limited: Services, adapters: FakeAdapters
) -> None:
    def die(*_: object) -> None:
        raise Died

    send, adapters.texter.send = adapters.texter.send, die
    order = declined(limited)
    with pytest.raises(Died):
        tell_first(limited, order)
    adapters.texter.send = send
    adapters.clock.advance(300)

    limited.customers.notifications.on_event(
        {"orderId": order.order_id, "resend": ["sms-created"], "askedAt": adapters.clock.now()}
    )
    tell(limited, order)

    assert len(adapters.texter.sent) == 2


def test_where_nothing_can_be_counted_nothing_is_sent_and_all_is_tried_again(
    limited: Services, adapters: FakeAdapters
) -> None:
    count, adapters.claims.count = adapters.claims.count, _throttled
    order = declined(limited)

    with pytest.raises(RuntimeError):
        tell_first(limited, order)
    assert (adapters.texter.sent, adapters.claims.claimed) == ([], set())

    adapters.claims.count = count
    tell_first(limited, order)
    assert len(adapters.texter.sent) == 1


def test_what_counts_names_nobody(limited: Services, adapters: FakeAdapters) -> None:
    tell(limited, declined(limited))

    assert adapters.claims.counted
    assert not [scope for scope in adapters.claims.counted if "+31612345678" in scope or "@" in scope]


def tell_first(services: Services, order: Order) -> None:
    services.customers.notifications.on_event({"orderId": order.order_id, "eventType": "OrderPlaced"})


def _throttled(*_: object) -> bool:
    raise RuntimeError("throttled")
