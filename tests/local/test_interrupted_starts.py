"""Ctrl-C at the very moment in which a process begins: whoever started it ends it, for nobody else knows of it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.progress import Steps
from local import background, cloud, processes, stack

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
Popen = subprocess.Popen


@pytest.fixture(autouse=True)
def _interruptible() -> Iterator[None]:
    """Also where a shell has started the tests in the background, deaf to Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes begun from now on, in which we are interrupted as each begins. Each only sleeps."""
    found: list[subprocess.Popen[bytes]] = []

    def begin(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        if "start_new_session" not in options:  # `ps`, where there is no /proc
            return Popen(command, **options)
        process = Popen(SLEEPER, start_new_session=options["start_new_session"])
        found.append(process)
        os.kill(os.getpid(), signal.SIGINT)
        return process

    monkeypatch.setattr(subprocess, "Popen", begin)
    yield found
    for process in found:
        process.kill()
        process.wait()


def _group(_folder: Path) -> None:
    with processes.group(SLEEPER):
        pytest.fail("it goes on, though it was interrupted")


def _emulator(folder: Path) -> None:
    cloud.start(processes.free_port(), folder)


def _background(_folder: Path) -> None:
    background.ready_stack(None, Steps(quiet=True))


@pytest.mark.parametrize("start", [_group, _emulator, _background])
def test_what_began_as_ctrl_c_came_is_ended(
    start: Callable[[Path], None],
    begun: list[subprocess.Popen[bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stack, "FOLDER", tmp_path)
    monkeypatch.setattr(cloud, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(stack, "read", lambda: None)
    monkeypatch.setattr(stack, "check_none_runs", lambda: None)

    with pytest.raises(KeyboardInterrupt):
        start(tmp_path)

    assert [process.returncode is not None for process in begun] == [True]


def test_what_is_interrupted_twice_is_interrupted_once_and_keeps_its_handler() -> None:
    handler = signal.getsignal(signal.SIGINT)
    reached = []

    def interrupted() -> None:
        with processes.deferred():
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
            reached.append("the end of the body")
        reached.append("what follows")

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert reached == ["the end of the body"]
    assert signal.getsignal(signal.SIGINT) is handler


def test_what_is_ignored_stays_ignored_and_hides_nothing_else() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    told: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: told.append(number))
    try:
        with processes.deferred():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGTERM)
            assert told == []
    finally:
        signal.signal(signal.SIGTERM, before)

    assert told == [signal.SIGTERM]
