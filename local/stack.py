"""A running stack as others see it: `stack.json` (what to call and with what), and `run.json` (what to stop)."""

import contextlib
import json
import os
from pathlib import Path
from typing import Any, NamedTuple

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
    parts = {"run": processes.identify(os.getpid()), "emulator": processes.identify(emulator)}
    write(folder / "run.json", {"port": port} | {name: part._asdict() for name, part in parts.items()})


def forget(folder: Path) -> None:
    """Remove both files."""
    for name in ("stack.json", "run.json"):
        with contextlib.suppress(FileNotFoundError):
            (folder / name).unlink()


class Running(NamedTuple):
    """The processes that make up a stack, or made it up."""

    run: processes.Process
    emulator: processes.Process
    port: int


def running(folder: Path = FOLDER) -> Running | None:
    """The stack of this folder that runs or was left behind, or None."""
    try:
        noted = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        run, emulator = (processes.Process(**noted[name]) for name in ("run", "emulator"))
        found = Running(run, emulator, int(noted["port"]))
    except (FileNotFoundError, json.JSONDecodeError, KeyError, TypeError):
        return None
    return found if found.run.alive or found.emulator.alive else None


def check_none_runs(folder: Path = FOLDER) -> None:
    """Refuse while another stack of this folder is there; tidy up after one that was killed."""
    found = running(folder)
    if found is None:
        forget(folder)
        return
    raise Refusal(f"A local stack is still there on port {found.port}: stop it with `make stop`, then try again.")


def stop(folder: Path = FOLDER) -> bool:
    """Stop the stack of this folder and what is left of one; whether there was any."""
    found = running(folder)
    if found:
        processes.end(found.run, patience=15)
        if found.emulator.alive:
            # It leads a group of its own, with all its functions.
            processes.end_group(found.emulator.pid)
            processes.gone(found.emulator, 5)
    forget(folder)
    return found is not None
