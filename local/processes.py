"""Starts, finds and ends the processes of a local stack, each known by its id and what it runs."""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from infra.errors import Refusal

T = TypeVar("T")


class Process(NamedTuple):
    """A process by its id and the moment it was born, since ids are used again."""

    pid: int
    born: str

    @property
    def alive(self) -> bool:
        """Whether it still runs: this one, and not another that was given its id."""
        return bool(self.born) and _born(self.pid) == self.born


def identify(pid: int) -> Process:
    """The process that has this id now."""
    return Process(pid, _born(pid))


def _born(pid: int) -> str:
    """When the process began, in the system's own words; empty if there is none or it has ended."""
    if Path("/proc/self").exists():
        try:
            # After the name, which may hold anything: first the state, 20th the start in ticks since boot (proc(5)).
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] == "Z" else fields[19]
    done = subprocess.run(["ps", "-p", str(pid), "-o", "lstart="], check=False, capture_output=True, text=True)
    return done.stdout.strip()


def end(process: Process, *, patience: float) -> None:
    """Ask a process to stop, and wait; end it by force after `patience` seconds."""
    if not process.alive:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGTERM)
    if not gone(process, patience):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        gone(process, 5)


def gone(process: Process, patience: float) -> bool:
    """Wait for a process to end; whether it did within `patience` seconds."""
    return wait_for(lambda: not process.alive, patience=patience, pause=0.02)


def wait_for(look: Callable[[], T], right: Callable[[T], object] = bool, *, patience: float, pause: float = 0.3) -> T:
    """The first look that is right; the last one if none was within `patience` seconds."""
    deadline = time.monotonic() + patience
    while not right(seen := look()) and time.monotonic() < deadline:
        time.sleep(pause)
    return seen


def end_group(leader: int) -> None:
    """End at once every process of the group that `leader`, started by us in a session of its own, leads or
    led.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Let the body end what it began, however often Ctrl-C is pressed meanwhile."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kept = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def deferred() -> Iterator[None]:
    """Let the body begin a process and say which it is: a Ctrl-C that comes meanwhile counts when it is done. Otherwise
    one that comes as the process starts leaves it behind, known to nobody.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    kept: dict[signal.Signals, Any] = {}
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(number) is not signal.SIG_IGN:  # what is ignored is ignored in the process as well
                kept[number] = signal.signal(number, lambda number, _frame: came.append(number))
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
        for noted in came:
            signal.raise_signal(noted)


@contextlib.contextmanager
def group(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process that leads a group of its own while the body runs; all of the group is ended then, also if Ctrl-C comes
    as it begins. `options` are Popen's.
    """
    process = None
    try:
        with deferred():
            process = subprocess.Popen(command, start_new_session=True, **options)
        yield process
    finally:
        with undisturbed():
            if process:
                end_group(process.pid)
                process.wait(timeout=10)


def port_number(text: str) -> int:
    """PORT as typed. Refuses what is none."""
    if not text.isdigit() or not 1024 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"PORT={text} is no port: choose one from 1024 to 65535")
    return int(text)


def check_port(port: int, more: str = "") -> None:
    """Refuse a port on which something listens already; `more` is what else `make run` needs for another one."""
    if not listens(port):
        return
    other = next((free for free in range(port + 34, port + 134) if not listens(free)), port + 34)
    clone = owner(port)
    whose, way_out = "Something else", "stop that"
    if clone:
        whose, way_out = f"The local cloud of {clone}", f"stop it with `make -C '{clone}' stop`"
    raise Refusal(f"{whose} is using port {port}: {way_out}, or choose another with `make run PORT={other}{more}`.")


def owner(port: int) -> str:
    """The clone of this project whose local cloud answers there; empty if it is something else."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_emulator/about", timeout=2) as response:
            return str(json.load(response)["owner"])
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
        return ""


def listens(port: int) -> bool:
    """Whether something takes connections there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def next_free(port: int) -> int:
    """The first port after this one on which nothing listens."""
    return next(free for free in range(port + 1, 65536) if not listens(free))


def check_free(port: int, variable: str) -> None:
    """Refuse a port of ours, chosen with the make variable `variable`, on which something listens already."""
    if listens(port):
        raise Refusal(f"Port {port} is in use: choose another with `{variable}={port + 1}`.")


def free_port() -> int:
    """A port on loopback that nothing uses at this moment. It is none of those that the system gives to outgoing
    connections: another process could get one of these the moment after.
    """
    while True:
        port = random.randrange(20000, 30000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def answers(url: str) -> bool:
    """Whether a GET of `url` is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False
