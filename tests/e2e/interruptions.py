"""Functions of a deployed stack that are broken, refused, or killed in the middle of their work."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.e2e.people import Shop


def name_of(shop: Shop, function: str) -> str:
    return f"orderproc-{shop.described['stage']}-{function}"


@contextmanager
def configured(shop: Shop, function: str, *, handler: str = "", **variables: str) -> Iterator[None]:
    """The function has these environment variables, or another handler; its processes begin anew."""
    functions, name = shop.client("lambda"), name_of(shop, function)
    before = functions.get_function_configuration(FunctionName=name)
    environment = before["Environment"]["Variables"]
    functions.update_function_configuration(
        FunctionName=name,
        Handler=handler or before["Handler"],
        Environment={"Variables": {**environment, **variables}},
    )
    try:
        yield
    finally:
        functions.update_function_configuration(
            FunctionName=name, Handler=before["Handler"], Environment={"Variables": environment}
        )


@contextmanager
def raising(shop: Shop, function: str) -> Iterator[None]:
    """Every call of it raises what no repetition changes: a TypeError, since this handler takes one argument only."""
    with configured(shop, function, handler="json.loads"):
        yield


@contextmanager
def throttled(shop: Shop, function: str) -> Iterator[None]:
    functions, name = shop.client("lambda"), name_of(shop, function)
    functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    try:
        yield
    finally:
        functions.delete_function_concurrency(FunctionName=name)


@contextmanager
def without_its_table(shop: Shop, function: str) -> Iterator[None]:
    with configured(shop, function, ORDERS_TABLE_NAME="orderproc-none"):
        yield


@contextmanager
def without_its_settings(shop: Shop, function: str) -> Iterator[None]:
    with configured(shop, function, ORDERS_TABLE_NAME=""):
        yield


@contextmanager
def without_its_package(shop: Shop, function: str) -> Iterator[None]:
    with configured(shop, function, handler="nothing.there"):
        yield


@contextmanager
def without_its_permissions(shop: Shop, function: str) -> Iterator[None]:
    """Its role may do nothing."""
    iam = shop.client("iam")
    arn = shop.client("lambda").get_function_configuration(FunctionName=name_of(shop, function))["Role"]
    role = arn.rsplit("/", 1)[1]
    [policy] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    iam.delete_role_policy(RoleName=role, PolicyName=policy)
    try:
        yield
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))


READING = re.compile(rb"DynamoDB_20120810\.\w+")
WRITING = re.compile(rb"DynamoDB_20120810\.(PutItem|UpdateItem|TransactWriteItems)")


class Tap:
    """Stands between a function and DynamoDB. The first request of a kind arrives, and its answer never comes back: the
    function is busy until it is killed. Everything else passes."""

    def __init__(self, shop: Shop, kind: re.Pattern[bytes]) -> None:
        upstream = urlsplit(shop.described["endpoint_url"])
        self._upstream = (str(upstream.hostname), upstream.port)
        self._kind = kind
        self._taken = threading.Lock()
        self._held = threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.getsockname()[1]}"

    def wait(self, seconds: float) -> None:
        """Until a request is held."""
        assert self._held.wait(seconds), "nothing asked"

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._server.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._upstream) as server, suppress(OSError):
            held = threading.Event()
            threading.Thread(target=self._answer, args=(server, client, held), daemon=True).start()
            while sent := client.recv(65536):
                hold = bool(self._kind.search(sent)) and self._taken.acquire(blocking=False)
                if hold:
                    held.set()
                server.sendall(sent)

    def _answer(self, server: socket.socket, client: socket.socket, held: threading.Event) -> None:
        with suppress(OSError):
            while answered := server.recv(65536):
                if held.is_set():
                    self._held.set()
                else:
                    client.sendall(answered)


@contextmanager
def tapped(shop: Shop, function: str, kind: re.Pattern[bytes]) -> Iterator[Tap]:
    tap = Tap(shop, kind)
    try:
        with configured(shop, function, AWS_ENDPOINT_URL_DYNAMODB=tap.url):
            yield tap
    finally:
        tap.close()


def kill(shop: Shop, function: str) -> None:
    """SIGKILL for each process of the function. Fails if there is none."""
    found = list(_processes(shop, function))
    assert found, function
    for pid in found:
        os.kill(pid, signal.SIGKILL)


def _processes(shop: Shop, function: str) -> Iterator[int]:
    """Of this stack alone: its port is in their environment."""
    port = f"\0GATEWAY_PORT={urlsplit(shop.described['endpoint_url']).port}\0".encode()
    script = f"/ministack-lambda-{name_of(shop, function)}-".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile, or is somebody else's
            if script in (process / "cmdline").read_bytes() and port in b"\0" + (process / "environ").read_bytes():
                yield int(process.name)


def failures(shop: Shop, execution_arn: str) -> list[str]:
    """The errors of the tries that failed, in order, by the names that Step Functions saw."""
    pages = shop.executions.get_paginator("get_execution_history").paginate(executionArn=execution_arn)
    events: list[dict[str, Any]] = [event for page in pages for event in page["events"]]
    return [event["taskFailedEventDetails"]["error"] for event in events if "taskFailedEventDetails" in event]
