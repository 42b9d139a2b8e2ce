"""What a local cloud keeps is whole, of this version, and on its port; or it is refused with a sentence."""

import json
import os
import socket
from pathlib import Path

import pytest

from infra.errors import Refusal
from infra.progress import Steps
from local import kept, processes, run, stack

STACK = {"api_key": "secret"}


def keep(folder: Path, **changed: object) -> Path:
    kept.note(folder, STACK, 4600, "digest", 4601)
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


class Cloud:
    """Starts on any port, and tells what it found kept."""

    def __init__(self, folder: Path) -> None:
        self.found: list[str] = []
        self.site_port: int | None = None
        self._state = stack.state_folder(folder)
        self.process = self
        self.pid = os.getpid()

    def start(self, port: int, folder: Path, state: Path | None, site_port: int | None) -> "Cloud":
        self.site_port = site_port
        self.found = sorted(path.name for path in self._state.iterdir()) if self._state.exists() else []
        return self

    def stop(self) -> None:
        pass


@pytest.fixture
def emulator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    cloud = Cloud(tmp_path)
    monkeypatch.setattr(run.cloud, "start", cloud.start)
    return cloud


@pytest.mark.parametrize(
    ("fresh", "whole", "found"),
    [(False, True, ["kept.json", "services"]), (True, True, []), (False, False, []), (True, False, [])],
)
def test_what_is_not_wanted_or_was_never_whole_is_removed(
    tmp_path: Path, emulator: Cloud, fresh: bool, whole: bool, found: list[str]
) -> None:
    port = processes.free_port()
    file = keep(tmp_path, port=port)
    (stack.state_folder(tmp_path) / "services").mkdir()
    if not whole:
        file.unlink()

    with run.started(port, Steps(), tmp_path, keep=True, fresh=fresh):
        assert emulator.found == found


@pytest.mark.parametrize(("fresh", "site_port"), [(False, 4601), (True, None)])
def test_the_storefront_stays_at_its_port(tmp_path: Path, emulator: Cloud, fresh: bool, site_port: int | None) -> None:
    port = processes.free_port()
    keep(tmp_path, port=port)

    with run.started(port, Steps(), tmp_path, keep=True, fresh=fresh):
        assert emulator.site_port == site_port


def test_a_state_without_a_storefront_is_gone_on_from(tmp_path: Path, emulator: Cloud) -> None:
    port = processes.free_port()
    file = keep(tmp_path, port=port)
    file.write_text(json.dumps({k: v for k, v in json.loads(file.read_text()).items() if k != "site_port"}))

    with run.started(port, Steps(), tmp_path, keep=True):
        assert emulator.site_port is None


@pytest.mark.parametrize("fresh", [True, False])
def test_a_busy_port_is_refused_before_anything_is_removed(tmp_path: Path, emulator: Cloud, fresh: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        file = keep(tmp_path, port=port)

        with (
            pytest.raises(Refusal, match=rf"using port {port}: .*`make run PORT=\d+ FRESH=1`"),
            run.started(port, Steps(), tmp_path, keep=True, fresh=fresh),
        ):
            pass

    assert file.exists()


@pytest.mark.parametrize("fresh", [True, False])
def test_a_second_run_removes_nothing_of_the_first(tmp_path: Path, emulator: Cloud, fresh: bool) -> None:
    unfinished = stack.state_folder(tmp_path) / "services"
    unfinished.mkdir(parents=True)

    with (
        stack.only_one(tmp_path),
        pytest.raises(Refusal, match="still there"),
        run.started(processes.free_port(), Steps(), tmp_path, keep=True, fresh=fresh),
    ):
        pass

    assert unfinished.exists()


def test_looking_at_what_is_kept_removes_nothing(tmp_path: Path) -> None:
    keep(tmp_path).unlink()

    assert kept.load(tmp_path) is None
    assert stack.state_folder(tmp_path).exists()


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
