"""A running stack as others see it: `stack.json` (what to call and with what), and `run.json` (what to stop)."""

import contextlib
import json
import os
from pathlib import Path
from typing import Any

from infra.errors import Refusal
from infra.paths import ROOT
from local import processes

FOLDER = ROOT / ".local"


def stack_file(folder: Path = FOLDER) -> Path:
    """Where the stack's addresses and keys are while it is ready."""
    return folder / "stack.json"


def read(folder: Path = FOLDER) -> dict[str, Any] | None:
    """The ready stack, if one is ready and its emulator answers."""
    try:
        found: dict[str, Any] = json.loads(stack_file(folder).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return found if processes.answers(f"{found['endpoint_url']}/_orderproc/iam-calls") else None


def write(path: Path, content: dict[str, Any]) -> None:
    """Write `content` so that a reader sees all of it or the file before, readable by this user alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(f".{os.getpid()}.tmp")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
    scratch.replace(path)


def note_run(folder: Path, emulator: int, port: int) -> None:
    """Note which processes make up the stack."""
    write(folder / "run.json", {"run": os.getpid(), "emulator": emulator, "port": port})


def forget(folder: Path) -> None:
    """Remove both files."""
    for name in ("stack.json", "run.json"):
        with contextlib.suppress(FileNotFoundError):
            (folder / name).unlink()


def running(folder: Path = FOLDER) -> dict[str, int] | None:
    """The processes of a stack that runs or was left behind, or None."""
    try:
        noted: dict[str, int] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return noted if any(processes.alive(noted[name]) for name in ("run", "emulator")) else None


def check_none_runs(folder: Path = FOLDER) -> None:
    """Refuse while another stack of this folder is there; tidy up after one that was killed."""
    noted = running(folder)
    if noted is None:
        forget(folder)
        return
    raise Refusal(f"A local stack is still there on port {noted['port']}: stop it with `make stop`, then try again.")


def stop(folder: Path = FOLDER) -> bool:
    """Stop the stack of this folder and what is left of one; whether there was any."""
    noted = running(folder)
    if noted:
        processes.end(noted["run"], patience=15)
        if processes.alive(noted["emulator"]):
            processes.end_group(noted["emulator"])
    forget(folder)
    return noted is not None
