"""What all reliability tests share."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from chalicelib.observability import log


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of crashes are no news here."""
    level = log._logger.log_level
    log._logger.setLevel(logging.CRITICAL)
    yield
    log._logger.setLevel(level)
