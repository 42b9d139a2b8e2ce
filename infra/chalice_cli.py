"""Runs the unmodified `chalice` command on a staged app and keeps what it said in a log."""

import subprocess
import sys
from pathlib import Path

from infra.errors import Refusal
from infra.target import Target

_ENTRY = "from chalice.cli import main; raise SystemExit(main())"


def run(verb: str, staged: Path, target: Target) -> None:
    """`chalice deploy` or `chalice delete` for the target's stage; refuses with Chalice's last words when it
    fails.
    """
    log = staged.parent / f"chalice-{verb}.log"
    command = [sys.executable, "-c", _ENTRY, verb, "--stage", target.stage]
    with log.open("w", encoding="utf-8") as output:
        done = subprocess.run(
            command,
            check=False,
            cwd=staged,
            env=target.environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        said = [line.strip() for line in log.read_text(encoding="utf-8").splitlines() if line.strip()]
        raise Refusal(f"`chalice {verb}` failed: {said[-1] if said else 'it said nothing'} (All of it is in {log}.)")
