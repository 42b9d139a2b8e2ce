"""A shop and its exports."""

import pytest

from tests.support.exported_files import Exporter


@pytest.fixture
def exporter() -> Exporter:
    return Exporter()
