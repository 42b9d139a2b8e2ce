"""Runs the `chalice` command on a staged app (`chalice_entry.py`) and keeps what it said in a log."""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.deploy import package_upload
from infra.errors import Refusal
from infra.paths import ROOT
from infra.target import Target

# The last place in the path, so that the app never imports this project's modules instead of its own.
_ENTRY = (
    f"import sys; sys.path.append({str(ROOT)!r}); from infra.deploy.chalice_entry import main; raise SystemExit(main())"
)


def run(
    verb: str, staged: Path, target: Target, options: Sequence[str] = (), *, bucket: str = "", show: bool = False
) -> None:
    """`chalice deploy` or `chalice delete` for the target's stage, with packages by way of the bucket; refuses with
    Chalice's last words when it fails. With `show` they are printed as Chalice says them.
    """
    log = staged.parent / f"chalice-{verb}.log"
    command = [sys.executable, "-c", _ENTRY, verb, "--stage", target.stage, *options]
    with (
        log.open("w", encoding="utf-8") as output,
        subprocess.Popen(
            command,
            cwd=staged,
            env=target.environment() | {"PYTHONUNBUFFERED": "1", package_upload.BUCKET: bucket},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        for line in process.stdout or ():
            text = _with_its_address(line, target)
            output.write(text)
            if show:
                print(text, end="", flush=True)
    if process.returncode:
        said = [line.strip() for line in log.read_text(encoding="utf-8").splitlines() if line.strip()]
        raise Refusal(f"`chalice {verb}` failed: {said[-1] if said else 'it said nothing'} (All of it is in {log}.)")


def _with_its_address(line: str, target: Target) -> str:
    """Chalice names AWS's address of an API, also where another endpoint serves it."""
    if not target.endpoint_url:
        return line
    return re.sub(r"https://(\w+)\.execute-api\.\S+", lambda found: target.api_url(found[1]) + "/", line)
