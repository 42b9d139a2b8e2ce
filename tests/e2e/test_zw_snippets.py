"""Every command of README and guide works as pasted, in reading order, on a fresh stack and on one in use."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from infra.paths import ROOT
from infra.progress import Steps
from local import chalice_script
from local.processes import free_port
from local.run import running_stack
from tests.e2e import quick_aws, snippets
from tests.e2e.snippets import PAGES, README, STARTED_BY_THE_TEST, snippets_of

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
WITH_COMMANDS = [page for page in PAGES if any(not s.only_on_aws for s in snippets_of(page))]


class Clone(NamedTuple):
    """A user's clone beside a running stack, and the environment of a terminal there."""

    folder: Path
    environment: Mapping[str, str]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    """With a stack of its own, which nothing else has used."""
    folder = tmp_path_factory.mktemp("clone")
    for path in ROOT.iterdir():
        if path.name not in (".git", ".local", ".venv", ".build"):
            (folder / path.name).symlink_to(path)
    build = tmp_path_factory.mktemp("build")
    with running_stack(free_port(), Steps(quiet=True), folder=folder / ".local", build=build) as (_, described):
        commands = folder / ".venv" / "bin"
        commands.mkdir(parents=True)
        (folder / ".venv" / ".ready").touch()
        (commands / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        (commands / "python").chmod(0o755)
        (commands / "activate").write_text(f"PATH={commands}:$PATH\n")
        chalice_script.write(commands / "chalice", Path(sys.executable), folder / ".local")
        keys = {
            "AWS_ACCESS_KEY_ID": described["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": described["secret_access_key"],
            "AWS_ENDPOINT_URL": described["endpoint_url"],
            "AWS_DEFAULT_REGION": described["region"],
        }
        with quick_aws.serving(tmp_path_factory.mktemp("aws"), keys) as aws:
            path = f"{aws}{os.pathsep}{os.environ['PATH']}"
            yield Clone(folder, {"PATH": path, "ORDERPROC_STACK": str(folder / ".local" / "stack.json")})


@pytest.mark.parametrize(
    ("page", "stack_is"),
    [(page, stack_is) for stack_is in ("fresh", "in use") for page in WITH_COMMANDS],
    ids=lambda value: value.stem if isinstance(value, Path) else value.replace(" ", "-"),
)
def test_a_page_works_as_pasted(page: Path, stack_is: str, clone: Clone) -> None:
    leave_out = frozenset(STARTED_BY_THE_TEST) if page == README else frozenset()

    snippets.run(page, clone.folder, clone.environment, leave_out)
