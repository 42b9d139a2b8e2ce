"""What a local cloud keeps is whole, of this version, and on its port; or it is refused with a sentence."""

import json
from pathlib import Path

import pytest

from infra.errors import Refusal
from local import kept, stack

STACK = {"api_key": "secret"}


def keep(folder: Path, **changed: object) -> Path:
    kept.note(folder, STACK, 4600, "digest")
    file = stack.state_folder(folder) / "kept.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changed}))
    return file


def test_what_was_noted_is_found(tmp_path: Path) -> None:
    keep(tmp_path)

    found = kept.load(tmp_path)

    assert found is not None
    assert (found["stack"], found["port"], found["deployment"]) == (STACK, 4600, "digest")


@pytest.mark.parametrize("changed", [{"ministack": "0.0.1"}, {"format": kept.FORMAT + 1}])
def test_a_state_of_another_version_is_refused_and_stays(tmp_path: Path, changed: dict[str, object]) -> None:
    file = keep(tmp_path, **changed)

    with pytest.raises(Refusal, match=r"of another version .*: go back to that version, or begin anew with"):
        kept.load(tmp_path)
    assert file.exists()


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"format": "x"}'])
def test_a_file_that_cannot_be_read_is_refused_and_stays(tmp_path: Path, content: str) -> None:
    file = keep(tmp_path)
    file.write_text(content)

    with pytest.raises(Refusal, match="can't be read: begin anew"):
        kept.load(tmp_path)
    assert file.exists()


@pytest.mark.parametrize("wanted_fresh", [True, False])
def test_what_is_not_wanted_or_was_never_whole_is_removed(tmp_path: Path, wanted_fresh: bool) -> None:
    file = keep(tmp_path)
    services = stack.state_folder(tmp_path) / "services"
    services.mkdir()
    if not wanted_fresh:
        file.unlink()

    assert kept.load(tmp_path, fresh=wanted_fresh) is None
    assert not services.exists()


def test_the_port_stays_what_it_was(tmp_path: Path) -> None:
    keep(tmp_path)
    found = kept.load(tmp_path)

    assert kept.port_of(found, None) == kept.port_of(found, 4600) == 4600
    with pytest.raises(Refusal, match=r"port 4600: go on with `make run PORT=4600`, .* `make run PORT=4700 FRESH=1`"):
        kept.port_of(found, 4700)
    assert kept.port_of(None, None) == 4566
    assert kept.port_of(None, 4700) == 4700


def test_a_choice_in_the_environment_is_another_deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept.deployment()
    monkeypatch.setenv("SHOP_NAME", "Another Shop")

    assert kept.deployment() != before
    monkeypatch.delenv("SHOP_NAME")
    assert kept.deployment() == before


def test_noting_a_deployment_where_nothing_is_kept_keeps_nothing(tmp_path: Path) -> None:
    kept.note_deployment(tmp_path, "digest")

    assert not stack.state_folder(tmp_path).exists()
