"""The commands of docs/runbooks, as an operator would run them: a page in one shell, with real ids for the samples."""

from __future__ import annotations

import os
import re
import subprocess
import textwrap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from infra.paths import ROOT

FOLDER = ROOT / "docs" / "runbooks"
PAGES = sorted(FOLDER.glob("*.md"))
ONLY_ON_AWS = "# Only on AWS: "
BLOCKS_ONLY_ON_AWS = 5
"""That no test runs; each says why in its first line. One more is a decision."""
_ELSEWHERE = re.compile(r"^make (deploy|destroy) ", re.MULTILINE)
"""What tests/e2e/test_deploy_destroy.py runs, as it takes a stage of its own."""
REPLACED = {
    ". infra/ops/shell.sh prod eu-central-1": ". infra/ops/shell.sh local",
    "sign_in anna@example.com": "sign_in",
}
"""What is said of AWS, as it is for the local cloud."""
_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_SAMPLE = re.compile(r"^([A-Z]+)=(\S+)", re.MULTILINE)
_PREAMBLE = """
set -euo pipefail
make() { command make --no-print-directory -o .venv/.ready "$@"; }
. infra/ops/shell.sh local
"""
"""What a terminal has that followed README.md; `make` takes the environment as it is."""


class Commands(NamedTuple):
    """A block of commands on a page."""

    page: str
    text: str

    @property
    def only_on_aws(self) -> bool:
        return self.text.startswith(ONLY_ON_AWS)

    @property
    def runs_here(self) -> bool:
        """Whether the local cloud of the tests can do it."""
        return not (self.only_on_aws or _ELSEWHERE.search(self.text))

    @property
    def samples(self) -> set[str]:
        """The variables that the page gives a sample."""
        return {name for name, value in _SAMPLE.findall(self.text) if "$" not in value}

    def with_real(self, make: Mapping[str, Callable[[], str]]) -> str:
        """The commands with things made for them in place of the samples."""

        def real(found: re.Match[str]) -> str:
            return f"{found[1]}={make[found[1]]()}" if found[1] in self.samples else found[0]

        text = _SAMPLE.sub(real, self.text)
        for there, here in REPLACED.items():
            text = text.replace(there, here)
        return text


def commands_of(page: Path) -> Iterator[Commands]:
    """Its blocks, from the top."""
    for indent, language, text in _BLOCK.findall(page.read_text(encoding="utf-8")):
        if language == "sh":
            yield Commands(page.stem, textwrap.dedent(text) if indent else text)


def run(page: Path, make: Mapping[str, Callable[[], str]], environment: Mapping[str, str]) -> str:
    """Run the page's commands in their order; returns what they printed. Fails with the first that fails."""
    parts = [c.with_real(make) for c in commands_of(page) if c.runs_here]
    done = subprocess.run(
        ["bash", "-c", "\n".join([_PREAMBLE, "set -x", *parts])],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, (
        f"{page.name} ended with {done.returncode}:\n{done.stderr[-1500:]}{done.stdout[-1500:]}"
    )
    return done.stdout
