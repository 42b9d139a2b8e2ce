"""Every journey over the real app with fakes behind it (web/dev), where requests fail on demand; every page at both
widths and in both schemes, and once by keyboard alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.deploy import web_build
from infra.evidence import page, report
from infra.progress import Steps
from tests.browser.journeys import in_memory, travel
from tests.evidence import stage
from tests.support.aws_answers import AwsAnswers

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["customer", "faults", "guest", "pages", "shell", "backoffice", "backoffice-tools"])
def test_journeys(name: str) -> None:
    travel(name, **in_memory(str(web_build.built())))


def test_reports_of_a_stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of `make evidence`: no shop is needed, and SHOP_URL says that none is to be started."""
    stage.serve_package(monkeypatch)
    for name, aws in (("stage", stage.aws()), ("proof", AwsAnswers())):
        made = report.collect(aws.target(), Steps(quiet=True))
        (tmp_path / f"{name}.html").write_text(page.render(made, stage.ACCOUNT), encoding="utf-8")

    travel("evidence", EVIDENCE=str(tmp_path), SHOP_URL="http://127.0.0.1:9")
