"""What `make run` and `make stop` leave: no process, however the stack ends, and all that was in it for the next run. A
test signals only what it started."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from infra.paths import ROOT
from local.processes import free_port

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
Start = Callable[[], subprocess.Popen[str]]


def command(module: str, folder: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", module, "--folder", str(folder), *more]


def run(module: str, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    arguments = command(module, folder, *more)
    return subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def processes_of(folder: Path) -> list[int]:
    """Every process that works in the folder or was started with it on its command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                command_line = (entry / "cmdline").read_bytes().decode(errors="replace")
                where = os.readlink(entry / "cwd")
                output = os.readlink(entry / "fd" / "1")
            except OSError:
                continue  # ended meanwhile
            if str(folder) in command_line + where + output:
                found.append(int(entry.name))
    return found


def wait_until(true: Callable[[], object], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "local"


@pytest.fixture
def start(folder: Path, port: int, tmp_path: Path) -> Iterator[Start]:
    """Starts a stack in a session of its own, as a terminal would, and ends it if the test did not."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        with (tmp_path / "said").open("w") as said:
            process = subprocess.Popen(
                command("local.run", folder, "--port", str(port)),
                cwd=ROOT,
                stdout=said,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        started.append(process)
        return process

    yield start
    run("local.stop", folder)
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def ready(folder: Path) -> dict[str, Any]:
    assert wait_until((folder / "stack.json").exists, 180), "not ready within three minutes"
    described: dict[str, Any] = json.loads((folder / "stack.json").read_text())
    return described


def assert_nothing_is_left(folder: Path, port: int) -> None:
    assert wait_until(lambda: not processes_of(folder), 5), processes_of(folder)
    assert not (folder / "stack.json").exists()
    assert not (folder / "run.json").exists()
    # A process that ends loses its name before its sockets: under load one can look between the two.
    assert wait_until(lambda: not listens(port), 5), f"something listens on {port}"


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def place_an_order(described: dict[str, Any]) -> str:
    body = {
        "customerId": "customer123",
        "customerEmail": "customer@example.com",
        "items": [{"productId": "CAMERA001", "quantity": 1, "price": 459.00}],
        "totalAmount": 459.00,
        "shippingAddress": {"street": "123 Main St", "city": "Anytown", "zipCode": "12345", "country": "USA"},
    }
    answer = requests.post(f"{described['api_url']}/orders", json=body, headers=key_of(described), timeout=60)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["orderId"])


def status_of(described: dict[str, Any], order_id: str) -> str:
    url = f"{described['api_url']}/orders/{order_id}"
    return str(requests.get(url, headers=key_of(described), timeout=60).json().get("status"))


def key_of(described: dict[str, Any]) -> dict[str, str]:
    return {"X-API-Key": described["api_key"]}


def test_what_ran_goes_on_after_ctrl_c_and_after_a_kill(start: Start, folder: Path, port: int, tmp_path: Path) -> None:
    process = start()
    first = ready(folder)
    assert first["endpoint_url"] == f"http://127.0.0.1:{port}"
    order_id = place_an_order(first)
    assert wait_until(lambda: status_of(first, order_id) == "COMPLETED", 60)

    os.killpg(process.pid, signal.SIGINT)

    assert process.wait(timeout=75) == 0
    said = (tmp_path / "said").read_text()
    assert "nothing is left running" in said
    assert "files, address and keys are kept in" in said
    assert_nothing_is_left(folder, port)

    process = start()
    assert ready(folder) == first
    assert "chalice deploy" not in (tmp_path / "said").read_text()  # nothing had changed
    assert status_of(first, order_id) == "COMPLETED"
    stock = requests.get(f"{first['api_url']}/products/CAMERA001", timeout=60).json()["stock"]
    assert stock == 1
    for part in json.loads((folder / "run.json").read_text()).values():
        if isinstance(part, dict):
            os.kill(part["pid"], signal.SIGKILL)
    process.wait()
    run("local.stop", folder)

    start()
    assert ready(folder) == first
    assert status_of(first, order_id) == "COMPLETED"


def test_ctrl_c_while_it_starts_leaves_nothing(start: Start, folder: Path, port: int) -> None:
    process = start()
    assert wait_until((folder / "run.json").exists, 20)

    os.killpg(process.pid, signal.SIGINT)
    process.wait(timeout=75)

    assert_nothing_is_left(folder, port)


def test_a_second_one_is_refused_and_what_was_killed_is_stopped(start: Start, folder: Path, port: int) -> None:
    process = start()
    described = ready(folder)

    second = run("local.run", folder, "--port", str(free_port()))
    assert second.returncode == 1
    assert "stop it with `make stop`" in second.stdout
    assert "Traceback" not in second.stdout + second.stderr
    assert ready(folder) == described  # it left the first one's record alone
    other_clone = run("local.run", folder.parent / "another", "--port", str(port))
    assert f"stop it with `make -C '{ROOT}' stop`, or choose another" in other_clone.stdout

    process.kill()
    process.wait()
    assert "make stop" in run("local.run", folder, "--port", str(port)).stdout

    assert run("local.stop", folder).stdout == "Stopped.\n"
    assert_nothing_is_left(folder, port)
    assert run("local.stop", folder).stdout == "No local stack is running.\n"


def test_a_used_port_is_one_clear_sentence(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = run("local.run", folder, "--port", str(taken.getsockname()[1]))

    assert refused.returncode == 1
    assert "stop that, or choose another with `make run PORT=" in refused.stdout
    assert "Traceback" not in refused.stdout + refused.stderr
    assert not processes_of(folder)


@pytest.mark.parametrize("port", ["abc", "80", "70000"])
def test_what_is_no_port_is_refused(folder: Path, port: str) -> None:
    refused = run("local.run", folder, "--port", port)

    assert refused.returncode == 2
    assert f"PORT={port} is no port" in refused.stderr
