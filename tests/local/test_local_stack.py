"""The files that say what runs: whole or not there, and never mistaking another process for ours."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.errors import Refusal
from local import processes, stack


@pytest.fixture
def sleeper() -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


def test_a_stack_that_runs_is_found_and_another_refused(tmp_path: Path) -> None:
    stack.note_run(tmp_path, os.getpid(), 4711)

    found = stack.running(tmp_path)
    assert found is not None
    assert (found.run.pid, found.port) == (os.getpid(), 4711)
    with pytest.raises(Refusal, match="port 4711: stop it with `make stop`"):
        stack.check_none_runs(tmp_path)


def test_a_process_that_was_given_an_old_id_is_left_alone(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    other = processes.identify(sleeper.pid)._replace(born="1")._asdict()
    stack.write(tmp_path / "run.json", {"run": other, "emulator": other, "port": 4711})

    assert stack.stop(tmp_path) is False
    assert sleeper.poll() is None


def test_what_was_left_behind_is_stopped(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    gone = {"pid": sleeper.pid, "born": ""}
    left = processes.identify(sleeper.pid)._asdict()
    stack.write(tmp_path / "run.json", {"run": gone, "emulator": left, "port": 4711})

    assert stack.stop(tmp_path) is True
    assert sleeper.wait(timeout=5) != 0
    assert not (tmp_path / "run.json").exists()


def test_only_one_run_of_a_folder_at_once_and_the_lock_ends_with_it(tmp_path: Path) -> None:
    with stack.only_one(tmp_path), pytest.raises(Refusal, match="still there: stop it with"), stack.only_one(tmp_path):
        pass
    with stack.only_one(tmp_path):
        pass


@pytest.mark.parametrize("content", ["", "{", "{}", '{"run": 1, "emulator": 2, "port": 3}'])
def test_a_file_nobody_can_read_counts_as_nothing_running(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.json").write_text(content)

    assert stack.running(tmp_path) is None


def test_what_is_written_is_whole_and_for_this_user_alone(tmp_path: Path) -> None:
    stack.write(tmp_path / "stack.json", {"api_key": "secret"})

    assert json.loads((tmp_path / "stack.json").read_text()) == {"api_key": "secret"}
    assert (tmp_path / "stack.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["stack.json"]
