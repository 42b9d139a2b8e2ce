"""The Makefile on a machine that is not like ours: a network that fails, and macOS's make 3.81, which knows no
.SHELLFLAGS."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from infra.paths import ROOT

_PYTHON = """#!/bin/sh
[ "$2" = venv ] || exit 0
mkdir -p "$3/bin"
printf '#!/bin/sh\\necho Collecting x\\nexit 1\\n' >"$3/bin/pip"
chmod +x "$3/bin/pip"
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What of the project `make` reads before anything is installed, with a Python whose pip fails."""
    for name in ("Makefile", "requirements-dev.txt", "orderproc/requirements.txt", "local/chalice_script.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    python = tmp_path / "python"
    python.write_text(_PYTHON)
    python.chmod(0o755)
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=kept, capture_output=True, text=True, check=False, timeout=60
    )


def test_an_installation_that_fails_is_no_environment(clone: Path) -> None:
    # As in make 3.81: whatever the file says of .SHELLFLAGS does not count.
    for _ in range(2):
        done = make(clone, ".venv/.ready", f"PYTHON={clone}/python", ".SHELLFLAGS=-c")

        assert done.returncode != 0
        assert "That failed: check the network" in done.stderr
        assert not (clone / ".venv" / ".ready").exists()


def test_a_used_port_is_said_before_anything_is_installed(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("local", "infra"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        # A Python in which nothing is installed, as a newcomer's: `-S` leaves out what is.
        done = make(tmp_path, "run", f"PORT={taken.getsockname()[1]}", f"PYTHON={sys.executable} -S")

    assert done.returncode != 0
    assert "Something else is using port" in done.stderr
    assert "Installing" not in done.stdout + done.stderr
    assert not (tmp_path / ".venv").exists()


def test_a_bare_make_metrics_checks() -> None:
    done = make(ROOT, "--dry-run", "metrics")

    assert "-m infra.ops.metrics  check" in done.stdout


def runs(target: str) -> list[Counter[Path]]:
    """How often each file of tests is in each of the target's runs, judged by the paths that pytest is given."""
    said = make(ROOT, "--dry-run", "--assume-old=test-web", target).stdout.replace("\\\n", " ")
    [line] = [line for line in said.splitlines() if "side_by_side" in line]
    found = []
    for run in line.split(" -- "):
        words = run.split()
        given = [ROOT / word for word in words if word.startswith("tests/")]
        ignored = [ROOT / word.removeprefix("--ignore=") for word in words if word.startswith("--ignore=")]
        files = Counter(file for path in given for file in (path.rglob("test_*.py") if path.is_dir() else [path]))
        found.append(Counter({f: n for f, n in files.items() if not any(f.is_relative_to(path) for path in ignored)}))
    return found


def test_make_test_runs_each_file_of_tests_once() -> None:
    assert sum(runs("test"), Counter()) == Counter((ROOT / "tests").rglob("test_*.py"))


def test_make_test_fast_runs_what_needs_no_emulator_once() -> None:
    without = runs("test")[-1]

    assert sum(runs("test-fast"), Counter()) == without
    assert not [file for file in without if "emulator" in file.name.removeprefix("test_emulator")]


def side_by_side(folder: Path, *commands: str) -> subprocess.CompletedProcess[str]:
    """Of commands in Python, called side-0, side-1, …"""
    arguments = [word for n, code in enumerate(commands) for word in ("--", f"side-{n}", sys.executable, "-c", code)]
    script = [sys.executable, str(ROOT / "tools" / "side_by_side.py"), *arguments[1:]]
    return subprocess.run(script, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_runs_side_by_side_fail_if_one_does_and_all_are_shown(tmp_path: Path, failing: int) -> None:
    done = side_by_side(tmp_path, *(f"print('said by {n}'); exit({7 if n == failing else 0})" for n in range(3)))

    assert done.returncode == 1
    assert all(f"said by {n}\n" in done.stdout for n in range(3))
    assert f"side-{failing}: FAILED with exit status 7" in done.stdout
    assert done.stdout.count(": passed after") == 2


def test_runs_side_by_side_pass_if_all_do_and_are_at_once(tmp_path: Path) -> None:
    """Each waits until the other has begun."""
    meet = "import pathlib, time\npathlib.Path('{0}').touch()\nwhile not pathlib.Path('{1}').exists(): time.sleep(0.01)"

    assert side_by_side(tmp_path, meet.format("one", "other"), meet.format("other", "one")).returncode == 0


def test_runs_side_by_side_that_are_ended_end_what_they_started(tmp_path: Path) -> None:
    waiting = "import pathlib, time\ntry: pathlib.Path('begun').touch(); time.sleep(60)\nfinally: print('tidied up')"
    script = [sys.executable, str(ROOT / "tools" / "side_by_side.py"), "side-0", sys.executable, "-c", waiting]
    process = subprocess.Popen(script, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    while not (tmp_path / "begun").exists():
        time.sleep(0.01)

    process.terminate()

    assert "tidied up" in process.communicate(timeout=30)[0]
    assert process.returncode == 130
