"""Chalice's own commands in `orderproc/` beside a running stack: without a flag, without an exported variable."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from infra.paths import APP
from infra.target import connect
from local import chalice_script
from local.processes import free_port
from tests.e2e.customers import Customers
from tests.e2e.shop import Shop

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
Chalice = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def script(stack: dict[str, Any], stack_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `chalice` that `make` puts into the environment, for the tests' stack."""
    path = tmp_path_factory.mktemp("bin") / "chalice"
    chalice_script.write(path, Path(sys.executable), stack_folder)
    return path


@pytest.fixture(scope="module")
def bare() -> dict[str, str]:
    """An environment that says nothing of AWS, nor of tables."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


@pytest.fixture(scope="module")
def chalice(script: Path, bare: dict[str, str]) -> Chalice:
    def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        command = [str(script), *arguments]
        return subprocess.run(
            command, cwd=APP, env=bare, input=given, capture_output=True, text=True, check=False, timeout=300
        )

    return run


def apis(stack: dict[str, Any]) -> list[str]:
    session = boto3.Session(stack["access_key_id"], stack["secret_access_key"], region_name=stack["region"])
    gateway = session.client("apigateway", endpoint_url=stack["endpoint_url"])
    return sorted(item["id"] for item in gateway.get_rest_apis()["items"])


def test_url_is_that_of_the_running_stack(stack: dict[str, Any], chalice: Chalice) -> None:
    said = chalice("url")

    assert said.stdout == f"{stack['api_url']}/\n"
    assert requests.get(said.stdout.strip() + "health", timeout=30).status_code == 200


def test_invoke_and_logs_reach_its_functions(chalice: Chalice) -> None:
    said = chalice("invoke", "-n", "validate_order", given=json.dumps({"orderId": "no-such-order"}))

    assert "UnknownOrder" in said.stdout + said.stderr
    assert "no-such-order" in chalice("logs", "-n", "validate_order").stdout


def triggers(shop: Shop) -> list[tuple[str, str]]:
    """Mappings and rules, each with its state."""
    prefix = f"orderproc-{shop.described['stage']}-"
    mappings = shop.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    rules = shop.client("events").list_rules(NamePrefix=prefix)["Rules"]
    mine = [(one["EventSourceArn"], one["State"]) for one in mappings if f":{prefix}" in one["FunctionArn"]]
    return sorted([*mine, *((one["Name"], one["State"]) for one in rules)])


def test_deploy_redeploys_it_in_use_and_makes_no_second_api(stack: dict[str, Any], chalice: Chalice) -> None:
    """What docs/runbooks/deploy.md says of a stage in use: no caller is refused, each order ends well, by each way."""
    shop = Shop(stack)
    signed_in, before, wired = shop.staff, apis(stack), triggers(shop)

    with Customers(shop) as customers:
        said = chalice("deploy")

    assert said.returncode == 0, said.stdout + said.stderr
    assert {status for _, status in customers.answers} <= {200, 201, 202}, customers.answers
    assert customers.repeated <= len(customers.orders) / 10
    assert set(customers.ends()) <= {"COMPLETED", "CONFIRMED"}
    assert len(customers.orders) > 3
    assert triggers(shop) == wired
    assert signed_in("GET", "/admin/queues").ok
    assert f"Rest API URL: {stack['api_url']}/" in said.stdout
    assert apis(stack) == before
    assert requests.get(f"{stack['api_url']}/health", timeout=60).status_code == 200
    listed = requests.get(f"{stack['api_url']}/orders", headers={"X-API-Key": stack["api_key"]}, timeout=30)
    assert listed.status_code == 200
    # What Chalice's import of the API removes is there again.
    assert requests.get(f"{stack['api_url']}/no-such-route", timeout=30).headers["Content-Type"] == (
        "application/problem+json"
    )


def test_local_serves_the_sources_over_its_tables(stack: dict[str, Any], script: Path, bare: dict[str, str]) -> None:
    port = free_port()
    server = subprocess.Popen(
        [str(script), "local", "--port", str(port)],
        cwd=APP,
        env=bare,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        here = answered(f"http://127.0.0.1:{port}/products/MOUSE001")
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()

    there = requests.get(f"{stack['api_url']}/products/MOUSE001", timeout=30)
    assert here.json() == there.json()


def answered(url: str) -> requests.Response:
    deadline = time.monotonic() + 60
    while True:
        try:
            return requests.get(url, timeout=30)
        except requests.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_a_stage_that_was_never_made_is_one_sentence(
    stack: dict[str, Any], script: Path, bare: dict[str, str], chalice: Chalice
) -> None:
    keys = {"AWS_ACCESS_KEY_ID": stack["access_key_id"], "AWS_SECRET_ACCESS_KEY": stack["secret_access_key"]}
    aws = {**keys, "AWS_DEFAULT_REGION": stack["region"], "AWS_ENDPOINT_URL": stack["endpoint_url"]}
    command = [str(script), "deploy", "--stage", "nobodys"]
    said = subprocess.run(
        command, cwd=APP, env={**bare, **aws}, capture_output=True, text=True, check=False, timeout=60
    )

    assert said.returncode == 1
    assert said.stderr.startswith("There is no stage nobodys in account ")
    assert "make deploy STAGE=nobodys" in said.stderr
    assert len(said.stderr.splitlines()) == 1
    session = boto3.Session(stack["access_key_id"], stack["secret_access_key"], region_name=stack["region"])
    target = connect("nobodys", session=session, endpoint_url=stack["endpoint_url"])
    with pytest.raises(target.functions.exceptions.ResourceNotFoundException):
        target.functions.get_function(FunctionName="orderproc-nobodys")
