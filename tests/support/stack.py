"""One deployed stack for all tests of a run that need one, as `tests/e2e` and `tests/browser` do: a local cloud on a
port of its own, in a folder of its own.

With ORDERPROC_STACK=<path to a stack.json> the tests use that running stack instead, and leave it running.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.progress import Steps
from local.processes import free_port
from local.run import running_stack


@pytest.fixture(scope="session")
def short_minutes() -> None:
    """For all stacks that are started."""
    if "ORDERPROC_STACK" in os.environ:
        return
    # The state machine waits between its retries, half an hour at most: here nine seconds, since failures are tested by
    # the dozen.
    os.environ["SFN_WAIT_SCALE"] = "0.005"
    # And alarms' minutes have six seconds.
    os.environ["ORDERPROC_ALARM_PERIOD_SCALE"] = "0.1"
    # Where a test may put a language model behind MiniStack's Bedrock; as long as nobody is there, MiniStack babbles.
    os.environ.setdefault("MINISTACK_BEDROCK_PROXY_URL", f"http://127.0.0.1:{free_port()}")


@pytest.fixture(scope="session")
def stack_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the stack's stack.json is."""
    given = os.environ.get("ORDERPROC_STACK")
    return Path(given).parent if given else tmp_path_factory.mktemp("stack")


@pytest.fixture(scope="session")
def stack(short_minutes: None, stack_folder: Path) -> Iterator[dict[str, Any]]:
    """What stack.json says of the stack (docs/guide/local-cloud.md)."""
    given = os.environ.get("ORDERPROC_STACK")
    if given:
        yield json.loads(Path(given).read_text(encoding="utf-8"))
        return
    build = stack_folder / "build"
    with running_stack(free_port(), Steps(quiet=True), folder=stack_folder, build=build) as (_, described):
        yield described
