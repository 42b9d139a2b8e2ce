"""The template of what all stages share."""

from collections.abc import Callable

import pytest

from infra.deploy import network
from infra.paths import TEMPLATES
from tests.packaging.cloudformation import Template, load


@pytest.fixture(scope="module")
def template() -> Template:
    return load(TEMPLATES / "resources.yaml")


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """No second passes but those that are waited for."""
    now = [0.0]
    monkeypatch.setattr(network.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(network.time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))

    def patience(seconds: int) -> None:
        monkeypatch.setattr(network, "_PATIENCE", seconds)

    return patience
