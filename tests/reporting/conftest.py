"""Adapters for tests of rebuilding."""

from __future__ import annotations

import pytest

from tests.reporting.rebuilding import YEARS_LATER
from tests.support.fakes.adapters import FakeAdapters


@pytest.fixture
def later(adapters: FakeAdapters) -> FakeAdapters:
    """Long after whatever happened."""
    adapters.clock.advance(YEARS_LATER)
    return adapters
