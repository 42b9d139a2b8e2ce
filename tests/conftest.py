"""What all tests share: the use cases over fakes, with two products on the shelf, five units of each; stubs of AWS's
clients; and a listener, for everything that any test makes the app log is looked through, for what must not be in a log
and for metrics. tests/zz_logs comes last and says what was found."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit import observability
from chalicelib.kit.jsonio import dumps
from chalicelib.kit.observability import log
from chalicelib.operations.dead_letters import DeadLetters
from hypothesis import settings

from tests.support.aws_stub import Stub
from tests.support.builders.examples import LAPTOP, MOUSE, SETTINGS
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.dead_letters import FakeSqs
from tests.support.leaks import recorder

# A busy machine is no failure: what takes too long is seen by pytest's --durations.
settings.register_profile("orderproc", deadline=None, print_blob=True)
settings.load_profile("orderproc")


def pytest_configure(config: pytest.Config) -> None:
    _listen_to_the_log()
    _listen_to_the_measures()


def _listen_to_the_log() -> None:
    """At the formatter: tests give the handlers other streams."""
    formatter: Any = log._logger.registered_formatter
    written = formatter.format

    def format_and_note(record: logging.LogRecord) -> str:
        line: str = written(record)
        recorder.note(line)
        return line

    formatter.format = format_and_note


def _listen_to_the_measures() -> None:
    written = observability._dumps_measures

    def dump_and_note(line: Mapping[str, Any]) -> str:
        recorder.note(dumps(line))
        recorder.measured(line)
        return written(line)

    observability._dumps_measures = dump_and_note


@pytest.fixture
def adapters() -> FakeAdapters:
    fakes = FakeAdapters()
    fakes.catalogue.put(LAPTOP, 5)
    fakes.catalogue.put(MOUSE, 5)
    return fakes


@pytest.fixture
def services(adapters: FakeAdapters) -> Services:
    return Services(SETTINGS, adapters)


@pytest.fixture
def sqs(adapters: FakeAdapters) -> FakeSqs:
    found: FakeSqs = adapters.dead_sqs
    return found


@pytest.fixture
def dead(services: Services) -> DeadLetters:
    return services.operations.dead_letters


@pytest.fixture
def dynamodb() -> Stub:
    return Stub()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that were waited for, if time had passed."""
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    return waited
