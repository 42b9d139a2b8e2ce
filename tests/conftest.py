"""Everything that any test makes the app log is looked through: for what must not be in a log, and for metrics.

tests/zz_logs comes last and says what was found."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import pytest
from chalicelib.kit import observability
from chalicelib.kit.jsonio import dumps
from chalicelib.kit.observability import log
from hypothesis import settings

from tests.leaks import recorder

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
