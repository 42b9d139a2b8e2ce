"""`make destroy` as it is typed: who is asked, and how it ends."""

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.deploy import destroy, destroy_plan, foundation
from infra.deploy.destroy import Leftover
from infra.errors import Refusal
from tests.packaging.test_makefile import ROOT, make


def run(monkeypatch: pytest.MonkeyPatch, outcome: Any, *options: str) -> tuple[int, Any]:
    """The exit status, and what it was given to ask with."""
    asks = []

    def act(target: Any, steps: Any, agree: Any) -> list[Leftover]:
        asks.append(agree)
        if isinstance(outcome, BaseException):
            raise outcome
        left: list[Leftover] = outcome
        return left

    monkeypatch.setattr(destroy, "connect", lambda stage: stage)
    monkeypatch.setattr(destroy, "destroy", act)
    return destroy.main(["blue", *options]), asks[0]


def test_it_asks_unless_told_not_to(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, []) == (0, destroy_plan.ask)
    assert run(monkeypatch, [], "--yes") == (0, None)


def test_yes_is_said_by_make() -> None:
    assert "infra.deploy.destroy blue --yes" in make(ROOT, "--dry-run", "destroy", "STAGE=blue", "YES=1").stdout
    assert "--yes" not in make(ROOT, "--dry-run", "destroy", "STAGE=blue").stdout


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Refusal("No such stage."), "No such stage."),
        ([Leftover("role", "orderproc-blue-notify")], "left: role orderproc-blue-notify"),
        (
            ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DeleteRole"),
            "(AccessDenied) when calling",
        ),
        (KeyboardInterrupt(), "Interrupted. Run it again"),
    ],
)
def test_what_is_not_done_is_one_sentence_and_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], outcome: Any, said: str
) -> None:
    status, _ = run(monkeypatch, outcome, "--yes")

    assert status == 1
    assert said in " ".join(capsys.readouterr().out.split())


def test_it_refuses_a_stage_that_is_made_by_the_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(destroy, "connect", lambda stage: SimpleNamespace(stage=stage))
    monkeypatch.setattr(destroy, "destroy", lambda *_: pytest.fail("it was destroyed"))
    monkeypatch.setattr(foundation, "made_by", lambda _: foundation.CLOUDFORMATION)
    monkeypatch.setenv("IAC", "terraform")

    assert destroy.main(["blue", "--yes"]) == 1
    assert "was made by CloudFormation" in " ".join(capsys.readouterr().out.split())
