"""`Idempotency-Key` over HTTP: the same caller, key and body always get the one order back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from chalice.app import Chalice
from chalice.local import LocalChalice
from chalicelib.bootstrap import Services
from chalicelib.kit.jsonio import dumps

from tests.support.api.gateway import Gateway
from tests.support.api.refusals import refused
from tests.support.api.routes import changed
from tests.support.builders.examples import body
from tests.support.fakes.adapters import FakeAdapters

KEY = {"Idempotency-Key": "order-4711"}


def test_the_same_again_is_the_same_order(api: Gateway, adapters: FakeAdapters) -> None:
    first, second = [api.post("/orders", body(), headers=KEY) for _ in range(2)]

    assert (second.status, second.json) == (first.status, first.json)
    assert second.headers["location"] == first.headers["location"]
    assert len(adapters.store.orders) == 1
    assert len(adapters.queue.messages) == 1


def test_the_answer_is_the_order_as_it_stands_now(api: Gateway, services: Services) -> None:
    order_id = api.post("/orders", body(), headers=KEY).json["orderId"]
    services.workflow.steps.run_all(order_id)

    again = api.post("/orders", body(), headers=KEY)

    assert (again.status, again.json["orderId"], again.json["status"]) == (201, order_id, "COMPLETED")


def test_a_finished_order_is_not_handed_over_again(api: Gateway, services: Services, adapters: FakeAdapters) -> None:
    services.workflow.steps.run_all(api.post("/orders", body(), headers=KEY).json["orderId"])

    api.post("/orders", body(), headers=KEY)

    assert len(adapters.queue.messages) == 1


DIFFERENT = [
    ("customerId", "another"),
    ("customerEmail", "another@example.com"),
    ("phoneNumber", "+31600000000"),
    ("paymentMethod", "pm_card_chargeDeclined"),
    ("shippingAddress.zipCode", "54321"),
    ("items[0].name", "Other"),
    ("items[0].productId", "LAPTOP002"),
    ("currency", "USD"),
]


@pytest.mark.parametrize(("field", "value"), DIFFERENT)
def test_another_body_with_the_same_key_is_refused(
    api: Gateway, adapters: FakeAdapters, field: str, value: str
) -> None:
    api.post("/orders", body(), headers=KEY)

    refused(api.post("/orders", changed(body(), field, value), headers=KEY), status=422)
    assert len(adapters.store.orders) == 1


def test_a_field_left_out_is_another_body(api: Gateway) -> None:
    api.post("/orders", body(), headers=KEY)

    refused(api.post("/orders", body(phoneNumber=None), headers=KEY), status=422)


def test_a_wrong_body_does_not_use_the_key_up(api: Gateway) -> None:
    refused(api.post("/orders", body(customerEmail="x"), headers=KEY), "customerEmail")

    assert api.post("/orders", body(), headers=KEY).status == 201


def test_another_callers_same_key_is_another_order(api: Gateway) -> None:
    ids = [api.post("/orders", body(), headers=KEY, key=key).json["orderId"] for key in ("one", "two", "one")]

    assert ids[0] == ids[2] != ids[1]


def test_keys_tell_capitals_apart(api: Gateway) -> None:
    ids = {api.post("/orders", body(), headers={"Idempotency-Key": key}).json["orderId"] for key in ("a", "A")}

    assert len(ids) == 2


def test_without_a_key_each_is_an_order_of_its_own(api: Gateway) -> None:
    assert len({api.post("/orders", body()).json["orderId"] for _ in range(3)}) == 3


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(value)}
    return [_reversed(inner) for inner in value] if isinstance(value, list) else value


TEXT = dumps(body())
SAME = {
    "spaces": TEXT.replace(",", " ,\n\t").replace(":", " : "),
    "the order of keys": dumps(_reversed(body())),
    "fewer digits": dumps(body(totalAmount="@")).replace('"@"', "1299.990").replace("1299.99}", "1299.9900}"),
    "an exponent": dumps(body(totalAmount="@")).replace('"@"', "129999e-2"),
    "escapes": TEXT.replace("Gaming", "\\u0047aming"),
    "bytes": TEXT.encode(),
}


@pytest.mark.parametrize("same", SAME.values(), ids=SAME.keys())
def test_what_means_the_same_is_the_same(api: Gateway, same: str | bytes) -> None:
    first = api.post("/orders", TEXT, headers=KEY)

    again = api.post("/orders", same, headers=KEY)

    assert (again.status, again.json) == (201, first.json)


@pytest.mark.parametrize(("one", "other"), [("1299.9", "1299.90"), ("1300", "1300.00"), ("1300.0", "13e2")])
def test_amounts_that_are_equal_are_the_same(api: Gateway, one: str, other: str) -> None:
    def sent(amount: str) -> str:
        return dumps(changed(body(totalAmount="@"), "items[0].price", "@")).replace('"@"', amount)

    first, again = [api.post("/orders", sent(amount), headers=KEY) for amount in (one, other)]

    assert (again.status, again.json) == (201, first.json)


@pytest.fixture
def threads_own_requests(app: Chalice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each thread has its own current request, as in `chalice local`; in Lambda each process serves one."""
    local = type("ThreadedChalice", (LocalChalice, type(app)), {})
    app.__dict__.pop("current_request", None)
    monkeypatch.setattr(app, "__class__", local)


@pytest.mark.usefixtures("threads_own_requests")
def test_fifty_at_once_make_one_order(api: Gateway, adapters: FakeAdapters) -> None:
    together = threading.Barrier(50)

    def post(_: int) -> Any:
        together.wait()
        answer = api.post("/orders", body(), headers=KEY)
        return answer.status, answer.text

    with ThreadPoolExecutor(50) as pool:
        answers = set(pool.map(post, range(50)))

    assert len(adapters.store.orders) == 1
    assert [status for status, _ in answers] == [201]  # one text for all of them


@pytest.mark.usefixtures("threads_own_requests")
def test_of_fifty_bodies_at_once_one_wins_and_the_others_are_told(api: Gateway, adapters: FakeAdapters) -> None:
    together = threading.Barrier(50)

    def post(n: int) -> int:
        together.wait()
        return api.post("/orders", body(customerId=f"customer-{n}"), headers=KEY).status

    with ThreadPoolExecutor(50) as pool:
        statuses = list(pool.map(post, range(50)))

    assert sorted(statuses) == [201, *[422] * 49]
    assert len(adapters.store.orders) == 1
