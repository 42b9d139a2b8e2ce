"""Every command of docs/runbooks does what its page says, on the running stack.

Comes late: it rotates secrets, redrives and discards dead letters, and signs staff out."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import quick_aws, runbooks
from tests.e2e.runbook_samples import Samples
from tests.e2e.runbooks import PAGES
from tests.e2e.shop import Shop

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture(scope="module")
def samples(shop: Shop) -> Iterator[Samples]:
    samples = Samples(shop)
    yield samples
    samples.tidy()


@pytest.fixture(scope="module")
def terminal(stack: dict[str, Any], stack_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The environment of an operator who has the AWS CLI. That one is signed in as staff."""
    keys = {"AWS_ACCESS_KEY_ID": stack["access_key_id"], "AWS_SECRET_ACCESS_KEY": stack["secret_access_key"]}
    keys |= {"AWS_ENDPOINT_URL": stack["endpoint_url"], "AWS_DEFAULT_REGION": stack["region"]}
    with quick_aws.serving(tmp_path_factory.mktemp("aws"), keys) as folder:
        path = os.pathsep.join([str(folder), str(Path(sys.executable).parent), os.environ["PATH"]])
        yield {"PATH": path, "ORDERPROC_STACK": str(stack_folder / "stack.json")}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_its_commands_work(page: Path, samples: Samples, shop: Shop, terminal: Mapping[str, str]) -> None:
    signed_in = {"TOKEN": shop.sign_in("admin")["IdToken"]}

    printed = runbooks.run(page, samples.of(page.stem), {**terminal, **signed_in})

    assert "None" not in printed.split("\n")
