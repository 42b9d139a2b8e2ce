"""Adapters over stub clients: no emulator, no network, no waiting."""

from __future__ import annotations

import pytest

from tests.adapters.stub import Stub


@pytest.fixture
def dynamodb() -> Stub:
    return Stub()


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that were waited for, if time had passed."""
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    return waited
