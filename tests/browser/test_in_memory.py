"""Every journey over the real app with fakes behind it (web/dev), where requests fail on demand; every page at both
widths and in both schemes, and once by keyboard alone."""

from __future__ import annotations

import pytest

from infra.deploy import web_build
from tests.browser.journeys import in_memory, travel

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["customer", "faults", "guest", "pages", "shell", "backoffice", "backoffice-tools"])
def test_journeys(name: str) -> None:
    travel(name, **in_memory(str(web_build.built())))
