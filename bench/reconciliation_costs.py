"""What it costs to look at each order once, after it must have ended: what a run of the reconciler over some orders
takes more than a run over none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from bench import bill
from bench.bill import Line
from bench.drive import RECONCILE, Driver
from bench.ledger import Call, Ledger
from bench.prices import price_list
from bench.stand import Stand
from infra.deploy.deploy import tracked_config

ORDERS = 100
LISTINGS = 12
"""A key of a day's archive is listed by each hourly run on that day from its own hour on: half of 24."""


def lines(here: Stand, ledger: Ledger) -> list[Line]:
    """The bill of one order. Needs a ledger that is installed."""
    _look_at_once()
    unseen = Driver(here, _unseen)
    unseen.inspect()  # what was placed before, from 31 days back
    unseen.whole_orders(ORDERS, batch=10)
    driver = Driver(here, ledger.stage)
    over_some, over_none = (_calls(driver, ledger) for _ in range(2))
    used, idle = bill.sums(over_some), bill.sums(over_none)
    prices = price_list()
    found = [
        Line(RECONCILE, what, (quantity - idle.get((price, what), 0)) / ORDERS, prices[price])
        for (price, what), quantity in used.items()
        if not price.startswith("s3.")
    ]
    found.append(Line(RECONCILE, "ListObjectsV2 orders/", LISTINGS / 1000, prices["s3.put"]))
    found.append(_time(driver))
    return [line for line in found if line.quantity > 0]


def _calls(driver: Driver, ledger: Ledger) -> list[Call]:
    ledger.calls.clear()
    driver.inspect()
    return list(ledger.calls)


def _time(driver: Driver) -> Line:
    some, none = driver.timings[RECONCILE].wall
    memory = tracked_config()["stages"]["local"]["lambda_functions"][RECONCILE]["lambda_memory_size"]
    each = max(0.0, some - none) / ORDERS
    return Line(RECONCILE, f"{each * 1000:.1f} ms of {memory} MB", each * memory / 1024, price_list()[bill.GB_SECOND])


def _look_at_once() -> None:
    """Orders are judged as soon as they are there, not two hours later."""
    from chalicelib import bootstrap

    services = bootstrap.services()
    services.__dict__["reconciliation"] = replace(services.operations.reconciliation, look_after=timedelta(0))


@contextmanager
def _unseen(_stage: str) -> Iterator[None]:
    yield
