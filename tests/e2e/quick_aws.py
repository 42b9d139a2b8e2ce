"""`aws` without the time that it takes to start, which is most of what it takes: a process that has the CLI loaded
forks for each call. `python -m tests.e2e.quick_aws FOLDER` serves the command FOLDER/aws, which it makes, until it is
ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from infra.paths import ROOT
from tests.e2e.shop import until

_CLIENT = """#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    call = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(server, [len(call).to_bytes(4, "big")], [0, 1, 2])
    server.sendall(call)
    sys.exit(int(server.recv(8) or b"255"))
"""


@contextlib.contextmanager
def serving(folder: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    """The folder with the command, while the body runs. The environment says where its first call goes."""
    command = [sys.executable, "-m", "tests.e2e.quick_aws", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL) as server:
        try:
            until((folder / "aws").exists, bool, 60)
            yield folder
        finally:
            server.terminate()


def serve(folder: Path) -> None:
    """Answer calls, each in a process of its own, so that they may run side by side."""
    from awscli.clidriver import create_clidriver

    driver = create_clidriver()
    driver.main(["sts", "get-caller-identity"])  # loads what all calls need
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    address = folder / "aws.socket"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(address))
        server.listen()
        client = folder / "aws.new"
        client.write_text(_CLIENT.format(python=sys.executable, address=str(address)), encoding="utf-8")
        client.chmod(0o755)
        client.rename(folder / "aws")
        while True:
            caller, _ = server.accept()
            if os.fork() == 0:
                server.close()
                _answer(caller, driver)
            caller.close()


def _answer(caller: socket.socket, driver: Any) -> None:
    """Run the command on the caller's own standard streams, tell it the exit status, and end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    status = 255
    try:
        size, streams, _, _ = socket.recv_fds(caller, 4, 3)
        call = b""
        while len(call) < int.from_bytes(size, "big"):
            call += caller.recv(65536)
        arguments, folder, environment = json.loads(call)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        status = driver.main(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
    except SystemExit as ended:
        status = int(ended.code or 0)
    except BaseException:  # noqa: BLE001 - whatever it is, the caller hears of it
        traceback.print_exc()
    caller.sendall(str(status).encode())
    os._exit(0)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
