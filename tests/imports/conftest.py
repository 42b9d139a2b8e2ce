"""A shop and its imports."""

import pytest

from tests.support.imported_files import Importer, shop


@pytest.fixture
def importer() -> Importer:
    return Importer(shop())
