"""`make web`: what it says is so."""

import re
import sys
from pathlib import Path

import pytest

from infra.deploy import web_build
from infra.progress import Steps
from local import processes, stack, web

_VITE = """#!{python}
import socket, sys, time
time.sleep({late})
server = socket.create_server(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])))
time.sleep(1.5)
sys.exit({code})
"""


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, bool]]:
    """What it tells, each with whether the pages could be opened then. `tmp_path` is where Vite is."""
    told: list[tuple[str, bool]] = []
    (tmp_path / "node_modules/.bin").mkdir(parents=True)
    monkeypatch.setattr(web_build, "WEB", tmp_path)
    monkeypatch.setattr(stack, "FOLDER", tmp_path)
    monkeypatch.setattr(web, "config", lambda _: {})
    monkeypatch.setattr(Steps, "say", lambda _, text: told.append((text, all(map(processes.listens, _ports(text))))))
    return told


def _ports(text: str) -> list[int]:
    return [int(port) for port in re.findall(r"127\.0\.0\.1:(\d+)", text)]


def _vite(folder: Path, body: str) -> None:
    file = folder / "node_modules/.bin/vite"
    file.write_text(body, encoding="utf-8")
    file.chmod(0o755)


def test_the_address_is_told_once_it_can_be_opened(said: list[tuple[str, bool]], tmp_path: Path) -> None:
    _vite(tmp_path, _VITE.format(python=sys.executable, late=0.5, code=0))
    port = processes.free_port()

    assert web._serve({"api_url": "http://api.test"}, port, Steps(quiet=True)) == 0

    (text, opens), _ = said
    assert f"http://127.0.0.1:{port}," in text
    assert f"http://127.0.0.1:{port}/admin.html" in text
    assert opens


def test_of_a_server_that_does_not_start_nothing_is_told(said: list[tuple[str, bool]], tmp_path: Path) -> None:
    _vite(tmp_path, f"#!{sys.executable}\nraise SystemExit(3)\n")

    assert web._serve({"api_url": "http://api.test"}, processes.free_port(), Steps(quiet=True)) == 3
    assert said == []
