"""A stage that AWS reports, and the package that its functions run."""

from __future__ import annotations

import io
from contextlib import closing
from typing import Any

import pytest

from infra.evidence import code
from tests.evidence import stage
from tests.support.aws_answers import AwsAnswers


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> AwsAnswers:
    """The stage `blue`; what the package's address answers is its package."""

    def answer(address: str, **_: Any) -> Any:
        assert address == "https://packages.example/p.zip"
        return closing(io.BytesIO(stage.package()))

    monkeypatch.setattr(code, "urlopen", answer)
    return stage.aws()
