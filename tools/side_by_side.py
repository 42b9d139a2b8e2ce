"""Runs commands at once: `python tools/side_by_side.py one command … -- another command …`, where `one` and `another`
are what they are called.

The first one's output is shown as it comes; what the others say is kept in `.local/one.log` and shown, in their order,
when the first has ended. Ends when all have, with 1 if any failed. Ctrl-C reaches all of them."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

LOGS = Path(".local")


def split(arguments: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The name and the command of each."""
    while arguments:
        end = arguments.index("--") if "--" in arguments else len(arguments)
        name, *command = arguments[:end]
        yield name, command
        arguments = arguments[end + 1 :]


def start(name: str, command: list[str], first: bool) -> subprocess.Popen[bytes]:
    if first:
        return subprocess.Popen(command)
    with log_of(name).open("wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)


def log_of(name: str) -> Path:
    return LOGS / f"{name}.log"


def main(arguments: list[str]) -> int:
    LOGS.mkdir(exist_ok=True)
    commands = dict(split(arguments))
    began = time.monotonic()
    running: dict[str, subprocess.Popen[bytes]] = {}

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        """As Ctrl-C does, on which they end what they started; to that the terminal itself tells them all."""
        for process in running.values():
            process.send_signal(signal.SIGINT)
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    try:
        for name, command in commands.items():
            running[name] = start(name, command, first=not running)
        with ThreadPoolExecutor(len(running)) as pool:
            ended = {name: pool.submit(_seconds, process, began) for name, process in running.items()}
            for n, name in enumerate(running):
                ended[name].result()
                if n:
                    _show(name)
    except KeyboardInterrupt:
        for process in running.values():
            process.wait()
        return 130
    return _report({name: (process.returncode, ended[name].result()) for name, process in running.items()})


def _report(results: dict[str, tuple[int, float]]) -> int:
    print()
    for name, (status, seconds) in results.items():
        ended = "passed" if status == 0 else f"FAILED with exit status {status}"
        print(f"{name}: {ended} after {seconds:.0f} s")
    return int(any(status for status, _ in results.values()))


def _show(name: str) -> None:
    print(f"\n----- {name}", flush=True)
    sys.stdout.buffer.write(log_of(name).read_bytes())
    sys.stdout.flush()


def _seconds(process: subprocess.Popen[bytes], began: float) -> float:
    process.wait()
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
