"""Order numbers: unique however many processes lease and however they end, with gaps, and hardly ever with a call."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError
from chalicelib.bootstrap import Services
from chalicelib.kit.dynamodb import to_dynamodb
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.orders.dynamodb_numbers import DynamoNumberLeases
from chalicelib.orders.model import Order
from chalicelib.orders.numbers import OrderNumbers

from tests.contract.threads import concurrently
from tests.support.aws_stub import Stub, refused
from tests.support.builders.examples import SETTINGS, command
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.numbers import FakeNumberLeases
from tests.support.fakes.orders import FakeOrders, FakeStore

FIRST, BLOCK = 100_000, 100


def test_numbers_have_six_digits_at_first_and_rise() -> None:
    number = OrderNumbers(FakeNumberLeases())

    found = [number() for _ in range(2 * BLOCK + 1)]

    assert found == [str(FIRST + n) for n in range(2 * BLOCK + 1)]
    assert all(re.fullmatch("[0-9]{6,12}", one) for one in found)


def test_so_many_orders_share_one_lease() -> None:
    leases = FakeNumberLeases()
    number = OrderNumbers(leases)

    for _ in range(BLOCK):
        number()
    assert len(leases.leased) == 1

    number()
    assert len(leases.leased) == 2


def test_processes_at_once_never_give_the_same_number() -> None:
    leases = FakeNumberLeases()
    processes = [OrderNumbers(leases, block=3) for _ in range(4)]

    found = concurrently(8, lambda n: [processes[n % 4]() for _ in range(25)])

    numbers = [number for some in found for number in some]
    assert len(set(numbers)) == len(numbers) == 200


def test_what_a_process_has_left_when_it_dies_is_a_gap(adapters: FakeAdapters) -> None:
    first = Services(SETTINGS, adapters).orders.accept(command())
    second = Services(SETTINGS, adapters).orders.accept(command())

    assert [first.order_number, second.order_number] == [str(FIRST), str(FIRST + BLOCK)]


def test_all_that_accept_in_a_process_share_its_lease(services: Services, adapters: FakeAdapters) -> None:
    services.orders.accept(command())
    services.carts.buy_now(command(lines=()), "MOUSE001", 1)

    assert len(adapters.number_leases.leased) == 1


def test_without_a_lease_no_order_is_accepted_and_none_is_stored(adapters: FakeAdapters) -> None:
    class Down(FakeNumberLeases):
        def lease(self, count: int) -> int:
            raise TemporarilyUnavailable("the table is throttled")

    with pytest.raises(TemporarilyUnavailable):
        Services(SETTINGS, replace(adapters, number_leases=Down())).orders.accept(command())

    assert adapters.store.orders == {}
    assert adapters.queue.messages == []


def test_the_same_key_again_is_answered_with_the_first_ones_number(services: Services) -> None:
    keyed = command(idempotency_key="key-1", fingerprint=b"body-1")

    numbers = {services.orders.accept(keyed).order_number for _ in range(3)}

    assert numbers == {str(FIRST)}


def test_a_put_whose_reply_was_lost_keeps_its_number() -> None:
    class LosesReplies(FakeOrders):
        def add(self, order: Order) -> Order | None:
            super().add(order)
            return super().add(order)

    store = FakeStore()
    adapters = FakeAdapters(store=store, orders=LosesReplies(store))

    placed = Services(SETTINGS, adapters).orders.accept(command())

    assert placed.order_number == store.orders[placed.order_id].order_number == str(FIRST)


def test_a_lease_is_one_atomic_update(dynamodb: Stub) -> None:
    dynamodb.answers({"Attributes": to_dynamodb({"next": 100_500})})

    assert DynamoNumberLeases(dynamodb.client, "operations").lease(100) == 100_400

    (sent,) = dynamodb.sent
    assert sent["UpdateExpression"] == "SET #next = if_not_exists(#next, :first) + :count"
    assert sent["ReturnValues"] == "UPDATED_NEW"


def test_a_lease_that_is_refused_leaves_nothing_to_give(dynamodb: Stub) -> None:
    dynamodb.answers(
        refused("ProvisionedThroughputExceededException"), {"Attributes": to_dynamodb({"next": FIRST + BLOCK})}
    )
    number = OrderNumbers(DynamoNumberLeases(dynamodb.client, "operations"))

    with pytest.raises(ClientError):
        number()
    assert number() == str(FIRST)
