"""Every test of a port runs on each of its implementations; which one is part of the test's name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chalicelib.checkout.ports import Carts

from tests.contract import engines
from tests.contract.adapters import (
    FakeDestinations,
    MiniStackDestinations,
    Storage,
    dynamodb_storage,
    fake_storage,
    unique,
)
from tests.support.fakes.clock import FakeClock


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The end point of MiniStack, started once."""
    with engines.ministack(tmp_path_factory.mktemp("ministack")) as endpoint_url:
        yield endpoint_url


@pytest.fixture(scope="session")
def dynamodb_local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The end point of DynamoDB Local, started once."""
    with engines.dynamodb_local(tmp_path_factory.mktemp("dynamodb-local")) as endpoint_url:
        yield endpoint_url


@pytest.fixture(scope="session", params=["fakes", engines.MINISTACK_TOO, "dynamodb-local"])
def storage(request: pytest.FixtureRequest) -> Storage:
    """The ports that DynamoDB implements, on each engine."""
    if request.param == "fakes":
        return fake_storage()
    return dynamodb_storage(request.getfixturevalue(request.param.replace("-", "_")))


@pytest.fixture(scope="session", params=[engines.MINISTACK_TOO, "dynamodb-local"])
def dynamodb(request: pytest.FixtureRequest) -> Storage:
    """For what only the real adapter can get wrong."""
    return dynamodb_storage(request.getfixturevalue(request.param.replace("-", "_")))


@pytest.fixture(scope="session", params=["fakes", "ministack"])
def destinations(request: pytest.FixtureRequest) -> FakeDestinations | MiniStackDestinations:
    """The ports to the other services, on each engine."""
    if request.param == "fakes":
        return FakeDestinations()
    return MiniStackDestinations(request.getfixturevalue(request.param))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def carts(storage: Storage, clock: FakeClock) -> Carts:
    return storage.carts_at(clock)


@pytest.fixture
def customer() -> str:
    return unique("customer")
