"""The commands of README and guide, as a new user would paste them: a page in one bash, what it shows compared."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from infra.paths import ROOT

README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs" / "guide").glob("*.md"))]
ONLY_ON_AWS = "# Only on AWS: "
ON_AWS_ALONE = {
    "alarms": ["# Only on AWS: it subscribes a pager to the alarms"],
    "deployment": [
        "# Only on AWS: it creates a stage in your account",
        "# Only on AWS: it removes a stage with its data",
    ],
    "terraform": ["# Only on AWS: it creates a stage in your account"],
    "evidence": [
        "# Only on AWS: it reads a stage of your account",
        "# Only on AWS: it looks for what is left of a stage that was destroyed",
    ],
    "guards": [
        "# Only on AWS: each of these costs money",
        "# Only on AWS: an account's concurrency is there",
        "# Only on AWS: instances are billed while they are warm",
        "# Only on AWS: a first deployment takes some minutes more, as CloudFront does",
    ],
}
"""By page and first line: what no test runs here. tests/e2e/test_deploy_destroy.py deploys and destroys a stage."""
STARTED_BY_THE_TEST = {
    "make run     # the local cloud with everything deployed in it; Ctrl-C stops it",
}
"""What the fixture `clone` stands for."""
_BLOCK = re.compile(r"^( *)```([^\n]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_COMMANDS = "sh"
LANGUAGES = {_COMMANDS, "json", "text", "insights", "mermaid", ""}
"""Of the blocks: other shells or programs would be commands that no test runs."""
_PATIENCE = 180
_PREAMBLE = 'set -eu\nmake() { command make --no-print-directory -o .venv/.ready "$@"; }\n'
"""A terminal, except that it stops at the first command that fails. `make` must not install anything."""
_MARK = "--- block "


class Snippet(NamedTuple):
    """A block of commands, and the output that the page shows below it, if any."""

    text: str
    shown: str | None

    @property
    def title(self) -> str:
        return self.text.partition("\n")[0]

    @property
    def only_on_aws(self) -> bool:
        return self.text.startswith(ONLY_ON_AWS)

    def explains(self, printed: str) -> bool:
        """Whether the output is what the page shows. `…` there stands for what differs each time."""
        if self.shown is None:
            return True
        pattern = ".*?".join(re.escape(part) for part in self.shown.strip().split("…"))
        return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


def snippets_of(page: Path) -> Iterator[Snippet]:
    """Its commands in reading order. A block right below one of commands is the output of that."""
    text = page.read_text(encoding="utf-8")
    blocks = list(_BLOCK.finditer(text))
    for block, below in itertools.zip_longest(blocks, blocks[1:]):
        if block[2] == _COMMANDS:
            is_output = below and below[2] != _COMMANDS and below.start() == block.end() + 1
            yield Snippet(block[3], below[3] if below and is_output else None)


def run(page: Path, folder: Path, environment: Mapping[str, str], leave_out: frozenset[str] = frozenset()) -> None:
    """Paste the page's commands into a bash in this folder. Fails at the first that fails or prints something else."""
    snippets = [s for s in snippets_of(page) if not s.only_on_aws and s.title not in leave_out]
    # An answer of the API has no line end.
    parts = [f"printf '\\n{_MARK}{n}\\n' | tee /dev/stderr\n{snippet.text}" for n, snippet in enumerate(snippets)]
    with subprocess.Popen(
        ["bash", "-c", _PREAMBLE + "\n".join(parts)],
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as shell:
        try:
            printed, errors = shell.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(shell.pid, 9)
            printed, errors = shell.communicate()
            raise AssertionError(f"{page.name} did not end:\n{printed[-1500:]}{errors[-1500:]}") from None

    assert shell.returncode == 0, f"{page.name} ended with {shell.returncode}:\n{printed[-1500:]}{errors[-1500:]}"
    outputs = re.split(rf"^{_MARK}\d+\n", printed, flags=re.MULTILINE)[1:]
    for snippet, output in zip(snippets, outputs, strict=True):
        said = f"{page.name} shows\n{snippet.shown}\nfor {snippet.title}, which prints\n{output}"
        assert snippet.explains(output), said


def languages_of(page: Path) -> set[str]:
    """What its blocks are written in."""
    return {block[2] for block in _BLOCK.finditer(page.read_text(encoding="utf-8"))}
