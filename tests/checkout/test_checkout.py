"""The two short ways to an order: what is accepted, and what is refused with nothing stored."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import Conflict, IdempotencyMismatch, InvalidRequest, NotFound, TemporarilyUnavailable
from chalicelib.orders.commands import PlaceOrder
from chalicelib.workflow.hand_over import StepFunctionsHandOver, execution_arn

from tests.support.builders.examples import MOUSE, command, order
from tests.support.fakes.adapters import FakeAdapters

ANNE = "anne"


def of_the_cart(**changes: Any) -> PlaceOrder:
    """What `/checkout` makes of a request: lines, currency and total are the cart's."""
    nothing = {"lines": (), "currency": "", "total_amount": Decimal(0), "fingerprint": b"one"}
    driver = {"workflow": "stepfunctions", "fulfilment": "manual", "from_cart": True}
    return command(**{"owner": "c-anne", "customer_id": ANNE, **nothing, **driver, **changes})


def of_one(**changes: Any) -> PlaceOrder:
    nothing = {"lines": (), "currency": "", "total_amount": Decimal(0), "fingerprint": b"one"}
    return command(**{"workflow": "stepfunctions", **nothing, **changes})


def test_the_cart_is_ordered_at_the_catalogues_prices(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "LAPTOP001", 1)
    services.carts.change.put(ANNE, "MOUSE001", 2)

    placed = services.carts.checkout(of_the_cart(), Decimal("1339.99"))

    assert (placed.total_amount, placed.currency) == (Decimal("1339.99"), "EUR")
    assert placed.quantities() == {"LAPTOP001": 1, "MOUSE001": 2}
    assert (placed.workflow, placed.fulfilment, placed.from_cart) == ("stepfunctions", "manual", True)
    assert adapters.queue.messages == [placed.order_id]
    assert adapters.carts.get(ANNE).lines == {"LAPTOP001": 1, "MOUSE001": 2}  # until it is paid


@pytest.mark.parametrize("total", [None, Decimal(40), Decimal("40.0"), Decimal("40.000")])
def test_a_total_need_not_be_said_and_is_compared_as_a_number(services: Services, total: Decimal | None) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)

    assert services.carts.checkout(of_the_cart(), total).total_amount == Decimal("40.00")


@pytest.mark.parametrize("total", ["39.99", "40.01", "0"])
def test_a_total_that_is_not_the_carts_is_refused(services: Services, adapters: FakeAdapters, total: str) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)

    with pytest.raises(Conflict, match=r"40\.00 EUR"):
        services.carts.checkout(of_the_cart(), Decimal(total))

    assert adapters.store.orders == {}


def test_a_withdrawn_product_is_refused_by_name(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    del adapters.store.products["MOUSE001"]

    with pytest.raises(Conflict, match="MOUSE001"):
        services.carts.checkout(of_the_cart(), None)

    assert adapters.store.orders == {}


def test_anothers_same_key_is_another_order(services: Services) -> None:
    for customer in (ANNE, "ben"):
        services.carts.change.put(customer, "MOUSE001", 1)
    first = services.carts.checkout(of_the_cart(idempotency_key="k"), None)

    second = services.carts.checkout(of_the_cart(idempotency_key="k", owner="c-ben", customer_id="ben"), None)

    assert second.order_id != first.order_id


def test_one_product_is_ordered_at_the_catalogues_price(services: Services) -> None:
    placed = services.carts.buy_now(of_one(), "LAPTOP001", 2)

    assert (placed.total_amount, placed.currency, placed.fulfilment) == (Decimal("2599.98"), "EUR", "auto")
    assert placed.lines[0].name == "Gaming Laptop"


def test_a_product_that_is_not_there_is_not_found(services: Services, adapters: FakeAdapters) -> None:
    with pytest.raises(NotFound):
        services.carts.buy_now(of_one(), "NOTHING", 1)

    assert adapters.store.orders == {}


@pytest.mark.parametrize("price", ["99.00", "999999999.99", None], ids=["dearer", "too dear", "withdrawn"])
def test_the_same_key_gets_the_same_order_whatever_became_of_the_product(
    services: Services, adapters: FakeAdapters, price: str | None
) -> None:
    first = services.carts.buy_now(of_one(idempotency_key="k"), "MOUSE001", 2)
    if price:
        adapters.catalogue.put(replace(MOUSE, price=Decimal(price)), None)
    else:
        del adapters.store.products["MOUSE001"]

    again = services.carts.buy_now(of_one(idempotency_key="k"), "MOUSE001", 2)

    assert (again.order_id, again.total_amount) == (first.order_id, first.total_amount)


MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:orderproc-test-orders"


class StepFunctions:
    """As StartExecution treats names: the one of a running execution is answered with it, the one of an ended execution
    is refused."""

    def __init__(self) -> None:
        self.inputs: dict[str, str] = {}
        self.ended: set[str] = set()
        self.unreachable = False

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> None:  # noqa: A002, N803 - AWS's names
        if self.unreachable:
            raise EndpointConnectionError(endpoint_url="https://states.test")
        if name in self.ended or self.inputs.setdefault(name, input) != input:
            raise ClientError({"Error": {"Code": "ExecutionAlreadyExists", "Message": name}}, "StartExecution")

    @property
    def arns(self) -> list[str]:
        return [f"{MACHINE.replace(':stateMachine:', ':execution:')}:{name}" for name in self.inputs]


def test_an_execution_is_named_after_its_order_and_gets_ids_not_orders() -> None:
    aws, placed = StepFunctions(), order(order_id="abc", correlation_id="corr-1")

    StepFunctionsHandOver(aws, MACHINE).hand_over(placed)

    assert aws.inputs == {"abc": '{"orderId":"abc","correlationId":"corr-1"}'}
    assert aws.arns == ["arn:aws:states:us-east-1:000000000000:execution:orderproc-test-orders:abc"]


@pytest.mark.parametrize(("ended", "started"), [(set(), ["abc"]), ({"abc"}, ["abc", "abc-2"])])
def test_a_second_execution_begins_only_when_the_first_has_ended(ended: set[str], started: list[str]) -> None:
    aws, placed = StepFunctions(), order(order_id="abc", correlation_id="corr-1")
    StepFunctionsHandOver(aws, MACHINE).hand_over(placed)
    aws.ended = ended

    for _ in range(2):
        StepFunctionsHandOver(aws, MACHINE).hand_over(replace(placed, handovers=2))

    assert list(aws.inputs) == started


def test_the_execution_that_the_customer_was_told_is_the_one_that_runs_though_it_began_late() -> None:
    aws, placed = StepFunctions(), order(order_id="abc", correlation_id="corr-1")
    hand_over, aws.unreachable = StepFunctionsHandOver(aws, MACHINE), True
    with pytest.raises(TemporarilyUnavailable):
        hand_over.hand_over(placed)
    told = execution_arn(MACHINE, placed)

    aws.unreachable = False
    later = replace(placed, handovers=3)  # the housekeeper counts before it hands over
    hand_over.hand_over(later)

    assert aws.arns == [told]
    assert execution_arn(MACHINE, later) == told


def test_a_repeated_request_names_an_execution_that_ran(services: Services, adapters: FakeAdapters) -> None:
    """Whatever the housekeeper counted meanwhile, without starting anything."""
    first = services.carts.buy_now(of_one(idempotency_key="k"), "MOUSE001", 1)
    adapters.orders.save(replace(first, handovers=1), first.status)

    again = services.carts.buy_now(of_one(idempotency_key="k"), "MOUSE001", 1)

    assert again.handovers == 1
    assert services.workflow.execution_arn(again) == services.workflow.execution_arn(first)


def test_what_the_catalogue_prices_too_high_is_no_fault_of_the_request(
    services: Services, adapters: FakeAdapters
) -> None:
    adapters.catalogue.put(replace(MOUSE, price=Decimal("999999999.99")), None)

    with pytest.raises(Conflict, match=r"at most 999999999\.99"):
        services.carts.buy_now(of_one(), "MOUSE001", 2)

    assert adapters.store.orders == {}


def test_an_order_knows_the_version_of_the_cart_that_it_bought(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    version = adapters.carts.get(ANNE).version

    placed = services.carts.checkout(of_the_cart(), None)
    services.carts.change.put(ANNE, "MOUSE001", 3)

    assert placed.cart_version == version != adapters.carts.get(ANNE).version


def test_what_is_put_in_while_the_cart_is_being_bought_stays(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    placed = services.carts.checkout(of_the_cart(), None)
    services.carts.change.remove(ANNE, "MOUSE001")
    services.carts.change.put(ANNE, "MOUSE001", 2)

    services.workflow.steps.run_all(placed.order_id)

    assert adapters.carts.get(ANNE).lines == {"MOUSE001": 2}


def bought_again(services: Services, times: int, **changes: Any) -> set[str]:
    return {services.carts.checkout(of_the_cart(**changes), None).order_id for _ in range(times)}


def test_twenty_checkouts_of_one_cart_at_once_make_one_order(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    together = Barrier(20)

    def checkout(n: int) -> str:
        together.wait()
        return services.carts.checkout(of_the_cart(correlation_id=f"request-{n}"), None).order_id

    with ThreadPoolExecutor(20) as pool:
        (order_id,) = set(pool.map(checkout, range(20)))

    assert list(adapters.store.orders) == [order_id]
    assert adapters.queue.messages == [order_id]


def test_a_second_click_finds_the_order_however_far_it_is(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    (order_id,) = bought_again(services, 2)
    services.workflow.steps.run_all(order_id)  # paid: the cart is empty now

    assert adapters.carts.get(ANNE).lines == {}
    assert bought_again(services, 2) == {order_id}
    assert list(adapters.store.orders) == [order_id]


def test_a_version_that_was_bought_is_not_bought_again_before_the_cart_was_emptied(
    services: Services, adapters: FakeAdapters
) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    adapters.carts.remove_bought = lambda order: None
    (order_id,) = bought_again(services, 1)
    services.workflow.steps.run_all(order_id)
    adapters.clock.advance(3600)

    assert bought_again(services, 2) == {order_id}


def test_after_a_minute_an_empty_cart_is_an_empty_cart(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    (order_id,) = bought_again(services, 1)
    services.workflow.steps.run_all(order_id)
    adapters.clock.advance(61)

    with pytest.raises(InvalidRequest):
        services.carts.checkout(of_the_cart(), None)


def cleared(services: Services) -> None:
    services.carts.change.clear(ANNE)


def taken_out(services: Services) -> None:
    services.carts.change.remove(ANNE, "MOUSE001")


def taken_out_twice(services: Services) -> None:
    services.carts.change.remove(ANNE, "MOUSE001")
    services.carts.change.remove(ANNE, "MOUSE001")


def changed_and_taken_out(services: Services) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 3)
    services.carts.change.remove(ANNE, "MOUSE001")


@pytest.mark.parametrize("paid", [False, True])
@pytest.mark.parametrize("emptied", [cleared, taken_out, taken_out_twice, changed_and_taken_out])
def test_a_cart_that_its_customer_emptied_is_empty_at_once(
    services: Services, emptied: Callable[[Services], None], paid: bool
) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    placed = services.carts.checkout(of_the_cart(), None)
    emptied(services)
    if paid:
        services.workflow.steps.run_all(placed.order_id)

    with pytest.raises(InvalidRequest):
        services.carts.checkout(of_the_cart(), None)


def test_of_a_cart_with_one_line_taken_out_the_payment_of_the_other_is_no_second_click(services: Services) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    services.carts.change.put(ANNE, "LAPTOP001", 1)
    placed = services.carts.checkout(of_the_cart(), None)
    services.carts.change.remove(ANNE, "LAPTOP001")
    services.workflow.steps.run_all(placed.order_id)

    with pytest.raises(InvalidRequest):
        services.carts.checkout(of_the_cart(), None)


def test_another_body_is_not_answered_with_the_order_that_emptied_the_cart(services: Services) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    services.workflow.steps.run_all(services.carts.checkout(of_the_cart(), None).order_id)

    with pytest.raises(InvalidRequest):
        services.carts.checkout(of_the_cart(fingerprint=b"two"), None)


@pytest.mark.parametrize("quantity", [2, 3])
def test_a_cart_that_was_changed_afterwards_is_a_new_order(services: Services, quantity: int) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    first = bought_again(services, 2)
    services.carts.change.put(ANNE, "MOUSE001", quantity)

    second = bought_again(services, 2)

    assert len(first | second) == 2


def test_the_same_things_in_a_new_cart_are_a_new_order(services: Services) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    services.workflow.steps.run_all(services.carts.checkout(of_the_cart(), None).order_id)

    services.carts.change.put(ANNE, "MOUSE001", 2)

    assert len(bought_again(services, 3)) == 1


def test_a_declined_card_does_not_keep_the_cart_from_being_bought(services: Services) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    declined = services.carts.checkout(of_the_cart(payment_method="pm_card_chargeDeclined"), None)
    services.workflow.steps.run_all(declined.order_id)

    (paid,) = bought_again(services, 3, fingerprint=b"another card")

    assert paid != declined.order_id


def test_a_cancelled_order_does_not_keep_the_cart_from_being_bought(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    first = services.carts.checkout(of_the_cart(), None)
    services.workflow.cancel(first)

    assert bought_again(services, 2) != {first.order_id}
    assert len(adapters.store.orders) == 2


def test_a_cart_is_not_tried_for_ever(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    for _ in range(20):
        services.workflow.steps.run_all(
            services.carts.checkout(of_the_cart(payment_method="pm_card_chargeDeclined"), None).order_id
        )

    with pytest.raises(Conflict, match="20 times"):
        services.carts.checkout(of_the_cart(), None)

    assert len(adapters.store.orders) == 20
    services.carts.change.put(ANNE, "MOUSE001", 1)
    assert len(bought_again(services, 2)) == 1


def test_another_body_while_the_cart_is_being_bought_is_refused_with_its_order(services: Services) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    first = services.carts.checkout(of_the_cart(), None)

    with pytest.raises(IdempotencyMismatch, match=first.order_id):
        services.carts.checkout(of_the_cart(fingerprint=b"two"), None)


def test_a_second_click_after_a_change_of_price_finds_the_order(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    first = services.carts.checkout(of_the_cart(), Decimal(40))
    adapters.catalogue.put(replace(MOUSE, price=Decimal("99.00")), None)

    assert services.carts.checkout(of_the_cart(), Decimal(40)).order_id == first.order_id


def test_no_client_can_send_the_key_that_is_made_of_the_version(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    (derived,) = bought_again(services, 1)
    version = adapters.carts.get(ANNE).version

    for key in (version, f"cart {version} 0"):
        assert services.carts.checkout(of_the_cart(idempotency_key=key), None).order_id != derived


def test_two_customers_carts_of_one_version_are_two_orders(services: Services, adapters: FakeAdapters) -> None:
    for customer in (ANNE, "ben"):
        services.carts.change.put(customer, "MOUSE001", 1)
    for cart in adapters.carts._carts.values():
        cart.token = "same"
    first = services.carts.checkout(of_the_cart(), None)

    second = services.carts.checkout(of_the_cart(owner="c-ben", customer_id="ben"), None)

    assert second.order_id != first.order_id
