"""What all tests share: the use cases over fakes, with two products on the shelf, five units of each; stubs of AWS's
clients; and a listener: a test fails that makes the app log what must not be in a log, or a metric that no list has."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit import observability, wiring
from chalicelib.kit.observability import log
from chalicelib.operations.dead_letters import DeadLetters
from hypothesis import HealthCheck, settings

from tests.support import combinations
from tests.support.aws_stub import Stub
from tests.support.builders.examples import LAPTOP, MOUSE, SETTINGS
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.dead_letters import FakeSqs
from tests.support.leaks import recorder

pytest_plugins = ["tests.support.stack"]

# By this name pytest knows a dataclass's own comparison, and shows which fields differ.
wiring._are_equal.__code__ = wiring._are_equal.__code__.replace(co_filename="<string>")

# A busy machine is no failure: what takes too long is seen by pytest's --durations.
# By day fifty examples of a property, at night three hundred.
settings.register_profile(
    "orderproc", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True, max_examples=50
)
settings.register_profile("all-combinations", settings.get_profile("orderproc"), max_examples=300)
# At once: a folder's conftest is imported before pytest is configured, and settings made there would have a deadline.
settings.load_profile("orderproc")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all-combinations", action="store_true", help="run marked tests with all combinations")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("all_combinations"):
        settings.load_profile("all-combinations")
        combinations.everything = True
    _listen_to_the_log()
    _listen_to_the_measures()
    gc.disable()


def pytest_collection_finish() -> None:
    """What was collected stays to the end: garbage is not looked for in it, neither meanwhile nor later."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("all_combinations"):
        left_out = set(combinations.left_out(items))
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=list(left_out))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Iterator[None]:
    yield
    recorder.assert_clean()


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
        text = written(line)
        recorder.note(text)
        recorder.measured(line)
        return text

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
