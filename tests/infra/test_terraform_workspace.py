"""Where Terraform runs, and which account it may change there."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.deploy.terraform import binary, remote, workspace
from infra.errors import Refusal
from tests.infra.test_site_deployment import LOCAL, ON_AWS


@pytest.fixture(autouse=True)
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Terraform's arguments, which does nothing."""
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(binary, "run", lambda target, folder, *arguments: calls.append(arguments) or "")
    monkeypatch.setattr(binary, "find", lambda target: binary.Terraform(("terraform",), is_old=False))
    return calls


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("root", [remote.FOUNDATION, remote.FUNCTIONS])
def test_terraform_changes_no_other_account_than_the_stages(tmp_path: Path, root: str) -> None:
    """It finds credentials in its own way, which may not be boto3's."""
    folder = workspace.nothing(ON_AWS, tmp_path, root)

    assert read(folder / "provider_override.tf.json")["provider"]["aws"] == {"allowed_account_ids": ["111122223333"]}
    backend = read(folder / "backend_override.tf.json")["terraform"]["backend"]["s3"]
    assert backend["allowed_account_ids"] == ["111122223333"]
    assert (backend["bucket"], backend["key"]) == ("orderproc-blue-terraform-111122223333", f"{root}.tfstate")
    assert backend["use_lockfile"] is True


def test_an_emulator_is_found_where_it_is(tmp_path: Path) -> None:
    folder = workspace.nothing(LOCAL, tmp_path, remote.FOUNDATION)

    provider = read(folder / "provider_override.tf.json")["provider"]["aws"]
    assert set(provider["endpoints"][0].values()) == {"http://127.0.0.1:4566"}


def test_a_state_that_could_not_be_stored_is_not_thrown_away(tmp_path: Path, ran: list[tuple[str, ...]]) -> None:
    """Terraform leaves it where it ran, as when credentials expire on the way, and no other copy of it is there."""
    left = workspace.nothing(ON_AWS, tmp_path, remote.FUNCTIONS) / "errored.tfstate"
    left.write_text("{}")
    ran.clear()

    for root in (remote.FOUNDATION, remote.FUNCTIONS):
        with pytest.raises(Refusal, match=r"terraform state push errored.tfstate"):
            workspace.nothing(ON_AWS, tmp_path, root)

    assert left.exists()
    assert ran == []
