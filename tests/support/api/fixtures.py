"""The whole app over fakes: what every test of a route or a function starts from. No environment variable, no AWS."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from chalice.app import Chalice
from chalice.local import LambdaContext
from chalice.test import Client
from chalicelib import bootstrap
from chalicelib.api.shared import access_log
from chalicelib.bootstrap import Services
from chalicelib.kit.observability import log

from tests.support.api.gateway import Gateway
from tests.support.builders.examples import LAPTOP, MOUSE, SETTINGS
from tests.support.fakes.adapters import FakeAdapters


@pytest.fixture(autouse=True)
def no_request_is_logged_by_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_log, "ONE_IN", float("inf"))


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a developer's shell holds must neither help nor harm."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "ORDER", "STAGE")):
            monkeypatch.delenv(name)


@pytest.fixture
def adapters() -> FakeAdapters:
    fakes = FakeAdapters()
    fakes.catalogue.put(LAPTOP, 5)
    fakes.catalogue.put(MOUSE, 500)
    return fakes


@pytest.fixture
def services(adapters: FakeAdapters) -> Iterator[Services]:
    """The services that the app now uses."""
    built = Services(SETTINGS, adapters)
    bootstrap.use(built)
    yield built
    bootstrap.use(None)


@pytest.fixture
def app(services: Services) -> Chalice:
    from app import app

    return app


@pytest.fixture
def api(app: Chalice) -> Gateway:
    """The API behind API Gateway: for all that depends on who is asking."""
    return Gateway(app)


@pytest.fixture
def client(app: Chalice, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Chalice's own client, as `chalice local` serves the app: TRUST_API_KEY_HEADER names the caller. Functions have a
    minute, as those of the queues are deployed, and not its three seconds."""
    monkeypatch.setattr("chalice.test.LambdaContext", partial(LambdaContext, max_runtime_ms=60_000))
    return Client(app)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Any]]:
    """What was logged so far, parsed, without what is measured; a line that is no JSON object fails."""
    written = io.StringIO()
    for handler in log._logger._logger.handlers:
        monkeypatch.setattr(handler, "stream", written)

    def read() -> list[Any]:
        found = [json.loads(line) for line in written.getvalue().splitlines()]
        assert all(isinstance(line, dict) for line in found)
        return [line for line in found if "_aws" not in line]

    return read


@pytest.fixture
def untouched(adapters: FakeAdapters) -> Callable[[], bool]:
    """Whether since the start of the test nothing was stored, queued, published or sent."""

    def state() -> Any:
        store = adapters.store
        return (
            dict(store.orders),
            dict(store.products),
            dict(store.stock),
            list(adapters.queue.messages),
            list(adapters.events.published),
            dict(adapters.ledger.entries),
            dict(adapters.documents.files),
            list(adapters.mailer.sent),
            list(adapters.texter.sent),
        )

    before = state()
    return lambda: bool(state() == before)
