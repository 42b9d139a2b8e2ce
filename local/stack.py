"""A running stack as others see it: `stack.json` (what to call and with what), and `run.json` (what to stop)."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from infra.errors import Refusal
from infra.paths import ROOT
from local import processes

TO_END = 75.0
"""Seconds that a stack has for ending: it writes what it keeps."""
FOLDER = ROOT / ".local"
DEFAULT_PORT = 4566


def stack_file(folder: Path = FOLDER) -> Path:
    """Where the stack's addresses and keys are while it is ready."""
    return folder / "stack.json"


def state_folder(folder: Path = FOLDER) -> Path:
    """Where a stack of `make run` keeps what it holds (`kept.py`)."""
    return folder / "state"


def read(folder: Path = FOLDER) -> dict[str, Any] | None:
    """The ready stack, if one is ready and its emulator answers."""
    try:
        found: dict[str, Any] = json.loads(stack_file(folder).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return found if processes.answers(f"{found['endpoint_url']}/_emulator/iam-calls") else None


def write(path: Path, content: dict[str, Any]) -> None:
    """Write `content` so that a reader sees all of it or the file before, readable by this user alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(f".{os.getpid()}.tmp")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
    scratch.replace(path)


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Keep every other `make run` of this folder out while the body runs; the system ends that with this process.
    Refuses while another one is there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.lock").open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _still_there(running(folder)) from None
        yield


def note_run(folder: Path, emulator: int | None, port: int) -> None:
    """Note which processes make up the stack; `emulator` is None while there is none yet."""
    second = processes.identify(emulator) if emulator else processes.Process(0, "")
    parts = {"run": processes.identify(os.getpid()), "emulator": second}
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
    raise _still_there(found)


def _still_there(found: Running | None) -> Refusal:
    where = f" on port {found.port}" if found else ""
    return Refusal(f"A local stack of this clone is still there{where}: stop it with `make stop`, then try again.")


def stop(folder: Path = FOLDER) -> bool:
    """Stop the stack of this folder and what is left of one; whether there was any."""
    found = running(folder)
    if found:
        processes.end(found.run, patience=TO_END)
        if found.emulator.alive:
            processes.end(found.emulator, patience=TO_END)
            # It leads a group of its own, with all its functions.
            processes.end_group(found.emulator.pid)
    forget(folder)
    return found is not None
