"""The services over fakes, with two products on the shelf, five pieces of each."""

from __future__ import annotations

import pytest
from chalicelib.bootstrap import Services
from chalicelib.operations.dead_letters import DeadLetters

from tests.examples import LAPTOP, MOUSE, SETTINGS
from tests.fakes import FakeAdapters
from tests.fakes_dead_letters import FakeSqs


@pytest.fixture
def adapters() -> FakeAdapters:
    fakes = FakeAdapters()
    fakes.catalogue.put(LAPTOP, 5)
    fakes.catalogue.put(MOUSE, 5)
    return fakes


@pytest.fixture
def services(adapters: FakeAdapters) -> Services:
    return Services(SETTINGS, adapters)


@pytest.fixture
def sqs(adapters: FakeAdapters) -> FakeSqs:
    found: FakeSqs = adapters.dead_sqs
    return found


@pytest.fixture
def dead(services: Services) -> DeadLetters:
    return services.operations.dead_letters
