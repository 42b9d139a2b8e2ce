"""Kill the process, lose a reply or refuse a call at every call of giving feedback, of writing the mail that asks for
it, and of the hourly gauges."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

from chalicelib.bootstrap import Services
from chalicelib.kit.errors import Conflict
from chalicelib.kit.shop import Shop
from chalicelib.notifications.messages import ShopMessages
from chalicelib.orders.model import HistoryRow, Order, Status

from tests.reliability.faults import Died, Fault, Kind, Tapped
from tests.reliability.stories import every_kind
from tests.support.builders.examples import LAPTOP, NOW, SETTINGS, order
from tests.support.fakes.adapters import FakeAdapters

ANY = (Exception, Died)


def finished() -> Order:
    return order(history=(HistoryRow(Status.PENDING, NOW), HistoryRow(Status.COMPLETED, NOW)))


def cut_off(
    kind: Kind, made: Callable[[], FakeAdapters], *ports: str
) -> Iterator[tuple[FakeAdapters, Services, Fault]]:
    """A simulation for each call of these ports, in which that call goes wrong; the caller plays in it."""
    for number in itertools.count(1):
        fault, adapters = Fault(number, kind), made()
        for port in ports:
            setattr(adapters, port, Tapped(port, getattr(adapters, port), fault))
        yield adapters, Services(SETTINGS, adapters), fault
        if not fault.hit:
            assert number > 1, "no call was made at all"
            return


@every_kind
def test_feedback_that_was_kept_is_no_conflict_for_who_gave_it(kind: Kind) -> None:
    for adapters, services, fault in cut_off(kind, FakeAdapters, "orders"):
        done = finished()
        adapters.store.orders[done.order_id] = done
        refused = False
        try:
            services.customers.give_feedback(done, 4, "Good")
        except Conflict:
            refused = True
        except ANY:
            pass

        kept = adapters.store.orders[done.order_id].feedback
        assert not refused, str(fault)
        if kind in (Kind.REPLY_LOST, Kind.REPEATED):
            assert kept is not None
        if kept is None:
            Services(SETTINGS, FakeAdapters(store=adapters.store)).customers.give_feedback(done, 4, "Good")
        again = adapters.store.orders[done.order_id]
        assert (again.feedback and again.feedback.score, again.revision) == (4, 1)


@every_kind
def test_a_secret_that_can_not_be_read_delays_the_mail_and_neither_loses_nor_doubles_it(kind: Kind) -> None:
    done = finished()
    receipt = f"receipts/{done.order_id}.pdf"
    settings = replace(SETTINGS, public_url="https://api.test")

    def made() -> FakeAdapters:
        adapters = FakeAdapters()
        adapters.store.orders[done.order_id] = done
        adapters.documents.add(receipt, b"%PDF", "application/pdf")
        return adapters

    for adapters, _, fault in cut_off(kind, made, "link_secrets"):
        for _ in range(3):  # Lambda tries an event of S3 three times
            services = Services(settings, adapters)
            links = services.customers.feedback_links
            adapters.messages = ShopMessages(
                Shop("Test Shop", "", ""), "orders@shop.test", lambda order, links=links: links.link(order.order_id)
            )
            try:
                services.customers.notifications.on_receipt(receipt)
            except ANY:
                continue

        [(_, mail)] = adapters.mailer.sent
        assert b"https://api.test/feedback/" in mail, str(fault)


@every_kind
def test_gauges_cut_off_anywhere_are_whole_after_the_next_run(kind: Kind) -> None:
    def made() -> FakeAdapters:
        adapters = FakeAdapters()
        adapters.catalogue.put(LAPTOP, 3)
        adapters.carts.put("anne", "LAPTOP001", 2, "EUR")
        adapters.clock.advance(1800)
        adapters.carts.put("ben", "LAPTOP001", 1, "EUR")
        adapters.clock.advance(86400)
        return adapters

    whole = made()
    Services(SETTINGS, whole).reporting.publish_hourly()
    assert {hour: left.carts for hour, (_, left) in whole.gauges.hours.items()} == {
        "2026-11-22T12": 0,
        "2026-11-22T13": 0,
        "2026-11-22T14": 1,
        "2026-11-22T15": 1,
    }

    for adapters, services, fault in cut_off(kind, made, "catalogue", "carts", "gauges"):
        try:
            services.reporting.publish_hourly()
        except ANY:
            services.reporting.publish_hourly()

        assert adapters.gauges._port.hours == whole.gauges.hours, str(fault)
