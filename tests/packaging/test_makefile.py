"""The Makefile on a machine that is not like ours: a network that fails, and macOS's make 3.81, which knows no
.SHELLFLAGS."""

import os
import shutil
import socket
import subprocess
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
        done = make(tmp_path, "run", f"PORT={taken.getsockname()[1]}")

    assert done.returncode != 0
    assert "Something else is using port" in done.stderr
    assert "Installing" not in done.stdout + done.stderr
    assert not (tmp_path / ".venv").exists()


def test_a_bare_make_metrics_checks() -> None:
    done = make(ROOT, "--dry-run", "metrics")

    assert "-m infra.ops.metrics  check" in done.stdout
