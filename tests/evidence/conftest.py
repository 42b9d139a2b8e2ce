"""A stage that AWS reports, and the package that its functions run."""

from __future__ import annotations

import pytest

from tests.evidence import stage
from tests.support.aws_answers import AwsAnswers


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> AwsAnswers:
    """The stage `blue`; what the package's address answers is its package."""
    stage.serve_package(monkeypatch)
    return stage.aws()
