"""Each fact is counted once, whatever comes how often and in which batches."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any
from unittest.mock import Mock

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.kit.jsonio import loads
from chalicelib.orders.model import Failure, Feedback, Order, Payment, PaymentStatus, Status
from chalicelib.reporting.archive import order_in
from chalicelib.reporting.count_orders import digest
from chalicelib.reporting.facts import facts_of
from chalicelib.reporting.ports import Change, CounterKey, CounterPage
from hypothesis import given
from hypothesis import strategies as st

from tests.reliability.faults import Died
from tests.support.builders.examples import SETTINGS, order
from tests.support.builders.generated_histories import histories
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.clock import FakeClock
from tests.support.fakes.counters import FakeCounterPages
from tests.support.stream import changes_in, counted, full_with, record, wanted

NOON = "2026-11-21T12:20:00.000Z"


def count(adapters: FakeAdapters, *changes: Change) -> None:
    Services(SETTINGS, adapters).reporting.count_orders([record(change, n) for n, change in enumerate(changes, 1)])


def placed(**changes: Any) -> Order:
    one = order(created_at=NOON, **changes)
    return replace(one, history=(replace(one.history[0], at=NOON),))


def confirmed(one: Order) -> Order:
    for status in (Status.VALIDATING, Status.INVENTORY_CHECK, Status.PAYMENT_PROCESSING, Status.CONFIRMED):
        one = one.moved(status, NOON)
    paid = Payment(PaymentStatus.CAPTURED, "ch_1", one.total_amount, Decimal("0.00"))
    return replace(one, payment=paid)


def ended(adapters: FakeAdapters) -> list[str]:
    return sorted(key for key in adapters.documents.files if key.startswith("ended/"))


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[list[Order]], list[list[Change]]]:
    """Lives of some orders, and the batches in which their changes come: each once at least, those of one order in
    their order the first time, some again at any time after."""
    lives = draw(st.lists(histories(), min_size=1, max_size=4, unique_by=lambda states: states[0].order_id))
    queues = [changes_in(states) for states in lives]
    sent: list[Change] = []
    for n in draw(st.permutations([n for n, queue in enumerate(queues) for _ in queue])):
        sent.append(queues[n].pop(0))
        sent += draw(st.lists(st.sampled_from(sent), max_size=2))
    batches = []
    while sent:
        size = draw(st.integers(1, len(sent)))
        batch, sent = sent[:size], sent[size:]
        batches += [batch] * draw(st.integers(1, 2))
    return lives, batches


@pytest.mark.slow
@given(deliveries())
def test_counters_are_what_the_last_states_say(delivered: tuple[list[list[Order]], list[list[Change]]]) -> None:
    lives, batches = delivered
    adapters = FakeAdapters()

    for batch in batches:
        count(adapters, *batch)

    assert counted(adapters.counter_pages) == wanted(states[-1] for states in lives)


@pytest.mark.slow
@given(deliveries())
def test_however_many_pages_it_takes(delivered: tuple[list[list[Order]], list[list[Change]]]) -> None:
    lives, batches = delivered
    adapters = FakeAdapters()

    with full_with(2):
        for batch in batches:
            count(adapters, *batch)

    assert counted(adapters.counter_pages) == wanted(states[-1] for states in lives)
    facts = {digest(fact) for states in lives for fact in facts_of(states[-1]).values()}
    assert sorted(key for counter_page in adapters.counter_pages.pages.values() for key in counter_page.seen) == sorted(
        facts
    )


def test_a_rush_of_orders_makes_no_item_too_large(adapters: FakeAdapters) -> None:
    """An item takes 400 KB: 50,000 digests."""
    with full_with(100):
        for _ in range(40):
            count(adapters, *(Change(None, placed()) for _ in range(20)))

    counter_pages = adapters.counter_pages.pages
    assert max(len(counter_page.seen) for counter_page in counter_pages.values()) < 120
    assert {(place.page, counter_page.full) for place, counter_page in counter_pages.items() if place.page < 3} == {
        (0, True),
        (1, True),
        (2, True),
    }
    assert counted(adapters.counter_pages)["2026-11-21T12"]["placed"] == 800


def test_what_a_full_page_has_is_not_counted_again(adapters: FakeAdapters) -> None:
    changes = [Change(None, placed()) for _ in range(30)]
    with full_with(5):
        for change in changes:
            count(adapters, change)
        before = dict(adapters.counter_pages.pages)

        count(adapters, *changes)

    assert adapters.counter_pages.pages == before
    assert counted(adapters.counter_pages)["2026-11-21T12"]["placed"] == 30


def test_an_order_is_counted_in_its_quarter(adapters: FakeAdapters) -> None:
    count(adapters, Change(None, placed()))

    [(place, counter_page)] = adapters.counter_pages.pages.items()
    assert (place.hour, place.quarter) == ("2026-11-21T12", 1)
    assert (counter_page.counts["placed"], len(counter_page.seen), counter_page.version) == (1, 1, 1)


def test_many_orders_cost_one_write_per_place(adapters: FakeAdapters) -> None:
    count(adapters, *(Change(None, placed()) for _ in range(100)))

    counter_pages = adapters.counter_pages.pages.values()
    assert [counter_page.version for counter_page in counter_pages] == [1, 1]
    assert sum(counter_page.counts["placed"] for counter_page in counter_pages) == 100


def test_what_brings_nothing_new_is_neither_read_nor_written(adapters: FakeAdapters) -> None:
    one = placed()
    adapters.counter_pages = None  # any use of it would raise

    count(adapters, Change(one, replace(one, revision=1)), Change(one, one.moved(Status.VALIDATING, NOON)))

    assert adapters.documents.files == {}


def test_a_deletion_takes_nothing_back(adapters: FakeAdapters, services: Services) -> None:
    one = record(Change(None, placed()))
    services.reporting.count_orders([one])
    before = counted(adapters.counter_pages)

    removed = {**one, "eventName": "REMOVE", "dynamodb": {"OldImage": one["dynamodb"]["NewImage"]}}
    services.reporting.count_orders([removed])

    assert counted(adapters.counter_pages) == before


@pytest.mark.parametrize("image", [{}, {"orderId": {"S": "x"}}, {"orderId": {"X": 1}}, None])
def test_a_record_that_cannot_be_read_is_a_dead_letter_and_all_others_are_counted(
    adapters: FakeAdapters, services: Services, image: Any
) -> None:
    good, bad = record(Change(None, placed())), record(Change(None, placed()), number=7)
    bad["dynamodb"] |= {"NewImage": image, "Keys": {"orderId": {"S": "by-hand"}}}

    services.reporting.count_orders([bad, good])

    assert counted(adapters.counter_pages)["2026-11-21T12"]["placed"] == 1
    [letter] = services.operations.dead_letters.peek("metrics", 10)
    assert letter.order_id == "by-hand"
    assert "2026-11-21T14:30:25.000Z can't be read and is not counted" in letter.reason
    assert letter.payload["notCounted"]["sequenceNumber"].endswith("0007")


@pytest.mark.parametrize("strange", ["no record", {}, {"eventName": "MODIFY"}, {"dynamodb": []}])
def test_what_is_no_record_at_all_is_a_dead_letter(services: Services, strange: Any) -> None:
    services.reporting.count_orders([strange])

    assert len(services.operations.dead_letters.peek("metrics", 10)) == 1


@pytest.mark.parametrize("fault", [Died, TemporarilyUnavailable("no answer")])
def test_a_dead_letter_that_could_not_be_written_is_written_when_the_batch_comes_again(
    adapters: FakeAdapters, services: Services, fault: Any
) -> None:
    send, adapters.dead_sqs.send_message_batch = adapters.dead_sqs.send_message_batch, Mock(side_effect=fault)
    batch = [record(Change(None, placed())), "no record"]
    with pytest.raises((Died, TemporarilyUnavailable)):
        services.reporting.count_orders(batch)
    adapters.dead_sqs.send_message_batch = send

    services.reporting.count_orders(batch)

    assert counted(adapters.counter_pages)["2026-11-21T12"]["placed"] == 1
    assert len(services.operations.dead_letters.peek("metrics", 10)) == 1


def test_a_dead_letter_that_the_queue_refuses_fails_the_batch(adapters: FakeAdapters, services: Services) -> None:
    refused = {"Failed": [{"Id": "0", "Code": "InternalError"}]}
    adapters.dead_sqs.send_message_batch = Mock(return_value=refused)

    with pytest.raises(TemporarilyUnavailable, match="InternalError"):
        services.reporting.count_orders(["no record"])  # type: ignore[list-item]


class OthersCount(FakeCounterPages):
    """Others count at the same place, so many times just before we write."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def put(self, place: CounterKey, counter_page: CounterPage, version: int) -> bool:
        if self.times:
            self.times -= 1
            known = self.get(place)
            super().put(place, replace(known, version=known.version + 1), known.version)
        return super().put(place, counter_page, version)


def test_who_lost_a_race_looks_again(adapters: FakeAdapters) -> None:
    adapters.counter_pages = OthersCount(times=5)

    count(adapters, Change(None, placed()))

    assert counted(adapters.counter_pages)["2026-11-21T12"]["placed"] == 1


def test_who_loses_all_the_time_gives_the_batch_back(adapters: FakeAdapters) -> None:
    adapters.counter_pages = OthersCount(times=1000)

    with pytest.raises(TemporarilyUnavailable):
        count(adapters, Change(None, placed()))


def test_an_order_that_failed_is_kept_by_the_day_it_was_placed(adapters: FakeAdapters) -> None:
    one = placed()
    failed = one.failed(Failure("OUT_OF_STOCK", "None left."), NOON)

    count(adapters, Change(None, one), Change(one, failed))

    assert ended(adapters) == [f"ended/2026/11/21/{one.order_id}.2.json"]
    kept = loads(adapters.documents.files[ended(adapters)[0]])
    assert (kept["status"], kept["error"]["code"], order_in(kept).order_id) == ("FAILED", "OUT_OF_STOCK", one.order_id)


def test_a_sale_is_kept_by_its_receipt_and_what_comes_later_on_its_own_day(adapters: FakeAdapters) -> None:
    one = placed()
    sold = confirmed(one)
    shipped = sold.moved(Status.FULFILLMENT, "2026-11-23T09:00:00.000Z").moved(
        Status.COMPLETED, "2026-11-23T09:00:00.000Z"
    )
    judged = replace(shipped, feedback=Feedback(5, "Gut", "2026-12-02T10:00:00.000Z"))

    count(adapters, Change(None, one), Change(one, sold))
    assert ended(adapters) == []
    count(adapters, Change(sold, shipped), Change(shipped, judged))

    assert ended(adapters) == [
        f"ended/2026/11/23/{one.order_id}.4.json",
        f"ended/2026/12/02/{one.order_id}.5.json",
    ]
    assert loads(adapters.documents.files[ended(adapters)[1]])["feedback"]["score"] == 5


def test_a_sale_of_another_day_than_it_was_placed_on_is_kept_on_both(adapters: FakeAdapters) -> None:
    one = placed()
    paid = replace(confirmed(one).history[-1], at="2026-11-22T00:00:00.100Z")
    sold = replace(confirmed(one), history=(*one.history, paid))

    count(adapters, Change(None, one), Change(one, sold))

    assert ended(adapters) == [f"ended/2026/11/{day}/{one.order_id}.2.json" for day in (21, 22)]


def test_a_refund_of_long_ago_is_counted_then_and_that_hour_added_up(adapters: FakeAdapters) -> None:
    one = placed()
    cancelled = confirmed(one).moved(Status.CANCELLED, NOON)
    assert cancelled.payment
    back = replace(cancelled.payment, status=PaymentStatus.REFUNDED, refunded=cancelled.total_amount)
    count(adapters, Change(None, one), Change(one, cancelled))
    assert adapters.counter_pages.sums("2026-11-21T12") is None  # publish_metrics does it

    adapters.clock.advance(30 * 24 * 3600)
    for _ in range(2):
        count(adapters, Change(cancelled, replace(cancelled, payment=back)))

    sums = adapters.counter_pages.sums("2026-11-21T12")
    assert (sums.counts["refunds"], sums.counts["placed"]) == (1, 1)
    assert [sum("refunds" in quarter for quarter in sums.quarters), len(sums.quarters)] == [1, 4]


@pytest.mark.parametrize(
    ("now", "by_us"),
    [
        ("2026-11-21T14:30:00.000Z", False),
        ("2026-11-22T13:00:00.000Z", False),
        ("2026-11-22T13:00:00.001Z", True),
        ("2027-12-25T12:59:59.999Z", True),
        ("2027-12-25T13:00:00.000Z", False),
    ],
)
def test_an_hour_that_is_over_for_a_day_is_added_up_by_whoever_counts_in_it(now: str, by_us: bool) -> None:
    """Until then the clock does it; and after 399 days nobody, for its counters are about to be removed."""
    adapters = FakeAdapters(clock=FakeClock(now))

    count(adapters, Change(None, placed()))

    assert (adapters.counter_pages.sums("2026-11-21T12") is not None) is by_us
