"""What all reliability tests share."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from chalicelib.observability import log

from tests.contract import engines
from tests.reliability.cloud import Cloud, cloud_at


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of crashes are no news here."""
    level = log._logger.log_level
    log._logger.setLevel(logging.CRITICAL)
    yield
    log._logger.setLevel(level)


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """The emulator with what a shop needs of it, made once."""
    with engines.ministack(tmp_path_factory.mktemp("reliability")) as endpoint_url, cloud_at(endpoint_url) as found:
        yield found
