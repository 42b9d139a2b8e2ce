"""The services over fakes, with two products on the shelf, five pieces of each."""

from __future__ import annotations

import pytest
from chalicelib.bootstrap import Services
from hypothesis import settings

from tests.examples import LAPTOP, MOUSE, SETTINGS
from tests.fakes import FakeAdapters

# A busy machine is no failure: what takes too long is seen by pytest's --durations.
settings.register_profile("orderproc", deadline=None, print_blob=True)
settings.load_profile("orderproc")


@pytest.fixture
def adapters() -> FakeAdapters:
    fakes = FakeAdapters()
    fakes.catalogue.put(LAPTOP, 5)
    fakes.catalogue.put(MOUSE, 5)
    return fakes


@pytest.fixture
def services(adapters: FakeAdapters) -> Services:
    return Services(SETTINGS, adapters)
