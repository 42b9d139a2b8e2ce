"""One deployed stack for all end-to-end tests: a local cloud on a port of its own, in a folder of its own.

With ORDERPROC_STACK=<path to a stack.json> the tests use that running stack instead, and leave it running.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.progress import Steps
from local.processes import free_port
from local.run import running_stack
from tests.e2e.interrupted_orders import InterruptedOrders
from tests.e2e.shop import Shop

# Thousands of orders behind a stopped consumer, and killed processes: many minutes, so on demand.
collect_ignore = [] if "ORDERPROC_OVERLOAD_ORDERS" in os.environ else ["test_overload.py"]


@pytest.fixture(scope="session", autouse=True)
def _short_minutes() -> None:
    """For all stacks that are started here."""
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
def stack(stack_folder: Path) -> Iterator[dict[str, Any]]:
    """What stack.json says of the stack (docs/guide/local-cloud.md)."""
    given = os.environ.get("ORDERPROC_STACK")
    if given:
        yield json.loads(Path(given).read_text(encoding="utf-8"))
        return
    build = stack_folder / "build"
    with running_stack(free_port(), Steps(quiet=True), folder=stack_folder, build=build) as (_, described):
        yield described


@pytest.fixture(scope="module")
def shop(stack: dict[str, Any]) -> Shop:
    return Shop(stack)


@pytest.fixture(scope="module")
def interrupted(shop: Shop) -> InterruptedOrders:
    return InterruptedOrders(shop)
