"""The journeys of web/journeys: customers in Debian's Chromium, who find things by role and name. axe judges the pages;
a request to a foreign host, an error in the console or a violation of the site's policy fails a journey."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Sequence

import pytest

from infra.deploy import web_build
from infra.paths import ROOT
from local.processes import free_port

WEB = ROOT / "web"


def travel(*names: str, parallel: int = 1, **environment: str) -> None:
    """Fails with what failed in these files' journeys."""
    if shutil.which(os.environ.get("CHROMIUM", "chromium")) is None:  # no journey is skipped
        pytest.fail("There is no Chromium: `apt-get install chromium`, or name one with CHROMIUM=…", pytrace=False)
    done = run(*names, parallel=parallel, **environment)
    if done.returncode:
        pytest.fail("\n".join(_failed(done.stdout.splitlines())) or done.stdout + done.stderr, pytrace=False)


def run(*names: str, parallel: int = 1, **environment: str) -> subprocess.CompletedProcess[str]:
    """The journeys of these files on the site at SHOP_URL, or on a shop of `in_memory`."""
    web_build.install()
    files = [f"journeys/{name}.test.mjs" for name in names]
    command = ["node", "--test", f"--test-concurrency={parallel}", "--test-reporter=tap", *files]
    variables = {**os.environ, "CHROMIUM": shutil.which(os.environ.get("CHROMIUM", "chromium")) or "", **environment}
    return subprocess.run(command, cwd=WEB, env=variables, check=False, capture_output=True, text=True, timeout=900)


def in_memory(pages: str) -> dict[str, str]:
    """For a shop of its own, which the journeys start and end: the real app over fakes."""
    while True:
        port = free_port()  # of the site; the API's is the next
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port + 1)):
                return {"SHOP_PORT": str(port), "SHOP_DIST": pages}


def _failed(lines: Sequence[str]) -> list[str]:
    """What TAP says of the journeys that failed, and what they noted."""
    kept, keeping = [], False
    for line in lines:
        if line.startswith(("ok ", "not ok ", "# Subtest")):
            keeping = line.startswith("not ok ")
        if keeping or line.startswith("# error"):
            kept.append(line)
    return kept
