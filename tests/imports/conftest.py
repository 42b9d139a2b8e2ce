"""A shop and its imports."""

import pytest

from tests.support.imported_files import World, shop


@pytest.fixture
def world() -> World:
    return World(shop())
