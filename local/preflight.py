"""`make run`'s first look, before minutes of installing: whether the port is free and no other one runs. Needs the
standard library only, and any version of Python.
"""

from __future__ import annotations

import argparse
import json
import sys

from infra.errors import Refusal
from local import processes, stack


def check(port: int | None, *, fresh: bool) -> None:
    """Refuse what would be refused after the installation."""
    with stack.only_one(stack.FOLDER):
        stack.check_none_runs()
    kept = None if fresh else _kept_port()
    processes.check_port(port or kept or stack.DEFAULT_PORT, " FRESH=1" if kept else "")


def _kept_port() -> int | None:
    try:
        return int(json.loads((stack.state_folder() / "kept.json").read_text(encoding="utf-8"))["port"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def main(arguments: list[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="local.preflight")
    parser.add_argument("--port", type=processes.port_number, default=None)
    parser.add_argument("--fresh", action="store_true")
    options = parser.parse_args(arguments)
    try:
        check(options.port, fresh=options.fresh)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
