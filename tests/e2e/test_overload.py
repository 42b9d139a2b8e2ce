"""Overload, outages and kills on the deployed stack: no order is lost, none ends twice, and no work is added.

The defaults are small: ORDERPROC_OVERLOAD_ORDERS=3000 and ORDERPROC_KILLED_ORDERS=300 make the same tests long. With
--log-cli-level=INFO they say what they counted."""

from __future__ import annotations

import logging
import os
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import requests
from chalicelib.orders.model import Status

from tests.e2e.interrupted_orders import PRICE, InterruptedOrders
from tests.e2e.interruptions import RandomKills, configured, failures, soon_received_again, stopped, throttled
from tests.e2e.listening import Heard, Listener
from tests.e2e.shop import ENDED, Shop, until
from tests.e2e.test_events import announce
from tests.e2e.test_orders import SIX, body_for

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
MANY = int(os.environ.get("ORDERPROC_OVERLOAD_ORDERS", "150"))
KILLED = int(os.environ.get("ORDERPROC_KILLED_ORDERS", "30"))
MOST = 10 * KILLED
"""So many orders are placed at most until as many processes were killed as there were to be orders."""
SEED = int(os.environ.get("ORDERPROC_KILLS_SEED", "10"))
MINUTE = timedelta(seconds=60 * float(os.environ.get("SFN_WAIT_SCALE", "1")))
"""Of the state machine, whose waits may be shortened."""
PATIENCE = 120
EVENTS = ("OrderPlaced", "InventoryReserved", "PaymentCaptured", "OrderCompleted")
CONSUMERS = {
    "orders": "process_orders",
    "notifications": "notify",
    "inventory": "inventory_worker",
    "payment": "payment_worker",
    "shipping": "shipping_worker",
}
"""By their queues."""


@pytest.fixture
def listener(shop: Shop) -> Iterator[Listener]:
    listener = Listener(shop)
    yield listener
    listener.close()


def accepted(shop: Shop, path: str, body: dict[str, Any]) -> str:
    """The order's id. A caller whose request fails repeats it with its key."""
    key = str(uuid.uuid4())

    def ask() -> requests.Response | None:
        with suppress(requests.RequestException):  # cut off with its function
            return shop.partner("POST", path, body, Idempotency_Key=key)
        return None

    answer = until(ask, lambda seen: seen is not None and seen.ok, PATIENCE)
    assert answer is not None
    return str(answer.json()["orderId"])


def by_queue(shop: Shop, product: str, **more: Any) -> str:
    return accepted(shop, "/orders", body_for(product, **more))


def by_state_machine(shop: Shop, product: str, **more: Any) -> str:
    buyer = {"customerEmail": "buyer@example.com"}
    return accepted(shop, "/place-order", {"productId": product, "quantity": 1, **buyer, **more})


def by_events(shop: Shop, product: str, **more: Any) -> str:
    order_id = f"crowd-{uuid.uuid4()}"
    announce(shop, {"orderId": order_id, **body_for(product, **more)})
    return order_id


def messages_in(shop: Shop, queue: str) -> int:
    """Whether they wait, are with the consumer, or are not due yet."""
    sqs = shop.client("sqs")
    url = sqs.get_queue_url(QueueName=f"orderproc-{shop.described['stage']}-{queue}")["QueueUrl"]
    counted = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return sum(int(number) for name, number in counted.items() if name.startswith("ApproximateNumberOfMessages"))


def open_orders(interrupted: InterruptedOrders, order_ids: list[str]) -> set[str]:
    """Those that are not there yet, did not end, or of which something is still to be done."""
    closed = {o.order_id for o in interrupted.stored(order_ids) if o.status in ENDED and not o.open}
    return set(order_ids) - closed


def report(**counted: Any) -> None:
    for name, number in counted.items():
        logging.getLogger(__name__).info("%s: %s", name, number)


def test_orders_behind_a_stopped_consumer_end_once_and_the_housekeeper_adds_no_message(
    shop: Shop, interrupted: InterruptedOrders, listener: Listener
) -> None:
    began = time.monotonic()
    products = [shop.new_product(MANY) for _ in range(3)]
    until(lambda: messages_in(shop, "orders"), lambda seen: seen == 0, PATIENCE)

    with stopped(shop, "process_orders"), configured(shop, "housekeeper", HANDOVER_AFTER_SECONDS="1"):
        with ThreadPoolExecutor(8) as pool:
            ids = list(pool.map(lambda n: by_queue(shop, products[n % 3]), range(MANY)))
        depths = []
        for _ in range(5):
            interrupted.housekeeping()
            depths.append(messages_in(shop, "orders"))
    resumed = time.monotonic()

    heard: Heard = Counter()

    def left() -> set[str]:
        nonlocal heard
        heard = listener.heard(ids)
        return open_orders(interrupted, ids)

    until(left, lambda seen: not seen, PATIENCE + MANY / 2)
    ended, drained = interrupted.stored(ids), time.monotonic()
    interrupted.housekeeping()
    until(lambda: messages_in(shop, "orders"), lambda seen: seen == 0, PATIENCE)
    until(left, lambda _: len(heard) == MANY * 2 * len(EVENTS), PATIENCE)

    report(
        orders=MANY,
        messages=depths,
        events=f"{heard.total()}, {len(heard)} distinct",
        ended=Counter(order.status.value for order in ended),
        handed_over_again=sum(order.handovers for order in ended),
        seconds=f"{resumed - began:.0f} to place, {drained - resumed:.0f} to work off",
    )
    assert depths == [MANY] * 5
    assert {tuple(row.status.value for row in order.history) for order in ended} == {tuple(SIX)}
    assert {order.handovers for order in ended} == {0}
    assert heard == Counter((way, order_id, event) for way in ("bus", "topic") for order_id in ids for event in EVENTS)
    assert sum(shop.stock(product)[0] for product in products) == 3 * MANY - MANY
    assert {shop.stock(product)[1] for product in products} == {0}


def tried_for(shop: Shop, execution_arn: str) -> timedelta:
    """How long an execution has been trying to call a function that does not answer."""
    pages = shop.executions.get_paginator("get_execution_history").paginate(executionArn=execution_arn)
    failed = [e["timestamp"] for page in pages for e in page["events"] if "taskFailedEventDetails" in e]
    spent: timedelta = failed[-1] - failed[0] if failed else timedelta()
    return spent


def test_functions_that_are_stopped_for_a_minute_fail_no_order_of_any_workflow(
    shop: Shop, interrupted: InterruptedOrders
) -> None:
    """How long it has been, the executions tell: their clock may run faster than ours."""
    product, workflows = shop.new_product(12), (by_queue, by_state_machine, by_events)
    paying = Counter(PENDING=3, PAYMENT_PROCESSING=6)

    with (
        throttled(shop, "process_orders"),
        throttled(shop, "process_payment"),
        throttled(shop, "payment_worker"),
        configured(shop, "housekeeper", HANDOVER_AFTER_SECONDS="1"),
    ):
        queued, executed, announced = [[place(shop, product) for _ in range(3)] for place in workflows]
        ids = queued + executed + announced
        arns = [execution_of(shop, order_id) for order_id in executed]
        until(lambda: min(tried_for(shop, arn) for arn in arns), lambda seen: seen >= MINUTE, PATIENCE)
        until(lambda: min(len(failures(shop, arn)) for arn in arns), lambda seen: seen >= 8, PATIENCE)
        until(lambda: Counter(o.status.value for o in interrupted.stored(ids)), lambda seen: seen == paying, PATIENCE)
        interrupted.housekeeping()
    until(lambda: open_orders(interrupted, ids), lambda seen: not seen, PATIENCE)

    assert {(order.status, order.handovers) for order in interrupted.stored(ids)} == {(Status.COMPLETED, 0)}
    assert shop.stock(product) == (3, 0)


@dataclass(frozen=True)
class Kind:
    """What is ordered how, and what may become of it."""

    product: str
    method: str
    ends: frozenset[Status]


def test_orders_of_all_workflows_end_and_keep_the_promises_while_processes_are_killed(
    shop: Shop, interrupted: InterruptedOrders
) -> None:
    began = time.monotonic()
    plenty, scarce = shop.new_product(MOST), shop.new_product(KILLED // 10)
    kinds = kinds_of(plenty, scarce)
    workflows = (by_queue, by_state_machine, by_events)
    number = uuid.uuid4().int % 10**8
    phones = [f"+316{(number + n) % 10**8:08d}" for n in range(MOST)]

    def place(n: int) -> str:
        more = {"paymentMethod": kind_of(n).method, "phoneNumber": phones[n]}
        return workflows[n % 3](shop, kind_of(n).product, **more)

    def kind_of(n: int) -> Kind:
        return kinds[n // 3 % len(kinds)]

    with (
        soon_received_again(shop, CONSUMERS, seconds=20),
        configured(shop, "housekeeper", HANDOVER_AFTER_SECONDS="5"),
    ):
        with RandomKills(shop, Random(SEED), pause=1) as kills, ThreadPoolExecutor(4) as pool:
            ids = list(pool.map(place, range(KILLED)))
            while kills.killed.total() < KILLED:  # what is idle was killed long ago: more to do, more to kill
                assert len(ids) + 12 <= MOST, kills.killed
                ids += pool.map(place, range(len(ids), len(ids) + 12))
        until(lambda: housekept(interrupted, ids), lambda seen: not seen, PATIENCE + KILLED)
        until(lambda: [q for q in CONSUMERS if messages_in(shop, q)], lambda seen: not seen, PATIENCE + KILLED)
        mails, texts = mails_of(shop, ids), texts_of(shop, phones)
        # What shared its function with too many kills was given up, not lost. By sending it back an operator also has
        # those messages sent again of which nobody knows (docs/guide/jobs.md): so they were counted before.
        given_up = {queue: redriven(shop, queue) for queue in CONSUMERS}
        until(lambda: [q for q in CONSUMERS if messages_in(shop, q)], lambda seen: not seen, PATIENCE + KILLED)

    orders = {order.order_id: order for order in interrupted.stored(ids)}
    completed = {order_id for order_id, order in orders.items() if order.status is Status.COMPLETED}
    report(
        orders=len(ids),
        killed=kills.killed,
        given_up=given_up,
        ended=Counter(f"{o.workflow} {o.failure.code if o.failure else o.status.value}" for o in orders.values()),
        handed_over_again=sum(order.handovers for order in orders.values()),
        mails=Counter(mails.values()),
        texts=Counter(texts.values()),
        seconds=f"{time.monotonic() - began:.0f}",
    )
    ends = [(orders[order_id].status, kind_of(n).ends) for n, order_id in enumerate(ids)]
    assert [(status, expected) for status, expected in ends if status not in expected] == []
    for product, first in ((plenty, MOST), (scarce, KILLED // 10)):
        sold = sum(orders[order_id].quantities().get(product, 0) for order_id in completed)
        assert shop.stock(product) == (first - sold, 0)
    assert shop.stock(scarce) == (0, 0)
    assert {o.order_id: interrupted.kept(o) for o in orders.values()} == {i: PRICE * (i in completed) for i in ids}
    assert receipts_of(shop, ids) == completed
    assert set(mails.values()) == {1}
    assert set(texts.values()) == {1}


def kinds_of(plenty: str, scarce: str) -> list[Kind]:
    """One in five is out of stock, or takes the last ones; one in five is declined."""
    sold, failed = frozenset({Status.COMPLETED}), frozenset({Status.FAILED})
    return [
        Kind(plenty, "pm_card_visa", sold),
        Kind(plenty, "pm_sim_timeoutOnce", sold),
        Kind(plenty, "pm_card_chargeDeclined", failed),
        Kind(plenty, "pm_card_visa", sold),
        Kind(scarce, "pm_card_visa", sold | failed),
    ]


def housekept(interrupted: InterruptedOrders, order_ids: list[str]) -> set[str]:
    """Those that are open still, after a turn of the housekeeper."""
    interrupted.housekeeping()
    return open_orders(interrupted, order_ids)


def redriven(shop: Shop, queue: str) -> int:
    """How many of its dead letters an operator sent back: all."""
    answer = shop.staff("POST", "/admin/dead-letters/redrive", {"queue": queue})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["redriven"])


def receipts_of(shop: Shop, order_ids: Iterable[str]) -> set[str]:
    """Orders that have one."""
    pages = shop.client("s3").get_paginator("list_objects_v2")
    found = pages.paginate(Bucket=shop.described["resources"]["documents_bucket"], Prefix="receipts/")
    keys = {entry["Key"] for page in found for entry in page.get("Contents", [])}
    return {order_id for order_id in order_ids if f"receipts/{order_id}.pdf" in keys}


def mails_of(shop: Shop, order_ids: Iterable[str]) -> Counter[str]:
    """How many mails each order had, if any."""
    sent = requests.get(f"{shop.described['endpoint_url']}/_emulator/mails", timeout=60).json()
    return Counter(order_id for order_id in order_ids for mail in sent if order_id in mail["mime"])


def texts_of(shop: Shop, phones: Iterable[str]) -> Counter[tuple[str, str]]:
    """How often each number was sent a text message, by its first line."""
    url = f"{shop.described['endpoint_url']}/_ministack/sns/sms-messages"
    sent = requests.get(url, timeout=60).json()["sms_messages"]
    return Counter((to, sms["Message"].splitlines()[0]) for to in phones for sms in sent.get(to, []))


def execution_of(shop: Shop, order_id: str) -> str:
    machine = str(shop.described["resources"]["order_state_machine_arn"])
    return f"{machine.replace(':stateMachine:', ':execution:')}:{order_id}"
