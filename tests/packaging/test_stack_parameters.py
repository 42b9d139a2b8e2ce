"""What a deployer may choose of the stack."""

import pytest

from infra.deploy import stack_parameters


def test_the_template_decides_what_nobody_chose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKFLOW_TYPE", raising=False)
    monkeypatch.delenv("LOG_RETENTION_DAYS", raising=False)

    assert stack_parameters("prod") == {"Stage": "prod"}


def test_executions_may_be_express(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKFLOW_TYPE", "EXPRESS")

    assert stack_parameters("prod")["WorkflowType"] == "EXPRESS"
