"""AWS's own DynamoDB Local engine, where Java and npm are there to run it: it keeps real indexes, so that its times
grow as DynamoDB's would, and it says what capacity each call consumed."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from cfnlint.decode import decode  # type: ignore[import-untyped]

from infra.errors import Refusal
from infra.paths import ROOT, TEMPLATES
from local import processes

_FOLDER = ROOT / ".local" / "node" / "node_modules" / "amplify-dynamodb-simulator" / "emulator"
_CLASSES = os.pathsep.join(["DynamoDBLocal.jar", "DynamoDBLocal_lib/*"])
_CONFIGURATION = ROOT / "tests" / "contract" / "dynamodb_local.xml"
_PATIENCE = 30.0


def missing() -> str:
    """Why it can't run here; empty if it can."""
    if shutil.which("java") is None:
        return "there is no Java here"
    return "" if (_FOLDER / "DynamoDBLocal.jar").exists() else "it is not installed: `make engines` does that"


@contextmanager
def running() -> Iterator[Any]:
    """A client of one that runs meanwhile, with nothing in it."""
    port = processes.free_port()
    command = ["java", "-Djava.library.path=DynamoDBLocal_lib", f"-Dport={port}", "-classpath", _CLASSES]
    command += ["org.eclipse.jetty.xml.XmlConfiguration", str(_CONFIGURATION)]
    process = subprocess.Popen(command, cwd=_FOLDER, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        client = _client(port)
        _wait(process, client)
        yield client
    finally:
        process.terminate()
        process.wait(timeout=10)


def make_orders_table(client: Any, name: str) -> None:
    """With the keys and indexes of the template that is deployed."""
    template, _ = decode(str(TEMPLATES / "resources.yaml"))
    properties = template["Resources"]["OrdersTable"]["Properties"]
    wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    client.create_table(TableName=name, **{key: properties[key] for key in wanted})


def _client(port: int) -> Any:
    session = boto3.Session("bench", "bench", region_name="us-east-1")
    config = Config(connect_timeout=1, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 3})
    return session.client("dynamodb", endpoint_url=f"http://127.0.0.1:{port}", config=config)


def _wait(process: subprocess.Popen[bytes], client: Any) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Refusal(f"DynamoDB Local ended at once with status {process.returncode}.")
        try:
            client.list_tables()
        except BotoCoreError:
            time.sleep(0.1)
        else:
            return
    raise Refusal(f"DynamoDB Local did not answer within {_PATIENCE:.0f} s.")
