"""Functions of a deployed stack that are broken, refused, or killed in the middle of their work."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any, Self
from urllib.parse import urlsplit

from tests.e2e.shop import Shop


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
def unscheduled(shop: Shop, function: str) -> Iterator[None]:
    """Its schedule is off: it runs only when a test calls it."""
    events, rule = shop.client("events"), f"{name_of(shop, function)}-event"
    events.disable_rule(Name=rule)
    try:
        yield
    finally:
        events.enable_rule(Name=rule)


@contextmanager
def stopped(shop: Shop, function: str) -> Iterator[None]:
    """Nothing takes its messages off their queue."""
    functions = shop.client("lambda")
    [mapping] = functions.list_event_source_mappings(FunctionName=name_of(shop, function))["EventSourceMappings"]
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    try:
        yield
    finally:
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


@contextmanager
def soon_received_again(shop: Shop, functions: Mapping[str, str], *, seconds: int) -> Iterator[None]:
    """What a killed consumer held is received again after this time, and not after six minutes: for consumers, by the
    names of their queues. A message that was with a killed one twice is hidden for as long as its function may run."""
    sqs, lambdas = shop.client("sqs"), shop.client("lambda")
    urls = {q: sqs.get_queue_url(QueueName=name_of(shop, q))["QueueUrl"] for q in functions}
    names = {q: name_of(shop, function) for q, function in functions.items()}
    hidden = {
        q: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
        for q, url in urls.items()
    }
    allowed = {q: lambdas.get_function_configuration(FunctionName=name)["Timeout"] for q, name in names.items()}
    for queue, url in urls.items():
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(seconds)})
        lambdas.update_function_configuration(FunctionName=names[queue], Timeout=seconds - 5)
    try:
        yield
    finally:
        for queue, url in urls.items():
            lambdas.update_function_configuration(FunctionName=names[queue], Timeout=allowed[queue])
            sqs.set_queue_attributes(QueueUrl=url, Attributes=hidden[queue])


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


WITHOUT_RIGHTS = "reserve_inventory"
"""The one function of which a test takes away the rights; test_zz_permissions.py knows."""

READING = re.compile(rb"DynamoDB_20120810\.\w+")
WRITING = re.compile(rb"DynamoDB_20120810\.(PutItem|UpdateItem|TransactWriteItems)")


class Tap:
    """Stands between a function and DynamoDB. Requests of a kind for one order arrive, and their answers never come
    back, so that the function is busy until it is killed, also where that takes longer than its patience. Everything
    else passes; what is of the kind waits until the order is named."""

    def __init__(self, shop: Shop, kind: re.Pattern[bytes]) -> None:
        upstream = urlsplit(shop.described["endpoint_url"])
        self._upstream = (str(upstream.hostname), upstream.port)
        self._kind = kind
        self._order_id: Future[bytes] = Future()
        self._killed = threading.Event()
        self._held = threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.getsockname()[1]}"

    def kill(self, shop: Shop, function: str, order_id: str, seconds: float) -> None:
        """Once a request for the order is held. After that all of them are answered."""
        self._order_id.set_result(order_id.encode())
        assert self._held.wait(seconds), f"nothing asked for {order_id}"
        kill(shop, function)
        self._killed.set()

    def close(self) -> None:
        self._order_id.cancel()
        self._server.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._server.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._upstream) as server, suppress(OSError, CancelledError):
            held = threading.Event()
            threading.Thread(target=self._answer, args=(server, client, held), daemon=True).start()
            while request := _request(client):
                if self._kind.search(request) and self._order_id.result() in request and not self._killed.is_set():
                    held.set()
                server.sendall(request)

    def _answer(self, server: socket.socket, client: socket.socket, held: threading.Event) -> None:
        with suppress(OSError):
            while answered := server.recv(65536):
                if held.is_set():
                    self._held.set()
                else:
                    client.sendall(answered)


def _request(client: socket.socket) -> bytes:
    """The next one as a whole: its kind is in its head, and the order in its body. Empty once the client is gone."""
    sent = b""
    while (head := sent.find(b"\r\n\r\n")) < 0 or len(sent) < head + 4 + _length(sent[:head]):
        if not (more := client.recv(65536)):
            return b""
        sent += more
    return sent


def _length(head: bytes) -> int:
    found = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    return int(found[1]) if found else 0


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
    found = [pid for pid, name in _processes(shop) if name == name_of(shop, function)]
    assert found, function
    for pid in found:
        os.kill(pid, signal.SIGKILL)


class RandomKills:
    """Now and then SIGKILL for a process of any function of the stack, rather for one that is at work than for one that
    waits, from entering until leaving."""

    def __init__(self, shop: Shop, random: Random, pause: float) -> None:
        """`pause` is that between two kills in seconds, on average."""
        self._shop, self._random, self._pause = shop, random, pause
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.killed: Counter[str] = Counter()
        """How many processes, by the names of their functions."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        before: dict[int, int] = {}
        while not self._over.wait(self._random.uniform(0.5, 1.5) * self._pause):
            names = dict(_processes(self._shop))
            worked = {pid: _ticks(pid) for pid in names}
            busy = [pid for pid, ticks in worked.items() if ticks > before.get(pid, ticks)]
            before = worked
            # Not always a busy one: where only one function begins anew, it would never get to its end.
            if pids := sorted((self._random.random() < 0.5 and busy) or names):
                pid = self._random.choice(pids)
                with suppress(ProcessLookupError):  # it ended by itself
                    os.kill(pid, signal.SIGKILL)
                    self.killed[names[pid]] += 1


def _ticks(pid: int) -> int:
    """Processor time that it used so far."""
    with suppress(OSError):
        fields = (Path("/proc") / str(pid) / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])
    return 0


def _processes(shop: Shop) -> Iterator[tuple[int, str]]:
    """Each with the name of its function. Of this stack alone: its port is in their environment."""
    port = f"\0GATEWAY_PORT={urlsplit(shop.described['endpoint_url']).port}\0".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile, or belongs to another user
            found = _SCRIPT.search((process / "cmdline").read_bytes())
            if found and port in b"\0" + (process / "environ").read_bytes():
                yield int(process.name), found[1].decode()


_SCRIPT = re.compile(rb"/ministack-lambda-([\w-]+)-\w{8}/")
"""What a worker runs: in a folder of its own, named after its function."""


def failures(shop: Shop, execution_arn: str) -> list[str]:
    """The errors of the tries that failed, in order, by the names that Step Functions saw."""
    pages = shop.executions.get_paginator("get_execution_history").paginate(executionArn=execution_arn)
    events: list[dict[str, Any]] = [event for page in pages for event in page["events"]]
    return [event["taskFailedEventDetails"]["error"] for event in events if "taskFailedEventDetails" in event]
