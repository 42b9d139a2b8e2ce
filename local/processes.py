"""Starts, finds and ends the processes of a local stack, each known by its id and what it runs."""

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from infra.errors import Refusal

_OURS = ("local.emulator", "local.run")


def alive(pid: int) -> bool:
    """Whether `pid` is running and is one of ours: ids are used again."""
    command = _command(pid)
    return any(name in command for name in _OURS)


def _command(pid: int) -> str:
    """The command line of a process, empty if there is none or it has ended."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    done = subprocess.run(["ps", "-p", str(pid), "-o", "command="], check=False, capture_output=True, text=True)
    return done.stdout.strip()


def end(pid: int, *, patience: float) -> None:
    """Ask one of our processes to stop and wait; end it and its children by force after `patience` seconds."""
    if not alive(pid):
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if not alive(pid):
            return
        time.sleep(0.05)
    end_group(pid)


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


def check_port(port: int) -> None:
    """Refuse a port on which something listens already."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)):
            return
    whose = "A local stack" if answers(f"http://127.0.0.1:{port}/_orderproc/iam-calls") else "Something else"
    way_out = "stop it with `make stop`" if whose == "A local stack" else "stop that"
    raise Refusal(f"{whose} is using port {port}: {way_out}, or choose another with `make run PORT={port + 34}`.")


def check_free(port: int, variable: str) -> None:
    """Refuse a port of ours, chosen with the make variable `variable`, on which something listens already."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise Refusal(f"Port {port} is in use: choose another with `{variable}={port + 1}`.")


def free_port() -> int:
    """A port on loopback that nothing uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def answers(url: str) -> bool:
    """Whether a GET of `url` is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False
