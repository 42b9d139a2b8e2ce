"""Two hundred buyers, each in a thread of its own, for fifty units: exactly fifty get one."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from chalicelib.bootstrap import Services
from chalicelib.inventory.model import Stock
from chalicelib.kit.aws import is_temporary
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.orders.commands import PlaceOrder
from chalicelib.orders.model import Line, Order, Status

from tests.contract.adapters import Storage, unique
from tests.contract.threads import concurrently
from tests.support.builders.examples import MAX_RECEIVES, MOUSE, SETTINGS, command
from tests.support.fakes.adapters import FakeAdapters

BUYERS, PIECES = 200, 50


@pytest.fixture
def services(storage: Storage) -> Services:
    """The use cases over the storage under test."""
    adapters = FakeAdapters(
        orders=storage.orders, catalogue=storage.catalogue, ledger=storage.ledger, gateway=storage.gateway
    )
    return Services(SETTINGS, adapters)


def run_as_the_queue_would(services: Services, order_id: str) -> Order:
    """Again after a while, with every delivery that SQS makes."""
    for tries in range(MAX_RECEIVES - 1):
        try:
            return services.workflow.steps.run_all(order_id)
        except (TemporarilyUnavailable, ClientError, BotoCoreError) as error:
            if not isinstance(error, TemporarilyUnavailable) and not is_temporary(error):
                raise
            time.sleep(random.uniform(0.5, 1) * min(4, 2**tries))
    return services.workflow.steps.run_all(order_id)


def test_two_hundred_buyers_of_fifty_units_get_exactly_fifty(services: Services, storage: Storage) -> None:
    product = replace(MOUSE, product_id=unique("scarce"))
    storage.catalogue.put(product, PIECES)
    owner = unique("owner")
    line = Line(product.product_id, "", 1, product.price)
    ids = [services.orders.accept(_one_of(line, owner)).order_id for _ in range(BUYERS)]

    ended = concurrently(BUYERS, lambda n: run_as_the_queue_would(services, ids[n]))

    outcomes = Counter((order.status, order.failure.code if order.failure else "") for order in ended)
    assert outcomes == {(Status.COMPLETED, ""): PIECES, (Status.FAILED, "OUT_OF_STOCK"): BUYERS - PIECES}
    stock = storage.catalogue.stock([product.product_id])[product.product_id]
    assert stock == Stock(product.product_id, 0, 0)
    stored = storage.orders.by_owner(owner, None, BUYERS, None).items
    assert Counter(order.status for order in stored) == Counter(order.status for order in ended)


def _one_of(line: Line, owner: str) -> PlaceOrder:
    return command(owner=owner, lines=(line,), total_amount=Decimal("20.00"))
